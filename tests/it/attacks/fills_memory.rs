// verdict: out_of_memory
//! Fills the memory.

pub fn go() {
    let mut all: Vec<Vec<u8>> = Vec::new();
    loop {
        all.push(Vec::with_capacity(64 << 20));
    }
}
