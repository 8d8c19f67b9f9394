//! Two masks, and what a softmax makes of one.

#[path = "../../figures.rs"]
mod figures;

use crate::s02_causal_mask::causal_mask;
use figures::{figure, panel, rows, text};
use kit::Observer;
use kit::tensor::{Tensor, activation};

/// Describes the mask of five tokens, the one of two after three, and the shares of equal scores.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let whole = causal_mask(5, 0, &device);
    let shares = values(activation::softmax(whole.clone(), 1));
    figure(
        "The causal mask",
        &format!(
            "Three tables with a row for each token that looks and a column for each token that is \
             looked at. In the first, five tokens at once, a row is 0 up to its own column and \
             minus infinity behind it. In the second, two tokens after three others, the rows are \
             the last two of the first table. In the third, a softmax of the first one, each row \
             shares 1 evenly among itself and what came before: {:.2}, then {:.2} twice, and so on \
             to {:.2} five times.",
            shares[0], shares[5], shares[20]
        ),
    );
    table("causal_mask(5, 0)", &values(whole), 0, 0);
    table(
        "causal_mask(2, 3)",
        &values(causal_mask(2, 3, &device)),
        3,
        0,
    );
    table("softmax(0 + causal_mask(5, 0))", &shares, 0, 2);
}

fn table(title: &str, values: &[f32], first: usize, digits: usize) {
    panel("cells", title);
    let names: Vec<String> = (0..5).map(|token| token.to_string()).collect();
    text("rows", &names[first..]);
    text("columns", &names);
    text("digits", digits);
    rows("values", values, 5, digits);
}

fn values(table: Tensor<2>) -> Vec<f32> {
    table.try_into_vec_as().unwrap_or_default()
}
