// verdict: does_not_compile
//! Runs before `main`, while standard input still holds the orders.

extern "C" fn early() {
    println!("ESCAPED: before main");
}

#[unsafe(link_section = ".init_array")]
#[used]
pub static EARLY: extern "C" fn() = early;

pub fn go() {}
