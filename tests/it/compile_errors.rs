//! What a learner reads of rustc's errors and of Burn's panics: in the words that a step knows, with
//! a sentence where there is one, and without a line of a solution or a check.

use std::fs;

use serde_json::Value;

use crate::support::{self, Done, Sandbox};

const QKV: &str = "let [q, k, v] = [0, 1, 2].map(|part| {
            let part = qkv.clone().narrow(2, part * n_embd, n_embd); // [batch, seq, n_embd]
            self.split_heads(part) // [batch, n_head, seq, head_dim]
        });";

/// A step's solution with one piece of its text replaced.
fn edited(step: &str, from: &str, to: &str) -> String {
    let path = support::root().join(format!("solutions/{step}.rs"));
    let text = fs::read_to_string(path).expect("the solution is there");
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

/// The verdict on it.
fn judged(sandbox: &Sandbox, step: &str, from: &str, to: &str) -> Value {
    sandbox.write(&format!("steps/{step}.rs"), edited(step, from, to));
    sandbox.json(&[step]).1
}

/// What the first error is said to mean.
fn meaning(result: &Value) -> &str {
    let details = &result["details"];
    let meaning = match result["verdict"].as_str() {
        Some("does_not_compile") => &details["errors"][0]["meaning"],
        Some("panicked") => &details["meaning"],
        _ => panic!("neither an error nor a panic: {result:#}"),
    };
    meaning.as_str().unwrap_or_default()
}

/// Each edit of a step, and what it is told.
fn assert_meanings(step: &str, edits: &[(&str, &str, &str)]) {
    let sandbox = Sandbox::real();
    for (from, to, words) in edits {
        let result = judged(&sandbox, step, from, to);
        let meaning = meaning(&result);
        // No words: it has none.
        let is_right = meaning.contains(words) && meaning.is_empty() == words.is_empty();
        assert!(is_right, "{to}: {meaning}\n{result:#}");
    }
}

#[test]
fn numbers_and_ranks() {
    assert_meanings(
        "s07_attention",
        &[
            ("(head_dim as f64).sqrt()", "head_dim", "`head_dim as f64`"),
            (
                "(head_dim as f64).sqrt()",
                "(1.0_f64 / head_dim)",
                "`head_dim as f64`",
            ),
            (
                "(head_dim as f64).sqrt()",
                "f64::sqrt(head_dim)",
                "`head_dim as f64`",
            ),
            (
                "(head_dim as f64).sqrt()",
                "head_dim.sqrt()",
                "`isqrt` rounds down",
            ),
            (
                "mask.unsqueeze()",
                "mask",
                "`Tensor<4>` on the left, `Tensor<2>` on the right",
            ),
            (
                "self.c_proj.forward(self.merge_heads(found))",
                "found",
                "3 expected here, 4 found",
            ),
            (
                "let [_, _, n_embd] = x.dims();",
                "let [_, n_embd] = x.dims();",
                "this tensor has 3",
            ),
            (
                "let scores = q.matmul",
                "let y = q.clone().unsqueeze(); let scores = q.matmul",
                "`let y: Tensor<3> = …`",
            ),
            (
                "let scores = q.matmul",
                "let n = q.clone().squeeze().dims()[0]; let scores = q.matmul",
                "`.squeeze::<3>(…)`",
            ),
            (
                QKV,
                "let [q, k, v] = qkv.chunk(3, 2);",
                ".try_into().unwrap()",
            ),
            (QKV, "let (q, k, v) = qkv.chunk(3, 2);", "not a tuple"),
        ],
    );
}

#[test]
fn names_and_files() {
    assert_meanings(
        "s07_attention",
        &[
            (
                "use burn::tensor::activation::softmax;\n",
                "",
                "`use burn::tensor::activation::softmax;`",
            ),
            (
                "use burn::tensor::{Device, Tensor};",
                "use burn::tensor::Tensor;",
                "`use burn::tensor::{Device, Tensor};`",
            ),
            (
                "use burn::module::Module;\n",
                "",
                "`use burn::module::Module;`",
            ),
            (
                "use crate::s04_mlp::linear;\n",
                "",
                "`use crate::s04_mlp::linear;`",
            ),
            (
                "use burn::module::Module;",
                "use burn::module::Module;\nuse ndarray::Array;",
                "a step is a single file",
            ),
            (
                "use burn::module::Module;",
                "use burn::module::Module;\nmod helpers;",
                "A step is a single file",
            ),
            (
                "use crate::s04_mlp::linear;",
                "use crate::s04_mlp::linear;\nuse crate::s09_block::Block;",
                "step 09 comes after this one",
            ),
            (
                "merge_heads(&self, x: Tensor<4>)",
                "merge_heads<B>(&self, x: Tensor<B, 4>)",
                "nothing is generic over a backend",
            ),
        ],
    );
}

#[test]
fn what_belongs_to_somebody_else() {
    let weight = "self.weight.val().unsqueeze()";
    assert_meanings(
        "s03_layer_norm",
        &[
            (weight, "self.weight", "`self.weight.val()`"),
            (
                weight,
                "self.weight.clone().unsqueeze()",
                "`self.weight.val()`",
            ),
        ],
    );
    assert_meanings(
        "s04_mlp",
        &[
            (
                "x.clone() * (x.clone()",
                "x * (x",
                "`x.clone()`. That is cheap",
            ),
            ("(2.0 / PI).sqrt()", "(2.0 / 3.14).sqrt()", "`2.0_f64`"),
            (
                "(2.0 / PI).sqrt()",
                "(2 / PI).sqrt()",
                "write `2.0` for `2`",
            ),
            ("x * share", "&x * share", "`x.clone()` for `&x`"),
        ],
    );
}

#[test]
fn panics() {
    let edits = [
        ("let _ = q.clone().matmul(k.clone());", "4 is not 5"),
        ("let _ = q.clone().reshape([6, seq, 9]);", "keeps every element"),
        ("let _ = q.clone().narrow(2, 3, 4);", "not an end"),
        ("let _ = q.clone().swap_dims(2, 4);", "there is no axis 4"),
        ("let _ = Tensor::cat(vec![q.clone(), k.clone().narrow(2, 0, 2)], 1);", "`cat` along axis 1"),
        ("let b = Tensor::<2>::ones([3, 3], &q.device()).bool(); let _ = q.clone().mask_fill(b.unsqueeze(), 0.0);", "the mask 3"),
        ("let _ = q.clone().squeeze_dim::<3>(2);", "axis 2 is longer"),
        ("let _ = q.clone().squeeze::<3>();", "`squeeze_dim(i)`"),
        ("let _ = q.clone() + k.clone().narrow(2, 0, 2);", "differ in axis 2"),
        ("let _ = self.c_proj.forward(q.clone());", "vectors of "),
        ("let parts = q.clone().chunk(2, 2); let _ = parts[2].clone();", "entry 2 was asked"),
    ]
    .map(|(code, words)| {
        // Shapes of its own: those of the check are drawn from the seed.
        let own = "let q = Tensor::<4>::ones([2, 3, 5, 4], &q.device()); \
                   let (k, seq) = (q.clone(), 5);";
        (format!("{own} {code} let scores = q.matmul"), words)
    });
    let edits: Vec<(&str, &str, &str)> = edits
        .iter()
        .map(|(code, words)| ("let scores = q.matmul", code.as_str(), *words))
        .collect();
    assert_meanings("s07_attention", &edits);
    assert_meanings(
        "s05_token_embeddings",
        &[
            ("forward(ids)", "forward(ids + 1000)", "0 to "),
            ("forward(ids)", "forward(ids - 1000)", "a negative index"),
            ("self.wte.forward(ids)", "panic!(\"my own words\")", ""),
        ],
    );
}

#[test]
fn a_meaning_is_said_once() {
    let sandbox = Sandbox::real();
    judged(&sandbox, "s04_mlp", "x.clone() * (x.clone()", "x * (x");
    let shown = sandbox.tutor(&["run", "s04"]).stdout;
    assert_eq!(shown.matches("That is cheap").count(), 1, "{shown}");
    assert_eq!(shown.matches("error[E0382]").count(), 2, "{shown}");
}

#[test]
fn a_course_has_messages_of_its_own_or_none() {
    let sandbox = Sandbox::small();
    let broken = ("x * self.weight.val().unsqueeze()", "x * self.weight");
    let text = sandbox.read("solutions/s01_scale.rs");
    sandbox.write("steps/s01_scale.rs", text.replace(broken.0, broken.1));
    assert!(meaning(&sandbox.json(&["s01"]).1).contains(".val()"));

    fs::remove_file(sandbox.path().join("kit/messages.toml")).expect("it is there");
    let result = sandbox.json(&["s01"]).1;
    assert_eq!(result["details"]["errors"][0]["meaning"], Value::Null);

    sandbox.write(
        "kit/messages.toml",
        "[[message]]\nabout = 'compile'\npattern = 'error'\nmeaning = '{what}'\n",
    );
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("messages.toml:4:11"), "{done:?}");
    assert!(done.stderr.contains("`{what}`"), "{done:?}");
}

