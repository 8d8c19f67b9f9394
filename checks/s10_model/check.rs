//! Observes step 10.

#[path = "../common.rs"]
mod common;

use crate::s10_model::GptModel;
use common::config;
use kit::nn::Embedding;
use kit::tensor::{Device, Int, Tensor};
use kit::{Observer, Sizes, Tolerance};

/// How many values dropout is observed on.
const DROPS: usize = 3000;

/// Records the model from its embeddings to its last norm at two sizes, on sequences of several
/// shapes, where it refuses, and in training.
pub fn observe(o: &mut Observer) {
    let [mut first, mut second] = o.sizes();
    // Three blocks or more: of two, "all but the last" would be "the first one only". Where blocks are
    // not the matter, there are fewer, which takes less time.
    (first.n_layer, second.n_layer) = (3, 4);
    o.group("the parameters", |o| {
        o.parameters("parameters", &untrained(o, first));
        o.parameters("parameters at a second size", &untrained(o, second));
    });
    o.group("the given methods", |o| {
        methods(o, "", first);
        methods(o, " at a second size", second);
    });
    o.group("the embeddings", |o| {
        let model = filled(o, first);
        // Ids that are positions, too: a lookup in the other table has numbers to show.
        let few = o.ids("few tokens", first.n_positions, [2, 5]);
        let name = "token and position together [batch, seq, n_embd]";
        o.tensor(name, model.embed(few));
        embedded(o, "a short sequence [batch, seq, n_embd]", &model, [2, 2]);
        embedded(o, "one token [batch, seq, n_embd]", &model, [1, 1]);
        embedded(o, "three rows of one token [batch, seq, n_embd]", &model, [3, 1]);
        let model = filled(o, second);
        let longest = [1, second.n_positions];
        embedded(o, "a longest row at a second size [batch, seq, n_embd]", &model, longest);
        let long = ids(o, &model, [1, second.n_positions + 1]);
        refused(o, "a token more than there are positions", &model, long);
        let strange = ids(o, &model, [1, 1]).zeros_like() + second.vocab_size as i64;
        refused(o, "an id past the vocabulary", &model, strange);
    });
    o.group("a single block", |o| {
        let model = filled(o, Sizes { n_layer: 1, ..first });
        output(o, "output [batch, seq, n_embd]", &model, [2, 5]);
        // Unusual, and sound; an MLP may be narrower inside.
        let n_inner = first.n_embd - 1;
        let model = filled(o, Sizes { n_layer: 1, n_head: 1, n_inner, ..first });
        output(o, "with a single head [batch, seq, n_embd]", &model, [2, 5]);
    });
    o.group("several blocks", |o| {
        output(o, "output [batch, seq, n_embd]", &filled(o, first), [2, 5]);
        let shape = [3, second.n_positions - 1];
        output(o, "output at a second size [batch, seq, n_embd]", &filled(o, second), shape);
    });
    o.group("a single row and a single token", |o| {
        let model = filled(o, Sizes { n_layer: 1, ..second });
        output(o, "one token [batch, seq, n_embd]", &model, [1, 1]);
        output(o, "three rows of one token [batch, seq, n_embd]", &model, [3, 1]);
        output(o, "one row [batch, seq, n_embd]", &model, [1, 4]);
    });
    o.group("the longest sequence, and longer ones", |o| {
        // Narrower than the sequence is long, and wider. The one with fewer positions is the narrow
        // one: no limit written in lies below the positions of the narrow one and above those of the
        // wide one, as the two widths do.
        let in_order = first.n_positions < second.n_positions;
        let [fewer, more] = if in_order { [first, second] } else { [second, first] };
        let [n_layer, n_head] = [1, 3];
        lengths(o, "", Sizes { n_layer, n_head, n_embd: 6, ..fewer });
        lengths(o, " at a second size", Sizes { n_layer, n_head, n_embd: 24, ..more });
    });
    o.group("called again", |o| {
        let sizes = Sizes { n_layer: 1, ..first };
        let model = filled(o, sizes);
        output(o, "a short sequence [batch, seq, n_embd]", &model, [2, 2]);
        output(o, "a longer one [batch, seq, n_embd]", &model, [2, 6]);
        let other = o.filled_with("another", untrained(o, sizes));
        output(o, "with other parameters [batch, seq, n_embd]", &other, [4, 6]);
        output(o, "the short one again [batch, seq, n_embd]", &model, [2, 2]);
    });
    o.group("what a change reaches", |o| {
        let model = filled(o, Sizes { n_layer: 1, ..second });
        let ids = ids(o, &model, [2, 5]);
        // The next token of the vocabulary, in both rows, and in all of the second row.
        let next = (ids.clone() + 1).remainder_scalar(second.vocab_size as i64);
        let token = next.clone().narrow(1, 3, 1);
        let token = ids.clone().slice_assign([0..2, 3..4], token);
        let row = ids.clone().slice_assign([1..2, 0..5], next.narrow(0, 1, 1));
        let model = |ids: Tensor<2, Int>| model.forward(ids).ok();
        reaches(o, "of the fourth token, by position", model(ids.clone()), model(token));
        reaches(o, "of the second row, by position", model(ids), model(row));
    });
    o.group("the values to start from", |o| {
        // More than 2500 values in each table, to know a normal distribution by.
        let large = Sizes {
            vocab_size: 110,
            n_positions: 120,
            n_embd: 24,
            n_head: 3,
            n_inner: 30,
            n_layer: 2,
            ..first
        };
        let model = untrained(o, large);
        o.start("", &model);
        begins(o, "of wte", &model.wte);
        begins(o, "of wpe", &model.wpe);
        let small = Sizes { n_layer: 3, ..first };
        let model = untrained(o, small);
        for i in 1..small.n_layer {
            for j in 0..i {
                let name = format!("equal in the MLPs of h.{j} and h.{i}");
                o.alike(&name, &model.h[j].mlp.c_fc, &model.h[i].mlp.c_fc);
            }
        }
        // Tables are drawn when they are first used: these are, before the next ones are made.
        drop((model.wte.weight.val(), model.wpe.weight.val()));
        let next = untrained(o, small);
        o.alike("equal in wte of two models made in a row", &model.wte, &next.wte);
        o.alike("equal in wpe of the two", &model.wpe, &next.wpe);
        let name = "equal in the MLPs of h.0 of the two";
        o.alike(name, &model.h[0].mlp.c_fc, &next.h[0].mlp.c_fc);
    });
    o.group("dropout in training", |o| {
        dropout(o, "", first);
        let sizes = Sizes { n_layer: 1, dropout: first.dropout / 3.0, ..second };
        dropout(o, " at a second size", sizes);
    });
    o.group("in training, without dropout", |o| {
        let sizes = Sizes { dropout: 0.0, n_layer: 1, ..first };
        let model = filled_on(o, sizes, &o.device().autodiff());
        let ids = ids(o, &model, [2, 5]);
        let Ok(output) = model.forward(ids) else {
            return;
        };
        o.tensor("output [batch, seq, n_embd]", output.clone().inner());
        let weights = o.floats("weights", output.dims()).autodiff();
        o.gradients("gradient in ", &model, &(output * weights).sum());
    });
}

