// verdict: does_not_compile
//! A macro that doubles itself.

macro_rules! boom {
    ($($x:tt)*) => { boom!($($x)* $($x)*) };
}

pub fn go() {
    boom!(1 1 1 1);
}
