//! What a model writes, as it is shown.

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::terminal::{self, style};

/// Bytes that have come, of which the last may be the beginning of a character.
#[derive(Debug, Clone, Default)]
pub struct Bytes(Vec<u8>);

impl Bytes {
    /// Takes in the bytes of a token, a JSON array, and returns the whole characters that are there
    /// now. Bytes that begin no character become U+FFFD.
    pub fn take_in(&mut self, bytes: &Value) -> String {
        let bytes = bytes.as_array().into_iter().flatten();
        let bytes = bytes.filter_map(|byte| u8::try_from(byte.as_u64()?).ok());
        self.0.extend(bytes);
        let mut text = String::new();
        loop {
            match std::str::from_utf8(&self.0) {
                Ok(whole) => {
                    text.push_str(whole);
                    self.0.clear();
                    return text;
                }
                Err(error) => {
                    let valid = error.valid_up_to();
                    text.push_str(&String::from_utf8_lossy(&self.0[..valid]));
                    let Some(broken) = error.error_len() else {
                        self.0.drain(..valid);
                        return text;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    self.0.drain(..valid + broken);
                }
            }
        }
    }

    /// What is left at the end.
    pub fn rest(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.0)).into_owned()
    }
}

/// A token in the style of its probability: the more unlikely, the more it stands out.
#[must_use]
pub fn shaded(text: &str, probability: f64) -> String {
    match probability {
        0.5.. => text.to_owned(),
        0.1.. => style::code(text).to_string(),
        0.01.. => style::attention(text).to_string(),
        _ => style::wrong(text).to_string(),
    }
}

/// Tokens with how likely the model found them, and what else was likely in their place.
#[derive(Debug, Clone, Default)]
pub struct Legend(Vec<Surprise>);

#[derive(Debug, Clone)]
struct Surprise {
    place: usize,
    text: String,
    probability: f64,
    others: Vec<(String, f64)>,
}

/// How many tokens are listed where the others have shades.
const LISTED: usize = 12;

/// How many others a token has at most.
const OTHERS: usize = 5;

/// Columns for a token and its probability, in a list.
const TOKEN: usize = 12;

impl Legend {
    /// Takes in the next token; `others` are the likeliest others, as the program tells them.
    pub fn add(&mut self, text: &str, probability: f64, others: &Value) {
        let others = others.as_array().into_iter().flatten().take(OTHERS);
        let others = others.map(|other| {
            let text = format!("{:?}", other["text"].as_str().unwrap_or_default());
            (
                style::harmless(&text),
                other["probability"].as_f64().unwrap_or_default(),
            )
        });
        self.0.push(Surprise {
            place: self.0.len() + 1,
            text: style::harmless(&format!("{text:?}")),
            probability,
            others: others.collect(),
        });
    }

    /// What the shades mean, and the tokens that surprised most.
    #[must_use]
    pub fn of_shades(&self, width: usize) -> String {
        let mut ranked: Vec<&Surprise> = self.0.iter().collect();
        ranked.sort_by(|a, b| a.probability.total_cmp(&b.probability));
        ranked.truncate(LISTED);
        ranked.sort_by_key(|surprise| surprise.place);
        let says = "How likely the model found a token before it was drawn; below, those that were \
                    least likely, by their place, and the likeliest others there.";
        format!(
            "\n{}, {}, {}, {}\n{}\n{}",
            shaded("50 % or more", 1.0),
            shaded("10 % or more", 0.1),
            shaded("1 % or more", 0.01),
            shaded("less", 0.0),
            textwrap::fill(says, terminal::wrapping(width)),
            list(&ranked, width)
        )
    }

    /// All tokens with numbers, for readers who see no shades.
    #[must_use]
    pub fn in_numbers(&self, width: usize) -> String {
        let says = "Each token by its place: how likely the model found it before it was drawn, and \
                    the likeliest others there.";
        let all: Vec<&Surprise> = self.0.iter().collect();
        format!(
            "\n{}\n{}",
            textwrap::fill(says, terminal::wrapping(width)),
            list(&all, width)
        )
    }
}

/// A line for each token, with as many of the others as there is room for.
fn list(tokens: &[&Surprise], width: usize) -> String {
    let mut lines = String::new();
    for token in tokens {
        let text = style::heading(&token.text);
        let mut line = format!(
            "{:>5}  {text:<TOKEN$}  {:>7} ",
            token.place,
            percent(token.probability)
        );
        let mut columns = 5 + 2 + token.text.width().max(TOKEN) + 2 + 7 + 1;
        for (text, probability) in &token.others {
            let other = format!("  {text} {}", percent(*probability));
            columns += other.width();
            if columns >= width {
                break;
            }
            line.push_str(&style::dim(other).to_string());
        }
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

/// `12 %`, and `0.3 %` for what is less than one.
fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    match percent {
        ..0.1 => "< 0.1 %".to_owned(),
        ..1.0 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_character_is_shown_once_it_is_whole() {
        let mut bytes = Bytes::default();
        // A smile in two tokens.
        assert_eq!(bytes.take_in(&json!([0x61, 0xf0, 0x9f])), "a");
        assert_eq!(bytes.take_in(&json!([0x98, 0x80, 0x62])), "😀b");
        assert_eq!(bytes.take_in(&json!([0xff, 0x63])), "\u{fffd}c");
        assert_eq!(bytes.take_in(&json!([0xe2, 0x82])), "");
        assert_eq!(bytes.rest(), "\u{fffd}");
    }

    #[test]
    fn the_most_surprising_tokens_are_listed_in_their_order() {
        let mut legend = Legend::default();
        for place in 0..20 {
            let probability = if place % 2 == 0 { 0.9 } else { 0.001 };
            let others = json!([{"text": "x", "probability": 0.25}]);
            legend.add(&format!("t{place}"), probability, &others);
        }
        let stripped = |words: &str| anstream::adapter::strip_str(words).to_string();
        let words = stripped(&legend.of_shades(80));
        assert!(
            words.contains("    2  \"t1\"            0.1 %   \"x\" 25 %\n"),
            "{words}"
        );
        let places = |words: &str| -> Vec<usize> {
            let first = |line: &str| line.split_whitespace().next()?.parse().ok();
            words
                .lines()
                .filter(|line| line.starts_with("   "))
                .filter_map(first)
                .collect()
        };
        assert!(
            places(&words).is_sorted() && places(&words).len() == LISTED,
            "{words}"
        );

        let words = stripped(&legend.in_numbers(80));
        assert_eq!(places(&words), (1..=20).collect::<Vec<_>>());
    }

    #[test]
    fn a_list_fits_its_screen() {
        let mut legend = Legend::default();
        let other = json!({"text": "other", "probability": 0.00001});
        legend.add(" a long token", 0.5, &json!([other, other, other, other]));
        for width in [40, 80] {
            let words = anstream::adapter::strip_str(&legend.in_numbers(width)).to_string();
            assert!(words.lines().all(|line| line.width() <= width), "{words}");
        }
        assert!(legend.in_numbers(80).contains("\"other\" < 0.1 %"));
    }
}