/// What a learner is given; later steps reach the tables through it.
fn methods(o: &mut Observer, suffix: &str, sizes: Sizes) {
    let model = filled(o, sizes);
    o.integer(&format!("n_positions{suffix}"), model.n_positions());
    let tokens = model.token_embeddings().wte.weight.val();
    o.tensor(&format!("token_embeddings{suffix} [token, n_embd]"), tokens);
    let positions = model.position_embeddings().wpe.weight.val();
    o.tensor(&format!("position_embeddings{suffix} [position, n_embd]"), positions);
}

/// Nearly as many tokens as there are positions, as many, and more.
fn lengths(o: &mut Observer, suffix: &str, sizes: Sizes) {
    let model = filled(o, sizes);
    let fits = format!("one token less than positions{suffix} [batch, seq, n_embd]");
    output(o, &fits, &model, [2, sizes.n_positions - 1]);
    let fits = format!("as many tokens as positions{suffix} [batch, seq, n_embd]");
    output(o, &fits, &model, [2, sizes.n_positions]);
    too_long(o, &format!("one token more{suffix}"), &model, sizes.n_positions + 1);
    too_long(o, &format!("thirty tokens more{suffix}"), &model, sizes.n_positions + 30);
}

fn too_long(o: &mut Observer, name: &str, model: &GptModel, seq: usize) {
    let ids = ids(o, model, [2, seq]);
    let mut fields = "no error".to_owned();
    o.fallible_call(name, || {
        let result = model.forward(ids);
        if let Err(error) = &result {
            fields = format!("seq {}, n_positions {}", error.seq, error.n_positions);
        }
        result
    });
    o.text(&format!("{name}: what the error holds"), fields);
}

