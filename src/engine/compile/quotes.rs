//! rustc's rendering, kept to what is the learner's business.
//!
//! rustc quotes every source that it has read. What lies elsewhere than in the learner's files is
//! left out, or pointed at without being quoted; what only the engine calls so gets the name that a
//! step knows it by.

/// What becomes of a place that rustc points at, and of the lines that it quotes from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quote {
    /// They stay.
    Shown,
    /// They stay, and the file is called this.
    Renamed(String),
    /// They go, and so does the note that leads there.
    Hidden,
    /// The lines go, and the place is another.
    Elsewhere {
        /// The other place.
        at: String,
        /// What is said to stand there.
        signature: Option<String>,
    },
}

/// `rendered`, colours and all, with every place as `quote` has it: a file and a line.
#[must_use]
pub fn requoted(rendered: &str, quote: impl Fn(&str, u32) -> Quote) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut is_left_out = false;
    for line in rendered.lines() {
        let plain = plain(line);
        let Some(place) = place(&plain) else {
            is_left_out &= is_snippet(&plain);
            if !is_left_out && !is_about_the_engine(&plain) {
                kept.push(line.to_owned());
            }
            continue;
        };
        let quote = quote(place.file, place.line);
        is_left_out = matches!(quote, Quote::Hidden | Quote::Elsewhere { .. });
        match quote {
            Quote::Shown => kept.push(line.to_owned()),
            Quote::Renamed(name) => kept.push(line.replace(place.file, &name)),
            Quote::Hidden => {
                // A note that leads nowhere says nothing.
                kept.pop_if(|last| is_note(last));
            }
            Quote::Elsewhere { at, signature } => {
                kept.push(line.replace(place.whole, &at));
                kept.extend(signature.map(|text| beside_the_bar(line, &text)));
            }
        }
    }
    let mut text = kept.join("\n");
    text.push('\n');
    text
}

/// `rendered` with the names that a step knows things by: what the kit has is `kit`'s, the crate
/// that it hands on, and a library is the step that it was made of.
#[must_use]
pub fn renamed(rendered: &str, kit: &str) -> String {
    let longer = kit.chars().count().saturating_sub(KIT.len());
    let mut lines: Vec<String> = Vec::new();
    let mut added = 0;
    for line in rendered.lines() {
        if added > 0 && is_underline(&plain(line)) {
            lines.push(lengthened(line, added));
            added = 0;
            continue;
        }
        let (text, replaced) = with_crate(line, kit);
        added = replaced * longer;
        lines.push(with_steps(&text));
    }
    lines.join("\n") + if rendered.ends_with('\n') { "\n" } else { "" }
}

/// What checks call the kit.
const KIT: &str = "kit";

/// `kit::` as a path's first component becomes that of the crate `kit`; and how often.
fn with_crate(line: &str, kit: &str) -> (String, usize) {
    const PATH: &str = "kit::";
    let mut text = String::new();
    let mut replaced = 0;
    let mut rest = line;
    // Each piece is looked at once: a line may consist of such paths.
    let mut last = None;
    while let Some(at) = rest.find(PATH) {
        let (before, behind) = rest.split_at(at);
        text.push_str(before);
        last = plain(before).chars().next_back().or(last);
        let is_first = !last.is_some_and(|c| c.is_alphanumeric() || "_:".contains(c));
        text.push_str(if is_first { kit } else { KIT });
        text.push_str("::");
        replaced += usize::from(is_first);
        last = Some(':');
        rest = &behind[PATH.len()..];
    }
    text.push_str(rest);
    (text, replaced)
}

/// `earlier_s04_mlp::s04_mlp::` becomes `crate::s04_mlp::`.
fn with_steps(line: &str) -> String {
    let prefix = super::harness::crate_name("");
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(&prefix) {
        let (before, behind) = rest.split_at(at);
        let name: String = behind[prefix.len()..]
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        let whole = prefix.len() + name.len();
        text.push_str(before);
        text.push_str("crate");
        if !behind[whole..].starts_with(&format!("::{name}")) {
            text.push_str(&format!("::{name}"));
        }
        rest = &behind[whole..];
    }
    text + rest
}

fn plain(line: &str) -> String {
    anstream::adapter::strip_str(line).to_string()
}

struct Place<'a> {
    /// As in `/c/steps/s04_mlp.rs:28:8`.
    whole: &'a str,
    file: &'a str,
    line: u32,
}

/// The place that a line like `  --> /c/steps/s04_mlp.rs:28:8` points at.
fn place(plain: &str) -> Option<Place<'_>> {
    let line = plain.trim_start();
    let whole = line
        .strip_prefix("--> ")
        .or_else(|| line.strip_prefix("::: "))?;
    let (rest, _column) = whole.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    let line = line.parse().ok()?;
    Some(Place { whole, file, line })
}

/// Whether a line is one of a quoted snippet: `28 | …`, `   | ^^^`, `...`.
fn is_snippet(plain: &str) -> bool {
    let line = plain.trim_start();
    let behind = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = behind.len() < line.len();
    let gutter = behind.trim_start();
    gutter.starts_with('|')
        || line.starts_with("...")
        || (is_numbered && gutter.starts_with(['+', '-', '~']))
}

