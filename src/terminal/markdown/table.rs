//! Tables that fit the page.

use super::wrap::{Span, width, wrapped};
use crate::terminal::style;

/// Columns between cells.
const GAP: usize = 2;

/// A column is not made narrower than this.
const NARROWEST: usize = 6;

/// A table; its first row is its head.
#[derive(Default)]
pub struct Table {
    rows: Vec<Vec<Vec<Span>>>,
    row: Vec<Vec<Span>>,
}

impl Table {
    /// Adds a cell to the row at hand.
    pub fn cell(&mut self, cell: Vec<Span>) {
        self.row.push(cell);
    }

    /// Ends the row at hand.
    pub fn end_row(&mut self) {
        self.rows.push(std::mem::take(&mut self.row));
    }

    /// The table in at most `page` columns, if its words allow.
    pub fn render(&self, page: usize) -> String {
        let widths = self.widths(page);
        let mut text = String::new();
        for (i, row) in self.rows.iter().enumerate() {
            let cells: Vec<Vec<String>> = row
                .iter()
                .zip(&widths)
                .map(|(cell, &width)| wrapped(cell, width))
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            for line in 0..height {
                let mut set = String::new();
                for (cell, &wide) in cells.iter().zip(&widths) {
                    let part = cell.get(line).map_or("", String::as_str);
                    let padding = wide.saturating_sub(width(part)) + GAP;
                    set.push_str(part);
                    set.push_str(&" ".repeat(padding));
                }
                let set = set.trim_end();
                let set = if i == 0 {
                    style::heading(set).to_string()
                } else {
                    set.to_owned()
                };
                text.push_str(&set);
                text.push('\n');
            }
            if i == 0 {
                let rules: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
                text.push_str(&style::dim(rules.join(&" ".repeat(GAP))).to_string());
                text.push('\n');
            }
        }
        text
    }

    /// As wide as its content; if that is too wide for the page, the widest columns give way.
    fn widths(&self, page: usize) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let natural = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            let widest =
                |cell: &Vec<Span>| wrapped(cell, usize::MAX / 2).iter().map(|l| width(l)).max();
            cells.filter_map(widest).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..columns).map(natural).collect();
        while widths.iter().sum::<usize>() + GAP * columns.saturating_sub(1) > page {
            match widths.iter_mut().max() {
                Some(widest) if *widest > NARROWEST => *widest -= 1,
                _ => break,
            }
        }
        widths
    }
}
