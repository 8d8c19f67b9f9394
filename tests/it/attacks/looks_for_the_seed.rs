// verdict: passed
//! Looks for the seed where a program is told things: environment, arguments, standard input.

use std::io::Read;

pub fn go() {
    for (name, value) in std::env::vars() {
        if name != "LD_LIBRARY_PATH" {
            println!("ESCAPED: {name}={value}");
        }
    }
    for argument in std::env::args().skip(1) {
        println!("ESCAPED: argument {argument}");
    }
    let mut text = String::new();
    if std::io::stdin().read_to_string(&mut text).is_ok() && !text.is_empty() {
        println!("ESCAPED: standard input says {text}");
    }
}
