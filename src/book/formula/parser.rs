//! From tokens to `MathML`, by descent: sequence, sum, quotient, product, power, thing.

use super::tokens::{Kind, Token};
use crate::book::html::escaped;

/// Between things that are multiplied, and between words.
const THIN: &str = "<mspace width=\"0.3em\"/>";

/// Between a formula and what follows it on the line.
const WIDE: &str = "<mspace width=\"1em\"/>";

/// Deeper brackets are none of a lesson's.
const DEEPEST: usize = 40;

/// A part of a formula, set.
struct Set {
    mathml: String,
    /// What is within, if the whole stands in round brackets.
    inside: Option<String>,
}

impl Set {
    fn plain(mathml: String) -> Self {
        Self {
            mathml,
            inside: None,
        }
    }

    /// Without its brackets: a fraction's bar and a power's place do their work.
    fn bare(self) -> String {
        format!("<mrow>{}</mrow>", self.inside.unwrap_or(self.mathml))
    }
}

/// What is read of a line.
pub struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub fn new(tokens: &'a [Token]) -> Self {
        Self {
            tokens,
            at: 0,
            depth: 0,
        }
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn sign(&self) -> Option<&'static str> {
        match self.peek()?.kind {
            Kind::Sign(sign) => Some(sign),
            _ => None,
        }
    }

    /// The sign that defines, if it is next.
    pub fn definition(&mut self) -> Option<String> {
        let sign = self.peek().filter(|token| token.is_definition());
        let sign = sign.and(self.sign())?;
        self.at += 1;
        Some(operator(sign))
    }

    /// Everything up to a bracket that closes, the end, or a token behind the first one at which to
    /// `stop`.
    pub fn sequence(&mut self, stop: impl Fn(&Token) -> bool) -> Result<String, String> {
        let begin = self.at;
        let mut set = String::new();
        while let Some(token) = self.peek() {
            if matches!(token.kind, Kind::Close(_)) {
                if self.depth == 0 {
                    return Err("a bracket closes that none has opened".to_owned());
                }
                break;
            }
            let is_behind_something = self.at > begin && !self.is_behind_a_sign();
            let is_behind_a_comma =
                (self.at.checked_sub(1)).is_some_and(|at| self.tokens[at].kind == Kind::Sign(","));
            let can_stop = self.at > begin
                && (is_behind_something || is_behind_a_comma || token.is_definition());
            if self.depth == 0 && can_stop && stop(token) {
                break;
            }
            match token.kind {
                Kind::Sign(sign) if !token.begins_something() && sign != "−" && sign != "+" => {
                    set += &operator(sign);
                    self.at += 1;
                }
                _ => {
                    if is_behind_something {
                        set += if token.gap > 1 { WIDE } else { THIN };
                    }
                    set += &self.sum()?;
                }
            }
        }
        Ok(set)
    }

    fn is_behind_a_sign(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.is_some_and(|token| matches!(token.kind, Kind::Sign(_)) && !token.begins_something())
    }

    fn sum(&mut self) -> Result<String, String> {
        let mut set = String::new();
        if let Some(sign @ ("−" | "+")) = self.sign() {
            set += &format!("<mo form=\"prefix\">{sign}</mo>");
            self.at += 1;
        }
        set += &self.quotient()?.mathml;
        while let Some(sign @ ("−" | "+")) = self.sign() {
            self.at += 1;
            set += &operator(sign);
            set += &self.quotient()?.mathml;
        }
        Ok(set)
    }

    fn quotient(&mut self) -> Result<Set, String> {
        let mut set = self.product()?;
        while let Some(sign @ ("/" | "×")) = self.sign() {
            self.at += 1;
            let next = self.product()?;
            set = Set::plain(match sign {
                "/" => format!("<mfrac>{}{}</mfrac>", set.bare(), next.bare()),
                _ => set.mathml + &operator("×") + &next.mathml,
            });
        }
        Ok(set)
    }

    fn product(&mut self) -> Result<Set, String> {
        let mut set = self.power()?;
        while let Some(token) = self.peek() {
            let is_apart = token.gap > 1 && self.depth == 0;
            if is_apart || !token.begins_something() {
                break;
            }
            let space = if token.gap == 0 { "" } else { THIN };
            set = Set::plain(set.mathml + space + &self.power()?.mathml);
        }
        Ok(set)
    }

    fn power(&mut self) -> Result<Set, String> {
        let mut set = self.thing()?;
        while let Some(token) = self.peek() {
            let raised = match &token.kind {
                Kind::Power(digit) => {
                    self.at += 1;
                    format!("<mrow><mn>{digit}</mn></mrow>")
                }
                Kind::Raise => {
                    self.at += 1;
                    self.thing()?.bare()
                }
                // What is called, and what is picked out.
                Kind::Open('(' | '[') if token.gap == 0 => {
                    let brackets = self.brackets()?;
                    set = Set::plain(set.mathml + &brackets.mathml);
                    continue;
                }
                _ => break,
            };
            set = Set::plain(format!("<msup><mrow>{}</mrow>{raised}</msup>", set.mathml));
        }
        Ok(set)
    }

    fn thing(&mut self) -> Result<Set, String> {
        let token = self.peek().ok_or("it breaks off")?;
        match &token.kind {
            Kind::Open(_) => self.brackets(),
            Kind::Number(number) => {
                self.at += 1;
                Ok(Set::plain(format!("<mn>{number}</mn>")))
            }
            Kind::Name(name) => {
                self.at += 1;
                self.named(name)
            }
            Kind::Sign(sign) if token.begins_something() => {
                self.at += 1;
                Ok(Set::plain(format!("<mi>{sign}</mi>")))
            }
            Kind::Sign(sign) => Err(format!("`{sign}` stands where something should")),
            Kind::Close(_) => Err("brackets hold nothing where something should stand".to_owned()),
            Kind::Power(_) | Kind::Raise => Err("a power has nothing below it".to_owned()),
        }
    }

    fn brackets(&mut self) -> Result<Set, String> {
        let Some(Kind::Open(open)) = self.peek().map(|token| &token.kind) else {
            return Err("a bracket is missing".to_owned());
        };
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("its brackets are too deep".to_owned());
        }
        let inside = self.sequence(|_| false)?;
        self.depth -= 1;
        let Some(Kind::Close(close)) = self.peek().map(|token| &token.kind) else {
            return Err("a bracket is not closed".to_owned());
        };
        self.at += 1;
        let mathml = format!(
            "<mo stretchy=\"false\">{open}</mo>{inside}<mo stretchy=\"false\">{close}</mo>"
        );
        let is_round = (*open, *close) == ('(', ')');
        Ok(Set {
            mathml,
            inside: is_round.then_some(inside),
        })
    }

    /// What a name stands for, with its index, and with what belongs to it.
    fn named(&mut self, name: &str) -> Result<Set, String> {
        let is_called = |next: Option<&Token>| {
            next.is_some_and(|next| next.gap == 0 && next.kind == Kind::Open('('))
        };
        if name == "sqrt" && is_called(self.peek()) {
            let brackets = self.brackets()?;
            let inside = brackets.inside.unwrap_or(brackets.mathml);
            return Ok(Set::plain(format!("<msqrt>{inside}</msqrt>")));
        }
        if name == "sum" && self.is_word("over") {
            self.at += 1;
            let over = self.power()?.bare();
            if !self.is_word("of") {
                return Err("a sum is written `sum over i of …`".to_owned());
            }
            self.at += 1;
            return Ok(Set::plain(format!(
                "<munder><mrow><mo movablelimits=\"false\">∑</mo></mrow>{over}</munder>{THIN}{}",
                self.product()?.mathml
            )));
        }
        // `x_(l+1)`: the index stands in brackets.
        if let Some(base) = name.strip_suffix('_')
            && is_called(self.peek())
        {
            let index = self.brackets()?.bare();
            return Ok(Set::plain(sub(&identifier(base), &index)));
        }
        let set = identifier(name);
        // `z_i,t_i`: a second index without a space.
        if let (true, Some(Kind::Sign(","))) = (name.contains('_'), self.peek().map(|t| &t.kind))
            && let Some(Token {
                kind: Kind::Name(second),
                gap: 0,
            }) = self.tokens.get(self.at + 1)
            && let Some((base, first)) = name.split_once('_')
            && self.peek().is_some_and(|comma| comma.gap == 0)
        {
            self.at += 2;
            let both = format!(
                "{}{}{}",
                identifier(first),
                operator(","),
                identifier(second)
            );
            return Ok(Set::plain(sub(
                &identifier(base),
                &format!("<mrow>{both}</mrow>"),
            )));
        }
        Ok(Set::plain(set))
    }

    fn is_word(&self, word: &str) -> bool {
        self.peek()
            .is_some_and(|token| token.kind == Kind::Name(word.to_owned()))
    }
}

fn sub(base: &str, index: &str) -> String {
    format!("<msub><mrow>{base}</mrow>{index}</msub>")
}

/// A name: with an index where what follows its underscore is one, else as it is in code.
fn identifier(name: &str) -> String {
    if let Some((base, index)) = name.split_once('_') {
        let is_letter = base.chars().count() == 1;
        let is_short = index.chars().count() <= 2;
        let is_matrix = is_letter && base.chars().all(char::is_uppercase);
        let is_index = is_short || is_matrix || (is_letter && index.contains('_'));
        if is_index && !base.is_empty() && !index.is_empty() {
            return sub(
                &identifier(base),
                &format!("<mrow>{}</mrow>", identifier(index)),
            );
        }
    }
    let shown = match name {
        "inf" => "∞",
        "pi" => "π",
        "beta" => "β",
        "epsilon" => "ε",
        name => name,
    };
    match shown.chars().all(|c| c.is_ascii_digit()) {
        true => format!("<mn>{shown}</mn>"),
        false => format!("<mi>{}</mi>", escaped(shown)),
    }
}

fn operator(sign: &str) -> String {
    format!("<mo>{}</mo>", escaped(sign))
}
