//! Patterns with placeholders, and the sentences that are made of what they captured.

use std::collections::BTreeMap;

use super::Question;

/// What placeholders stood for, by name.
pub type Captured = BTreeMap<String, String>;

/// A piece of a pattern or a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// `{word}` or `{word word}`.
    Placeholder(Vec<String>),
}

/// A text with placeholders in it.
#[derive(Debug)]
pub struct Pattern {
    /// What stands before the first placeholder.
    start: String,
    /// Each placeholder, and what stands behind it.
    rest: Vec<(String, String)>,
}

/// A sentence with placeholders in it.
#[derive(Debug)]
pub struct Sentence {
    pieces: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// What was captured.
    Captured(String),
    /// One less than the number that was captured.
    Last(String),
    /// What the course answers about what was captured.
    Asked(Question, String),
}

impl Pattern {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = pieces(text)?.into_iter().peekable();
        let Some(Piece::Text(start)) = pieces.next_if(|piece| matches!(piece, Piece::Text(_)))
        else {
            return Err("a pattern begins with a text, not with a placeholder".into());
        };
        let mut rest: Vec<(String, String)> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Placeholder(words) => {
                    let [name] = words.as_slice() else {
                        return Err(format!("`{{{}}}` is no name", words.join(" ")));
                    };
                    if rest.last().is_some_and(|(_, behind)| behind.is_empty()) {
                        return Err(format!("nothing parts `{{{name}}}` from what is before it"));
                    }
                    rest.push((name.clone(), String::new()));
                }
                Piece::Text(text) => {
                    if let Some((_, behind)) = rest.last_mut() {
                        *behind = text;
                    }
                }
            }
        }
        Ok(Self { start, rest })
    }

    pub fn captures(&self, name: &str) -> bool {
        self.rest.iter().any(|(captured, _)| captured == name)
    }

    /// Whether it occurs in `message`; if so, what its placeholders stand for is added to
    /// `captured`.
    pub fn is_in(&self, message: &str, captured: &mut Captured) -> bool {
        let mut starts = message.match_indices(&self.start);
        let found = starts.find_map(|(at, _)| self.at(&message[at + self.start.len()..]));
        let fits = found.is_some();
        captured.extend(found.into_iter().flatten());
        fits
    }

    /// What the placeholders stand for if the first of them begins where `text` begins.
    fn at(&self, text: &str) -> Option<Vec<(String, String)>> {
        let mut text = text;
        let mut captured = Vec::new();
        for (name, behind) in &self.rest {
            let end = if behind.is_empty() {
                text.find(' ').unwrap_or(text.len())
            } else {
                text.find(behind.as_str())?
            };
            let value = &text[..end];
            // rustc's names stand between backticks: what reaches over one is no name.
            if value.is_empty() || value.contains('`') {
                return None;
            }
            captured.push((name.clone(), value.to_owned()));
            text = &text[end + behind.len()..];
        }
        Some(captured)
    }
}

impl Sentence {
    pub fn parse(text: &str) -> Result<Self, String> {
        let part = |piece| match piece {
            Piece::Text(text) => Ok(Part::Text(text)),
            Piece::Placeholder(words) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                match words.as_slice() {
                    [name] => Ok(Part::Captured((*name).into())),
                    ["last", name] => Ok(Part::Last((*name).into())),
                    ["use", name] => Ok(Part::Asked(Question::Use, (*name).into())),
                    ["later", name] => Ok(Part::Asked(Question::Later, (*name).into())),
                    _ => Err(format!(
                        "`{{{}}}` is none of `{{NAME}}`, `{{last NAME}}`, `{{use NAME}}` and \
                         `{{later NAME}}`",
                        words.join(" ")
                    )),
                }
            }
        };
        let pieces = pieces(text)?.into_iter().map(part);
        Ok(Self {
            pieces: pieces.collect::<Result<_, _>>()?,
        })
    }

    /// The placeholders that it needs.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|part| match part {
            Part::Text(_) => None,
            Part::Captured(name) | Part::Last(name) | Part::Asked(_, name) => Some(name.as_str()),
        })
    }

    /// The sentence about what was captured; none if a question has no answer.
    pub fn with(
        &self,
        captured: &Captured,
        ask: &impl Fn(Question, &str) -> Option<String>,
    ) -> Option<String> {
        self.pieces
            .iter()
            .map(|part| match part {
                Part::Text(text) => Some(text.clone()),
                Part::Captured(name) => captured.get(name).cloned(),
                Part::Last(name) => {
                    let number: u64 = captured.get(name)?.parse().ok()?;
                    Some(number.checked_sub(1)?.to_string())
                }
                Part::Asked(question, name) => ask(*question, captured.get(name)?),
            })
            .collect()
    }
}

/// A text taken apart; `{{` and `}}` are braces.
fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.as_str().starts_with(c) => {
                chars.next();
                plain.push(c);
            }
            '{' => {
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                let is_word = |word: &String| word.chars().all(|c| c.is_alphanumeric() || c == '_');
                let placeholder = chars.as_str().split_once('}').and_then(|(inner, rest)| {
                    let words: Vec<String> = inner.split_whitespace().map(str::to_owned).collect();
                    let is_one = !words.is_empty() && words.iter().all(is_word);
                    is_one.then_some((words, rest))
                });
                let Some((words, rest)) = placeholder else {
                    return Err("a `{` begins no placeholder here; `{{` is a brace".into());
                };
                pieces.push(Piece::Placeholder(words));
                chars = rest.chars();
            }
            '}' => return Err("a `}` ends nothing here; `}}` is a brace".into()),
            c => plain.push(c),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn captured(pattern: &str, message: &str) -> Option<Vec<String>> {
        let pattern = Pattern::parse(pattern).expect("it is sound");
        let mut captured = Captured::new();
        pattern
            .is_in(message, &mut captured)
            .then(|| captured.into_values().collect())
    }

    #[test]
    fn a_placeholder_stands_for_what_is_between() {
        let found = captured("`{a}` by `{b}`", "cannot divide `f64` by `usize`");
        assert_eq!(found, Some(vec!["f64".into(), "usize".into()]));
        assert_eq!(captured("x {a}", "y x 1 2"), Some(vec!["1".into()]));
        assert_eq!(captured("x {a}", "x "), None);
        assert_eq!(captured("no holes", "there are no holes"), Some(Vec::new()));
    }

    #[test]
    fn it_reaches_over_no_backtick() {
        let found = captured("`{a}: Trait`", "`b` and `A<3>: Trait`");
        assert_eq!(found, Some(vec!["A<3>".into()]));
    }

    #[test]
    fn doubled_braces_are_braces() {
        let found = captured("Shape {{ dims: {a} }}", "Shape { dims: [2, 3] }");
        assert_eq!(found, Some(vec!["[2, 3]".into()]));
    }
}