fn is_note(line: &str) -> bool {
    let plain = plain(line);
    plain.starts_with("note: ") || plain.starts_with("help: ")
}

/// Whether a note speaks of how rustc was called, which the learner has no part in.
fn is_about_the_engine(plain: &str) -> bool {
    let line = plain.trim_start();
    line.starts_with("= note: the full name for the type has been written to")
        || line.starts_with("= note: the full type name has been written to")
        || line.starts_with("= note: consider using `--verbose` to print the full type name")
}

/// Whether a line marks what a suggestion adds: `   |      ++++`.
fn is_underline(plain: &str) -> bool {
    plain
        .trim_start()
        .strip_prefix('|')
        .is_some_and(|marks| marks.contains(['+', '~']) && marks.chars().all(|c| " +~".contains(c)))
}

fn lengthened(line: &str, by: usize) -> String {
    match line.rfind(['+', '~']) {
        Some(at) => {
            let mark = &line[at..=at];
            format!("{}{}", &line[..at], mark.repeat(by + 1)) + &line[at + 1..]
        }
        None => line.to_owned(),
    }
}

/// `text` behind a bar as rustc draws it, below and in the colours of `arrow`.
fn beside_the_bar(arrow: &str, text: &str) -> String {
    let before = arrow.split_once("-->").or_else(|| arrow.split_once(":::"));
    let before = before.map_or("", |(before, _)| before);
    let reset = if before.contains('\x1b') {
        "\x1b[0m"
    } else {
        ""
    };
    format!("{before} |{reset} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENDERED: &str = "\
error[E0603]: function `filled` is private
   --> s03.rs:9:28
    |
  9 |     let _ = crate::check::filled;
    |       ^^^^^^ private
    |
note: the function `filled` is defined here
   --> <anon>:41:1
    |
 41 | fn filled(o: &Observer) -> LayerNorm {
    | ^^^^^
...
note: function defined here
   --> /c/solutions/s04_mlp.rs:29:8
    |
 29 | pub fn linear(d: usize) -> Linear {
    |        ^^^^^^
help: try
    |
  9 |     let _ = 1;
    |
";

    fn quote(file: &str, line: u32) -> Quote {
        match file {
            "<anon>" => Quote::Hidden,
            "/c/solutions/s04_mlp.rs" => Quote::Elsewhere {
                at: format!("/c/steps/s04_mlp.rs:{}", line + 1),
                signature: Some("pub fn linear".into()),
            },
            _ => Quote::Shown,
        }
    }

    #[test]
    fn what_is_not_the_learners_is_not_quoted() {
        let kept = requoted(RENDERED, quote);
        assert!(kept.contains("crate::check::filled"), "{kept}");
        assert!(kept.contains("help: try\n    |\n  9 |"), "{kept}");
        for gone in ["Observer", "is defined here", "29 |", "solutions"] {
            assert!(!kept.contains(gone), "{gone}: {kept}");
        }
        let there = "here\n   --> /c/steps/s04_mlp.rs:30\n    | pub fn linear\nhelp";
        assert!(kept.contains(there), "{kept}");
    }

    #[test]
    fn colours_stay() {
        let coloured = "\x1b[1m\x1b[92mnote\x1b[0m: here\n\x1b[1m\x1b[94m  --> \x1b[0m\
                        /c/solutions/s04_mlp.rs:29:8\n\x1b[1m\x1b[94m29\x1b[0m \x1b[1m|\x1b[0m x\n";
        let kept = requoted(coloured, quote);
        assert_eq!(
            kept,
            "\x1b[1m\x1b[92mnote\x1b[0m: here\n\x1b[1m\x1b[94m  --> \x1b[0m/c/steps/s04_mlp.rs:30\
             \n\x1b[1m\x1b[94m   |\x1b[0m pub fn linear\n"
        );
    }

    #[test]
    fn the_kit_is_its_first_crate_where_a_path_begins() {
        let said = "`kit::tensor::Device`, &kit::A, a::kit::B, toolkit::C, \x1b[35mkit::D\x1b[0m";
        assert_eq!(
            renamed(said, "nalgebra"),
            "`nalgebra::tensor::Device`, &nalgebra::A, a::kit::B, toolkit::C, \
             \x1b[35mnalgebra::D\x1b[0m"
        );
        let said = "32 | f(/* &kit::A */),\n   |   ++++++++++\n";
        let longer = "32 | f(/* &libm::A */),\n   |   +++++++++++\n";
        assert_eq!(renamed(said, "libm"), longer);
    }

    #[test]
    fn a_library_is_the_step_that_it_was_made_of() {
        let said = "`earlier_s04_mlp::s04_mlp::Mlp` of `earlier_s04_mlp`";
        assert_eq!(
            renamed(said, "kit"),
            "`crate::s04_mlp::Mlp` of `crate::s04_mlp`"
        );
    }
}
