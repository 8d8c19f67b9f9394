//! A table of shades.

use super::{Text, WIDTH, length};
use crate::figure::Cells;

/// Behind a number, no shade is stronger than this, so that it can be read.
const STRONGEST: f64 = 0.45;

/// The height of a row, and the largest width of a column.
const ROW: f64 = 24.0;
const WIDEST: f64 = 56.0;

/// Between the names and the cells.
const GAP: f64 = 8.0;

pub(super) fn draw(cells: &Cells) -> (f64, String) {
    let names = cells
        .rows
        .iter()
        .map(|name| length(name))
        .fold(0.0, f64::max);
    let left = names + GAP;
    let column = ((WIDTH - left) / cells.columns.len() as f64).min(WIDEST);
    let longest = cells
        .columns
        .iter()
        .map(|name| length(name))
        .fold(0.0, f64::max);
    let is_upright = longest <= column;
    let top = if is_upright { 18.0 } else { longest + GAP };
    let mut body = String::new();
    for (i, name) in cells.columns.iter().enumerate() {
        let middle = left + (i as f64 + 0.5) * column;
        body += &match is_upright {
            true => Text {
                x: middle,
                y: 13.0,
                class: "soft middle",
                words: name,
            }
            .svg(),
            false => format!(
                "<g transform=\"translate({:.1} {:.1}) rotate(-90)\">{}</g>",
                middle + 4.0,
                top - 5.0,
                Text {
                    x: 0.0,
                    y: 0.0,
                    class: "soft",
                    words: name
                }
                .svg()
            ),
        };
    }
    for (row, (name, values)) in cells.rows.iter().zip(&cells.values).enumerate() {
        let y = top + row as f64 * ROW;
        body += &Text {
            x: names,
            y: y + 16.0,
            class: "soft end",
            words: name,
        }
        .svg();
        for (i, &value) in values.iter().enumerate() {
            body += &cell(cells, value, [left + i as f64 * column, y, column]);
        }
        body.push('\n');
    }
    (top + cells.rows.len() as f64 * ROW + 2.0, body)
}

fn cell(cells: &Cells, value: f64, [x, y, width]: [f64; 3]) -> String {
    let shade = cells.shade(value);
    let word = cells.word(value);
    let strongest = if word.is_empty() { 1.0 } else { STRONGEST };
    let rectangle = |class: &str, opacity: &str| {
        format!(
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
             height=\"{ROW}\"{opacity}/>"
        )
    };
    let ground = match value.is_infinite() {
        true => rectangle("hidden", ""),
        false => {
            let class = if shade < 0.0 { "negative" } else { "positive" };
            let opacity = format!(" fill-opacity=\"{:.3}\"", shade.abs() * strongest);
            rectangle(class, &opacity)
        }
    };
    let word = match word.is_empty() {
        true => word,
        false => Text {
            x: x + width / 2.0,
            y: y + 16.0,
            class: "middle",
            words: &word,
        }
        .svg(),
    };
    ground + &rectangle("frame", "") + &word
}
