//! Observes step 20.

#[path = "../common.rs"]
mod common;
#[path = "models.rs"]
mod models;
#[path = "refusals.rs"]
mod refusals;

use crate::s11_lm_head::Gpt;
use crate::s19_sampling::SamplingConfig;
use crate::s20_kv_cache::{
    CacheError, GenerationError, KvCache, LayerCache, attention, block, generate, hidden,
    last_logits, logits, next_logits,
};
use common::config;
use kit::tensor::Tensor;
use kit::{Observer, Sizes};
use models::{attentive, model, model_on, sampling, small};
use refusals::{refused, too_long};

/// What is called with each piece of a text.
#[derive(Clone, Copy)]
enum Part {
    Hidden,
    Logits,
    Last,
}

/// A text in pieces: how it is named, its rows, and the length of each piece.
type Pieces = (&'static str, usize, &'static [usize]);

const PIECES: &[Pieces] = &[
    ("at once", 2, &[6]),
    ("in two", 3, &[4, 2]),
    ("a token behind", 2, &[5, 1]),
    ("a token before", 1, &[1, 4]),
    ("token by token", 3, &[1, 1, 1]),
    ("at once again", 2, &[6]),
];

/// Records what is kept, then each part of the model on texts in pieces, and where it refuses.
pub fn observe(o: &mut Observer) {
    let [first, second] = o.sizes();
    let (first, second) = (small(first, 2), small(second, 3));
    // Of two layers, one taken for the other shows.
    let (first, second) = (Sizes { n_layer: 2, ..first }, Sizes { n_layer: 1, ..second });
    o.group("keeping keys and values", |o| {
        kept(o, "", first, 2, &[3, 1, 2]);
        kept(o, " in one row", second, 1, &[1, 4]);
        kept(o, " in three rows", second, 3, &[2, 5]);
        let mut cache = KvCache::new(3);
        o.integer("layers", cache.layers.len());
        o.integer("tokens in a new cache", cache.seen());
        for layer in &mut cache.layers {
            let heads = || o.floats("heads", [2, 3, 5, 4]);
            layer.append(heads(), heads());
        }
        o.integer("tokens in a filled one", cache.seen());
        cache.clear();
        o.integer("tokens in a cleared one", cache.seen());
        o.integer("layers of a cleared one", cache.layers.len());
        o.integer("tokens in a cache of no layers", KvCache::new(0).seen());
    });
    o.group("attention in pieces", |o| {
        layers(o, [first, second], false, PIECES);
    });
    o.group("a block in pieces", |o| {
        layers(o, [first, second], true, &PIECES[1..4]);
    });
    o.group("the vectors of new tokens", |o| {
        texts(o, Part::Hidden, "", first, &PIECES[2..5]);
        texts(o, Part::Hidden, " at a second size", second, &PIECES[1..3]);
        // Where gradients are kept, a model drops values. One that writes does not.
        let model = model_on(o, "", first, &o.device().autodiff());
        let ids = o.ids("text", first.vocab_size, [2, 4]).autodiff();
        let mut cache = KvCache::new(first.n_layer);
        vectors(o, "where gradients are kept [batch, new, n_embd]", &mut || {
            hidden(&model.transformer, ids.clone(), &mut cache).map(Tensor::inner)
        });
    });
    o.group("the logits of all new tokens", |o| {
        texts(o, Part::Logits, "", first, &PIECES[1..2]);
        let deep = Sizes { n_layer: 3, ..second };
        texts(o, Part::Logits, " at a second size", deep, &PIECES[1..3]);
    });
    o.group("the logits of the last one", |o| {
        texts(o, Part::Last, "", first, &PIECES[1..2]);
        texts(o, Part::Last, " at a second size", second, &PIECES[1..3]);
    });
    o.group("texts side by side", |o| {
        let (model, other) = (model(o, "", first), model(o, "other", second));
        let [mut one, mut two] = [KvCache::new(2), KvCache::new(2)];
        let mut three = KvCache::new(1);
        read(o, "a text", &model, &mut one, "a text", [2, 3]);
        read(o, "another text", &model, &mut two, "another text", [3, 4]);
        read(o, "a text of another model", &other, &mut three, "a third", [1, 2]);
        // What was kept of one text goes on in two ways.
        let mut copy = one.clone();
        read(o, "the first one goes on", &model, &mut one, "more", [2, 1]);
        read(o, "a copy goes on otherwise", &model, &mut copy, "other", [2, 2]);
        read(o, "another text goes on", &model, &mut two, "more", [3, 1]);
        read(o, "the other model's goes on", &other, &mut three, "more", [1, 3]);
        for &cache in &[&one, &copy, &two, &three] {
            o.integer("tokens in a cache", cache.seen());
        }
        one.clear();
        read(o, "a cleared cache", &model, &mut one, "a new text", [3, 2]);
        read(o, "a cleared cache goes on", &model, &mut one, "more", [3, 1]);
    });
    o.group("what is kept is what is used", |o| {
        let model = model(o, "", first);
        let mut cache = KvCache::new(2);
        // Up to the last position, which is no reason to begin anew.
        let window = first.n_positions;
        let text = o.ids("text", first.vocab_size, [2, window]);
        scores(o, "all tokens but the last one", &mut || {
            last_logits(&model, text.clone().narrow(1, 0, window - 1), &mut cache)
        });
        // Other keys and values: the next logits are those of a text that is in nobody's hands.
        for layer in &mut cache.layers {
            if let Some((keys, values)) = layer.kept.take() {
                layer.kept = Some((keys * 0.5_f64, values * 3.0_f64));
            }
        }
        let name = "after keys are halved and values tripled [batch, vocab_size]";
        scores(o, name, &mut || next_logits(&model, &text, &mut cache));
    });
    o.group("the end of the window", |o| {
        for &(name, sizes) in &[("", first), (" at a second size", second)] {
            let sizes = Sizes { n_layer: 1, ..sizes };
            let (window, model) = (sizes.n_positions, model(o, "", sizes));
            let mut cache = KvCache::new(sizes.n_layer);
            read(o, &format!("all but two{name}"), &model, &mut cache, "text", [2, window - 2]);
            too_long(o, &format!("three more{name}"), &model, &mut cache, 3);
            o.integer(&format!("tokens kept then{name}"), cache.seen());
            read(o, &format!("the last but one{name}"), &model, &mut cache, "more", [2, 1]);
            read(o, &format!("the last one{name}"), &model, &mut cache, "last", [2, 1]);
            too_long(o, &format!("one more{name}"), &model, &mut cache, 1);
            o.integer(&format!("tokens kept in the end{name}"), cache.seen());
            cache.clear();
            read(o, &format!("a full window{name}"), &model, &mut cache, "whole", [1, window]);
            cache.clear();
            too_long(o, &format!("more than a window at once{name}"), &model, &mut cache, window + 1);
        }
    });
    o.group("what is refused", |o| {
        let model = model(o, "", first);
        let mut cache = KvCache::new(2);
        read(o, "three rows", &model, &mut cache, "text", [3, 2]);
        let window = first.n_positions;
        for &(name, shape, layers) in &[
            ("no token", [3, 0], None),
            ("two rows after three", [2, 1], None),
            ("four rows after three", [4, 1], None),
            ("one row after three", [1, 1], None),
            ("a layer too many", [3, 1], Some(3)),
            ("a layer too few", [3, 1], Some(1)),
            ("no token and a layer too many", [3, 0], Some(3)),
            ("two rows, and too many tokens", [2, window], None),
            ("no token and two rows", [2, 0], None),
            ("a layer too few, and too many tokens", [3, window + 1], Some(1)),
        ] {
            let ids = o.ids(name, first.vocab_size, shape);
            let mut other = layers.map(KvCache::new);
            let cache = other.as_mut().unwrap_or(&mut cache);
            refused(o, name, &model, ids, cache);
        }
        let mut other = cache.clone();
        other.layers.truncate(1);
        let ids = o.ids("fewer", first.vocab_size, [2, 1]);
        refused(o, "a layer too few, and two rows after three", &model, ids, &mut other);
        let past = o.ids("past", 1, [3, 1]) + first.vocab_size as i64;
        o.call("an id past the vocabulary", || {
            logits(&model, past, &mut KvCache::new(2))
        });
        o.integer("tokens kept", cache.seen());
        read(o, "three rows go on", &model, &mut cache, "more", [3, 2]);
    });
    o.group("a text that grows", |o| {
        let first = Sizes { n_layer: 1, ..first };
        grows(o, "", first, 2, &[3, 4, 6]);
        let window = second.n_positions;
        grows(o, " past the window", second, 1, &[window - 1, window, window + 1, window + 2]);
        grows(o, " in leaps", first, 3, &[1, first.n_positions + 4, first.n_positions + 5]);
        let model = model(o, "", first);
        let text = o.ids("text", first.vocab_size, [2, 4]);
        let mut cache = KvCache::new(1);
        read(o, "three tokens", &model, &mut cache, "text", [2, 3]);
        for &name in &["one is left", "none is left"] {
            scores(o, name, &mut || next_logits(&model, &text, &mut cache));
        }
        let text = text.narrow(1, 0, 2);
        o.fallible_call("fewer than were read", || next_logits(&model, &text, &mut cache));
    });
    o.group("greedy", |o| {
        let shallow = Sizes { n_layer: 1, ..first };
        let (model, larger) = (attentive(o, shallow), attentive(o, second));
        let deep = attentive(o, first);
        let (window, other) = (first.n_positions, second.n_positions);
        for &(name, model, shape, count, penalty) in &[
            ("one new token", &model, [2, 3], 1, 1.0),
            ("three new tokens", &deep, [3, 4], 3, 1.0),
            ("no new token", &model, [2, 5], 0, 1.0),
            ("no new token for an empty prompt", &model, [2, 0], 0, 1.0),
            ("one row of one token", &larger, [1, 1], 7, 1.0),
            ("up to the window's end", &larger, [2, other - 2], 2, 1.0),
            ("past the window's end", &model, [6, window - 1], 4, 1.0),
            ("a prompt as long as the window", &larger, [3, other], 2, 1.0),
            ("a long prompt", &model, [6, window + 4], 2, 1.0),
            ("a penalty", &model, [2, 3], 3, 5.0),
            // What has left the window is repetition all the same.
            ("a penalty on a long text", &larger, [12, other + 9], 2, 9.0),
            ("one new token again", &model, [2, 3], 1, 1.0),
        ] {
            let config = sampling(0.0, None, penalty, 1);
            written(o, name, model, shape, count, &config);
        }
    });
    o.group("drawn", |o| {
        let model = attentive(o, Sizes { n_layer: 1, ..first });
        let seed = 1 + o.below("seed", 1000) as u64;
        for &(name, shape, temperature, k, p, seed) in &[
            ("three new tokens", [2, 3], 3.0, None, None, seed),
            ("of the next seed", [2, 3], 3.0, None, None, seed + 1),
            ("of the four likeliest", [4, 1], 5.0, Some(4), None, seed),
            ("of a third of the probability", [4, 1], 5.0, None, Some(0.3), seed),
            ("past the window's end", [3, first.n_positions - 1], 4.0, None, None, seed),
        ] {
            let config = SamplingConfig { top_p: p, ..sampling(temperature, k, 1.3, seed) };
            written(o, name, &model, shape, 3, &config);
        }
    });
    o.group("what cannot be generated", |o| {
        let model = model(o, "", first);
        for &(name, seq, count, temperature, k, p, penalty) in &[
            ("a negative temperature", 3, 2, -1.0, None, None, 1.0),
            ("a temperature of NaN, and no token asked for", 3, 0, f64::NAN, None, None, 1.0),
            ("a k of 0", 3, 1, 0.0, Some(0), None, 1.0),
            ("a p of 0", 3, 1, 0.0, None, Some(0.0), 1.0),
            ("a penalty of 0", 3, 1, 1.0, None, None, 0.0),
            ("an empty prompt", 0, 1, 1.0, None, None, 1.0),
            ("an empty prompt and a k of 0", 0, 1, 1.0, Some(0), None, 1.0),
        ] {
            let prompt = o.ids("prompt", first.vocab_size, [2, seq]);
            let config = SamplingConfig { top_p: p, ..sampling(temperature, k, penalty, 1) };
            let result = generate(&model, prompt, count, &config);
            o.text(name, match result {
                Ok(_) => "accepted",
                // NaN is equal to nothing, not even in an error.
                Err(GenerationError::Sampling(error))
                    if config.validate().map_err(|e| e.to_string()) == Err(error.to_string()) =>
                {
                    "the configuration is refused, as `validate` does"
                }
                Err(GenerationError::Sampling(_)) => "the configuration is refused otherwise",
                Err(GenerationError::Cache(CacheError::NoTokens)) => "there is no token",
                Err(GenerationError::Cache(_)) => "the cache refuses",
            });
        }
    });
}

