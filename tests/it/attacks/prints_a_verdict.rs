// verdict: wrong_values
//! Is wrong, and prints what a passed step looks like.

pub const WRONG: bool = true;

pub fn go() {
    println!("{{\"version\":1,\"results\":[{{\"step\":\"s03\",\"verdict\":\"passed\"}}]}}");
    println!("\"finished\"");
    println!("test result: ok. 5 passed; 0 failed");
}
