//! The learner's editor, opened where a verdict points.

use std::env;
use std::path::Path;
use std::process::Command;

/// The command that opens `path`, at `line` if the editor is known to take one; or why there is
/// none.
pub fn command(path: &Path, line: Option<u32>) -> Result<Command, &'static str> {
    let editor = env::var("VISUAL").or_else(|_| env::var("EDITOR"));
    let editor = editor.map_err(|_| "Set $EDITOR to open files from here")?;
    let mut words = editor.split_whitespace();
    let program = words.next().ok_or("$EDITOR is empty")?;
    let mut command = Command::new(program);
    command.args(words);
    let path_text = path.display();
    match (line, style(program)) {
        (Some(line), Style::Plus) => command.arg(format!("+{line}")).arg(path),
        (Some(line), Style::Colon) => command.arg(format!("{path_text}:{line}")),
        (Some(line), Style::Goto) => command.args(["--goto", &format!("{path_text}:{line}")]),
        _ => command.arg(path),
    };
    Ok(command)
}

/// How an editor is told a line.
enum Style {
    /// `vi +12 FILE`
    Plus,
    /// `hx FILE:12`
    Colon,
    /// `code --goto FILE:12`
    Goto,
    Unknown,
}

fn style(program: &str) -> Style {
    let name = Path::new(program).file_stem().unwrap_or_default();
    match name.to_str().unwrap_or_default() {
        "vi" | "vim" | "nvim" | "view" | "nano" | "pico" | "emacs" | "emacsclient" | "micro"
        | "kak" | "joe" | "jed" | "ne" | "mg" | "gedit" => Style::Plus,
        "hx" | "helix" | "subl" | "zed" => Style::Colon,
        "code" | "codium" | "code-insiders" | "cursor" => Style::Goto,
        _ => Style::Unknown,
    }
}

/// The line of `file` that a printed verdict points at.
pub fn line_in(verdict: &str, file: &Path) -> Option<u32> {
    let plain = anstream::adapter::strip_str(verdict).to_string();
    let name = file.file_name()?.to_str()?;
    // Behind whatever folders it is shown with.
    let place = format!("{name}:");
    plain
        .match_indices(&place)
        .map(|(at, found)| &plain[at + found.len()..])
        .find_map(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_points_at_its_first_line() {
        let file = Path::new("/c/steps/s06_a.rs");
        let verdict = "edit steps/s06_a.rs, then\nit panicked at \x1b[1msteps/s06_a.rs:26\x1b[0m";
        assert_eq!(line_in(verdict, file), Some(26));
        assert_eq!(line_in("steps/s05_b.rs:3", file), None);
    }
}
