//! What the programs of figures share. Each prints the description of one, which `tutor course draw`
//! makes a picture of; `src/figure.rs` says what there may be in it.

#![allow(dead_code, reason = "no figure needs all of it")]

/// Begins a figure: its title, and what there is to see for those who do not see it.
pub fn figure(title: &str, about: &str) {
    println!("title = {title:?}\nabout = {about:?}");
}

/// Begins a panel: `cells`, `curves`, `bars` or `stages`.
pub fn panel(kind: &str, title: &str) {
    println!("\n[[panel]]\nkind = {kind:?}\ntitle = {title:?}");
}

/// Begins a line of curves, through `points`.
pub fn line(name: &str, points: &[(f32, f32)], digits: usize) {
    let points: Vec<String> = (points.iter())
        .map(|(x, y)| format!("[{}, {}]", written(*x, digits), written(*y, digits)))
        .collect();
    println!(
        "\n[[panel.lines]]\nname = {name:?}\npoints = [{}]",
        points.join(", ")
    );
}

/// Begins a stage: its name, what it does, what goes on from it, and which stage's outcome is added.
pub fn stage(name: &str, note: &str, gives: &[String], adds: Option<usize>) {
    println!("\n[[panel.stages]]\nname = {name:?}\nnote = {note:?}\ngives = {gives:?}");
    if let Some(from) = adds {
        println!("adds = {from}");
    }
}

/// A text or a list of texts of the panel at hand.
pub fn text(key: &str, value: impl std::fmt::Debug) {
    println!("{key} = {value:?}");
}

/// Numbers of the panel at hand.
pub fn numbers(key: &str, values: &[f32], digits: usize) {
    println!("{key} = {}", list(values, digits));
}

/// Rows of numbers of the panel at hand, `width` in each.
pub fn rows(key: &str, values: &[f32], width: usize, digits: usize) {
    let rows: Vec<String> = values.chunks(width).map(|row| list(row, digits)).collect();
    println!("{key} = [\n    {},\n]", rows.join(",\n    "));
}

/// Numbers to compare bars with.
pub fn marks(marks: &[(&str, f32)], digits: usize) {
    let marks: Vec<String> = (marks.iter())
        .map(|(name, value)| format!("{{ name = {name:?}, value = {} }}", written(*value, digits)))
        .collect();
    println!("marks = [{}]", marks.join(", "));
}

fn list(values: &[f32], digits: usize) -> String {
    let values: Vec<String> = values.iter().map(|value| written(*value, digits)).collect();
    format!("[{}]", values.join(", "))
}

/// A number as TOML has it; none that is a rounded 0 has a sign.
fn written(value: f32, digits: usize) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let written = format!("{value:.digits$}");
    let is_zero = written.chars().all(|c| matches!(c, '-' | '0' | '.'));
    if is_zero {
        written.replace('-', "")
    } else {
        written
    }
}