/// What is said of a call of an earlier step's function with an argument too few.
const TOO_FEW: (&str, &str, &str) = (
    "s07_attention",
    "linear(n_embd, 3 * n_embd, device)",
    "linear(n_embd, 3 * n_embd)",
);

fn assert_quotes_nothing(text: &str) {
    for gone in [
        "solutions/",
        "checks/",
        "kit::",
        "Observer",
        "tensors.rs",
        "observer/src",
        "tutor/main.rs",
    ] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
}

#[test]
fn a_note_leads_to_ones_own_file() {
    let sandbox = Sandbox::real();
    let own = format!("// one line more\n{}", sandbox.read("steps/s04_mlp.rs"));
    let line = own
        .lines()
        .position(|line| line.starts_with("pub fn linear"));
    let line = line.expect("it is there") + 1;
    sandbox.write("steps/s04_mlp.rs", &own);
    let result = judged(&sandbox, TOO_FEW.0, TOO_FEW.1, TOO_FEW.2);
    let rendered = result["details"]["errors"][0]["rendered"].as_str();
    let rendered = rendered.expect("it is there");
    assert_quotes_nothing(rendered);
    assert!(rendered.contains("&burn::tensor::Device"), "{rendered}");
    let place = format!("steps/s04_mlp.rs:{line}\n");
    assert!(rendered.contains(&place), "{rendered}");
    let signature = "| pub fn linear(d_in: usize, d_out: usize, device: &Device) -> Linear";
    assert!(rendered.contains(signature), "{rendered}");

    let shown = sandbox.tutor(&["run", "s07"]).stdout;
    assert!(shown.contains(&format!("--> {place}")), "{shown}");

    // What is not there any more has no line.
    sandbox.write(
        "steps/s04_mlp.rs",
        own.replace("pub fn linear", "fn linear"),
    );
    let shown = sandbox.tutor(&["run", "s07"]).stdout;
    assert!(shown.contains("--> steps/s04_mlp.rs\n"), "{shown}");
}

