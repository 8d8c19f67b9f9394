// verdict: does_not_compile
//! Gives a function the name of one that everything calls, the observer too.

#[unsafe(no_mangle)]
pub extern "C" fn read(_number: i32, _to: *mut u8, _length: usize) -> isize {
    println!("ESCAPED: everybody reads through this");
    0
}

pub fn go() {}
