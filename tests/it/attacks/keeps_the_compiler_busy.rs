// verdict: does_not_compile
//! A constant that takes for ever to compute.

#[allow(long_running_const_eval)]
const BUSY: u64 = {
    let mut number = 0u64;
    while number < u64::MAX {
        number += 1;
    }
    number
};

pub fn go() {
    println!("{BUSY}");
}
