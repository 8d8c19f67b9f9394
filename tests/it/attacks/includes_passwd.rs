// verdict: does_not_compile
//! Has the compiler read a file of the system's.

pub fn go() {
    println!("ESCAPED: {:?}", include_bytes!("/etc/passwd"));
}
