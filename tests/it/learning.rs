//! Hints, experiments, progress and what a newer course changes.

use std::fs;

use crate::support::{self, Sandbox};
use serde_json::Value;

/// The small course with general hints and some for an occasion.
fn with_hints() -> Sandbox {
    let sandbox = Sandbox::small();
    fs::create_dir_all(sandbox.path().join("lessons/hints")).expect("it is new");
    sandbox.write(
        "lessons/hints/s01_scale.toml",
        "[[hint]]\ntext = 'first'\n[[hint]]\ntext = 'second'\n\
         [[hint]]\ngroup = 'the factors'\ntext = 'about factors'\n\
         [[hint]]\ngroup = ['scaled rows', 'too many rows']\ntext = 'about rows'\n\
         [[hint]]\non = 'wrong_shape'\ntext = 'about shapes'\n\
         [[hint]]\non = 'wrong_text'\ngroup = 'the name'\ntext = 'about words'\n\
         [[hint]]\nerror = 'index out of bounds'\ntext = 'about bounds'\n\
         [[hint]]\nerror = 'E0308'\ntext = 'about types'\n\
         [[hint]]\nmistake = 'adds'\ntext = 'about adding'\n",
    );
    sandbox
}

fn forward(sandbox: &Sandbox, body: &str) {
    let text = sandbox.read("solutions/s01_scale.rs");
    let text = text.replace("x * self.weight.val().unsqueeze()", body);
    sandbox.write("steps/s01_scale.rs", text);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 1);
}

fn listed(sandbox: &Sandbox) -> Value {
    let list = sandbox.tutor(&["list", "--format", "json"]).stdout;
    let list: Value = serde_json::from_str(&list).expect("JSON was asked for");
    list["steps"][0].clone()
}

/// The hints that are given one after the other, each by a word of its text.
fn hinted(sandbox: &Sandbox, times: usize) -> Vec<String> {
    let text = |_| sandbox.tutor(&["hint", "s01"]).stdout;
    let word = |text: String| text.lines().nth(2).unwrap_or_default().trim().to_owned();
    (0..times).map(text).map(word).collect()
}

#[test]
fn hints_come_one_at_a_time_and_are_counted() {
    let sandbox = with_hints();
    assert_eq!(
        hinted(&sandbox, 4),
        ["first", "second", "about factors", "about rows"]
    );
    let done = sandbox.tutor(&["hint", "s01"]).stdout;
    assert!(done.contains("every hint of s01 that fits"), "{done}");
    for command in ["show lesson s01", "show hint s01", "show solution s01"] {
        assert!(done.contains(command), "{done}");
    }
    assert_eq!(listed(&sandbox)["hints"], 4);
    // Without a name: the step to do now.
    assert_eq!(sandbox.tutor(&["hint"]).stdout, done);
    let all = sandbox.tutor(&["show", "hint", "s01"]).stdout;
    for text in [
        "9 hints",
        "Hint 3, for `the factors`\nabout factors",
        "in `the name`\nabout words",
        "if the message says `E0308`",
        "if your code adds the factors instead of multiplying by them",
    ] {
        assert!(all.contains(text), "no {text:?} in {all}");
    }
}

#[test]
fn a_hint_fits_what_went_wrong() {
    let sandbox = with_hints();
    forward(&sandbox, "x.transpose()");
    // Once; then the general ones, those for the first failing group before the others, and
    // none for what passes.
    assert_eq!(
        hinted(&sandbox, 4),
        ["about shapes", "about rows", "first", "second"]
    );
    let done = sandbox.tutor(&["hint", "s01"]).stdout;
    assert!(done.contains("every hint of s01 that fits"), "{done}");
    forward(&sandbox, "x + self.weight.val().unsqueeze()");
    assert_eq!(hinted(&sandbox, 1), ["about adding"]);
}

#[test]
fn a_hint_fits_each_failing_group_and_what_was_said() {
    let sandbox = with_hints();
    // The name fails too, which is not the first group to fail.
    let text = sandbox.read("solutions/s01_scale.rs");
    let text = text.replace("\"scale\".into()", "\"skale\".into()");
    let body = "{ let rows: Vec<f32> = vec![]; x * rows[7] }";
    let panics = text.replace("x * self.weight.val().unsqueeze()", body);
    sandbox.write("steps/s01_scale.rs", panics);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 1);
    assert_eq!(
        hinted(&sandbox, 3),
        ["about bounds", "about words", "about rows"]
    );
    // What rustc says; what it quotes of the learner's line is not what it says.
    sandbox.write(
        "steps/s01_scale.rs",
        text.replace("\"skale\".into()", "7 /* index out of bounds */"),
    );
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 1);
    assert_eq!(hinted(&sandbox, 2), ["about types", "first"]);
}

