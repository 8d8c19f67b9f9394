// verdict: timed_out
//! Loops for ever.

pub fn go() {
    let mut number = 0u64;
    loop {
        number = std::hint::black_box(number).wrapping_add(1);
    }
}
