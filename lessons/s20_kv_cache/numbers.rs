//! The numbers of lesson 20.

#[path = "../running.rs"]
mod running;
#[path = "../small_model.rs"]
mod small_model;

use crate::s01_config::GptConfig;
use crate::s07_attention::CausalSelfAttention;
use crate::s11_lm_head::Gpt;
use crate::s20_kv_cache::{KvCache, LayerCache, last_logits, next_logits};
use kit::Observer;
use kit::tensor::activation::softmax;
use kit::tensor::{Int, Tensor};
use running::{NEXT, Running, TEXT};

/// Recomputes the example, the window, the costs and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        window(o);
        costs(o);
        answers(o);
    });
}

/// The third token of lesson 07, after two in the cache.
fn example(o: &mut Observer) {
    let device = o.device();
    let config = GptConfig {
        n_embd: 4,
        n_head: 1,
        ..GptConfig::gpt2()
    };
    let attention = CausalSelfAttention::new(&config, &device);
    let heads = |rows: &[[f32; 4]]| {
        let rows = Tensor::<1>::from_data(rows.as_flattened(), &device);
        rows.reshape([1, 1, -1, 4])
    };
    let mut cache = LayerCache::default();
    cache.append(
        heads(&[[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]]),
        heads(&[[1.0, 0.0, 2.0, 0.0], [0.0, 1.0, 0.0, 2.0]]),
    );
    let (keys, values) = cache.append(
        heads(&[[2.0, 1.0, 0.0, 0.0]]),
        heads(&[[1.0, 1.0, 0.0, 0.0]]),
    );
    // Only the last of the queries is the third token's.
    let queries = heads(&[[0.0; 4], [0.0; 4], [1.0, 0.0, 1.0, 0.0]]);
    for score in (queries.clone().matmul(keys.clone().transpose()) / 2.0)
        .narrow(2, 2, 1)
        .into_data()
        .iter::<f32>()
    {
        o.text("score", format!("{score:.1}"));
    }
    let weights = attention.attention_weights(queries, keys).narrow(2, 2, 1);
    for share in weights.to_data().iter::<f32>() {
        o.text("share", format!("{share:.4}"));
    }
    for value in weights.matmul(values).into_data().iter::<f32>() {
        o.text("output", format!("{value:.4}"));
    }
}

/// `the mo` is read at once, and then `d` alone.
fn running_example(o: &mut Observer) {
    let device = o.device();
    let running = Running::open(o);
    let config = small_model::config();
    let model = running.stored.filled("", Gpt::new(&config, &device));
    let ids = |text: &str| {
        let ids: Vec<i64> = text.chars().map(|letter| running.id(letter)).collect();
        Tensor::<1, Int>::from_data(ids.as_slice(), &device).unsqueeze::<2>()
    };
    let mut cache = KvCache::new(config.n_layer);
    let mut likeliest = |text: &str, next: char, seen: usize| {
        let logits = last_logits(&model, ids(text), &mut cache).expect("it fits");
        let shares: Vec<f32> = softmax(logits.clone(), 1).into_data().iter().collect();
        let best = (0..shares.len()).max_by(|&a, &b| shares[a].total_cmp(&shares[b]));
        let best = best.expect("there are some");
        assert_eq!(running.letters[best], next);
        o.text("its share", format!("{:.3}", shares[best]));
        for (keys, values) in cache.layers.iter().filter_map(|layer| layer.kept.as_ref()) {
            assert_eq!([keys.dims(), values.dims()], [[1, 4, seen, 16]; 2]);
        }
        logits
    };
    likeliest(TEXT, NEXT, 6);
    let with = likeliest(&NEXT.to_string(), 'e', 7);
    let whole = model
        .forward(ids(&format!("{TEXT}{NEXT}")))
        .expect("it fits");
    let without = whole.narrow(1, TEXT.len(), 1).squeeze_dim::<2>(1);
    let apart: f32 = (with - without).abs().max().into_scalar();
    assert!(apart < 0.000_01);
    o.text("less apart than", format!("{:.5}", 0.000_01));

    let GptConfig {
        vocab_size,
        n_embd,
        n_layer,
        n_inner,
        ..
    } = config;
    let blocks = n_layer * (4 * n_embd * n_embd + 2 * n_embd * n_inner);
    let (head, pair) = (vocab_size * n_embd, n_layer * 2 * n_embd);
    let seq = TEXT.len() + 1;
    o.text("numbers kept", thousands(seq * pair));
    let [without, with] = [(seq, seq * seq), (1, seq)].map(|(tokens, pairs)| {
        let total = tokens * (blocks + head) + pairs * pair;
        o.text("multiplications", thousands(total));
        total
    });
    assert_eq!(without, seq * with);
}

/// What is read in each round of lesson 12's example.
fn window(o: &mut Observer) {
    let config = GptConfig {
        vocab_size: 11,
        n_positions: 8,
        n_embd: 6,
        n_head: 2,
        n_inner: 5,
        n_layer: 1,
        ..GptConfig::gpt2()
    };
    let model = Gpt::new(&config, &o.device());
    let text: Tensor<2, Int> = o.ids("text", 11, [1, 10]);
    let (mut cache, mut read) = (KvCache::new(1), Vec::new());
    for seq in 6..=10 {
        let before = if seq > 8 { 0 } else { cache.seen() };
        let _ = next_logits(&model, &text.clone().narrow(1, 0, seq), &mut cache);
        read.push(cache.seen() - before);
    }
    assert_eq!(read, [6, 1, 1, 8, 8]);
}

fn costs(o: &mut Observer) {
    let GptConfig {
        vocab_size,
        n_positions,
        n_embd,
        n_layer,
        n_inner,
        ..
    } = GptConfig::gpt2();
    let block = 3 * n_embd * n_embd + n_embd * n_embd + 2 * n_embd * n_inner;
    let (blocks, head, pair) = (n_layer * block, vocab_size * n_embd, n_layer * 2 * n_embd);
    for (name, number) in [("blocks", blocks), ("head", head), ("pair", pair)] {
        o.text(name, thousands(number));
    }
    // The text in the hundred rounds.
    let lengths = || 10..110_usize;
    let read = lengths().sum();
    let without = (read, read, lengths().map(|n| n * n).sum::<usize>());
    let with = (109, 100, 10 * 10 + lengths().skip(1).sum::<usize>());
    let totals = [without, with].map(|(tokens, logits, pairs)| {
        let total = tokens * blocks + logits * head + pairs * pair;
        for number in [tokens, logits, pairs, total] {
            o.text("cost", thousands(number));
        }
        total
    });
    assert_eq!(totals[0] / totals[1], 56);
    o.text("channels", n_embd);
    o.text("window", thousands(n_positions));
    o.text(
        "bytes of a full cache",
        thousands(4 * n_positions * 2 * n_layer * n_embd),
    );
    o.text("bytes of the table", thousands(4 * vocab_size * n_embd));
}

fn answers(o: &mut Observer) {
    let GptConfig {
        n_embd,
        n_positions,
        ..
    } = GptConfig::gpt2();
    o.text("a key and a value", thousands(2 * n_embd * n_embd));
    let half = n_positions / 2;
    o.text("half", half);
    o.text("read without a cache", thousands(half * n_positions));
    o.text("one by one", half - 1);
    o.text("read for half a window", thousands(half + half - 1));
    o.text("prompt", thousands(1000));
}

/// 1234567 as `1,234,567`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .filter_map(|group| str::from_utf8(group).ok())
        .collect();
    groups.join(",")
}
