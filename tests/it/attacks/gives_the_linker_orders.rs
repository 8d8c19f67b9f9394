// verdict: does_not_compile
//! Has the linker take in another library, and the assembler a file.

#[link(name = "earlier_s03_layer_norm", kind = "static")]
unsafe extern "C" {}

core::arch::global_asm!(".incbin \"/etc/passwd\"");

pub fn go() {}
