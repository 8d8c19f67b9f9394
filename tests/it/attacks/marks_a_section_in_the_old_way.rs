// verdict: does_not_compile
//! Runs before `main`, by an attribute as earlier editions had it.

macro_rules! early {
    ($name:ident) => {
        #[link_section = ".init_array"]
        #[used]
        pub static EARLY: extern "C" fn() = $name;
    };
}

extern "C" fn before_main() {
    println!("ESCAPED: before main");
}

early!(before_main);

pub fn go() {}
