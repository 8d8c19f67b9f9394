//! Observes step 19.

use crate::s19_sampling::{
    SamplingConfig, SamplingError, next_token, repetition_penalty, sampling_probabilities, top_k,
    top_p, uniform,
};
use kit::tensor::{Int, Tensor, TensorData};
use kit::{Observer, Tolerance};

/// So many that a choice among the likeliest of them shows.
const TOKENS: usize = 200;

/// A position that takes more than four bytes.
const FAR: usize = usize::MAX / 3;

/// Draws the largest of all numbers, at position 0 in row 0.
const HIGHEST: u64 = 7_298_506;

/// A probability of 0 is not a small one.
const SMALL: Tolerance = Tolerance {
    relative: 1e-4,
    absolute: 1e-9,
};

/// A call: how its result is named, how far the logits go, their shape, and k or p.
type Case<T> = (&'static str, f64, [usize; 2], T);

/// Records what is left of logits, what becomes of them, and which tokens are drawn.
pub fn observe(o: &mut Observer) {
    // From 14 on, no two numbers are equal.
    let [few, more] = o.distinct("tokens", 14, 30);
    o.group("the likeliest k", |o| {
        let cases: &[Case<usize>] = &[
            ("five", 3.0, [3, few], 5),
            ("seven of another vocabulary", 3.0, [2, more], 7),
            ("one", 3.0, [4, few], 1),
            ("thirty of many", 3.0, [3, TOKENS], 30),
            ("all but one", 3.0, [3, more], more - 1),
            ("a single row", 0.01, [1, few], 4),
            ("five again", 3.0, [3, few], 5),
        ];
        for &(name, highest, shape, k) in cases {
            let logits = o.floats_between(name, -highest, highest, shape);
            kept(o, name, top_k(logits, k));
        }
    });
    o.group("the nucleus", |o| {
        let cases: &[Case<f64>] = &[
            ("half", 3.0, [3, few], 0.5),
            ("0.9 of another vocabulary", 3.0, [2, more], 0.9),
            ("0.3 of many", 3.0, [3, TOKENS], 0.3),
            ("0.8 of a flat one", 0.05, [3, few], 0.8),
            ("0.8 of a peaked one", 20.0, [4, few], 0.8),
            ("0.995 of a peaked one", 9.0, [4, more], 0.995),
            ("nearly nothing", 1.0, [3, more], 1e-6),
            ("nearly all of a flat one", 0.05, [3, more], 0.999),
            ("logits that overflow", 300.0, [3, few], 0.9),
            ("a single row", 2.0, [1, more], 0.7),
            ("half again", 3.0, [3, few], 0.5),
        ];
        for &(name, highest, shape, p) in cases {
            let logits = o.floats_between(name, -highest, highest, shape);
            kept(o, name, top_p(logits, p));
        }
    });
    o.group("all that there are", |o| {
        let (some, single) = (o.floats("some", [3, few]), o.floats("single", [3, 1]));
        // Long before the last of them, the running sum is rounded to 1.
        let far = o.floats_between("far", -60.0, 60.0, [2, more]);
        o.attempt("k as large as the vocabulary", || said(top_k(some.clone(), few)));
        o.attempt("k larger than the vocabulary", || said(top_k(some.clone(), few + 3)));
        o.attempt("k of a single token", || said(top_k(single.clone(), 2)));
        o.attempt("a p of 1", || said(top_p(far, 1.0)));
        o.attempt("p of a single token", || said(top_p(single, 0.4)));
        o.call("a k of 0", || top_k(some, 0));
    });
    o.group("equal logits", |o| {
        // Which of the equal ones comes first differs from row to row.
        let rows = &[
            [1.0, 2.0, 0.0, 2.0, 2.0, 3.0],
            [2.0, 3.0, 2.0, 0.0, 1.0, 2.0],
            [3.0, 1.0, 4.0, 2.0, 5.0, 3.0],
        ];
        for k in [1, 2, 3, 4, 5] {
            kept(o, &format!("k = {k}"), top_k(matrix(o, rows), k));
        }
        // Shares in the first two: 0.44 for the 3, 0.16 for each 2, 0.06 for the 1, 0.02 for the 0. No p
        // lies near a sum of them, nor of those in the third: 0.59, 0.22, 0.08 twice, 0.03, 0.01.
        for p in [0.3, 0.5, 0.7, 0.9, 0.95] {
            kept(o, &format!("p = {p}"), top_p(matrix(o, rows), p));
        }
        kept(o, "all equal, k = 2", top_k(matrix(o, rows).zeros_like(), 2));
        kept(o, "all equal, p = 0.1", top_p(matrix(o, rows).zeros_like(), 0.1));
    });
    o.group("the repetition penalty", |o| {
        for &(name, shape, seq, penalty) in &[
            ("1.3", [3, few], 6, 1.3),
            ("2 in another vocabulary", [2, more], 9, 2.0),
            ("0.5", [4, few], 5, 0.5),
            ("none", [3, few], 4, 1.0),
            ("a single id", [3, more], 1, 1.5),
            ("a single row", [1, few], 7, 1.2),
            ("a long text", [2, TOKENS], 300, 1.7),
            ("1.3 again", [3, few], 6, 1.3),
        ] {
            let [batch, vocab_size] = shape;
            let ids = o.ids(name, vocab_size, [batch, seq]);
            let logits = o.floats(name, shape);
            let name = format!("{name} [batch, vocab_size]");
            o.tensor(&name, repetition_penalty(logits, ids, penalty));
        }
        let logits = matrix(o, &[[1.0, -1.0, 2.0, -2.0, 3.0, -3.0]]);
        let ids = Tensor::from_data([[5, 0, 5, 3, 3, 3, 0]], &o.device());
        let name = "repeated ids [batch, vocab_size]";
        o.tensor(name, repetition_penalty(logits, ids, 2.0));
    });
    o.group("what is accepted and what is refused", |o| {
        for &(name, temperature, top_k, top_p, penalty) in &[
            ("nothing special", 1.0, None, None, 1.0),
            ("greedy", 0.0, None, None, 1.0),
            ("a temperature of minus 0", -0.0, None, None, 1.0),
            ("the lowest of all", 1e-9, Some(1), Some(1e-9), 1e-9),
            ("the highest of all", 1e9, Some(usize::MAX), Some(1.0), 1e9),
            ("a negative temperature", -0.5, None, None, 1.0),
            ("an infinite temperature", f64::INFINITY, None, None, 1.0),
            ("a temperature of NaN", f64::NAN, None, None, 1.0),
            ("a k of 0", 0.7, Some(0), None, 1.0),
            ("a p of 0", 0.7, None, Some(0.0), 1.0),
            ("a negative p", 0.7, None, Some(-0.1), 1.0),
            ("a p above 1", 0.7, None, Some(1.001), 1.0),
            ("a p of NaN", 0.7, None, Some(f64::NAN), 1.0),
            ("a penalty of 0", 0.7, None, None, 0.0),
            ("a negative penalty", 0.7, None, None, -1.2),
            ("an infinite penalty", 0.7, None, None, f64::INFINITY),
            ("a penalty of NaN", 0.7, None, None, f64::NAN),
            ("all four wrong", -1.0, Some(0), Some(2.0), 0.0),
            ("the last three wrong", 1.0, Some(0), Some(2.0), 0.0),
            ("the last two wrong", 1.0, Some(3), Some(2.0), 0.0),
            ("nothing special again", 1.0, None, None, 1.0),
        ] {
            let config = config(temperature, top_k, top_p, penalty, 3);
            o.text(name, verdict(&config));
        }
    });
    o.group("one after the other", |o| {
        for &(name, shape, highest, temperature, k, p, penalty) in &[
            ("temperature alone", [3, few], 3.0, 0.6, None, None, 1.0),
            ("k alone", [3, few], 3.0, 1.0, Some(4), None, 1.0),
            ("p alone", [3, more], 3.0, 1.0, None, Some(0.6), 1.0),
            ("penalty alone", [2, few], 3.0, 1.0, None, None, 1.4),
            ("a penalty below 1", [2, few], 3.0, 1.0, None, None, 0.6),
            ("temperature and p", [4, few], 2.0, 9.0, None, Some(0.7), 1.0),
            ("a low temperature and p", [4, more], 2.0, 0.15, None, Some(0.9), 1.0),
            ("temperature and k", [4, more], 2.0, 1.8, Some(6), None, 1.0),
            ("k and p", [4, few], 0.5, 1.0, Some(6), Some(0.7), 1.0),
            ("penalty and k", [4, few], 2.0, 1.0, Some(5), None, 3.0),
            ("penalty and p", [4, few], 2.0, 1.0, None, Some(0.8), 3.0),
            ("all of them", [4, more], 2.0, 1.7, Some(9), Some(0.8), 1.6),
            ("a single row", [1, few], 2.0, 0.8, Some(9), Some(0.8), 1.6),
            ("temperature alone again", [3, few], 3.0, 0.6, None, None, 1.0),
        ] {
            let (logits, ids) = text(o, name, highest, shape);
            let config = config(temperature, k, p, penalty, 1);
            let probabilities = sampling_probabilities(logits, ids, &config);
            o.tensor_within(&format!("{name} [batch, vocab_size]"), probabilities, SMALL);
        }
    });
    o.group("greedy", |o| {
        for &(name, shape, k, penalty) in &[
            ("without a penalty", [20, few], None, 1.0),
            ("another vocabulary", [9, more], Some(3), 1.0),
            ("with a penalty", [20, few], None, 4.0),
            ("with a penalty below 1", [20, few], None, 0.3),
            ("a single row", [1, more], Some(1), 1.5),
        ] {
            token(o, name, shape, &config(0.0, k, Some(0.5), penalty, 1), 4);
        }
        // The likeliest token twice, last, and below zero; and one that is second: a penalty that
        // knows only some of these is no missing one, and none that multiplies.
        let rows = &[
            [1.0, -1.0, 2.0, -2.0, 3.0, -3.0],
            [1.0, -1.0, 2.0, -2.0, 3.0, -3.0],
            [-1.0, -2.0, -3.0, -4.0, -5.0, -6.0],
            [1.0, 1.5, 0.5, -1.0, -2.0, -3.0],
            [-1.0, -2.0, -3.0, -4.0, -5.0, -6.0],
        ];
        let logits = matrix(o, rows);
        let ids = Tensor::from_data([[4, 4, 2], [0, 1, 4], [3, 0, 2], [2, 0, 2], [1, 1, 3]], &o.device());
        let next = next_token(logits, ids, &config(0.0, None, None, 4.0, 1), 3);
        o.tensor("after repeated ids [batch, 1]", next);
    });
    o.group("the token that is drawn", |o| {
        let seed = 1 + o.below("seed", 1000) as u64;
        for &(name, shape, temperature, k, p, position) in &[
            ("of all", [20, few], 1.0, None, None, 6),
            ("at the next position", [20, few], 1.0, None, None, 7),
            ("of another vocabulary", [15, more], 0.7, None, None, 31),
            ("of many tokens", [12, TOKENS], 1.5, None, None, 0),
            ("of the k likeliest", [20, few], 2.0, Some(4), None, 6),
            ("of the nucleus", [20, more], 1.0, None, Some(0.8), 9),
            ("at a low temperature", [20, few], 0.1, None, None, 8),
            ("in a single row", [1, TOKENS], 1.0, Some(99), None, FAR),
            ("in a single row at the next position", [1, TOKENS], 1.0, Some(99), None, FAR + 1),
        ] {
            token(o, name, shape, &config(temperature, k, p, 1.2, seed), position);
        }
        let (next, far) = (seed + 1, seed + (1 << 40));
        token(o, "with the next seed", [20, few], &config(1.0, None, None, 1.2, next), 6);
        token(o, "with a seed far off", [20, few], &config(1.0, None, None, 1.2, far), 6);
        // Nobody else's draws matter.
        o.device().seed(seed);
        token(o, "of all, again", [20, few], &config(1.0, None, None, 1.2, seed), 6);
        // The numbers to draw by are given, with every bit.
        for (seed, position, row) in [(seed, 5, 0), (next, 6, 2), (HIGHEST, 0, 0)] {
            o.text(&format!("row {row} at {position}"), uniform(seed, position, row));
        }
    });
    o.group("a sum that misses 1", |o| {
        // 298 equal probabilities add up to a little less than 1; the last token has none of it.
        let all = o.ids("ids", 1, [1, 299]).float();
        let last = o.ids("ids", 1, [1, 1]).float() - 9.0;
        let logits = all.slice_assign([0..1, 298..299], last);
        let (config, ids) = (config(1.0, Some(298), None, 1.0, HIGHEST), o.ids("text", 9, [1, 2]));
        let probabilities = sampling_probabilities(logits.clone(), ids.clone(), &config);
        let last = probabilities.narrow(1, 298, 1);
        o.tensor_within("probability of the last token", last, SMALL);
        o.tensor("the token that is drawn [batch, 1]", next_token(logits, ids, &config, 0));
    });
}

/// Records the logits that are left.
fn kept(o: &mut Observer, name: &str, logits: Tensor<2>) {
    o.tensor(&format!("{name} [batch, vocab_size]"), logits);
}

fn said(logits: Tensor<2>) -> Result<Tensor<2>, String> {
    Ok(logits)
}

fn token(o: &mut Observer, name: &str, shape: [usize; 2], config: &SamplingConfig, position: usize) {
    let (logits, ids) = text(o, "text", 2.0, shape);
    o.tensor(
        &format!("{name} [batch, 1]"),
        next_token(logits, ids, config, position),
    );
}

/// Logits, and a text of five ids in each row.
fn text(o: &Observer, name: &str, highest: f64, shape: [usize; 2]) -> (Tensor<2>, Tensor<2, Int>) {
    let [batch, vocab_size] = shape;
    (
        o.floats_between(name, -highest, highest, shape),
        o.ids(name, vocab_size, [batch, 5]),
    )
}

fn matrix<const ROWS: usize>(o: &Observer, rows: &[[f32; 6]; ROWS]) -> Tensor<2> {
    let data = TensorData::new(rows.as_flattened().to_vec(), [ROWS, 6]);
    Tensor::from_data(data, &o.device())
}

fn config(
    temperature: f64,
    top_k: Option<usize>,
    top_p: Option<f64>,
    repetition_penalty: f64,
    seed: u64,
) -> SamplingConfig {
    SamplingConfig {
        temperature,
        top_k,
        top_p,
        repetition_penalty,
        seed,
    }
}

fn verdict(config: &SamplingConfig) -> String {
    match config.validate() {
        Ok(()) => "accepted".to_owned(),
        Err(SamplingError::Temperature { temperature }) => format!("temperature {temperature}"),
        Err(SamplingError::TopK) => "top_k".to_owned(),
        Err(SamplingError::TopP { p }) => format!("top_p {p}"),
        Err(SamplingError::RepetitionPenalty { penalty }) => format!("penalty {penalty}"),
    }
}
