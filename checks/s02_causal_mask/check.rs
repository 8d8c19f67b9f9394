//! Observes step 02.

use crate::s02_causal_mask::causal_mask;
use kit::tensor::Device;
use kit::{Observer, Tolerance};

/// Records masks with and without earlier tokens.
pub fn observe(o: &mut Observer) {
    let device = o.device();
    let few = 2 + o.below("few tokens", 2);
    let some = 4 + o.below("some tokens", 3);
    let past = 7 + o.below("earlier tokens", 3);
    let late = 10 + o.below("more earlier tokens", 4);
    o.group("a sequence from its start", |o| {
        mask(o, "mask", some, 0, &device);
        mask(o, "a longer one", late, 0, &device);
        mask(o, "a shorter one", few, 0, &device);
    });
    // Nothing is hidden from a single token, so that its mask tells little of what went wrong:
    // that of two says the rest.
    o.group("a single token, and two", |o| {
        mask(o, "one on its own", 1, 0, &device);
        mask(o, "one after earlier ones", 1, past, &device);
        mask(o, "one after another", 1, 1, &device);
        let long = 300 + o.below("a long text", 700);
        mask(o, "one after a long text", 1, long, &device);
        mask(o, "two after earlier ones", 2, past, &device);
        mask(o, "two on their own", 2, 0, &device);
    });
    o.group("several tokens after earlier ones", |o| {
        mask(o, "mask", some, past, &device);
        mask(o, "fewer after more", few, late, &device);
        mask(o, "more after fewer", late, few, &device);
        mask(o, "as many", some, some, &device);
        mask(o, "after a single one", past, 1, &device);
    });
    o.group("called again", |o| {
        mask(o, "the first one", some, 0, &device);
        mask(o, "a single token", 1, past, &device);
        mask(o, "several tokens", some, past, &device);
        // This one is not the device that tensors come to by themselves.
        let elsewhere = device.clone().autodiff();
        let mask = causal_mask(some, past, &elsewhere);
        o.text("it is on the device that is given", mask.is_autodiff());
    });
}

/// Nothing is rounded: what is neither 0 nor minus infinity is wrong.
fn mask(o: &mut Observer, name: &str, new: usize, past: usize, device: &Device) {
    let name = format!("{name} [query, key]");
    o.tensor_within(&name, causal_mask(new, past, device), Tolerance::EXACT);
}
