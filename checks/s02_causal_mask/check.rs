//! Observes step 02.

use crate::s02_causal_mask::causal_mask;
use kit::Observer;

/// Records masks with and without earlier tokens.
pub fn observe(o: &mut Observer) {
    let new = 4 + o.below("new", 3);
    let past = 2 + o.below("past", 6);
    let device = o.device();
    o.group("a sequence from its start", |o| {
        o.tensor("mask [query, key]", causal_mask(new, 0, &device));
    });
    o.group("a single token", |o| {
        o.tensor("on its own [query, key]", causal_mask(1, 0, &device));
        o.tensor("after earlier ones [query, key]", causal_mask(1, past, &device));
    });
    o.group("several tokens after earlier ones", |o| {
        o.tensor("mask [query, key]", causal_mask(new, past, &device));
    });
}
