//! A step is no program. This one is there so that `cargo run` can say what judges a step.

fn main() {
    println!("A step is judged by `tutor run`, or by `cargo run -- run` in the course's folder.");
}