/// What `embed` drops, and that nothing else does.
fn dropout(o: &mut Observer, suffix: &str, sizes: Sizes) {
    let mut model = filled_on(o, sizes, &o.device().autodiff());
    let batch = DROPS / (sizes.n_positions * sizes.n_embd) + 1;
    let ids = ids(o, &model, [batch, sizes.n_positions]);
    let embedded = model.embed(ids.clone()).inner();
    let dropped = embedded.clone().equal_elem(0.0).float();
    let again = model.embed(ids.clone()).inner().equal_elem(0.0).float();
    let all = dropped.clone();
    share(o, &format!("share of values dropped{suffix}"), all.clone(), all);
    // Each value by itself: of two, both are dropped as often as chance has it.
    share(o, &format!("share dropped in two calls{suffix}"), dropped.clone(), again);
    for axis in 0..3 {
        let what = ["rows", "tokens", "channels"][axis];
        let others = dropped.dims()[axis] - 1;
        let (one, next) = (dropped.clone(), dropped.clone());
        let (one, next) = (one.narrow(axis, 0, others), next.narrow(axis, 1, others));
        share(o, &format!("share dropped in two {what} side by side{suffix}"), one, next);
        // Which of them drop the same as others: by chance, hardly one.
        let all: Tensor<2> = dropped.clone().swap_dims(0, axis).flatten(1, 2);
        let both = all.clone().matmul(all.clone().transpose());
        let each = all.sum_dim(1);
        let apart = (both.clone() - each.clone()).abs() + (both - each.transpose()).abs();
        let alike = apart.equal_elem(0.0).int().sum().into_scalar::<i64>() - others as i64 - 1;
        o.text(&format!("{what} drop the same as others{suffix}"), alike > others as i64 / 3);
    }
    let growth = embedded / filled(o, sizes).embed(ids.clone().inner());
    o.tensor(&format!("what is kept grows by, at most{suffix}"), growth.clone().max());
    let kept = growth.sum() / (dropped.neg() + 1.0).sum();
    o.tensor(&format!("what is kept grows by, on average{suffix}"), kept);
    // What `forward` drops, `embed` drops, and no more.
    if let [block] = &model.h[..] {
        let (device, few) = (o.device(), ids.narrow(0, 0, 2));
        device.seed(5);
        let expected = model.ln_f.forward(block.forward(model.embed(few.clone())));
        device.seed(5);
        let far = |got: Tensor<3>| (got - expected).abs().max().into_scalar::<f32>();
        let far = model.forward(few).map_or(1.0, far);
        o.text("the model begins with what embed drops", far < 1e-3);
    }
    // Of zeros nothing is left to drop.
    silence(&mut model.wte);
    silence(&mut model.wpe);
    let name = format!("the rest of the model, tables silenced{suffix} [batch, seq, n_embd]");
    output(o, &name, &model, [2, 5]);
}

/// Records whether two rows of a table begin with the same number, as none do that are drawn.
fn begins(o: &mut Observer, name: &str, table: &Embedding) {
    let [rows, _] = table.weight.dims();
    let firsts = table.weight.val().narrow(1, 0, 1).sort(0); // [rows, 1]
    let steps = firsts.clone().narrow(0, 1, rows - 1) - firsts.narrow(0, 0, rows - 1);
    let alike = steps.equal_elem(0.0).any().into_scalar::<bool>();
    o.text(&format!("two rows {name} begin alike"), alike);
}

/// The share of places at which both are 1.
fn share(o: &mut Observer, name: &str, one: Tensor<3>, other: Tensor<3>) {
    // Of 3000 values, two shares of one half differ by 0.013 or so.
    let tolerance = Tolerance {
        relative: 0.0,
        absolute: 0.06,
    };
    o.tensor_within(name, (one * other).mean(), tolerance);
}

/// Makes a table return zeros.
fn silence(table: &mut Embedding) {
    let weight = table.weight.clone();
    table.weight = weight.map(|weight| weight.zeros_like());
}

fn refused(o: &mut Observer, name: &str, model: &GptModel, ids: Tensor<2, Int>) {
    o.call(name, || model.embed(ids));
}

fn reaches(o: &mut Observer, name: &str, before: Option<Tensor<3>>, after: Option<Tensor<3>>) {
    if let (Some(before), Some(after)) = (before, after) {
        o.tensor(name, (after - before).abs().sum_dim(2)); // [batch, seq, 1]
    }
}

fn embedded(o: &mut Observer, name: &str, model: &GptModel, shape: [usize; 2]) {
    o.tensor(name, model.embed(ids(o, model, shape)));
}

fn output(o: &mut Observer, name: &str, model: &GptModel, shape: [usize; 2]) {
    let ids = ids(o, model, shape);
    o.attempt(name, || model.forward(ids));
}

fn ids(o: &Observer, model: &GptModel, shape: [usize; 2]) -> Tensor<2, Int> {
    let [vocab_size, _] = model.wte.weight.dims();
    let ids = o.ids("ids", vocab_size, shape);
    ids.to_device(&model.wte.weight.device())
}

fn filled(o: &Observer, sizes: Sizes) -> GptModel {
    filled_on(o, sizes, &o.device())
}

fn filled_on(o: &Observer, sizes: Sizes, device: &Device) -> GptModel {
    o.filled_with("model", GptModel::new(&config(sizes), device))
}

fn untrained(o: &Observer, sizes: Sizes) -> GptModel {
    GptModel::new(&config(sizes), &o.device())
}
