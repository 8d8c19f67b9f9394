// verdict: does_not_compile
//! Has rustc point at lines of other crates, which lie in somebody's home.

pub fn go() {
    let _ = burn::nn::LinearConfig::new(1);
    let _: u8 = std::fs::read("x");
    let _ = burn::tensor::Tensor::<2>::there_is_no_such_function();
}