#[test]
fn a_terminal_keeps_its_colours() {
    let sandbox = Sandbox::real();
    judged(&sandbox, TOO_FEW.0, TOO_FEW.1, TOO_FEW.2);
    let mut command = sandbox.command(&["run", "s07"]);
    let output = command.env("CLICOLOR_FORCE", "1").output();
    let shown = Done::from(output.expect("tutor can be started")).stdout;
    assert!(shown.contains("\x1b["), "{shown}");
    let plain: String = anstream::adapter::strip_str(&shown).to_string();
    assert_quotes_nothing(&plain);
    assert!(plain.contains("--> steps/s04_mlp.rs:"), "{plain}");
}

#[test]
fn the_check_is_not_quoted() {
    let sandbox = Sandbox::real();
    let result = judged(
        &sandbox,
        "s07_attention",
        "#[derive(Module, Debug)]",
        "#[derive(Debug)]",
    );
    let errors = result["details"]["errors"].as_array().expect("a list");
    assert!(!errors.is_empty());
    for error in errors {
        let rendered = error["rendered"].as_str().expect("it is text");
        assert!(
            rendered.contains("`CausalSelfAttention: Module` is not satisfied"),
            "{rendered}"
        );
        assert_quotes_nothing(rendered);
    }
}

#[test]
fn so_it_is_in_a_class() {
    let sandbox = Sandbox::real();
    let class = tempfile::tempdir().expect("a folder for tests");
    let ann = class.path().join("submissions/ann");
    fs::create_dir_all(&ann).expect("it can be made");
    let text = edited(TOO_FEW.0, TOO_FEW.1, TOO_FEW.2);
    fs::write(ann.join("s07_attention.rs"), text).expect("it can be written");
    let out = class.path().join("grades");
    let mut command = sandbox.command(&["grade", "--steps", "s07", "--out"]);
    command.arg(&out).arg(class.path().join("submissions"));
    let done = Done::from(command.output().expect("tutor can be started"));
    assert_eq!(done.code, 0, "{done:?}");
    let text = fs::read(out.join("results.json")).expect("there are results");
    let results: Value = serde_json::from_slice(&text).expect("they are JSON");
    let text = &results["students"][0]["steps"][0]["text"];
    let text = text.as_str().expect("it is text");
    assert_quotes_nothing(text);
    assert!(text.contains("--> s04_mlp.rs\n"), "{text}");
    assert!(text.contains("&burn::tensor::Device"), "{text}");
}
