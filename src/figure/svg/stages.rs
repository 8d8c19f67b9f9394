//! One thing after another, from above down.

use super::{Text, WIDTH};
use crate::figure::Stage;
use crate::figure::Stages;

/// Where boxes begin: left of them is room for what passes by.
const LEFT: f64 = 56.0;
const BOX: f64 = 30.0;

/// Between two boxes: an arrow, beside it a line for each thing that goes on.
const ARROW: f64 = 20.0;
const WORDS: f64 = 16.0;

pub(super) fn draw(stages: &Stages) -> (f64, String) {
    let mut body = String::new();
    let (mut y, mut leaves) = (0.0, Vec::new());
    let last = stages.stages.len() - 1;
    for (i, stage) in stages.stages.iter().enumerate() {
        body += &drawn(stage, y);
        if let Some(from) = stage.adds.and_then(|from| leaves.get(from)) {
            body += &past(*from, y + BOX / 2.0, stages, i);
        }
        y += BOX;
        let room = ARROW.max(stage.gives.len() as f64 * WORDS + 6.0);
        for (line, words) in stage.gives.iter().enumerate() {
            let at = y + line as f64 * WORDS + 15.0;
            let class = "mono soft";
            body += &Text {
                x: LEFT + 34.0,
                y: at,
                class,
                words,
            }
            .svg();
        }
        leaves.push(y + 5.0);
        if i < last {
            body += &arrow(LEFT + 20.0, y, y + room);
            y += room;
        } else if !stage.gives.is_empty() {
            y += room;
        }
        body.push('\n');
    }
    (y + 4.0, body)
}

fn drawn(stage: &Stage, y: f64) -> String {
    let width = WIDTH - LEFT - 1.0;
    let name = Text {
        x: LEFT + 10.0,
        y: y + 19.0,
        class: "name",
        words: &stage.name,
    };
    let note = Text {
        x: WIDTH - 10.0,
        y: y + 19.0,
        class: "soft end",
        words: &stage.note,
    };
    format!(
        "<rect class=\"box\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{width}\" height=\"{BOX}\" rx=\"4\"/>{}{}",
        name.svg(),
        note.svg()
    )
}

fn arrow(x: f64, from: f64, to: f64) -> String {
    format!("<path class=\"arrow\" d=\"M{x} {from:.1}V{to:.1}m-4 -6l4 6l4 -6\"/>")
}

/// What passes by on the left and is added; what begins within another one's way keeps nearer.
fn past(from: f64, to: f64, stages: &Stages, at: usize) -> String {
    let begins = stages.stages[at].adds.unwrap_or(at);
    let inside = (stages.stages.iter().enumerate())
        .filter(|(i, stage)| *i < at && stage.adds.is_some_and(|from| from >= begins))
        .count();
    let x = LEFT - 16.0 - 14.0 * inside.min(2) as f64;
    let plus = Text {
        x: LEFT - 12.0,
        y: to - 5.0,
        class: "name middle",
        words: "+",
    };
    format!(
        "<path class=\"arrow\" d=\"M{} {from:.1}H{x}V{to:.1}H{LEFT}m-6 -4l6 4l-6 4\"/>{}",
        LEFT + 20.0,
        plus.svg()
    )
}
