// verdict: does_not_compile
//! Has the compiler read the check.

pub fn go() {
    println!("ESCAPED: {}", include_str!("{{COURSE}}/checks/s03_layer_norm/check.rs"));
}
