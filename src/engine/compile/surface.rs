//! The public items of a file, read off its tokens.
//!
//! Whatever the file holds, each token is looked at a few times and no function here calls itself.

use std::ops::Range;

use crate::tokens::{Kind, Tokens};

/// A public item of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct PublicItem {
    /// As in `LayerNorm::forward`.
    pub name: String,
    /// As written, on one line, without comments.
    pub text: String,
    /// The same without what does not matter: white space, a comma before a bracket's end.
    pub tokens: String,
    /// Where it begins.
    pub line: u32,
}

/// The public functions, methods, types, fields and variants of `text`; nothing if it is no Rust.
#[must_use]
pub fn public_items(text: &str) -> Option<Vec<PublicItem>> {
    let mut reader = Reader {
        tokens: &Tokens::read(text)?,
        found: Vec::new(),
    };
    let mut at = 0;
    while at < reader.tokens.len() {
        // Whatever it was, there is less of it.
        at = reader.item(at).max(at + 1);
    }
    Some(reader.found)
}

/// The `use` declaration of `text` by which it has `name`.
#[must_use]
pub fn import_of(text: &str, name: &str) -> Option<String> {
    let tokens = Tokens::read(text)?;
    let mut at = 0;
    while at < tokens.len() {
        let head = Head::read(&tokens, at);
        let end = match tokens.text(head.keyword) {
            "use" => statement_end(&tokens, head.keyword),
            _ => item_end(&tokens, head.keyword).max(at + 1),
        };
        if tokens.text(head.keyword) == "use" && imports(&tokens, head.keyword + 1..end, name) {
            return Some(tokens.on_one_line(head.start..end));
        }
        at = end;
    }
    None
}

/// Whether these tokens, those of a `use` declaration, end a path in `name`.
fn imports(tokens: &Tokens<'_>, mut places: Range<usize>, name: &str) -> bool {
    places.any(|place| {
        tokens.text(place) == name && matches!(tokens.text(place + 1), "," | "}" | ";")
    })
}

/// What stands before an item's own words.
struct Head {
    /// Behind the attributes.
    start: usize,
    is_public: bool,
    /// Behind the visibility.
    rest: usize,
    /// `fn`, `struct` and the like, or whatever stands in their place.
    keyword: usize,
}

impl Head {
    fn read(tokens: &Tokens<'_>, at: usize) -> Self {
        let mut start = at;
        while tokens.text(start) == "#" {
            let bracket = start + 1 + usize::from(tokens.text(start + 1) == "!");
            if tokens.text(bracket) != "[" {
                break;
            }
            start = tokens.behind(bracket);
        }
        let (is_public, rest) = match (tokens.text(start), tokens.text(start + 1)) {
            ("pub", "(") => (false, tokens.behind(start + 1)),
            ("pub", _) => (true, start + 1),
            _ => (false, start),
        };
        let is_qualifier = |place: &usize| {
            let word = tokens.text(*place);
            tokens.kind(*place) == Some(Kind::Literal)
                || matches!(
                    word,
                    "default" | "const" | "async" | "unsafe" | "safe" | "extern"
                )
        };
        let qualified = (rest..=tokens.len()).find(|place| !is_qualifier(place));
        let qualified = qualified.unwrap_or(rest);
        let is_item = matches!(tokens.text(qualified), "fn" | "impl" | "trait" | "mod");
        Self {
            start,
            is_public,
            rest,
            keyword: if is_item { qualified } else { rest },
        }
    }
}

struct Reader<'t, 'a> {
    tokens: &'t Tokens<'a>,
    found: Vec<PublicItem>,
}

impl Reader<'_, '_> {
    /// Reads the item at this place, and tells where the next one begins.
    fn item(&mut self, at: usize) -> usize {
        let head = Head::read(self.tokens, at);
        let keyword = self.tokens.text(head.keyword);
        match keyword {
            "fn" => return self.function(&head, None),
            "struct" | "enum" | "impl" => {}
            "use" | "const" | "static" | "type" => {
                return statement_end(self.tokens, head.keyword);
            }
            _ => return item_end(self.tokens, head.keyword),
        }
        let Extent { body, end } = extent(self.tokens, head.keyword);
        let inside = body.map_or(0..0, |body| self.tokens.inside(body));
        let name = self.tokens.text(head.keyword + 1);
        if keyword == "impl" {
            let words = head.keyword + 1..body.unwrap_or(head.keyword + 1);
            if let Some(owner) = self.owner(words) {
                self.methods(&owner, inside);
            }
        } else if head.is_public {
            self.add(name.to_owned(), "pub ", head.rest..head.keyword + 2);
            match keyword {
                "struct" => self.fields(name, inside),
                _ => self.variants(name, inside),
            }
        }
        end
    }

    /// What the `impl` with these words before its braces belongs to; nothing if it is a trait's.
    fn owner(&self, mut words: Range<usize>) -> Option<String> {
        let angles = Angles::new(self.tokens, words.clone());
        if self.tokens.text(words.start) == "<" {
            words.start = angles.clone().find(|(_, depth)| *depth == 0)?.0 + 1;
        }
        let mut own = Angles::new(self.tokens, words.clone()).filter(|(_, depth)| *depth == 0);
        // `for<'a>` is a bound's.
        let of_trait = own.clone().any(|(place, _)| {
            self.tokens.text(place) == "for" && self.tokens.text(place + 1) != "<"
        });
        let end = own.find(|(place, _)| self.tokens.text(*place) == "where");
        words.end = end.map_or(words.end, |(place, _)| place);
        (!of_trait).then(|| self.tokens.on_one_line(words))
    }

