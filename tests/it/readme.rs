//! What README shows is what `tutor` prints.

use std::fs;

use crate::support::{self, Sandbox};

#[test]
fn the_transcript_is_what_a_forgotten_scale_looks_like() {
    let sandbox = Sandbox::real();
    let mut text = sandbox.read("solutions/s07_attention.rs");
    for (from, to) in [
        ("let [_, _, seq, head_dim] = q", "let [_, _, seq, _] = q"),
        (
            "        let scores = scores / (head_dim as f64).sqrt();\n",
            "",
        ),
    ] {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    sandbox.write("steps/s07_attention.rs", text);
    let printed = sandbox.tutor(&["run", "s07"]).stdout;
    let readme = fs::read_to_string(support::root().join("README.md")).expect("it is there");
    let (_, rest) = readme
        .split_once("$ tutor run s07\n")
        .expect("it has a transcript");
    let (shown, _) = rest.split_once("```").expect("the transcript ends");
    assert_eq!(shown, printed);
}