/// Appends stretches of tokens to a layer's cache.
fn kept(o: &mut Observer, suffix: &str, sizes: Sizes, batch: usize, lengths: &[usize]) {
    let mut cache = LayerCache::default();
    o.integer(&format!("tokens at first{suffix}"), cache.seen());
    for (i, &new) in lengths.iter().enumerate() {
        let shape = [batch, sizes.n_head, new, sizes.head_dim()];
        let (keys, values) = (o.floats(&format!("k{i}"), shape), o.floats(&format!("v{i}"), shape));
        let (keys, values) = cache.append(keys, values);
        let axes = "[batch, n_head, seen, head_dim]";
        o.tensor(&format!("keys after {new} more{suffix} {axes}"), keys);
        o.tensor(&format!("values after {new} more{suffix} {axes}"), values);
        o.integer(&format!("tokens after {new} more{suffix}"), cache.seen());
    }
    content(o, suffix, &cache);
}

fn content(o: &mut Observer, suffix: &str, cache: &LayerCache) {
    match cache.kept.clone() {
        Some((keys, values)) => {
            o.tensor(&format!("keys kept{suffix}"), keys);
            o.tensor(&format!("values kept{suffix}"), values);
        }
        None => o.text(&format!("keys kept{suffix}"), "none"),
    }
}

