//! A bar for each of some numbers.

use super::{Text, WIDTH, length};
use crate::figure::{Bars, number};

/// The height of a row and of a bar in it.
const ROW: f64 = 22.0;
const BAR: f64 = 14.0;

pub(super) fn draw(bars: &Bars) -> (f64, String) {
    let words: Vec<String> = (bars.values.iter())
        .map(|value| number(*value, bars.digits))
        .collect();
    let longest = |words: &[String]| words.iter().map(|word| length(word)).fold(0.0, f64::max);
    let (names, numbers) = (longest(&bars.names), longest(&words));
    let (left, right) = (names + 8.0, WIDTH - numbers - 8.0);
    let (least, most) = bars.range();
    let x = |value: f64| left + (value - least) / (most - least) * (right - left);
    let bottom = bars.names.len() as f64 * ROW;
    let mut body = String::new();
    for (row, ((name, value), word)) in bars.names.iter().zip(&bars.values).zip(&words).enumerate()
    {
        let y = row as f64 * ROW;
        let (from, to) = (x(value.min(0.0)), x(value.max(0.0)));
        let class = if *value < 0.0 { "negative" } else { "positive" };
        body += &Text {
            x: names,
            y: y + 15.0,
            class: "soft end",
            words: name,
        }
        .svg();
        body += &format!(
            "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{BAR}\"/>",
            y + (ROW - BAR) / 2.0,
            to - from
        );
        body += &Text {
            x: WIDTH,
            y: y + 15.0,
            class: "end",
            words: word,
        }
        .svg();
        body.push('\n');
    }
    let upright = |class: &str, value: f64| {
        let x = x(value);
        format!("<line class=\"{class}\" x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"0\" y2=\"{bottom}\"/>")
    };
    body += &upright("axis", 0.0);
    let mut height = bottom + 4.0;
    for (i, mark) in bars.marks.iter().enumerate() {
        let style = format!("line l{}", (i + 1) % 4);
        body += &upright(&style, mark.value);
        height += 18.0;
        body += &format!(
            "<line class=\"{style}\" x1=\"{left:.1}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>",
            left + 28.0,
            y = height - 8.0
        );
        let words = format!("{}: {}", mark.name, number(mark.value, bars.digits));
        body += &Text {
            x: left + 36.0,
            y: height - 4.0,
            class: "",
            words: &words,
        }
        .svg();
    }
    body.push('\n');
    (height + 2.0, body)
}
