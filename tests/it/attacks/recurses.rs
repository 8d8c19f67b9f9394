// verdict: stack_overflow
//! Calls itself for ever.

fn deeper(number: u64) -> u64 {
    std::hint::black_box(deeper(number + 1)) + 1
}

pub fn go() {
    println!("{}", deeper(0));
}
