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
