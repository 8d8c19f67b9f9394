//! Functions whose whole body is assembly (`#[unsafe(naked)]`): rustc's lint for `unsafe` code says
//! nothing of them, though they break Rust's rules as any assembly may.

use std::path::Path;

use observation::Place;

use super::{Diagnostic, Level, Source};
use crate::tokens::Tokens;

/// The macro that writes such a body: no other way leads to one, and no macro can put the name together.
const MACRO: &str = "naked_asm";

/// The first line in one of `sources` that may hold such a body, as rustc would tell it; `about` is the
/// file that its messages are about.
pub(super) fn found(sources: &[&Source<'_>], about: &Path, level: Level) -> Option<Diagnostic> {
    let (source, line) =
        (sources.iter()).find_map(|source| Some((source, line_of(&source.text)?)))?;
    let file = source.path.display().to_string();
    let message = format!("usage of `{MACRO}`: a body in assembly is `unsafe` code");
    let label = match level {
        Level::Error => "error",
        Level::Warning => "warning",
    };
    Some(Diagnostic {
        level,
        rendered: format!("{label}: {message}\n --> {file}:{line}\n"),
        message,
        at: Some(Place { file, line }),
        in_source: source.path == about,
        meaning: None,
        is_unsafe: true,
    })
}

/// The line that has the macro's name; if the text cannot be told apart into words, any line with it.
fn line_of(text: &str) -> Option<u32> {
    // Hardly anybody has ever written it.
    let at = text.find(MACRO)?;
    let Some(tokens) = Tokens::read(text) else {
        let before = text[..at].matches('\n').count();
        return Some(u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1));
    };
    let mut places = 0..tokens.len();
    let place = places.find(|&place| {
        let word = tokens.text(place);
        word.strip_prefix("r#").unwrap_or(word) == MACRO
    })?;
    Some(tokens.line(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_found_as_a_word() {
        for (text, line) in [
            ("fn f() {}", None),
            ("// naked_asm\nconst X: &str = \"naked_asm!\";", None),
            ("fn naked_asm_is_not() {}", None),
            ("\nuse std::arch::naked_asm as x;", Some(2)),
            ("m!(naked_asm);", Some(1)),
            ("fn f() {\n    std::arch::r#naked_asm!(\"ret\")\n}", Some(2)),
            // Whoever confuses this reader gets nothing by it.
            ("// naked_asm\n'", Some(1)),
        ] {
            assert_eq!(line_of(text), line, "{text}");
        }
    }
}
