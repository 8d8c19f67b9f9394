//! A file, byte by byte.
//!
//! Ask: a tensor of two numbers, 1 and -2, is called `a`. How many bytes does its file have, and where in
//! it are the two numbers? Which bytes are they?

use crate::s18_checkpoint::{Weights, read_tensors, write_tensors};
use kit::Observer;
use kit::tensor::TensorData;

/// Prints the file of a small tensor, and what becomes of it with a byte less.
pub fn observe(_: &mut Observer) {
    let mut tensors = Weights::new();
    tensors.insert("a".to_owned(), TensorData::new(vec![1.0_f32, -2.0], [2]));
    let file = match write_tensors(&tensors, &[]) {
        Ok(file) => file,
        Err(error) => {
            println!("no file: {error}");
            return;
        }
    };
    let (length, rest) = file.split_at(file.len().min(8));
    let mut eight = [0; 8];
    eight[..length.len()].copy_from_slice(length);
    let header = usize::try_from(u64::from_le_bytes(eight)).unwrap_or(usize::MAX);
    let (header, numbers) = rest.split_at(header.min(rest.len()));
    println!("  {:>3} bytes  {}", length.len(), hex(length));
    for line in header.chunks(64) {
        println!("  {:>3} bytes  {}", line.len(), String::from_utf8_lossy(line));
    }
    println!("  {:>3} bytes  {}", numbers.len(), hex(numbers));
    println!();
    let cut = read_tensors(&file[..file.len() - 1]);
    let whole = read_tensors(&file).is_ok_and(|read| read == tensors);
    if whole && cut.is_err() && hex(numbers) == "00 00 80 3f 00 00 00 c0" {
        println!(
            "The length of the header, the header, the numbers, each with its lowest byte first."
        );
        println!(
            "With one byte less, `read_tensors` refuses the file: the header says how long it is."
        );
    } else {
        println!(
            "The last eight bytes should be 00 00 80 3f 00 00 00 c0, the whole file should be"
        );
        println!(
            "read back as it was written, and a byte less refused: `tutor run s18` says more."
        );
    }
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}
