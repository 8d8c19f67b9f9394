//! `tutor generate` and `tutor look`, with a model that is trained here: tiny, on the kit of the checks, which
//! is there already.

mod gpt2;
mod looking;

use std::io::Read;
use std::process::Stdio;
use std::sync::LazyLock;

use serde_json::Value;

use crate::support::{Done, Sandbox};

/// Sizes of the models.
const SIZES: &str = "n_layer=2,n_embd=16,n_head=2,context=16,n_positions=16,batch_size=2,learning_rate=0.01,warmup_steps=5";

const TEXT: &str = "a token looks at what came before it, and at nothing else.\n# mask\n";

/// What it is asked about.
const WORDS: &str = "a token looks";

/// Whose steps, and which kit.
const HOW: [&str; 3] = ["--solution", "--backend", "ndarray"];

/// A course with two trained models: `.tutor/model` of characters, and `bpe`.
static TRAINED: LazyLock<Sandbox> = LazyLock::new(|| {
    let sandbox = Sandbox::real();
    sandbox.write("text.txt", TEXT.repeat(20));
    let common = [
        "train", "--text", "text.txt", "--steps", "60", "--config", SIZES,
    ];
    let bpe = ["--tokenizer", "bpe", "--vocab-size", "270", "--out", "bpe"];
    for more in [&[][..], &bpe] {
        let done = sandbox.tutor(&[&common, more, &HOW].concat());
        assert_eq!(done.code, 0, "{done:?}");
    }
    sandbox
});

fn tutor(args: &[&str]) -> Done {
    TRAINED.tutor(&[args, &HOW].concat())
}

/// What `tutor` tells programs, a JSON object a line.
fn told(args: &[&str]) -> Vec<Value> {
    let done = tutor(&[args, &["--format", "json"]].concat());
    assert_eq!(done.code, 0, "{done:?}");
    let lines = done.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect()
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["event"] == kind)
        .collect()
}

fn numbers(value: &Value) -> Vec<f64> {
    let values = value.as_array().expect("it is an array").iter();
    values
        .map(|value| value.as_f64().expect("it is a number"))
        .collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    let bytes = list(value).iter().map(whole_number);
    bytes
        .map(|byte| u8::try_from(byte).expect("it is a byte"))
        .collect()
}

fn whole_number(value: &Value) -> usize {
    let number = value.as_u64().expect("it is a whole number");
    usize::try_from(number).expect("it is a count")
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("it is an array")
}

#[test]
fn the_tokens_that_are_told_make_up_the_text() {
    for model in [&[][..], &["--checkpoint", "bpe"]] {
        let prompt = if model.is_empty() {
            "a mask"
        } else {
            "Grüße 😀"
        };
        let args = [&["generate", prompt, "--max-new-tokens", "30"], model].concat();
        let events = told(&args);
        let tokens = of_kind(&events, "token");
        assert_eq!(tokens.len(), 30);
        let all = of_kind(&events, "prompt").into_iter().chain(tokens);
        let bytes: Vec<u8> = all.flat_map(|event| bytes(&event["bytes"])).collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.starts_with(prompt), "{text}");
        assert_eq!(of_kind(&events, "end")[0]["text"], text.as_str());

        // What people see is the same text, without what moves a cursor.
        let done = tutor(&args);
        assert_eq!(done.code, 0, "{done:?}");
        let is_shown = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
        let shown: String = text.chars().filter(is_shown).collect();
        assert_eq!(done.stdout, format!("{shown}\n"));
    }
}

#[test]
fn the_same_seed_writes_the_same_text_and_another_one_another() {
    let with = |seed: &str| tutor(&["generate", "a", "--temperature", "2", "--seed", seed]).stdout;
    let first = with("5");
    // As long as the window many times over.
    assert_eq!(first.chars().count(), 1 + 200 + 1);
    assert_eq!(first, with("5"));
    assert_ne!(first, with("6"));
    let greedy = |seed: &str| tutor(&["generate", "a", "--greedy", "--seed", seed]).stdout;
    assert_eq!(greedy("5"), greedy("6"));
}

#[test]
fn without_colours_probabilities_are_numbers() {
    let args = [
        "generate",
        "a mask",
        "--show-probabilities",
        "--max-new-tokens",
        "20",
    ];
    let events = told(&args);
    let tokens = of_kind(&events, "token");
    let done = tutor(&args);
    let listed: Vec<&str> = done
        .stdout
        .lines()
        .filter(|line| line.contains(" %"))
        .collect();
    assert_eq!(listed.len(), tokens.len(), "{done:?}");
    for (token, line) in tokens.iter().zip(listed) {
        let probability = token["probability"].as_f64().expect("it is told");
        let others = list(&token["runners_up"]);
        let others: f64 = others
            .iter()
            .filter_map(|other| other["probability"].as_f64())
            .sum();
        assert!(
            probability > 0.0 && probability + others < 1.0 + 1e-6,
            "{token}"
        );
        if probability >= 0.01 {
            let number = format!(" {:.0} % ", probability * 100.0);
            assert!(line.contains(&number), "{number}: {line}");
        }
    }
}

