//! A folder of GPT-2's four files, with the weights of Hugging Face's tiny model: what `tutor generate`
//! writes is what `transformers` wrote.

use std::fs;

use serde_json::{Map, Value, json};

use super::{bytes, of_kind, told};
use crate::checkpoints::{Stored, Weights, read, write};
use crate::support::root;

/// Single letters of GPT-2's that can be seen: those of the bytes from here on are these bytes.
const FIRST_LETTER: usize = 33;

#[test]
fn gpt2_in_its_own_files_writes_what_hugging_face_wrote() {
    let file = root().join("tests/it/oracle/tiny/gpt2_generate.safetensors");
    let (all, mut config) = read(&file);
    let numbers = |name: &str| -> Vec<usize> {
        let ids = all[name].bytes.chunks(8);
        let ids = ids.map(|bytes| i64::from_le_bytes(bytes.try_into().expect("eight bytes")));
        ids.map(|id| usize::try_from(id).expect("an id")).collect()
    };
    let (prompt, expected) = (numbers("in.prompt"), numbers("out.greedy"));
    let mut weights: Weights = (all.iter())
        .filter_map(|(name, data)| Some((name.strip_prefix("param.")?.to_owned(), data.clone())))
        .collect();
    let vocabulary = vocabulary();
    widen(
        weights
            .get_mut("transformer.wte.weight")
            .expect("a token table"),
        vocabulary.len(),
    );
    config["vocab_size"] = vocabulary.len().into();
    config["model_type"] = json!("gpt2");

    let folder = tempfile::tempdir().expect("a folder for tests");
    let folder = folder.path();
    write(&folder.join("model.safetensors"), &weights);
    for (name, text) in [
        ("config.json", config.to_string()),
        ("vocab.json", Value::from(vocabulary).to_string()),
        ("merges.txt", "#version: 0.2\n".to_owned()),
    ] {
        fs::write(folder.join(name), text).expect("it can be written");
    }

    let byte = |id: &usize| u8::try_from(FIRST_LETTER + id).expect("a byte");
    let words: String = prompt.iter().map(|id| char::from(byte(id))).collect();
    let new = (expected.len() - prompt.len()).to_string();
    let folder = folder.to_str().expect("it is UTF-8");
    let events = told(&[
        "generate",
        &words,
        "--gpt2",
        folder,
        "--greedy",
        "--max-new-tokens",
        &new,
    ]);
    let tokens = ["prompt", "token"].map(|kind| of_kind(&events, kind));
    let tokens = tokens.iter().flatten();
    let written: Vec<u8> = tokens.flat_map(|event| bytes(&event["bytes"])).collect();
    assert_eq!(written, expected.iter().map(byte).collect::<Vec<u8>>());
}

/// A vocabulary of bytes alone, those that the tiny model knows first, and the end of a text.
fn vocabulary() -> Map<String, Value> {
    let is_seen = |byte: &usize| matches!(byte, 33..=126 | 161..=172 | 174..=255);
    let hidden = (0..256).filter(|byte| !is_seen(byte));
    let hidden = hidden.enumerate().map(|(n, _)| 256 + n);
    let letters = (0..256).filter(is_seen).chain(hidden);
    let letters = letters.map(|letter| {
        let letter = u32::try_from(letter).ok().and_then(char::from_u32);
        letter.expect("a letter").to_string()
    });
    let tokens = letters.chain(["<|endoftext|>".to_owned()]).enumerate();
    tokens.map(|(id, token)| (token, id.into())).collect()
}

/// Gives a table rows of zeros, whose logits are 0: the likeliest of the others is above that.
fn widen(table: &mut Stored, rows: usize) {
    table.bytes.resize(rows * table.shape[1] * 4, 0);
    table.shape[0] = rows;
}