/// A single layer, which is given vectors in pieces.
fn layers(o: &mut Observer, sizes: [Sizes; 2], is_whole: bool, pieces: &[Pieces]) {
    let [first, second] = sizes;
    for &(suffix, sizes, pieces, factor) in &[
        ("", first, pieces, 1.0),
        (" at a second size", second, &PIECES[1..3], 1.0),
        // What is hidden stays hidden, however much larger its score is.
        (" of large vectors", second, &PIECES[1..2], 6.0),
    ] {
        let model = model(o, "", Sizes { n_layer: 1, ..sizes });
        let layer = &model.transformer.h[0];
        for &(name, batch, lengths) in pieces {
            let x = o.floats("x", [batch, lengths.iter().sum(), sizes.n_embd]) * factor;
            let mut cache = LayerCache::default();
            for &new in lengths {
                let past = cache.seen();
                let x = || x.clone().narrow(1, past, new);
                let name = format!("{name}{suffix}: {new} after {past} [batch, new, n_embd]");
                vectors(o, &name, &mut || {
                    Ok(match is_whole {
                        true => block(layer, x(), &mut cache),
                        false => attention(&layer.attn, x(), &mut cache),
                    })
                });
            }
            content(o, &format!(" {name}{suffix}"), &cache);
        }
    }
}

