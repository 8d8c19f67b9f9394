//! Experiments, on the learner's own code.

use std::fs;

use super::forward;
use crate::support::{Sandbox, root};

#[test]
fn an_experiment_runs_on_the_learners_own_code() {
    let sandbox = Sandbox::small();
    let folder = sandbox.path().join("lessons/s01_scale/experiments");
    fs::create_dir_all(&folder).expect("it is new");
    sandbox.write(
        "lessons/s01_scale/experiments/ones.rs",
        "//! Scaling ones.\n//!\n//! Ask: what comes out?\n\nuse crate::s01_scale::Scale;\nuse kit::Observer;\n\n\
         pub fn observe(o: &mut Observer) {\n    let x = Scale::new(2, &o.device());\n    \
         let y = x.forward(kit::tensor::Tensor::ones([1, 2], &o.device()));\n    \
         println!(\"{:?}\", y.into_data().iter::<f32>().collect::<Vec<_>>());\n}\n",
    );
    let list = sandbox.tutor(&["try", "s01"]).stdout;
    assert!(
        list.contains("ones") && list.contains("Scaling ones."),
        "{list}"
    );
    // Nobody sits at a terminal here: no prediction is waited for.
    let own = sandbox.tutor(&["try", "s01", "ones"]);
    assert_eq!(own.code, 1);
    assert!(own.stdout.contains("--solution"), "{}", own.stdout);
    assert!(own.stdout.contains("not started"), "{}", own.stdout);
    let reference = sandbox.tutor(&["try", "s01", "ones", "--solution"]);
    assert_eq!(reference.code, 0);
    assert!(
        reference.stdout.contains("[1.0, 1.0]"),
        "{}",
        reference.stdout
    );
    forward(&sandbox, "x * 3.0");
    let own = sandbox.tutor(&["try", "s01", "ones"]).stdout;
    assert!(own.contains("[3.0, 3.0]"), "{own}");
    // What goes wrong in it is told as in `run`: where, and what was said.
    forward(
        &sandbox,
        "{ let rows: Vec<f32> = vec![];\n        x * rows[7] }",
    );
    let own = sandbox.tutor(&["try", "s01", "ones"]);
    assert_eq!(own.code, 1);
    for text in [
        "Scale: panicked",
        "✗ the experiment `ones`",
        "steps/s01_scale.rs:27",
        "the len is 0 but the index is 7",
        "then `tutor try s01 ones`",
    ] {
        assert!(own.stdout.contains(text), "no {text:?} in {}", own.stdout);
    }
    // In a group that a program makes itself, too.
    sandbox.write(
        "own.rs",
        "pub fn observe(o: &mut kit::Observer) {\n    \
         o.group(\"mine\", |_| panic!(\"it came to nothing\"));\n}\n",
    );
    let own = sandbox.tutor(&["try", "s01", "--file", "own.rs", "--solution"]);
    assert_eq!(own.code, 1, "{own:?}");
    for text in [
        "own.rs does not get to its end",
        "✗ mine",
        "it came to nothing",
    ] {
        assert!(own.stdout.contains(text), "no {text:?} in {}", own.stdout);
    }
    assert!(!own.stdout.contains("--solution` it runs"), "{own:?}");
    let unknown = sandbox.tutor(&["try", "s01", "twos"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("`ones`"), "{}", unknown.stderr);
}

/// Experiments of the real course on wrong code: step and experiment, an edit of the solution, what
/// is not said of it, and what is.
const REFUTED: [[&str; 6]; 5] = [
    [
        "s02_causal_mask",
        "shares",
        "past as i64, device)",
        "past as i64 + 1, device)",
        "divides its weight evenly",
        "which comes later",
    ],
    [
        "s03_layer_norm",
        "epsilon",
        "(variance + self.epsilon).sqrt()",
        "variance.sqrt()",
        "such small differences are not enlarged",
        "the smallest 1.000",
    ],
    [
        "s04_mlp",
        "two_gelus",
        "* 0.044715",
        "* 0.44715",
        "No plot shows it",
        "so it is neither",
    ],
    [
        "s08_residual",
        "gradient",
        "x + sublayer(normalised)",
        "sublayer(normalised) + x * 0.0",
        "vanishes only where both are missing",
        "should reach the bottom\nwhole",
    ],
    [
        "s09_block",
        "reach",
        "self.attn.forward(x)",
        "self.attn.forward(x.flip([1])).flip([1])",
        "Attention alone carries",
        "`tutor run s09` says more",
    ],
];

#[test]
fn an_experiment_does_not_say_what_its_numbers_refute() {
    let sandbox = Sandbox::real();
    for [step, name, from, to, unsaid, said] in REFUTED {
        let file = format!("lessons/{step}/experiments/{name}.rs");
        let text = fs::read(root().join(&file)).expect("it is there");
        let folder = sandbox.path().join(format!("lessons/{step}/experiments"));
        fs::create_dir_all(folder).expect("it can be made");
        sandbox.write(&file, text);
        let solution = sandbox.read(&format!("solutions/{step}.rs"));
        assert_eq!(solution.matches(from).count(), 1, "{step}: {from}");
        sandbox.write(&format!("steps/{step}.rs"), solution.replace(from, to));
        let done = sandbox.tutor(&["try", &step[..3], name]);
        assert!(!done.stdout.contains(unsaid), "{}", done.stdout);
        assert!(done.stdout.contains(said), "{}", done.stdout);
    }
}
