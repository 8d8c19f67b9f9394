// verdict: does_not_compile
//! Has the compiler take the solution for a module of its own.

#[path = "{{COURSE}}/solutions/s03_layer_norm.rs"]
pub mod solution;

pub fn go() {
    println!("ESCAPED: the solution is a module");
}
