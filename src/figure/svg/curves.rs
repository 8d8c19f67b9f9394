//! Lines over an axis.

use super::{Text, WIDTH, length};
use crate::figure::{Curves, ticks};

/// Height of the part that holds the lines.
const HEIGHT: f64 = 190.0;

/// Below it: the numbers and the axis's name; then a line for each name.
const FOOT: f64 = 38.0;
const NAME: f64 = 18.0;

/// Ticks along each axis, about.
const TICKS: usize = 4;

pub(super) fn draw(curves: &Curves) -> (f64, String) {
    let [across, up] = curves.range();
    let upwards = ticks(up, TICKS);
    let widest = upwards
        .iter()
        .map(|(_, word)| length(word))
        .fold(0.0, f64::max);
    let (left, right) = (widest + 8.0, WIDTH - 20.0);
    let (top, bottom) = (20.0, 20.0 + HEIGHT);
    let x = |value: f64| left + (value - across.0) / (across.1 - across.0) * (right - left);
    let y = |value: f64| bottom - (value - up.0) / (up.1 - up.0) * (bottom - top);
    let mut body = Text {
        x: 0.0,
        y: 11.0,
        class: "soft",
        words: &curves.y,
    }
    .svg();
    for (value, word) in &upwards {
        let y = y(*value);
        body += &format!(
            "<line class=\"grid\" x1=\"{left:.1}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>"
        );
        body += &Text {
            x: left - 6.0,
            y: y + 4.0,
            class: "soft end",
            words: word,
        }
        .svg();
    }
    body.push('\n');
    for (value, word) in ticks(across, TICKS) {
        let class = "soft middle";
        body += &Text {
            x: x(value),
            y: bottom + 16.0,
            class,
            words: &word,
        }
        .svg();
    }
    let class = "soft end";
    body += &Text {
        x: right,
        y: bottom + 31.0,
        class,
        words: &curves.x,
    }
    .svg();
    body.push('\n');
    for (i, line) in curves.lines.iter().enumerate() {
        let points: Vec<String> = (line.points.iter())
            .map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1)))
            .collect();
        let style = i % 4;
        body += &format!(
            "<polyline class=\"line l{style}\" points=\"{}\"/>\n",
            points.join(" ")
        );
        let y = bottom + FOOT + i as f64 * NAME + 10.0;
        body += &format!(
            "<line class=\"line l{style}\" x1=\"{left:.1}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>",
            left + 28.0
        );
        body += &Text {
            x: left + 36.0,
            y: y + 4.0,
            class: "",
            words: &line.name,
        }
        .svg();
        body.push('\n');
    }
    (bottom + FOOT + curves.lines.len() as f64 * NAME + 4.0, body)
}