/// Records a result of rank 3. Each `attempt` is compiled by itself: there are few.
fn vectors(o: &mut Observer, name: &str, body: &mut dyn FnMut() -> Result<Tensor<3>, CacheError>) {
    o.attempt(name, body);
}

/// Records logits of one place.
fn scores(o: &mut Observer, name: &str, body: &mut dyn FnMut() -> Result<Tensor<2>, CacheError>) {
    o.attempt(name, body);
}

/// Texts in pieces.
fn texts(o: &mut Observer, part: Part, suffix: &str, sizes: Sizes, pieces: &[Pieces]) {
    let model = model(o, "", sizes);
    for &(name, batch, lengths) in pieces {
        let text = o.ids("text", sizes.vocab_size, [batch, lengths.iter().sum()]);
        let mut cache = KvCache::new(sizes.n_layer);
        let mut past = 0;
        for &new in lengths {
            let ids = text.clone().narrow(1, past, new);
            let name = format!("{name}{suffix}: {new} after {past}");
            match part {
                Part::Hidden => vectors(o, &format!("{name} [batch, new, n_embd]"), &mut || {
                    hidden(&model.transformer, ids.clone(), &mut cache)
                }),
                Part::Logits => vectors(o, &format!("{name} [batch, new, vocab_size]"), &mut || {
                    logits(&model, ids.clone(), &mut cache)
                }),
                Part::Last => scores(o, &format!("{name} [batch, vocab_size]"), &mut || {
                    last_logits(&model, ids.clone(), &mut cache)
                }),
            }
            past += new;
            o.integer(&format!("{name}: tokens in the cache"), cache.seen());
        }
    }
}

/// Records the logits of new tokens, which are drawn by the name `of`.
fn read(o: &mut Observer, name: &str, model: &Gpt, cache: &mut KvCache, of: &str, shape: [usize; 2]) {
    let [vocab_size, _] = model.transformer.wte.weight.dims();
    let ids = o.ids(of, vocab_size, shape);
    vectors(o, &format!("{name} [batch, new, vocab_size]"), &mut || {
        logits(model, ids.clone(), cache)
    });
}

/// A text at several lengths, with one cache.
fn grows(o: &mut Observer, suffix: &str, sizes: Sizes, batch: usize, lengths: &[usize]) {
    let model = model(o, "", sizes);
    let mut cache = KvCache::new(sizes.n_layer);
    for &seq in lengths {
        // The same beginning at each length.
        let longest = lengths[lengths.len() - 1];
        let text = o.ids("text", sizes.vocab_size, [batch, longest]).narrow(1, 0, seq);
        scores(o, &format!("{seq} tokens{suffix} [batch, vocab_size]"), &mut || {
            next_logits(&model, &text, &mut cache)
        });
        o.integer(&format!("in the cache after {seq}{suffix}"), cache.seen());
    }
}

fn written(
    o: &mut Observer,
    name: &str,
    model: &Gpt,
    shape: [usize; 2],
    count: usize,
    config: &SamplingConfig,
) {
    let [vocab_size, _] = model.transformer.wte.weight.dims();
    let prompt = o.ids("prompt", vocab_size, shape);
    o.attempt(&format!("{name} [batch, seq]"), || {
        generate(model, prompt, count, config)
    });
}
