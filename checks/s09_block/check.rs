//! Observes step 09.

#[path = "../common.rs"]
mod common;

use crate::s09_block::Block;
use common::config;
use kit::nn::Linear;
use kit::tensor::Tensor;
use kit::{Observer, Sizes};

/// Records each half of the block with the other one silenced, then the whole: at two sizes, on
/// sequences of several shapes, called again, and in training.
///
/// The inputs are small, so that epsilon counts.
pub fn observe(o: &mut Observer) {
    let sizes @ [first, second] = o.sizes();
    o.group("the parameters", |o| {
        o.parameters("parameters", &untrained(o, first));
        o.parameters("parameters at a second size", &untrained(o, second));
    });
    o.group("attention alone", |o| halves(o, sizes, true, false));
    o.group("the MLP alone", |o| halves(o, sizes, false, true));
    o.group("the whole block", |o| {
        halves(o, sizes, true, true);
        // Unusual, and sound; an MLP may be narrower inside.
        let (n_embd, n_inner) = (first.n_embd, first.n_embd - 1);
        let one = filled(o, Sizes { n_head: 1, n_inner, ..first });
        output(o, "with a single head [batch, seq, n_embd]", &one, [2, 3]);
        let many = filled(o, Sizes { n_head: n_embd, n_inner, ..first });
        output(o, "with a head for each channel [batch, seq, n_embd]", &many, [2, 3]);
    });
    o.group("a single row and a single token", |o| {
        let block = filled(o, first);
        output(o, "one token [batch, seq, n_embd]", &block, [1, 1]);
        output(o, "three rows of one token [batch, seq, n_embd]", &block, [3, 1]);
        output(o, "one row [batch, seq, n_embd]", &block, [1, first.n_positions]);
    });
    o.group("called again", |o| {
        let block = filled(o, first);
        output(o, "a short sequence [batch, seq, n_embd]", &block, [2, 2]);
        output(o, "a longer one [batch, seq, n_embd]", &block, [2, 6]);
        let other = o.filled_with("another", untrained(o, first));
        output(o, "with other parameters [batch, seq, n_embd]", &other, [4, 6]);
        output(o, "the short one again [batch, seq, n_embd]", &block, [2, 2]);
    });
    o.group("what a change reaches", |o| {
        let n_embd = second.n_embd;
        let (block, x) = (filled(o, second), input(o, "x", [2, 5, n_embd]));
        let token = input(o, "another token", [2, 1, n_embd]);
        let token = x.clone().slice_assign([0..2, 3..4, 0..n_embd], token);
        let row = input(o, "another row", [1, 5, n_embd]);
        let row = x.clone().slice_assign([1..2, 0..5, 0..n_embd], row);
        let before = block.forward(x);
        let reached = before.clone() - block.forward(token);
        o.tensor("of the fourth token, by position", reached.abs().sum_dim(2)); // [2, 5, 1]
        let reached = before - block.forward(row);
        o.tensor("of the second row, by position", reached.abs().sum_dim(2));
    });
    o.group("in training", |o| {
        let device = o.device().autodiff();
        let block = o.filled_with("block", Block::new(&config(first), &device));
        let x = input(o, "x", [2, 5, first.n_embd]).autodiff();
        // Through the block twice: it has to hand gradients on to what comes before it.
        let output = block.forward(block.forward(x));
        o.tensor("the block applied twice [batch, seq, n_embd]", output.clone().inner());
        let weights = input(o, "weights", output.dims()).autodiff();
        o.gradients("gradient in ", &block, &(output * weights).sum());
    });
    o.group("the values to start from", |o| {
        // At least 2500 weights in each projection, to know a normal distribution by.
        let wide = Sizes { n_embd: 52, n_head: 4, n_inner: 50, ..first };
        o.start("", &untrained(o, wide));
        let wide = untrained(o, wide).mlp;
        let largest = |of: &Linear| of.weight.val().max().into_scalar::<f32>();
        let is_same = largest(&wide.c_fc) == largest(&wide.c_proj);
        o.text("the two of the MLP start from the same numbers", is_same);
        let block = untrained(o, first);
        // Weights are drawn when they are first used: these are, before the next block is made.
        drop(block.forward(input(o, "x", [1, 1, first.n_embd])));
        let next = untrained(o, first);
        alike(o, "attn.c_attn", &block.attn.c_attn, &next.attn.c_attn);
        alike(o, "attn.c_proj", &block.attn.c_proj, &next.attn.c_proj);
        alike(o, "mlp.c_fc", &block.mlp.c_fc, &next.mlp.c_fc);
        alike(o, "mlp.c_proj", &block.mlp.c_proj, &next.mlp.c_proj);
    });
}

fn alike(o: &mut Observer, name: &str, one: &Linear, other: &Linear) {
    o.alike(&format!("{name}: equal in two blocks made in a row"), one, other);
}

/// Blocks of both sizes, with one of the sublayers or both at work.
fn halves(o: &mut Observer, [first, second]: [Sizes; 2], attn: bool, mlp: bool) {
    let half = |o: &mut Observer, name, sizes, shape| {
        let mut block = filled(o, sizes);
        if !attn {
            silence(&mut block.attn.c_proj);
        }
        if !mlp {
            silence(&mut block.mlp.c_proj);
        }
        output(o, name, &block, shape);
    };
    half(o, "output [batch, seq, n_embd]", first, [2, first.n_positions - 2]);
    let shape = [3, second.n_positions - 3];
    half(o, "output at a second size [batch, seq, n_embd]", second, shape);
}

fn output(o: &mut Observer, name: &str, block: &Block, [batch, seq]: [usize; 2]) {
    let [n_embd] = block.ln_1.weight.dims();
    let x = input(o, "x", [batch, seq, n_embd]);
    o.tensor(name, block.forward(x));
}

fn input(o: &Observer, name: &str, shape: [usize; 3]) -> Tensor<3> {
    o.floats_between(name, -0.5, 0.5, shape)
}

/// Makes a projection return zeros.
fn silence(projection: &mut Linear) {
    let weight = projection.weight.clone();
    projection.weight = weight.map(|weight| weight.zeros_like());
    projection.bias = None;
}

fn filled(o: &Observer, sizes: Sizes) -> Block {
    o.filled_with("block", untrained(o, sizes))
}

fn untrained(o: &Observer, sizes: Sizes) -> Block {
    Block::new(&config(sizes), &o.device())
}