#[test]
fn who_reads_no_further_ends_the_writing() {
    let args = ["generate", "a", "--max-new-tokens", "1000000000"];
    let mut child = TRAINED
        .command(&[&args[..], &HOW].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("tutor can be started");
    let mut out = child.stdout.take().expect("it is piped");
    out.read_exact(&mut [0; 30]).expect("it writes");
    drop(out);
    // It would take years otherwise.
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn a_prompt_may_be_longer_than_the_window_or_missing() {
    let long = "a token looks at what came before";
    let done = tutor(&["generate", long, "--max-new-tokens", "1"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.starts_with(long), "{done:?}");
    assert!(done.stderr.contains("it reads the last 16"), "{done:?}");
    // The model sees no more than these.
    let cut = &long[long.len() - 16..];
    let greedy = |prompt| tutor(&["generate", prompt, "--greedy", "--max-new-tokens", "1"]).stdout;
    assert_eq!(
        greedy(long).chars().rev().nth(1),
        greedy(cut).chars().rev().nth(1)
    );

    for prompt in [&["generate"][..], &["generate", ""]] {
        let done = tutor(&[prompt, &["--max-new-tokens", "1"]].concat());
        assert_eq!(done.code, 0, "{done:?}");
        // The text has a heading.
        assert!(done.stdout.starts_with("# "), "{done:?}");
    }
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_do() {
    let sandbox = &*TRAINED;
    let folder = |name: &str, changed: &str, content: &[u8]| {
        for file in ["config.json", "model.safetensors", "characters.json"] {
            let from = sandbox.path().join(".tutor/model").join(file);
            crate::support::copy(&from, &sandbox.path().join(name).join(file));
        }
        sandbox.write(&format!("{name}/{changed}"), content);
    };
    folder("other_tokens", "characters.json", b"\"abc\"");
    folder("no_config", "config.json", b"{");
    folder("half", "model.safetensors", &[8; 100]);
    std::fs::create_dir_all(sandbox.path().join("empty")).expect("it can be made");
    let nowhere = ["--checkpoint", "nowhere"];
    let cases: [(&[&str], &[&str], &str); 9] = [
        (&["ü"], &[], "has never seen the character 'ü'"),
        (&["a"], &nowhere, "there is no folder `nowhere`"),
        (
            &["a"],
            &["--checkpoint", "empty"],
            "lacks config.json, model.safetensors, vocab.json",
        ),
        (
            &["a"],
            &["--gpt2", "empty"],
            "put config.json, model.safetensors, vocab.json and merges.txt",
        ),
        (
            &["a"],
            &["--checkpoint", "other_tokens"],
            "3 tokens and its table",
        ),
        (
            &["a"],
            &["--checkpoint", "no_config"],
            "`tutor train` makes one",
        ),
        (&["a"], &["--checkpoint", "half"], "`tutor train` makes one"),
        (&["a"], &["--top-p", "2"], "`top_p` is 2"),
        (&["a"], &["--temperature=-1"], "`temperature` is -1"),
    ];
    for (prompt, options, said) in cases {
        let done = tutor(&[&["generate"], prompt, options].concat());
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{done:?}");
        assert!(done.stderr.contains(said), "{said}: {done:?}");
        assert!(done.stderr.contains("next: "), "{done:?}");
    }
    // The others are known.
    let done = tutor(&["look", "aü"]);
    assert!(
        done.stderr.contains("besides spaces it knows #,."),
        "{done:?}"
    );
    for (args, said) in [
        (&["look", "a"][..], "fewer than two tokens"),
        (
            &["look", WORDS, "--layer", "2", "--head", "0"],
            "layers are 0 to 1",
        ),
    ] {
        let done = tutor(args);
        assert_eq!((done.code, done.stdout.as_str()), (2, ""), "{done:?}");
        assert!(done.stderr.contains(said), "{said}: {done:?}");
    }
}

#[test]
fn ones_own_steps_are_used_once_they_pass() {
    let sandbox = &*TRAINED;
    let args = [
        "generate",
        "a",
        "--max-new-tokens",
        "2",
        "--backend",
        "ndarray",
    ];
    let step = sandbox.read("solutions/s19_sampling.rs");
    let head = "pub fn next_token(";
    let (before, after) = step.split_once(head).expect("it has this function");
    let (parameters, body) = after.split_once(" {\n").expect("it has a body");
    let talking = format!("{before}{head}{parameters} {{\n    println!(\"I draw\");\n{body}");
    sandbox.write("steps/s19_sampling.rs", talking);
    let done = sandbox.tutor(&args);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr.contains("The steps are the reference's."),
        "{done:?}"
    );
    assert!(!done.stderr.contains("I draw"), "{done:?}");

    assert_eq!(sandbox.tutor(&["run", "s19"]).code, 0);
    let done = sandbox.tutor(&args);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stderr.contains("Your own steps: s19."), "{done:?}");
    assert_eq!(
        done.stderr.matches("your step prints: I draw").count(),
        2,
        "{done:?}"
    );
    assert!(!done.stdout.contains("I draw"), "{done:?}");
}
