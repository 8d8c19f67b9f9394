//! Observes step 06.

#[path = "../common.rs"]
mod common;

use crate::s06_position_embeddings::{PositionEmbeddings, position_ids};
use common::config;
use kit::module::Module;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Sizes};

type Group = (&'static str, fn(&mut Observer, [Sizes; 2]));

/// Records which positions are asked for, and what is looked up for them in tables of two sizes.
pub fn observe(o: &mut Observer) {
    let groups: &[Group] = &[
        ("the table", table),
        ("positions in a batch", batch),
        ("positions without a batch", no_batch),
        ("which positions new tokens have", positions),
        ("the first and the last position", ends),
        ("a position past the table", refusal),
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
}

fn parameters(o: &mut Observer, name: &str, sizes: Sizes) {
    let module = PositionEmbeddings::new(&config(sizes), &o.device());
    o.parameters(name, &module);
}

fn batch(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let (first, second) = (filled(o, "wpe", one), filled(o, "wpe", other));
    let mut look = |name, module, sizes, shape| {
        let ids = drawn(o, name, sizes, shape);
        look_up(o, name, module, &ids);
    };
    look("two rows [batch, seq, n_embd]", &first, one, [2, 5]);
    look(
        "three rows of a second width [batch, seq, n_embd]",
        &second,
        other,
        [3, 4],
    );
    look(
        "a single position [batch, seq, n_embd]",
        &first,
        one,
        [1, 1],
    );
    look(
        "a position in each of seven rows [batch, seq, n_embd]",
        &first,
        one,
        [7, 1],
    );
    // Some positions come again, as they may.
    let long = other.n_positions + other.n_layer;
    look(
        "a row longer than the table [batch, seq, n_embd]",
        &second,
        other,
        [1, long],
    );
    let ids = drawn(o, "positions that stay", one, [2, 3]);
    look_up(o, "two short rows [batch, seq, n_embd]", &first, &ids);
    o.tensor("the positions afterwards [batch, seq]", ids);
}

fn no_batch(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let (first, second) = (filled(o, "wpe", one), filled(o, "wpe", other));
    let mut look = |name, module, sizes, seq| {
        let ids = row(o, name, sizes, seq);
        look_up_row(o, name, module, &ids);
    };
    look("five positions [seq, n_embd]", &first, one, 5);
    look("a single position [seq, n_embd]", &first, one, 1);
    look(
        "positions of a second width [seq, n_embd]",
        &second,
        other,
        3,
    );
    look(
        "more positions than the table has [seq, n_embd]",
        &second,
        other,
        other.n_positions + 2,
    );
    let all = Tensor::arange(0..one.n_positions as i64, &o.device());
    look_up_row(o, "the whole table [seq, n_embd]", &first, &all);
}

fn positions(o: &mut Observer, _: [Sizes; 2]) {
    let (few, many) = (2 + o.below("few", 4), 7 + o.below("many", 5));
    let mut ask = |name, new, past| o.tensor(name, position_ids(new, past, &o.device()));
    ask("from the start [seq]", few, 0);
    ask("many after a few earlier tokens [seq]", many, few);
    ask("a few after many earlier tokens [seq]", few, many);
    ask("a single one after earlier tokens [seq]", 1, few);
    ask("a single one from the start [seq]", 1, 0);
    // No table is asked here, so there is none to be left.
    ask("after a whole library [seq]", few, 20_000 * many);
    ask("from the start again [seq]", few, 0);
    // This one is not the device that tensors come to by themselves.
    let ids = position_ids(few, many, &o.device().autodiff());
    o.text("they are on the device that is given", ids.is_autodiff());
}

fn ends(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let (first, second) = (filled(o, "wpe", one), filled(o, "wpe", other));
    let mut look = |name, module, id| look_up(o, name, module, &all(o, id));
    look("the first position [batch, seq, n_embd]", &first, 0);
    look(
        "the last position [batch, seq, n_embd]",
        &first,
        one.n_positions - 1,
    );
    look(
        "the first position of a second table [batch, seq, n_embd]",
        &second,
        0,
    );
    look(
        "the last position of a second table [batch, seq, n_embd]",
        &second,
        other.n_positions - 1,
    );
}

fn refusal(o: &mut Observer, [one, other]: [Sizes; 2]) {
    // Not by `position_ids`: whether that is right is another matter.
    let far = other.n_positions + 1 + o.below("how far", 9);
    refused(
        o,
        "the number of positions as one, in a batch",
        one,
        one.n_positions,
        true,
    );
    refused(
        o,
        "the number of positions as one, without a batch",
        one,
        one.n_positions,
        false,
    );
    refused(o, "one further off, in a batch", other, far, true);
    refused(o, "one further off, without a batch", other, far, false);
}

fn refused(o: &mut Observer, name: &str, sizes: Sizes, id: usize, in_a_batch: bool) {
    let module = filled(o, "wpe", sizes);
    let ids = Tensor::arange(id as i64 - 2..id as i64 + 1, &o.device());
    o.call(name, || match in_a_batch {
        true => drop(module.forward(ids.unsqueeze_dim(0))),
        false => drop(module.forward_unbatched(ids)),
    });
}

fn side_by_side(o: &mut Observer, [one, other]: [Sizes; 2]) {
    let first = filled(o, "wpe", one);
    let second = filled(o, "second", one);
    let third = filled(o, "third", other);
    // Of positions that every table has.
    let few = Tensor::arange(2..4, &o.device());
    let many = o.ids("many positions", 7, [6]);
    look_up_row(o, "the first table [seq, n_embd]", &first, &few);
    look_up_row(o, "other numbers [seq, n_embd]", &second, &few);
    look_up_row(o, "another size [seq, n_embd]", &third, &many);
    look_up_row(
        o,
        "more positions of the first table [seq, n_embd]",
        &first,
        &many,
    );
    look_up_row(o, "the first table again [seq, n_embd]", &first, &few);
    let many = many.unsqueeze_dim(0);
    look_up(
        o,
        "the first table, in a batch [batch, seq, n_embd]",
        &first,
        &many,
    );
    look_up(
        o,
        "other numbers, in a batch [batch, seq, n_embd]",
        &second,
        &many,
    );
    look_up(
        o,
        "another size, in a batch [batch, seq, n_embd]",
        &third,
        &many,
    );
}

fn learning(o: &mut Observer, [one, other]: [Sizes; 2]) {
    learn(
        o,
        [
            "vectors in training [batch, seq, n_embd]",
            "vectors without a batch [seq, n_embd]",
            "gradient of wpe.",
        ],
        one,
    );
    learn(
        o,
        [
            "vectors of a second width [batch, seq, n_embd]",
            "those without a batch [seq, n_embd]",
            "gradient of a second wpe.",
        ],
        other,
    );
}

fn learn(o: &mut Observer, [vectors_name, row_name, gradient_name]: [&str; 3], sizes: Sizes) {
    let module = filled(o, "wpe", sizes).train();
    // Few positions, some of them more than once: no other row has a part in the vectors.
    let few = Sizes {
        n_positions: 6,
        ..sizes
    };
    let vectors = module.forward(drawn(o, "positions to learn from", few, [2, 5]));
    let row = module.forward_unbatched(Tensor::arange(2..5, &o.device()));
    // Nothing is added to the loss but a way to the table: a gradient of zeros says more than none.
    let way = module.wpe.weight.val().mean() * 0.0_f32;
    let loss = vectors.clone().square().sum() + row.clone().square().sum() + way;
    o.tensor(vectors_name, vectors);
    o.tensor(row_name, row);
    o.gradients(gradient_name, &module.wpe, &loss);
}

fn start(o: &mut Observer, [one, _]: [Sizes; 2]) {
    // More than four thousand numbers tell a normal distribution from a uniform one.
    let large = Sizes {
        n_positions: 60 + o.below("positions of a large table", 8),
        n_embd: 70 + o.below("width of a large table", 8),
        n_head: 1,
        ..one
    };
    let table = PositionEmbeddings::new(&config(large), &o.device()).wpe;
    o.start("wpe.", &table);
    // Each number is drawn for itself: rows vary, and no two of them by the same.
    // (A little more than the variance, so that a row of equal numbers has a logarithm, too.)
    let variances = table.weight.val().var(1) + 1e-12_f64;
    o.start_tensor("logarithms of the rows' variances", variances.log());
    let firsts = table.weight.val().narrow(1, 0, 1).sort(0);
    let steps = firsts.clone().narrow(0, 1, large.n_positions - 1)
        - firsts.narrow(0, 0, large.n_positions - 1);
    o.text("two rows begin alike", steps.equal_elem(0.0).any().into_scalar::<bool>());
    let first = PositionEmbeddings::new(&config(one), &o.device()).wpe;
    // Drawn when it is looked at first: before there is a second one.
    o.start("wpe of a small table.", &first);
    let second = PositionEmbeddings::new(&config(one), &o.device()).wpe;
    o.alike("the same in two tables made in a row", &first, &second);
}

fn look_up(o: &mut Observer, name: &str, module: &PositionEmbeddings, ids: &Tensor<2, Int>) {
    o.tensor(name, module.forward(ids.clone()));
}

fn look_up_row(o: &mut Observer, name: &str, module: &PositionEmbeddings, ids: &Tensor<1, Int>) {
    o.tensor(name, module.forward_unbatched(ids.clone()));
}

/// Neither the first position nor the last: who counts from 1 gets vectors too, wrong ones.
fn drawn(o: &Observer, name: &str, sizes: Sizes, shape: [usize; 2]) -> Tensor<2, Int> {
    o.ids(name, sizes.n_positions - 2, shape) + 1
}

/// Such positions without a batch.
fn row(o: &Observer, name: &str, sizes: Sizes, seq: usize) -> Tensor<1, Int> {
    o.ids(name, sizes.n_positions - 2, [seq]) + 1
}

/// A single position.
fn all(o: &Observer, id: usize) -> Tensor<2, Int> {
    o.ids("zero", 1, [1, 1]) + id as i32
}

fn filled(o: &Observer, name: &str, sizes: Sizes) -> PositionEmbeddings {
    let mut module = PositionEmbeddings::new(&config(sizes), &o.device());
    module.wpe = o.filled_with(name, module.wpe);
    module
}
