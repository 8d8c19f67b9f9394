//! What was seen inside a model while it read a text.

mod html;
mod text;

use serde::Deserialize;

pub use html::html;
pub use text::text;

/// What the program `look` tells.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Seen {
    /// The tokens of the text, as text.
    pub tokens: Vec<String>,
    /// How many tokens at the end were left out, since the model sees no more.
    pub left_out: usize,
    /// Number of blocks.
    pub n_layer: usize,
    /// Number of heads of each block.
    pub n_head: usize,
    /// The loss of each token but the first, in nats.
    pub losses: Vec<f64>,
    /// For each layer, head and query: its weights on all keys.
    pub attention: Vec<Vec<Vec<Vec<f32>>>>,
    /// For the input of the first block and the output of each, at each place: the tokens that the
    /// model would say next if its head followed right there.
    pub lens: Vec<Vec<Vec<Likely>>>,
    /// For each token of the text: the rows of the token table that are most like its own.
    pub neighbours: Vec<Neighbours>,
    /// For each layer and head: how much the mean loss grows without it, in nats.
    pub removed: Vec<Vec<f64>>,
}

/// A token and how probable it is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Likely {
    /// The token.
    pub text: String,
    /// From 0 to 1.
    pub probability: f64,
}

/// A token and those whose vectors point most nearly the same way.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Neighbours {
    /// The token.
    pub text: String,
    /// The others, the most similar one first.
    pub nearest: Vec<Near>,
}

/// Another token, and how similar it is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Near {
    /// The token.
    pub text: String,
    /// The cosine of the angle between the two vectors.
    pub cosine: f64,
}

impl Seen {
    /// The mean loss of the text.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    pub fn mean_loss(&self) -> f64 {
        self.losses.iter().sum::<f64>() / self.losses.len().max(1) as f64
    }

    /// All heads, those first whose removal costs most: layer, head, and what it costs.
    #[must_use]
    pub fn heads_by_cost(&self) -> Vec<(usize, usize, f64)> {
        let mut heads: Vec<_> = (self.removed.iter().enumerate())
            .flat_map(|(layer, row)| {
                let costs = row.iter().enumerate();
                costs.map(move |(head, cost)| (layer, head, *cost))
            })
            .collect();
        heads.sort_by(|a, b| b.2.total_cmp(&a.2));
        heads
    }
}

/// A token as one can see it: spaces, line breaks and control characters have signs.
#[must_use]
pub fn visible(token: &str) -> String {
    let sign = |c: char| match c {
        '\n' => '⏎',
        '\t' => '⇥',
        ' ' => '␣',
        // Unicode has pictures of these in the same order.
        '\0'..'\u{20}' => char::from_u32(0x2400 + c as u32).unwrap_or(c),
        '\u{7f}' => '␡',
        c if c.is_control() => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    token.chars().map(sign).collect()
}

#[cfg(test)]
pub(super) fn sample() -> Seen {
    let likely = |text: &str, probability| Likely {
        text: text.into(),
        probability,
    };
    let row = |weights: [f32; 3]| weights.to_vec();
    let head = vec![
        row([1.0, 0.0, 0.0]),
        row([0.25, 0.75, 0.0]),
        row([0.1, 0.2, 0.7]),
    ];
    let places = vec![
        vec![likely("b", 0.5)],
        vec![likely(" c", 0.25)],
        vec![likely("<", 0.1)],
    ];
    Seen {
        tokens: vec!["a".into(), "b".into(), " c".into()],
        left_out: 0,
        n_layer: 1,
        n_head: 2,
        losses: vec![0.5, 3.0],
        attention: vec![vec![head.clone(), head]],
        lens: vec![places.clone(), places],
        neighbours: vec![Neighbours {
            text: "a".into(),
            nearest: vec![Near {
                text: "e".into(),
                cosine: 0.75,
            }],
        }],
        removed: vec![vec![0.01, 0.4]],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_token_holds_can_be_seen() {
        assert_eq!(visible(" a\n\tü"), "␣a⏎⇥ü");
        assert_eq!(visible("\0\r\x1b\u{7f}\u{9b}"), "␀␍␛␡\u{fffd}");
    }

    #[test]
    fn the_head_that_costs_most_comes_first() {
        assert_eq!(sample().heads_by_cost(), [(0, 1, 0.4), (0, 0, 0.01)]);
    }
}
