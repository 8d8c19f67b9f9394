// verdict: passed
//! Macros that the check might use, with another meaning.

#[macro_export]
macro_rules! format {
    ($($x:tt)*) => { compile_error!("ESCAPED: the check uses my macros") };
}

#[macro_export]
macro_rules! vec {
    ($($x:tt)*) => { compile_error!("ESCAPED: the check uses my macros") };
}

pub fn go() {}