#[test]
fn a_step_that_passes_needs_no_hint() {
    let sandbox = with_hints();
    sandbox.write("steps/s01_scale.rs", sandbox.read("solutions/s01_scale.rs"));
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    let hint = sandbox.tutor(&["hint", "s01"]).stdout;
    assert!(hint.contains("it needs no hint"), "{hint}");
}

#[test]
fn a_broken_hint_is_told_with_its_line() {
    let sandbox = with_hints();
    let file = "lessons/hints/s01_scale.toml";
    let text = sandbox.read(file).replace("wrong_text", "wrong_word");
    sandbox.write(file, text);
    let done = sandbox.tutor(&["hint", "s01"]);
    assert_eq!(done.code, 2);
    assert!(
        done.stderr.contains("s01_scale.toml:15:6"),
        "{}",
        done.stderr
    );
    assert!(done.stderr.contains("`wrong_word`"), "{}", done.stderr);
}

#[test]
fn progress_tells_effort_and_what_was_seen() {
    let sandbox = with_hints();
    forward(&sandbox, "x");
    sandbox.tutor(&["hint", "s01"]);
    sandbox.tutor(&["show", "solution", "s01"]);
    let step = listed(&sandbox);
    assert_eq!(step["attempts"], 1);
    assert_eq!(step["last"], "wrong_values");
    assert_eq!(step["solution_seen"], true);
    assert_eq!(step["passed"], false);
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("1 run, 1 hint, solution seen"), "{list}");
    assert!(list.contains("0 of 2 steps pass"), "{list}");
}

#[test]
fn a_newer_course_says_what_it_changed_and_touches_nothing() {
    let sandbox = Sandbox::small();
    let solution = sandbox.read("solutions/s01_scale.rs");
    sandbox.write("steps/s01_scale.rs", &solution);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    assert!(!sandbox.tutor(&["list"]).stdout.contains("Changed"));
    let check = sandbox.read("checks/s01_scale/check.rs");
    sandbox.write(
        "checks/s01_scale/check.rs",
        format!("{check}\n// stricter\n"),
    );
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("Changed since you passed: s01"), "{list}");
    assert_eq!(listed(&sandbox)["changed_since_passed"], true);
    assert_eq!(sandbox.read("steps/s01_scale.rs"), solution);
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    assert!(!sandbox.tutor(&["list"]).stdout.contains("Changed"));
}

/// The time on each step, and whether its file was edited since it was judged.
fn steps(sandbox: &Sandbox) -> Vec<(u64, bool)> {
    let list = sandbox.tutor(&["list", "--format", "json"]).stdout;
    let list: Value = serde_json::from_str(&list).expect("it is JSON");
    let steps = list["steps"].as_array().expect("they are listed");
    steps
        .iter()
        .map(|step| {
            let seconds = step["seconds"].as_u64().expect("a number");
            (seconds, step["edited_since_verdict"] == true)
        })
        .collect()
}

#[test]
fn an_edit_after_the_verdict_is_seen() {
    let sandbox = Sandbox::small();
    for step in ["s01_scale", "s02_twice"] {
        sandbox.solve(step);
    }
    sandbox.tutor(&["run", "s01"]);
    let text = sandbox.read("steps/s01_scale.rs");
    sandbox.write("steps/s01_scale.rs", text.clone() + "// edited\n");
    assert!(steps(&sandbox)[0].1);
    let list = sandbox.tutor(&["list"]).stdout;
    assert!(list.contains("edited since, 1 run"), "{list}");
    assert!(
        list.contains("`tutor run s01` says whether it still passes"),
        "{list}"
    );
    // A look back does not stop the way forward.
    let next = sandbox.tutor(&["next"]).stdout;
    assert!(
        next.starts_with("s02") && next.contains("Edited since the pass: s01"),
        "{next}"
    );
    // But it is no end of the course either.
    sandbox.tutor(&["run", "s02"]);
    let next = sandbox.tutor(&["next"]).stdout;
    assert!(
        next.starts_with("s01") && next.contains("you have edited"),
        "{next}"
    );
    // Other line ends are no edit, and neither is one that was taken back.
    sandbox.write("steps/s01_scale.rs", text.replace('\n', "\r\n"));
    assert!(!steps(&sandbox)[0].1);
}

