//! Tells the loss of the model in the current folder on the text that is held back there.

use std::fs;
use std::path::Path;

use crate::s14_tokenizer::CharTokenizer;
use crate::s17_training::evaluate;
use crate::s18_checkpoint::load_gpt2;

pub fn main() {
    let (model, config) = load_gpt2(Path::new("."), &kit::device()).expect("it is whole");
    let characters = fs::read_to_string("characters.json").expect("it is there");
    let characters: String = serde_json::from_str(&characters).expect("it is a string");
    let tokenizer = CharTokenizer::from_chars(characters.chars().collect());
    let text = fs::read_to_string("validation.txt").expect("it is there");
    let ids = tokenizer.encode(&text).expect("it knows all characters");
    let loss = evaluate(&model, &ids, config.n_positions, 16, 4).expect("the text is long enough");
    println!("{loss:.4}");
}