    fn methods(&mut self, owner: &str, places: Range<usize>) {
        let mut at = places.start;
        while at < places.end {
            let head = Head::read(self.tokens, at);
            let end = match self.tokens.text(head.keyword) {
                "fn" => self.function(&head, Some(owner)),
                "const" | "type" => statement_end(self.tokens, head.keyword),
                _ => item_end(self.tokens, head.keyword),
            };
            at = end.max(at + 1);
        }
    }

    /// Reads a function, and tells where the next item begins.
    fn function(&mut self, head: &Head, owner: Option<&str>) -> usize {
        let Extent { body, end } = extent(self.tokens, head.keyword);
        if head.is_public {
            let name = self.tokens.text(head.keyword + 1);
            let name = owner.map_or_else(|| name.to_owned(), |owner| format!("{owner}::{name}"));
            self.add(name, "pub ", head.rest..body.unwrap_or(end - 1));
        }
        end
    }

    fn fields(&mut self, owner: &str, places: Range<usize>) {
        let mut at = places.start;
        while at < places.end {
            let head = Head::read(self.tokens, at);
            let mut angles = Angles::new(self.tokens, head.rest..places.end);
            let comma =
                angles.find(|(place, depth)| *depth == 0 && self.tokens.text(*place) == ",");
            let end = comma.map_or(places.end, |(place, _)| place);
            if head.is_public && self.tokens.text(head.rest + 1) == ":" {
                let name = format!("{owner}.{}", self.tokens.text(head.rest));
                self.add(name, "pub ", head.rest..end);
            }
            at = end + 1;
        }
    }

    fn variants(&mut self, owner: &str, places: Range<usize>) {
        let mut at = places.start;
        while at < places.end {
            let head = Head::read(self.tokens, at);
            let mut end = head.rest;
            while end < places.end && self.tokens.text(end) != "," {
                end = self.tokens.behind(end);
            }
            if self.tokens.kind(head.rest) == Some(Kind::Word) {
                let name = format!("{owner}::{}", self.tokens.text(head.rest));
                self.add(name, "", head.rest..end);
            }
            at = end + 1;
        }
    }

    fn add(&mut self, name: String, before: &str, places: Range<usize>) {
        let texts: Vec<&str> = places
            .clone()
            .map(|place| self.tokens.text(place))
            .collect();
        let mut tokens = String::new();
        for (i, text) in texts.iter().enumerate() {
            let is_last = matches!(texts.get(i + 1), Some(&(")" | "]" | "}" | ">")));
            if *text != "," || !is_last {
                tokens.push_str(text);
                tokens.push(' ');
            }
        }
        self.found.push(PublicItem {
            name,
            text: format!("{before}{}", self.tokens.on_one_line(places.clone())),
            tokens,
            line: self.tokens.line(places.start),
        });
    }
}

/// Goes through tokens, past what stands in brackets, and counts how many `<` are open behind each.
#[derive(Clone)]
struct Angles<'t, 'a> {
    tokens: &'t Tokens<'a>,
    places: Range<usize>,
    depth: usize,
}

impl<'t, 'a> Angles<'t, 'a> {
    fn new(tokens: &'t Tokens<'a>, places: Range<usize>) -> Self {
        Self {
            tokens,
            places,
            depth: 0,
        }
    }
}

impl Iterator for Angles<'_, '_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.places.start;
        if self.places.is_empty() {
            return None;
        }
        // Neither `->` nor `=>`.
        let is_arrow = place > 0 && matches!(self.tokens.text(place - 1), "-" | "=");
        match self.tokens.text(place) {
            "<" => self.depth += 1,
            ">" if !is_arrow => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.places.start = self.tokens.behind(place);
        Some((place, self.depth))
    }
}

/// An item from its keyword on.
pub struct Extent {
    /// The brace that begins its body, if it has one.
    pub body: Option<usize>,
    /// Where the next item begins: all that was looked at lies before it, so that no text is gone
    /// through again and again.
    pub end: usize,
}

/// How far the item with this keyword reaches, which has a body or ends with a semicolon.
pub fn extent(tokens: &Tokens<'_>, keyword: usize) -> Extent {
    for (place, depth) in Angles::new(tokens, keyword..tokens.len()) {
        let body = match tokens.text(place) {
            "{" if depth == 0 => Some(place),
            ";" => None,
            _ if tokens.kind(place) == Some(Kind::Close) => None,
            _ => continue,
        };
        let end = tokens.behind(place);
        return Extent { body, end };
    }
    Extent {
        body: None,
        end: tokens.len(),
    }
}

/// Where what is behind the next semicolon begins.
fn statement_end(tokens: &Tokens<'_>, mut at: usize) -> usize {
    while at < tokens.len() && tokens.kind(at) != Some(Kind::Close) {
        if tokens.text(at) == ";" {
            return at + 1;
        }
        at = tokens.behind(at);
    }
    at + 1
}

/// Where what is behind the next semicolon or the next braces begins.
fn item_end(tokens: &Tokens<'_>, mut at: usize) -> usize {
    while at < tokens.len() && tokens.kind(at) != Some(Kind::Close) {
        let text = tokens.text(at);
        at = tokens.behind(at);
        if matches!(text, ";" | "{") {
            return at;
        }
    }
    at
}

#[cfg(test)]
mod tests;
