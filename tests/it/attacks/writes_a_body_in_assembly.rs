// verdict: does_not_compile
//! Writes a function in assembly, which rustc's lint for `unsafe` code passes over, and has it run before
//! `main`.

macro_rules! body {
    ($name:ident) => {
        #[unsafe(naked)]
        extern "C" fn body() {
            std::arch::$name!(
                ".pushsection .init_array,\"aw\"",
                ".quad {}",
                ".popsection",
                "ret",
                sym before_main,
            )
        }
    };
}

body!(naked_asm);

extern "C" fn before_main() {
    println!("ESCAPED: ran before `main`");
}

pub fn go() {
    body();
}
