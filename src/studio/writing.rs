//! What a model writes, as it is shown.

use serde_json::Value;

use crate::terminal::style;

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

/// The tokens that were most surprising, with what else was likely in their place.
#[derive(Debug, Clone, Default)]
pub struct Legend(Vec<Surprise>);

#[derive(Debug, Clone)]
struct Surprise {
    place: usize,
    text: String,
    probability: f64,
    others: Vec<(String, f64)>,
}

/// How many tokens are listed.
const LISTED: usize = 12;

/// How many others each of them has.
const OTHERS: usize = 3;

impl Legend {
    /// Takes in the next token; `others` are the likeliest others, as the program tells them.
    pub fn add(&mut self, text: &str, probability: f64, others: &Value) {
        let others = others.as_array().into_iter().flatten().take(OTHERS);
        let others = others.map(|other| {
            let text = other["text"].as_str().unwrap_or_default().to_owned();
            (text, other["probability"].as_f64().unwrap_or_default())
        });
        self.0.push(Surprise {
            place: self.0.len() + 1,
            text: text.to_owned(),
            probability,
            others: others.collect(),
        });
    }

    /// What the shades mean, and the most surprising tokens.
    #[must_use]
    pub fn words(&self) -> String {
        let mut words = format!(
            "\n{}, {}, {}, {}\n",
            shaded("half and more", 1.0),
            shaded("10 % and more", 0.1),
            shaded("1 % and more", 0.01),
            shaded("less", 0.0)
        );
        let mut ranked: Vec<&Surprise> = self.0.iter().collect();
        ranked.sort_by(|a, b| a.probability.total_cmp(&b.probability));
        ranked.truncate(LISTED);
        ranked.sort_by_key(|surprise| surprise.place);
        for surprise in ranked {
            let others = surprise.others.iter().map(|(text, probability)| {
                format!(
                    "{} {}",
                    style::harmless(&format!("{text:?}")),
                    percent(*probability)
                )
            });
            words.push_str(&format!(
                "{:>4}  {} {}  {}\n",
                surprise.place,
                style::heading(format!("{:?}", surprise.text)),
                percent(surprise.probability),
                style::dim(format!(
                    "also likely: {}",
                    others.collect::<Vec<_>>().join(", ")
                ))
            ));
        }
        words
    }
}

/// `12 %`, and `0.3 %` for what is less than one.
fn percent(probability: f64) -> String {
    let percent = probability * 100.0;
    if percent >= 1.0 {
        format!("{percent:.0} %")
    } else {
        format!("{percent:.1} %")
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
        let words = anstream::adapter::strip_str(&legend.words()).to_string();
        assert!(
            words.contains("   2  \"t1\" 0.1 %  also likely: \"x\" 25 %"),
            "{words}"
        );
        let places: Vec<usize> = words
            .lines()
            .filter_map(|line| line.split_whitespace().next()?.parse().ok())
            .collect();
        assert!(places.is_sorted() && places.len() == LISTED, "{words}");
    }
}
