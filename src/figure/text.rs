//! Figures in a terminal: shades, bars and Braille dots.

use unicode_width::UnicodeWidthStr;

use super::canvas::Canvas;
use super::{Bars, Cells, Curves, Figure, Panel, Stages, number, ticks};
use crate::terminal::style::{self, Styled};

/// Rows of a plot.
const ROWS: usize = 12;

/// No plot or bar is wider than this.
const WIDEST: usize = 60;

/// A figure in at most `width` columns, if its names allow.
#[must_use]
pub fn text(figure: &Figure, width: usize) -> String {
    let panels = figure.panel.iter().map(|panel| {
        let drawn = match panel {
            Panel::Cells(cells) => draw_cells(cells),
            Panel::Curves(curves) => draw_curves(curves, width),
            Panel::Bars(bars) => draw_bars(bars, width),
            Panel::Stages(stages) => draw_stages(stages),
        };
        format!("{}\n{drawn}", style::heading(panel.title()))
    });
    panels.collect::<Vec<_>>().join("\n")
}

fn draw_cells(cells: &Cells) -> String {
    let names = widest(&cells.rows);
    let words: Vec<Vec<String>> = (cells.values.iter())
        .map(|row| row.iter().map(|value| cells.word(*value)).collect())
        .collect();
    let column = words.iter().map(|row| widest(row)).max().unwrap_or(0);
    let column = column.max(widest(&cells.columns)) + 1;
    let mut text = " ".repeat(names);
    for name in &cells.columns {
        text += &right(name, column);
    }
    text = style::dim(text).to_string() + "\n";
    for ((name, row), values) in cells.rows.iter().zip(&words).zip(&cells.values) {
        text += &style::dim(right(name, names)).to_string();
        for word in row {
            text += &right(word, column);
        }
        let shades: String = values.iter().map(|value| shade(cells, *value)).collect();
        text += &format!("  │{shades}│\n");
    }
    text
}

/// Two characters for a cell.
fn shade(cells: &Cells, value: f64) -> String {
    let shade = cells.shade(value);
    let mark = match shade.abs() {
        _ if value.is_infinite() => "··",
        size if size < 0.005 => "  ",
        size if size < 0.25 => "░░",
        size if size < 0.5 => "▒▒",
        size if size < 0.75 => "▓▓",
        _ => "██",
    };
    coloured(mark, usize::from(shade < 0.0)).to_string()
}

fn draw_bars(bars: &Bars, width: usize) -> String {
    let numbers: Vec<String> = (bars.values.iter())
        .map(|value| number(*value, bars.digits))
        .collect();
    let (names, digits) = (widest(&bars.names), widest(&numbers));
    let room = width.saturating_sub(names + digits + 4).clamp(10, WIDEST);
    let (least, most) = bars.range();
    let place = |value: f64| (value - least) / (most - least) * room as f64;
    let mut text = String::new();
    for ((name, value), word) in bars.names.iter().zip(&bars.values).zip(&numbers) {
        let (from, to) = (place(value.min(0.0)), place(value.max(0.0)));
        let before = " ".repeat(from.round() as usize);
        let bar = coloured(eighths(to - from.round()), usize::from(*value < 0.0));
        let name = style::dim(right(name, names));
        text += format!("{name}  {}  {before}{bar}", right(word, digits)).trim_end();
        text.push('\n');
    }
    for mark in &bars.marks {
        let words = format!("{}: {}", mark.name, number(mark.value, bars.digits));
        text += &format!("{}  {}\n", " ".repeat(names), style::dim(words));
    }
    text
}

/// A bar as long as so many characters.
fn eighths(length: f64) -> String {
    const PARTS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let eighths = (length * 8.0).round().max(0.0) as usize;
    "█".repeat(eighths / 8) + PARTS[eighths % 8]
}

