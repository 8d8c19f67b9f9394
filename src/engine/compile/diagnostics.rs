//! rustc's messages.

use std::path::Path;

use observation::Place;
use serde::{Deserialize, Serialize};

use crate::engine::cut::{MESSAGE, cut};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Nothing was compiled.
    Error,
    /// Worth a look.
    Warning,
}

/// One message of rustc's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub level: Level,
    /// As in "mismatched types".
    pub message: String,
    /// Where it points, if it points anywhere.
    pub at: Option<Place>,
    /// Whether that is in the step's own file, rather than in the check.
    pub in_source: bool,
    /// As rustc shows it in a terminal, colours and all.
    pub rendered: String,
    /// What it means to somebody who has not read the crates, if that is known.
    #[serde(default)]
    pub meaning: Option<String>,
    /// Whether it is about code that breaks Rust's own rules, which is refused where nobody vouches for it.
    #[serde(default)]
    pub is_unsafe: bool,
}

/// The lint for code that breaks Rust's own rules.
pub const UNSAFE: &str = "unsafe_code";

#[derive(Deserialize)]
struct Message<S = Span> {
    message: String,
    code: Option<Code>,
    level: String,
    spans: Vec<S>,
    rendered: Option<String>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    line_start: u32,
    is_primary: bool,
    expansion: Option<Box<Expansion>>,
}

#[derive(Deserialize)]
struct Expansion {
    span: Span,
}

/// A span, whatever it was expanded from.
#[derive(Deserialize)]
struct Innermost {
    file_name: String,
    line_start: u32,
    is_primary: bool,
}

/// How many errors are kept, and how many warnings: three are shown.
const COUNT: usize = 50;

/// Bytes of a rendering. A name in a source may be as long as the source.
const RENDERED: usize = 8_000;

/// Characters of a file's name.
const PATH: usize = 4_000;

/// Errors and warnings among the JSON lines of `stderr`, for a step whose file is `source`.
#[must_use]
pub fn read(stderr: &str, source: &Path) -> Vec<Diagnostic> {
    let mut kept = [0; 2];
    stderr
        .lines()
        .filter_map(message)
        .filter_map(|message| diagnostic(message, source))
        .filter(|found| {
            let kept = &mut kept[usize::from(found.level == Level::Warning)];
            *kept += 1;
            *kept <= COUNT
        })
        .collect()
}

/// One of rustc's messages. Where macros call macros a hundred deep, nobody asks for all of them: the
/// place where the innermost stands has to do.
fn message(line: &str) -> Option<Message> {
    serde_json::from_str(line).ok().or_else(|| {
        let message: Message<Innermost> = serde_json::from_str(line).ok()?;
        let innermost = |span: Innermost| Span {
            file_name: span.file_name,
            line_start: span.line_start,
            is_primary: span.is_primary,
            expansion: None,
        };
        Some(Message {
            message: message.message,
            code: message.code,
            level: message.level,
            spans: message.spans.into_iter().map(innermost).collect(),
            rendered: message.rendered,
        })
    })
}

fn diagnostic(message: Message, source: &Path) -> Option<Diagnostic> {
    let level = match message.level.as_str() {
        level if level.starts_with("error") => Level::Error,
        "warning" => Level::Warning,
        _ => return None,
    };
    let primary = message.spans.iter().filter(|span| span.is_primary);
    let places: Vec<&Span> = primary.map(outermost).collect();
    let inside = places
        .iter()
        .find(|span| Path::new(&span.file_name) == source);
    let at = inside.or(places.first()).map(|span| {
        let mut file = span.file_name.clone();
        cut(&mut file, PATH);
        Place {
            file,
            line: span.line_start,
        }
    });
    // "aborting due to 2 previous errors", "3 warnings emitted": counts, not messages.
    if at.is_none()
        && (message.message.starts_with("aborting due to") || message.message.ends_with("emitted"))
    {
        return None;
    }
    let is_unsafe = message.code.is_some_and(|code| code.code == UNSAFE);
    let mut text = message.message;
    cut(&mut text, MESSAGE);
    Some(Diagnostic {
        level,
        at,
        in_source: inside.is_some(),
        rendered: shortened(message.rendered.unwrap_or_default()),
        meaning: None,
        is_unsafe,
        message: text,
    })
}

