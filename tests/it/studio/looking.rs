//! `tutor look`.

use serde_json::Value;

use super::{TRAINED, WORDS, list, numbers, of_kind, told, tutor, whole_number};

#[test]
fn attention_looks_back_with_weights_that_add_up_to_1() {
    let seen = seen(WORDS);
    let size = WORDS.len();
    assert_eq!(list(&seen["attention"]).len(), 2);
    for head in list(&seen["attention"]).iter().flat_map(list) {
        assert_eq!(list(head).len(), size);
        for (query, row) in list(head).iter().enumerate() {
            let row = numbers(row);
            assert_eq!(row.len(), size);
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{row:?}");
            assert!(row[..=query].iter().all(|weight| *weight > 0.0), "{row:?}");
            assert!(
                row[query + 1..].iter().all(|weight| *weight == 0.0),
                "{row:?}"
            );
        }
    }
}

#[test]
fn the_last_layer_of_the_lens_says_what_the_model_says() {
    let seen = seen(WORDS);
    let lens = list(&seen["lens"]);
    assert_eq!(lens.len(), 2 + 1);
    let mut right = 0;
    for (place, _) in WORDS.char_indices() {
        let args = [
            "generate",
            &WORDS[..=place],
            "--greedy",
            "--show-probabilities",
        ];
        let events = told(&[&args[..], &["--max-new-tokens", "1"]].concat());
        let token = of_kind(&events, "token")[0];
        let likely = &lens[2][place][0];
        assert_eq!(
            token["label"],
            likely["text"],
            "after {:?}",
            &WORDS[..=place]
        );
        let [written, read] =
            [token, likely].map(|it| it["probability"].as_f64().expect("it is told"));
        assert!((written - read).abs() < 1e-5, "{written} and {read}");
        // What comes next costs the logarithm of its probability.
        if let Some(next) = WORDS[place + 1..].chars().next()
            && likely["text"] == next.to_string().as_str()
        {
            let loss = numbers(&seen["losses"])[place];
            assert!((loss + read.ln()).abs() < 1e-4, "{loss} and {read}");
            right += 1;
        }
    }
    assert!(right > 0, "no loss was looked at");
}

#[test]
fn a_head_is_worth_what_a_model_loses_that_lacks_it() {
    let whole = seen(WORDS);
    let before = mean(&numbers(&whole["losses"]));
    let sandbox = &*TRAINED;
    for (layer, head) in [(0, 1), (1, 0)] {
        let name = format!("without_{layer}_{head}");
        for file in ["config.json", "characters.json", "model.safetensors"] {
            let from = sandbox.path().join(".tutor/model").join(file);
            crate::support::copy(&from, &sandbox.path().join(&name).join(file));
        }
        blank(
            &sandbox.path().join(&name).join("model.safetensors"),
            layer,
            head,
        );
        let without = told(&["look", WORDS, "--checkpoint", &name]).remove(0);
        let grown = mean(&numbers(&without["losses"])) - before;
        let said = numbers(&whole["removed"][layer])[head];
        assert!(
            (grown - said).abs() < 1e-5,
            "layer {layer}, head {head}: {grown} and {said}"
        );
        assert!(said.abs() > 1e-3, "nothing could be told from this: {said}");
    }
}

/// Makes zeros of the rows of a layer's `c_proj` that take in what `head` found: they are
/// `[n_embd, n_embd]`, one row for each channel of the heads.
fn blank(weights: &std::path::Path, layer: usize, head: usize) {
    let mut file = std::fs::read(weights).expect("it is there");
    let header = u64::from_le_bytes(file[..8].try_into().expect("8 bytes"));
    let header = usize::try_from(header).expect("it is in memory");
    let names: Value = serde_json::from_slice(&file[8..8 + header]).expect("it is JSON");
    let tensor = &names[format!("transformer.h.{layer}.attn.c_proj.weight")];
    let shape = numbers(&tensor["shape"]);
    assert_eq!(
        (shape.as_slice(), &tensor["dtype"]),
        (&[16.0, 16.0][..], &Value::from("F32"))
    );
    let begin = 8 + header + whole_number(&tensor["data_offsets"][0]);
    let of_a_head = 8 * 16 * 4;
    file[begin + head * of_a_head..][..of_a_head].fill(0);
    std::fs::write(weights, file).expect("it can be written");
}

#[test]
fn neighbours_point_the_same_way_and_are_others() {
    let seen = seen(WORDS);
    for token in list(&seen["neighbours"]) {
        let nearest = list(&token["nearest"]);
        let cosines: Vec<f64> = nearest
            .iter()
            .filter_map(|near| near["cosine"].as_f64())
            .collect();
        assert_eq!(cosines.len(), 5);
        assert!(cosines.is_sorted_by(|a, b| a >= b), "{cosines:?}");
        assert!(
            cosines.iter().all(|cosine| cosine.abs() <= 1.0 + 1e-6),
            "{cosines:?}"
        );
        assert!(
            nearest.iter().all(|near| near["text"] != token["text"]),
            "{token}"
        );
    }
}

#[test]
fn a_text_longer_than_the_window_is_cut_and_pieces_of_characters_are_bytes() {
    let text = "😀 and a token looks at what came before";
    let done = tutor(&["look", text, "--checkpoint", "bpe"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stdout.contains("longer than the model's window"),
        "{done:?}"
    );
    assert!(done.stdout.contains("<f0>"), "{done:?}");
    let seen = told(&["look", text, "--checkpoint", "bpe"]).remove(0);
    assert_eq!(list(&seen["tokens"]).len(), 16);
    assert!(
        seen["left_out"].as_u64().is_some_and(|tokens| tokens > 0),
        "{seen}"
    );
    assert_eq!(seen["version"], 1);
}

#[test]
fn the_page_holds_everything_and_needs_nothing() {
    let done = tutor(&["look", WORDS, "--html", "page.html"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(done.stdout, "");
    let page = TRAINED.read("page.html");
    for section in [
        "The loss of each token",
        "Attention",
        "What a head is worth",
        "The logit lens",
        "The nearest rows of the token table",
        "Layer 1, head 1",
    ] {
        assert!(page.contains(&format!(">{section}</h")), "{section}");
    }
    for foreign in [
        "http:", "https:", "src=", "<script", "<link", "@import", "url(",
    ] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    // Whatever is pointed at is there.
    for target in page
        .split("href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(page.contains(&format!(" id=\"{target}\"")), "{target}");
    }
}

/// What was seen in the model while it read `text`.
fn seen(text: &str) -> Value {
    told(&["look", text]).remove(0)
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
