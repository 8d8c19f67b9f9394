//! Sizes of small transformers, drawn from the seed.

use observer::Draws;

use crate::Observer;

/// The sizes of a small transformer, and its two other numbers. No two of them are equal, so that
/// one taken for another shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sizes {
    /// Tokens that there are, 14 to 30.
    pub vocab_size: usize,
    /// Longest sequence, 7 to 12.
    pub n_positions: usize,
    /// Width of a token's vector: `n_head` times [`head_dim`](Self::head_dim).
    pub n_embd: usize,
    /// Blocks, 2 to 4.
    pub n_layer: usize,
    /// Heads, 3 to 5.
    pub n_head: usize,
    /// Width of the MLP inside, 13 to 40.
    pub n_inner: usize,
    /// Large enough to see, 0.05 to 0.15.
    pub layer_norm_epsilon: f64,
    /// 0.3 to 0.5.
    pub dropout: f64,
}

/// Attempts at drawing sizes that are all different. One in some two hundred succeeds.
const ATTEMPTS: usize = 20_000;

impl Sizes {
    /// Width of a head: 2 to 8, and no square: the root of a square is a whole number.
    #[must_use]
    pub fn head_dim(&self) -> usize {
        self.n_embd / self.n_head
    }

    fn numbers(&self) -> [usize; 7] {
        [
            self.vocab_size,
            self.n_positions,
            self.n_embd,
            self.n_layer,
            self.n_head,
            self.n_inner,
            self.head_dim(),
        ]
    }

    fn draw(draws: Draws, at: usize) -> Self {
        let between = |i: usize, low: usize, high: usize| {
            low + usize::try_from(draws.below(high + 1 - low, at + i)).unwrap_or(0)
        };
        let n_head = between(0, 3, 5);
        let head_dim = [2, 3, 5, 6, 7, 8][between(1, 0, 5)];
        Self {
            vocab_size: between(2, 14, 30),
            n_positions: between(3, 7, 12),
            n_embd: n_head * head_dim,
            n_layer: between(4, 2, 4),
            n_head,
            n_inner: between(5, 13, 40),
            layer_norm_epsilon: f64::from(draws.between(0.05, 0.15, at + 6)),
            dropout: f64::from(draws.between(0.3, 0.5, at + 7)),
        }
    }
}

impl Observer {
    /// Two transformers that share no size: what is right at the sizes of one only is wrong at
    /// those of the other.
    #[must_use]
    pub fn sizes(&self) -> [Sizes; 2] {
        let draws = self.draws("sizes");
        let pair = |attempt: usize| [0, 8].map(|at| Sizes::draw(draws, attempt * 16 + at));
        (0..ATTEMPTS)
            .map(pair)
            .find(|pair| {
                let mut numbers: Vec<usize> = pair.iter().flat_map(Sizes::numbers).collect();
                numbers.sort_unstable();
                numbers.windows(2).all(|two| two[0] != two[1])
            })
            .unwrap_or_else(|| pair(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_transformers_share_no_size() {
        for seed in 0..500 {
            let [a, b] = Observer::of_seed(seed).sizes();
            let mut numbers = [a.numbers(), b.numbers()].concat();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), 14, "seed {seed}: {a:?}, {b:?}");
            assert!(
                [a, b]
                    .iter()
                    .all(|s| s.n_embd % s.n_head == 0 && s.dropout > s.layer_norm_epsilon)
            );
        }
    }
}
