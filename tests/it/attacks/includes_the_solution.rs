// verdict: does_not_compile
//! Has the compiler read the solution.

pub fn go() {
    println!("ESCAPED: {}", include_str!("{{COURSE}}/solutions/s03_layer_norm.rs"));
}
