//! Which characters of a text that others wrote do harm where it is shown. How such a character is
//! written instead is up to the place: HTML, XML, CSV and a terminal each have their own escapes.

/// What a character does where a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It is seen, or a mere space.
    Plain,
    /// It looks like a space and is another character.
    Space,
    /// It joins letters in names of several scripts, and is not seen elsewhere.
    Joiner,
    /// It is not seen at all: what Unicode lets a font ignore, and letters that are empty.
    Invisible,
    /// It moves the cursor, ends a line, turns the direction of writing, or is no character.
    Control,
}

/// The kind of a character.
#[must_use]
pub fn kind(c: char) -> Kind {
    match c {
        _ if c.is_control() => Kind::Control,
        '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => {
            Kind::Control
        }
        '\u{fff9}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}' => Kind::Control,
        '\u{200c}' | '\u{200d}' => Kind::Joiner,
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2065}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Kind::Invisible,
        ' ' => Kind::Plain,
        _ if c.is_whitespace() => Kind::Space,
        _ => Kind::Plain,
    }
}

/// Whether a character may stand in no line of text: [`Kind::Control`].
#[must_use]
pub fn is_control(c: char) -> bool {
    kind(c) == Kind::Control
}

/// How many characters of `text` take `most` bytes, as they are written where they take most: as
/// entities in HTML and XML, as escapes in JSON, and spelled out where they do harm.
#[must_use]
pub fn fitting(text: &str, most: usize) -> usize {
    let mut taken = 0;
    let fits = |c: &char| {
        taken += cost(*c);
        taken <= most
    };
    text.chars().take_while(fits).count()
}

/// How many bytes a character takes where it takes most.
#[must_use]
pub fn cost(c: char) -> usize {
    match kind(c) {
        Kind::Plain if "<>&\"'\\".contains(c) => 6,
        Kind::Plain => c.len_utf8(),
        Kind::Control if matches!(c, '\n' | '\t') => 2,
        // As in `<mark>\u{e0041}</mark>`.
        _ => 24,
    }
}

/// Whether a character must not be written as it is where people read a name or a sentence: it does
/// something else than to be seen.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    matches!(kind(c), Kind::Control | Kind::Invisible)
}

/// What stands for such a character, as in Rust's strings: `\u{202e}`.
#[must_use]
pub fn named(c: char) -> String {
    c.escape_unicode().to_string()
}

/// JSON that says the same, and does nothing to a terminal that shows it: what is not seen, or moves
/// what is, is written by its number.
#[must_use]
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        // What is ASCII, JSON writes by its number itself where it must; and it has line ends of its own.
        let is_seen = c < '\u{7f}' || matches!(kind(c), Kind::Plain | Kind::Space);
        if is_seen {
            shown.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            shown.push_str(&format!("\\u{unit:04x}"));
        }
    }
    shown
}

/// A name or a sentence in one line, for a terminal or for a log that a machine looks through: what is
/// not seen is named, and no build server takes it for a command to itself, like `::error::` at the
/// beginning of a line or `##vso[` anywhere.
#[must_use]
pub fn line(text: &str) -> String {
    no_command(&seen(text, ""))
}

/// The same for a text of several lines, in which tabs stay.
#[must_use]
pub fn block(text: &str) -> String {
    let lines: Vec<String> = (text.lines())
        .map(|line| no_command(&seen(line, "\t")))
        .collect();
    lines.join("\n")
}

/// `text` with what is not seen named, but for `kept`.
fn seen(text: &str, kept: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match is_deceptive(c) && !kept.contains(c) {
            true => shown.push_str(&named(c)),
            false => shown.push(c),
        }
    }
    shown
}

/// A line that is a command to no build server, and otherwise as it was.
fn no_command(line: &str) -> String {
    let mut parts = line.split('#');
    let mut apart = parts.next().unwrap_or_default().to_owned();
    let mut before = "-";
    for part in parts {
        // Two in a row are kept apart.
        apart.push_str(if before.is_empty() { "\\#" } else { "#" });
        apart.push_str(part);
        before = part;
    }
    let line = apart;
    let command = line.trim_start();
    match command.starts_with("::") {
        true => format!("{}\\{command}", &line[..line.len() - command.len()]),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spelled_out_takes_more() {
        assert_eq!(fitting("abcdef", 4), 4);
        assert_eq!(fitting("<<<<", 13), 2);
        assert_eq!(fitting("\u{202e}\u{202e}\u{202e}", 50), 2);
        assert_eq!(fitting("ab", 100), 2);
    }

    #[test]
    fn json_says_the_same_and_shows_nothing_that_is_not_seen() {
        let all: String = ('\0'..=char::MAX).collect();
        let written = serde_json::to_string_pretty(&[&all]).expect("it is text");
        let shown = json(&written);
        let harmful = |c: &char| *c != '\n' && is_deceptive(*c);
        assert_eq!(shown.chars().find(harmful), None);
        let back: Vec<String> = serde_json::from_str(&shown).expect("it is JSON");
        assert!(back == [all]);
        assert_eq!(
            json("{\n  \"李 é\": \"\u{202e}\u{e0041}\"\n}"),
            "{\n  \"李 é\": \"\\u202e\\udb40\\udc41\"\n}"
        );
    }

    #[test]
    fn a_name_is_one_line_and_no_command() {
        for (name, shown) in [
            ("李 Zoë", "李 Zoë"),
            ("a::b # c", "a::b # c"),
            ("a\u{202e}b\n\u{200b}", "a\\u{202e}b\\u{a}\\u{200b}"),
            ("::error::x", "\\::error::x"),
            ("  ::set-output name=a::b", "  \\::set-output name=a::b"),
            ("x##vso[task.complete]", "x#\\#vso[task.complete]"),
            ("###[error]", "#\\#\\#[error]"),
        ] {
            assert_eq!(line(name), shown);
            assert!(!line(name).contains("##["), "{name}");
        }
        assert_eq!(
            block("a\tb\u{200b}\n  ::error::\n"),
            "a\tb\\u{200b}\n  \\::error::"
        );
    }

    #[test]
    fn a_character_is_of_the_kind_that_its_effect_is() {
        for (kinds, characters) in [
            (Kind::Plain, "a é李✓ \u{301}😀"),
            (Kind::Space, "\u{a0}\u{2009}\u{3000}"),
            (Kind::Joiner, "\u{200c}\u{200d}"),
            (
                Kind::Invisible,
                "\u{ad}\u{200b}\u{feff}\u{fe0f}\u{e0041}\u{3164}",
            ),
            (
                Kind::Control,
                "\0\t\n\u{1b}\u{7f}\u{85}\u{2028}\u{202e}\u{2066}\u{200f}\u{ffff}",
            ),
        ] {
            for c in characters.chars() {
                assert_eq!(kind(c), kinds, "{c:?}");
            }
        }
    }
}
