// verdict: does_not_compile
//! A program of some gigabytes.

pub static HUGE: [u8; 4 << 30] = [1; 4 << 30];

pub fn go() {
    println!("{}", HUGE[std::hint::black_box(17)]);
}