/// A rendering without the lines that are too many, and without colours where a line is too long.
fn shortened(rendered: String) -> String {
    if rendered.len() <= RENDERED {
        return rendered;
    }
    let mut kept = String::new();
    for line in rendered.lines() {
        let mut line = line.to_owned();
        if line.len() > MESSAGE {
            line = anstream::adapter::strip_str(&line).to_string();
            cut(&mut line, MESSAGE);
        }
        if kept.len() + line.len() > RENDERED {
            kept.push_str("…\n");
            break;
        }
        kept.push_str(&line);
        kept.push('\n');
    }
    kept
}

/// Where the macro stands that made this code.
fn outermost(mut span: &Span) -> &Span {
    while let Some(expansion) = &span.expansion {
        span = &expansion.span;
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str = r#"{"message":"mismatched types","level":"error","spans":[{"file_name":"/c/steps/a.rs","line_start":12,"is_primary":true,"expansion":null}],"rendered":"error: …"}"#;
    const COUNT: &str = r#"{"message":"aborting due to 1 previous error","level":"error","spans":[],"rendered":"…"}"#;

    #[test]
    fn tells_the_step_from_the_check() {
        let found = read(
            &format!("{ERROR}\n{COUNT}\nnoise\n"),
            Path::new("/c/steps/a.rs"),
        );
        assert_eq!(found.len(), 1);
        assert!(found[0].in_source);
        assert_eq!(found[0].at.as_ref().map(|at| at.line), Some(12));
        assert!(!read(ERROR, Path::new("/c/steps/b.rs"))[0].in_source);
    }

    #[test]
    fn nothing_is_longer_than_anybody_would_read() {
        let long = "ä".repeat(1 << 20);
        let short = shortened(format!("error: {long}\n{}", "  | line\n".repeat(1 << 20)));
        assert!(short.len() < RENDERED + 10, "{}", short.len());
        assert!(short.ends_with("  | line\n…\n"));
        assert_eq!(shortened("short".into()), "short");
        let error = ERROR.replace("mismatched types", &long);
        let found = read(&format!("{error}\n").repeat(60), Path::new("/c/steps/a.rs"));
        assert_eq!(found.len(), super::COUNT);
        assert!(found[0].message.len() < 3 * MESSAGE);
    }

    #[test]
    fn warnings_push_no_error_out() {
        let warning = ERROR.replace("\"error\"", "\"warning\"");
        let said = format!("{}{ERROR}\n", format!("{warning}\n").repeat(200));
        let found = read(&said, Path::new("/c/steps/a.rs"));
        assert_eq!(found.len(), super::COUNT + 1);
        assert_eq!(found.last().map(|found| found.level), Some(Level::Error));
    }

    #[test]
    fn macros_may_call_macros_as_deep_as_they_like() {
        let span = |expansion: &str| {
            format!(
                r#"{{"file_name":"/c/steps/a.rs","line_start":7,"is_primary":true,"expansion":{expansion}}}"#
            )
        };
        let deep = (0..2_000).fold("null".to_owned(), |inner, _| {
            format!(r#"{{"span":{}}}"#, span(&inner))
        });
        let error = ERROR.replace("\"expansion\":null", &format!("\"expansion\":{deep}"));
        let found = read(&error, Path::new("/c/steps/a.rs"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].at.as_ref().map(|at| at.line), Some(12));
    }

    #[test]
    fn an_error_in_a_macro_is_where_the_macro_is_called() {
        let nested = ERROR.replace(
            r#""file_name":"/c/steps/a.rs","line_start":12,"is_primary":true,"expansion":null"#,
            r#""file_name":"/std/macros.rs","line_start":1,"is_primary":true,"expansion":{"span":{"file_name":"/c/steps/a.rs","line_start":7,"is_primary":false,"expansion":null}}"#,
        );
        let found = read(&nested, Path::new("/c/steps/a.rs"));
        assert!(found[0].in_source);
        assert_eq!(found[0].at.as_ref().map(|at| at.line), Some(7));
    }
}
