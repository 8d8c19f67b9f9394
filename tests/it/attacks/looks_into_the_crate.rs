// verdict: does_not_compile
//! Calls what the check keeps to itself.

pub fn go() {
    let _ = crate::check::filled;
    println!("ESCAPED: {}", stringify!(crate::check));
}
