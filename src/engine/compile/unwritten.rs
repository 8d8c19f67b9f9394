//! Which of rustc's warnings only say that a function is not written yet.
//!
//! A body that is still a `todo!()` uses none of its parameters, and leaves imports without a use:
//! to warn of that is noise.

use std::ops::RangeInclusive;

use super::surface;
use crate::engine::compile::Diagnostic;
use crate::tokens::{Kind, Tokens};

/// How rustc begins to say that something is not used, or never reached.
const UNUSED: [&str; 6] = [
    "unused ",
    "unreachable ",
    "value assigned to ",
    "value captured by ",
    "variable `",
    "variable does not need to be mutable",
];

/// `warnings` about the file with this `text`, without those that follow from a `todo!()`.
#[must_use]
pub fn without(mut warnings: Vec<Diagnostic>, text: &str) -> Vec<Diagnostic> {
    let unwritten = functions(text);
    if unwritten.is_empty() {
        return warnings;
    }
    warnings.retain(|warning| {
        let is_inside = warning
            .at
            .as_ref()
            .is_some_and(|at| (unwritten.iter()).any(|lines| lines.contains(&(at.line as usize))));
        // Whether what is not written would use an import cannot be known.
        let is_import = warning.message.starts_with("unused import");
        let is_unused = UNUSED
            .iter()
            .any(|start| warning.message.starts_with(start));
        !(is_import || (is_inside && is_unused))
    });
    warnings
}

/// The lines of the functions in whose bodies a `todo!()` stands.
fn functions(text: &str) -> Vec<RangeInclusive<usize>> {
    let mut found = Vec::new();
    // Without tokens it is no Rust, and every warning is shown.
    let Some(tokens) = Tokens::read(text) else {
        return found;
    };
    let mut at = 0;
    while at < tokens.len() {
        if tokens.text(at) != "fn" || tokens.kind(at + 1) != Some(Kind::Word) {
            at += 1;
            continue;
        }
        let whole = surface::extent(&tokens, at);
        let mut inside = whole.body.map_or(0..0, |body| tokens.inside(body));
        if inside.any(|place| is_todo(&tokens, place)) {
            found.push(tokens.line(at) as usize..=tokens.line(whole.end - 1) as usize);
        }
        at = whole.end;
    }
    found
}

/// Whether `todo!` or `unimplemented!` is called there.
fn is_todo(tokens: &Tokens<'_>, place: usize) -> bool {
    matches!(tokens.text(place), "todo" | "unimplemented") && tokens.text(place + 1) == "!"
}

#[cfg(test)]
mod tests {
    use observation::Place;

    use super::*;
    use crate::engine::compile::Level;

    const TEXT: &str = "use a::b;\n\n/// Not yet.\npub fn f(x: u8) -> u8 {\n    let y = 1;\n    todo!()\n}\n\n\
                        impl S {\n    fn g(x: u8) -> u8 { todo!() }\n    fn h(x: u8) -> u8 { 1 }\n}\n";

    fn shown(text: &str, warnings: &[(u32, &str)]) -> Vec<u32> {
        let warning = |&(line, message): &(u32, &str)| Diagnostic {
            meaning: None,
            is_unsafe: false,
            level: Level::Warning,
            message: message.to_owned(),
            at: Some(Place {
                file: "a.rs".into(),
                line,
            }),
            in_source: true,
            rendered: String::new(),
        };
        let left = without(warnings.iter().map(warning).collect(), text);
        left.iter()
            .filter_map(|w| Some(w.at.as_ref()?.line))
            .collect()
    }

    #[test]
    fn what_is_not_written_is_not_warned_of() {
        let warnings = [
            (1, "unused import: `a::b`"),
            (4, "unused variable: `x`"),
            (5, "variable `y` is assigned to, but never used"),
            (10, "unused variable: `x`"),
            (11, "unused variable: `x`"),
            (5, "denote infinite loops with `loop { ... }`"),
        ];
        assert_eq!(shown(TEXT, &warnings), [11, 5]);
        let written = TEXT.replace("todo!()", "1");
        assert_eq!(shown(&written, &warnings).len(), warnings.len());
    }
}