fn draw_curves(curves: &Curves, width: usize) -> String {
    let [across, up] = curves.range();
    let marks = ticks(up, 4);
    let words: Vec<String> = marks.iter().map(|(_, word)| word.clone()).collect();
    let left = widest(&words);
    let room = width.saturating_sub(left + 3).clamp(20, WIDEST);
    let mut canvas = Canvas::new(room, ROWS);
    let share = |value: f64, (low, high): (f64, f64)| (value - low) / (high - low);
    for (i, line) in curves.lines.iter().enumerate() {
        let points: Vec<(f64, f64)> = (line.points.iter())
            .map(|(x, y)| (share(*x, across), share(*y, up)))
            .collect();
        canvas.line(i, &points);
    }
    let mut text = format!("{}\n", style::dim(&curves.y));
    let rows = canvas.rows(|dots, line| coloured(dots.to_string(), line).to_string());
    for (row, dots) in rows.iter().enumerate() {
        let is_here =
            |value: f64| ((1.0 - share(value, up)) * (ROWS - 1) as f64).round() as usize == row;
        let mark = marks.iter().find(|(value, _)| is_here(*value));
        let word = mark.map_or("", |(_, word)| word.as_str());
        let axis = if word.is_empty() { '│' } else { '┤' };
        let label = style::dim(format!("{} {axis}", right(word, left)));
        text += format!("{label}{dots}").trim_end();
        text.push('\n');
    }
    let mut foot = vec![' '; room + 8];
    for (value, word) in ticks(across, 4) {
        let at = (share(value, across) * (room - 1) as f64).round() as usize;
        let from = at.saturating_sub(word.chars().count() / 2);
        for (i, c) in word.chars().enumerate() {
            if let Some(place) = foot.get_mut(from + i) {
                *place = c;
            }
        }
    }
    let foot: String = foot.into_iter().collect();
    let gap = " ".repeat(left + 2);
    text += &format!(
        "{gap}{}   {}\n",
        style::dim(foot.trim_end()),
        style::dim(&curves.x)
    );
    for (i, line) in curves.lines.iter().enumerate() {
        text += &format!("{gap}{} {}\n", coloured("━━", i), line.name);
    }
    text
}

fn draw_stages(stages: &Stages) -> String {
    let names = stages.stages.iter().map(|stage| stage.name.width()).max();
    let names = names.unwrap_or(0);
    let mut text = String::new();
    for (i, stage) in stages.stages.iter().enumerate() {
        let added = stage.adds.and_then(|from| stages.stages.get(from));
        let added = added.map_or(String::new(), |from| format!("plus {}", from.name));
        let notes = if stage.note.is_empty() {
            added
        } else {
            stage.note.clone()
        };
        text += &match notes.as_str() {
            "" => format!("  {}\n", style::heading(&stage.name)),
            notes => {
                let name = style::heading(left(&stage.name, names));
                format!("  {name}  {}\n", style::dim(notes))
            }
        };
        let is_last = i + 1 == stages.stages.len();
        for words in &stage.gives {
            let arrow = if is_last { ' ' } else { '│' };
            text += &format!("  {arrow}   {}\n", style::code(words));
        }
        if !is_last {
            text += "  ↓\n";
        }
    }
    text
}

/// What belongs to the line of this number.
fn coloured<T: std::fmt::Display>(words: T, line: usize) -> Styled<T> {
    match line {
        0 => style::next(words),
        1 => style::attention(words),
        2 => style::right(words),
        _ => style::wrong(words),
    }
}

fn widest<T: AsRef<str>>(words: &[T]) -> usize {
    let widths = words.iter().map(|word| word.as_ref().width());
    widths.max().unwrap_or(0)
}

fn right(word: &str, width: usize) -> String {
    " ".repeat(width.saturating_sub(word.width())) + word
}

fn left(word: &str, width: usize) -> String {
    word.to_owned() + &" ".repeat(width.saturating_sub(word.width()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::tests::ALL;

    #[test]
    fn every_kind_has_a_form_without_pictures() {
        let figure = Figure::parse(ALL).expect("it is sound");
        let shown = anstream::adapter::strip_str(&text(&figure, 40)).to_string();
        for line in [
            "a  1.00    −∞  │██··│",
            "b  0.25 −0.75  │▒▒██│",
            "      one   1.0                 ████████",
            "           mean: −0.5",
            "  table  a row each",
            "  │   0.1 0.2 …",
            "  layer  plus table",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
        }
        assert!(shown.contains("━━ down"), "{shown}");
        assert!(shown.lines().all(|line| line.width() <= 60), "{shown}");
        assert!(shown.lines().all(|line| line == line.trim_end()), "{shown}");
    }
}