#[test]
fn the_time_of_a_step_is_the_time_at_work_on_it() {
    let sandbox = Sandbox::small();
    let later = |seconds: u64| {
        let text = sandbox.read(".tutor/progress.json");
        let mut progress: Value = serde_json::from_str(&text).expect("it is JSON");
        for step in progress["steps"]
            .as_object_mut()
            .expect("a table")
            .values_mut()
        {
            let last = step["last_run"].as_u64().expect("a number");
            step["last_run"] = (last - seconds).into();
        }
        sandbox.write(".tutor/progress.json", progress.to_string());
    };
    let near = |seconds: u64, expected: u64| {
        assert!(
            (expected..expected + 60).contains(&seconds),
            "{seconds}, not {expected}"
        );
    };
    sandbox.tutor(&["run", "all"]);
    later(125);
    sandbox.tutor(&["run", "all"]);
    for (seconds, _) in steps(&sandbox) {
        assert!(seconds < 60, "nothing was worked on: {seconds} s");
    }
    later(125);
    sandbox.solve("s02_twice");
    sandbox.tutor(&["run", "all"]);
    near(steps(&sandbox)[0].0, 0);
    near(steps(&sandbox)[1].0, 125);
    later(125);
    sandbox.tutor(&["run", "s01"]);
    near(steps(&sandbox)[0].0, 125);
    near(steps(&sandbox)[1].0, 125);
}

#[test]
fn hints_that_were_shown_are_shown_again() {
    let sandbox = with_hints();
    let none = sandbox.tutor(&["hint", "s01", "--shown", "1"]).stdout;
    assert!(none.contains("No hint of s01 was shown yet"), "{none}");
    let seen = hinted(&sandbox, 2);
    for (number, words) in [(1, &seen[0]), (2, &seen[1]), (9, &seen[1])] {
        let number = number.to_string();
        let again = sandbox.tutor(&["hint", "s01", "--shown", &number]).stdout;
        assert!(again.contains(words.as_str()), "{again}");
        assert!(again.contains("of 2 that you saw"), "{again}");
    }
    assert_eq!(listed(&sandbox)["hints"], 2);
}

#[test]
fn an_experiment_runs_on_the_learners_own_code() {
    let sandbox = Sandbox::small();
    let folder = sandbox.path().join("lessons/experiments/s01_scale");
    fs::create_dir_all(&folder).expect("it is new");
    sandbox.write(
        "lessons/experiments/s01_scale/ones.rs",
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
        "A token shares",
        "which comes later",
    ],
    [
        "s03_layer_norm",
        "epsilon",
        "(variance + self.epsilon).sqrt()",
        "variance.sqrt()",
        "taken for noise",
        "and the smallest as 1.000",
    ],
    [
        "s04_mlp",
        "two_gelus",
        "* 0.044715",
        "* 0.44715",
        "too little to be seen",
        "so it is neither",
    ],
    [
        "s08_residual",
        "gradient",
        "x + sublayer(normalised)",
        "sublayer(normalised) + x * 0.0",
        "8.0246",
        "With your\nresidual it falls to 0.",
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
        let file = format!("lessons/experiments/{step}/{name}.rs");
        let text = fs::read(support::root().join(&file)).expect("it is there");
        let folder = sandbox.path().join("lessons/experiments").join(step);
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

#[test]
fn a_lesson_is_plain_in_a_pipe_and_set_where_there_are_colours() {
    let sandbox = Sandbox::small();
    fs::create_dir_all(sandbox.path().join("lessons")).expect("it is new");
    let lesson =
        "# Scale\n\nSome `code`.\n\n<details><summary>Answer</summary>\n\nSecret.\n\n</details>\n";
    sandbox.write("lessons/s01_scale.md", lesson);
    assert_eq!(sandbox.tutor(&["show", "lesson", "s01"]).stdout, lesson);
    let set = |args: &[&str]| {
        let output = sandbox.command(args).env("CLICOLOR_FORCE", "1").output();
        support::Done::from(output.expect("tutor can be started")).stdout
    };
    let folded = set(&["show", "lesson", "s01"]);
    assert!(
        folded.contains('\x1b') && !folded.contains("Secret"),
        "{folded}"
    );
    assert!(set(&["show", "lesson", "s01", "--answers"]).contains("Secret"));
    let missing = sandbox.tutor(&["show", "lesson", "s02"]);
    assert_eq!(missing.code, 2);
}

#[test]
fn watching_needs_a_terminal() {
    let sandbox = Sandbox::small();
    let done = sandbox.tutor(&["watch"]);
    assert_eq!(done.code, 2);
    assert!(done.stderr.contains("tutor run"), "{}", done.stderr);
    // Without a command, a pipe gets the list.
    assert!(sandbox.tutor(&[]).stdout.contains("0 of 2 steps pass"));
}
