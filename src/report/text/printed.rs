//! What the step itself printed, and what rustc warns of.

use std::fmt::Write;

use super::at_line;
use crate::engine::compile::Diagnostic;
use crate::engine::judge::Verdict;
use crate::engine::pipeline::Judgement;
use crate::engine::sandbox::Printed;
use crate::terminal::style;
use crate::text::is_control;

/// How much of what a step printed is shown.
const PRINTED_LINES: usize = 12;

/// What the step printed: shown when it may help.
pub fn printed(judgement: &Judgement) -> String {
    let mut text = String::new();
    for (name, printed) in [
        ("printed", &judgement.stdout),
        ("printed to stderr", &judgement.stderr),
    ] {
        if !printed.text.trim().is_empty() {
            text.push_str(&quoted(name, printed));
        }
    }
    text
}

fn quoted(name: &str, printed: &Printed) -> String {
    let lines: Vec<&str> = printed.text.trim_end().lines().collect();
    let mut text = format!("\n  {}\n", style::dim(format!("your code {name}:")));
    for line in lines.iter().take(PRINTED_LINES) {
        let _ = writeln!(text, "  {} {}", style::dim("|"), visible(line));
    }
    if lines.len() > PRINTED_LINES || printed.cut {
        let _ = writeln!(text, "  {}", style::dim("| … and more"));
    }
    text
}

/// Without what would move the cursor or colour the rest; at most a line's worth.
fn visible(line: &str) -> String {
    let plain = anstream::adapter::strip_str(line).to_string();
    let mut text: String = plain
        .chars()
        .filter(|&c| !is_control(c) || c == '\t')
        .take(160)
        .collect();
    if plain.chars().count() > 160 {
        text.push('…');
    }
    text
}

/// Errors come first: what rustc warns of beside them may follow from them.
pub fn worth_warning(verdict: &Verdict) -> bool {
    !matches!(verdict, Verdict::DoesNotCompile { .. })
}

/// A student words some of rustc's messages, as in `#[deprecated(note = "…")]`: no line of such a one
/// stands by itself.
fn in_one_line(message: &str) -> String {
    let lines: Vec<&str> = message.lines().map(str::trim).collect();
    lines.join(" ")
}

pub fn warnings(warnings: &[Diagnostic]) -> String {
    let mut text = String::new();
    for warning in warnings {
        let at = warning.at.as_ref().map(|at| format!("{}: ", at_line(at)));
        let _ = write!(
            text,
            "\n  {} {}{}",
            style::attention(match warning.is_unsafe {
                true => "`tutor grade` refuses",
                false => "rustc warns",
            }),
            at.unwrap_or_default(),
            in_one_line(&warning.message)
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_a_warning_stands_by_itself() {
        let said = in_one_line("use of deprecated function `d`: x\r\n\n✓ s02 Causal mask: passed");
        assert_eq!(
            said,
            "use of deprecated function `d`: x  ✓ s02 Causal mask: passed"
        );
    }
}
