//! Observes step 05.

#[path = "../common.rs"]
mod common;

use crate::s05_token_embeddings::TokenEmbeddings;
use common::config;
use kit::module::Module;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Sizes};

type Group = (&'static str, fn(&mut Observer, [Sizes; 2]));

/// Records tables of two sizes, and what is looked up in them.
pub fn observe(o: &mut Observer) {
    let groups: &[Group] = &[
        ("the table", table),
        ("a batch of ids", batch),
        ("one row and one token", single),
        ("the first and the last token", ends),
        ("an id past the vocabulary", refusal),
        ("several tables side by side", side_by_side),
        ("what the table learns", learning),
        ("the values to start from", start),
    ];
    let sizes = o.sizes();
    for &(name, body) in groups {
        o.group(name, |o| body(o, sizes));
    }
}

fn table(o: &mut Observer, [one, other]: [Sizes; 2]) {
    parameters(o, "parameters", one);
    parameters(o, "parameters of a second size", other);
    // Fewer tokens than positions, and hardly any width.
    let smallest = Sizes {
        vocab_size: 3,
        n_embd: 2,
        n_head: 1,
        ..one
    };
    parameters(o, "parameters of a tiny vocabulary", smallest);
}

fn parameters(o: &mut Observer, name: &str, sizes: Sizes) {
    let module = TokenEmbeddings::new(&config(sizes), &o.device());
    o.parameters(name, &module);
}

fn batch(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let (first, second) = (filled(o, "wte", one), filled(o, "wte", other));
    let ids = drawn(o, "ids", one.vocab_size, [2, 5]);
    look_up(o, "vectors [batch, seq, n_embd]", &first, &ids);
    o.tensor("the ids afterwards [batch, seq]", ids);
    let ids = drawn(o, "more ids", other.vocab_size, [3, 4]);
    look_up(o, "a second width [batch, seq, n_embd]", &second, &ids);
    // Two tokens, so that every row has one of them more than once.
    let ids = drawn(o, "repeated ids", 4, [4, 3]);
    look_up(
        o,
        "tokens that come again [batch, seq, n_embd]",
        &first,
        &ids,
    );
    // More tokens than a byte can count.
    let large = Sizes {
        vocab_size: 300,
        n_embd: 3,
        n_head: 1,
        ..one
    };
    let many = filled(o, "large", large);
    let ids = drawn(o, "ids of a large table", large.vocab_size, [7, 45]);
    look_up(o, "a large table [batch, seq, n_embd]", &many, &ids);
}

fn single(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let (first, second) = (filled(o, "wte", one), filled(o, "wte", other));
    let mut look = |name, module, sizes: Sizes, shape| {
        let ids = drawn(o, name, sizes.vocab_size, shape);
        look_up(o, name, module, &ids);
    };
    look("one token [batch, seq, n_embd]", &first, one, [1, 1]);
    look("one row [batch, seq, n_embd]", &second, other, [1, 3]);
    // A list of ids, no more: how long a sequence a model can see is not asked here.
    let long = [1, 12 + one.n_layer];
    look(
        "more tokens than positions [batch, seq, n_embd]",
        &first,
        one,
        long,
    );
    // Three ids that are not the same.
    let apart = Tensor::arange_step(1..12, 4, &o.device());
    let ids = (apart + o.ids("three ids", 4, [3])).unsqueeze_dim(1);
    look_up(
        o,
        "one token in each of three rows [batch, seq, n_embd]",
        &second,
        &ids,
    );
}

fn ends(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let (first, second) = (filled(o, "wte", one), filled(o, "wte", other));
    let mut look = |name, module, id| look_up(o, name, module, &all(o, id, [1, 1]));
    look("the first token [batch, seq, n_embd]", &first, 0);
    look(
        "the last token [batch, seq, n_embd]",
        &first,
        one.vocab_size - 1,
    );
    look(
        "the first token of a second table [batch, seq, n_embd]",
        &second,
        0,
    );
    look(
        "the last token of a second table [batch, seq, n_embd]",
        &second,
        other.vocab_size - 1,
    );
}

fn refusal(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let far = other.vocab_size + 1 + o.below("how far", 9);
    refused(o, "the number of tokens as an id", one, one.vocab_size);
    refused(o, "an id further off", other, far);
}

fn refused(o: &mut Observer, name: &str, sizes: Sizes, id: usize) {
    let module = filled(o, "wte", sizes);
    // A single one, in the midst of others.
    let sound = drawn(o, "ids", sizes.vocab_size, [1, 4]);
    let ids = vec![sound, all(o, id, [1, 1]), all(o, 1, [1, 1])];
    o.call(name, || module.forward(Tensor::cat(ids, 1).reshape([2, 3])));
}

fn side_by_side(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let first = filled(o, "wte", one);
    let second = filled(o, "second", one);
    let third = filled(o, "third", other);
    // Of tokens that are in both vocabularies.
    let few = drawn(o, "few ids", 14, [1, 2]);
    let many = drawn(o, "many ids", 14, [2, 7]);
    look_up(o, "the first table [batch, seq, n_embd]", &first, &few);
    look_up(o, "other numbers [batch, seq, n_embd]", &second, &few);
    look_up(o, "another size [batch, seq, n_embd]", &third, &many);
    look_up(
        o,
        "more tokens of the first table [batch, seq, n_embd]",
        &first,
        &many,
    );
    look_up(
        o,
        "the first table again [batch, seq, n_embd]",
        &first,
        &few,
    );
}

fn learning(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let names = [
        "vectors in training [batch, seq, n_embd]",
        "gradient of wte.",
    ];
    learn(o, names, one, [2, 5]);
    let names = [
        "vectors of a second width [batch, seq, n_embd]",
        "gradient of a second wte.",
    ];
    learn(o, names, other, [1, 8]);
}

fn learn(
    o: &mut Observer,
    [vectors_name, gradient_name]: [&str; 2],
    sizes: Sizes,
    shape: [usize; 2],
) {
    let module = filled(o, "wte", sizes).train();
    // Four tokens, some of them more than once: no other row has a part in the vectors.
    let vectors = module.forward(drawn(o, "ids to learn from", 6, shape));
    // Nothing is added to the loss but a way to the table: a gradient of zeros says more than none.
    let way = module.wte.weight.val().mean() * 0.0_f32;
    let loss = vectors.clone().square().sum() + way;
    o.tensor(vectors_name, vectors);
    o.gradients(gradient_name, &module.wte, &loss);
}

fn start(o: &mut Observer, [one, _]: [Sizes; 2]) {
    // More than four thousand numbers tell a normal distribution from a uniform one.
    let large = Sizes {
        vocab_size: 60 + o.below("tokens of a large table", 8),
        n_embd: 70 + o.below("width of a large table", 8),
        n_head: 1,
        ..one
    };
    let table = TokenEmbeddings::new(&config(large), &o.device()).wte;
    o.start("wte.", &table);
    // Each number is drawn for itself: rows vary, and no two of them by the same.
    // (A little more than the variance, so that a row of equal numbers has a logarithm, too.)
    let variances = table.weight.val().var(1) + 1e-12_f64;
    o.start_tensor("logarithms of the rows' variances", variances.log());
    let first = TokenEmbeddings::new(&config(one), &o.device()).wte;
    // Drawn when it is looked at first: before there is a second one.
    o.start("wte of a small table.", &first);
    let second = TokenEmbeddings::new(&config(one), &o.device()).wte;
    o.alike("the same in two tables made in a row", &first, &second);
}

fn look_up(o: &mut Observer, name: &str, module: &TokenEmbeddings, ids: &Tensor<2, Int>) {
    o.tensor(name, module.forward(ids.clone()));
}

/// Neither the first id nor the last: who counts from 1 gets vectors too, wrong ones.
fn drawn(o: &Observer, name: &str, vocab_size: usize, shape: [usize; 2]) -> Tensor<2, Int> {
    o.ids(name, vocab_size - 2, shape) + 1
}

/// The same id everywhere.
fn all(o: &Observer, id: usize, shape: [usize; 2]) -> Tensor<2, Int> {
    o.ids("zeros", 1, shape) + id as i32
}

fn filled(o: &Observer, name: &str, sizes: Sizes) -> TokenEmbeddings {
    let mut module = TokenEmbeddings::new(&config(sizes), &o.device());
    module.wte = o.filled_with(name, module.wte);
    module
}
