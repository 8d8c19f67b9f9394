//! Texts that are made to bring `tutor` itself down, to slow it, or to swell its results: what they
//! come to is theirs alone.

#![cfg(target_os = "linux")]

mod judging;

use std::fs;

use serde_json::Value;

use crate::support::Sandbox;
use crate::support::class::{Class, student};
use crate::support::quick::sample;

/// Texts that do not compile and are nested, or joined, `depth` times, each with a name.
fn nested(depth: usize) -> Vec<(&'static str, String)> {
    let around = |start: &str, open: &str, inner: &str, close: &str, end: &str| {
        let (open, close) = (open.repeat(depth), close.repeat(depth));
        format!("{start}{open}{inner}{close}{end}")
    };
    vec![
        (
            "parentheses",
            around("pub fn f() -> bool { ", "(", "true", ")", " + }"),
        ),
        (
            "nots",
            around("pub fn f() -> bool { ", "!", "true", "", " + }"),
        ),
        (
            "brackets",
            around(
                "macro_rules! m { ($($t:tt)*) => {} }\nm!(",
                "[",
                "",
                "]",
                "); x",
            ),
        ),
        (
            "generics",
            around("pub fn f() { let _: ", "Option<", "u8", ">", " = x; }"),
        ),
        ("blocks", around("pub fn f() { ", "{", "", "}", " x }")),
        (
            "borrows",
            around("pub fn f() { let _ = ", "&", "1", "", "; x }"),
        ),
        (
            "references",
            around("pub fn f(_: ", "& ", "u8", "", ") { x }"),
        ),
        (
            "calls",
            around("pub fn f() { let _ = 1u8", ".x()", "", "", "; }"),
        ),
        (
            "sums",
            around("pub fn f(a: u8) -> u8 { x", " + a", "", "", " }"),
        ),
        (
            "conditions",
            around(
                "pub fn f(a: bool) { if a {}",
                " else if a {}",
                "",
                "",
                " x }",
            ),
        ),
        (
            "closures",
            around("pub fn f() { let _ = ", "|| ", "x", "", "; }"),
        ),
        (
            "modules",
            around("", "mod a { ", "", "}", "pub fn f() { x }"),
        ),
        (
            "patterns",
            around("pub fn f(a: u8) { let ", "(", "b", ")", " = x; }"),
        ),
        (
            "matches",
            around("pub fn f() { ", "match x { _ => ", "y", " }", " }"),
        ),
        (
            "arrays",
            around("pub fn f(_: ", "[", "u8", "; 1]", ") { x }"),
        ),
        ("indices", around("pub fn f() { x", "[x", "", "]", "; }")),
        ("questions", around("pub fn f() { x", "?", "", "", "; }")),
        ("imports", around("use ", "a::{", "b", "}", ";")),
        (
            "bounds",
            around("pub fn f() where ", "Vec<", "u8", ">", ": Copy { x }"),
        ),
        (
            "loops",
            around("pub fn f() { ", "'a: loop { ", "x", "}", " }"),
        ),
        (
            "casts",
            around("pub fn f() { let _ = x ", "as u8 ", "", "", "; }"),
        ),
        (
            "functions",
            around("", "fn a() { ", "", "}", "pub fn f() { x }"),
        ),
        ("comments", around("", "/*", "", "", "")),
        (
            "attributes",
            around("#[a(", "(", "", ")", ")]\npub fn f() {}"),
        ),
    ]
}

#[test]
fn what_is_nested_ends_nobodys_run() {
    let class = Class::new();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    class.hand_in("aaron/s01_scale.rs", &scale);
    class.hand_in("zoe/s01_scale.rs", &format!("{scale}// another\n"));
    // At the first, rustc says what is wrong; at the second, it mostly dies itself.
    let shallow = nested(1_000)
        .into_iter()
        .map(|(name, text)| (format!("{name}-1"), text));
    let deep = nested(10_000)
        .into_iter()
        .map(|(name, text)| (format!("{name}-2"), text));
    let hostile = sample(shallow.chain(deep).collect(), 7);
    for (name, text) in &hostile {
        class.hand_in(
            &format!("{name}/s01_scale.rs"),
            &format!("{scale}\n{text}\n"),
        );
    }
    let results = class.graded(&["--steps", "s01"]);
    for (name, _) in &hostile {
        let step = &student(&results, name)["steps"][0];
        assert_eq!(step["verdict"], "does_not_compile", "{name}: {step:#}");
        assert_eq!(step["score"], 0);
    }
    for honest in ["aaron", "zoe"] {
        assert_eq!(student(&results, honest)["score"], 4);
    }
    assert!(results.to_string().contains("it overflowed its stack"));
}

#[test]
fn a_learner_is_told_as_well() {
    let sandbox = Sandbox::small();
    let scale = sandbox.read("solutions/s01_scale.rs");
    let all = nested(10_000);
    for (name, text) in sample(all, 8) {
        sandbox.write("steps/s01_scale.rs", format!("{scale}\n{text}\n"));
        let (code, result) = sandbox.json(&["s01"]);
        assert_eq!(
            (code, &result["verdict"]),
            (1, &"does_not_compile".into()),
            "{name}"
        );
    }
    let nots = nested(20_000).swap_remove(1).1;
    sandbox.write("steps/s01_scale.rs", format!("{scale}\n{nots}\n"));
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 1, "{done:?}");
    assert!(
        done.stdout.contains("it overflowed its stack"),
        "{}",
        done.stdout
    );
}

/// A scale that reports other parameters than it has, by this code.
fn reporting(scale: &str, visit: &str) -> String {
    let derived = "#[derive(Module, Debug)]";
    assert_eq!(scale.matches(derived).count(), 1);
    format!(
        "{}
use burn::module::{{Content, Devices, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor}};
impl ModuleDisplay for Scale {{}}
impl ModuleDisplayDefault for Scale {{
    fn content(&self, content: Content) -> Option<Content> {{ Some(content) }}
}}
impl Module for Scale {{
    fn collect_devices(&self, devices: Devices) -> Devices {{ devices }}
    fn fork(self, _: &Device) -> Self {{ self }}
    fn to_device(self, _: &Device) -> Self {{ self }}
    fn train(self) -> Self {{ self }}
    fn valid(&self) -> Self {{ self.clone() }}
    fn materialize(self) -> Self {{ self }}
    fn map<M: ModuleMapper>(self, _: &mut M) -> Self {{ self }}
    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {{
        let mut report = |name: &str| {{
            visitor.enter_module(name, \"\");
            visitor.visit_float(&self.weight);
            visitor.exit_module(name, \"\");
        }};
        {visit}
    }}
}}
",
        scale.replace(derived, "#[derive(Clone, Debug)]")
    )
}

#[test]
fn what_a_step_reports_swells_no_results() {
    let class = Class::new();
    let scale = class.sandbox.read("solutions/s01_scale.rs");
    class.hand_in("honest/s01_scale.rs", &scale);
    let forward = "x * self.weight.val().unsqueeze()";
    let panic = "panic!(\"{}\", \"<\\u{1b}\\u{202e}\".repeat(2_000_000))";
    let hostile = [
        (
            "name",
            reporting(&scale, "report(&\"w\".repeat(30_000_000));"),
        ),
        (
            "names",
            reporting(
                &scale,
                "for i in 0..2_000 { report(&format!(\"{i}{}\", \"\\u{202e}\".repeat(5_000))); }",
            ),
        ),
        (
            "count",
            reporting(&scale, "for i in 0..300_000 { report(&i.to_string()); }"),
        ),
        ("panic", scale.replace(forward, panic)),
        (
            "text",
            scale.replace("\"scale\".into()", "\"<&\".repeat(15_000_000)"),
        ),
        (
            "errors",
            format!(
                "{scale}\nmacro_rules! e {{ ($($t:tt)*) => {{ $( const _: u8 = stringify!($t); )* }} \
                 }}\ne!({});\n",
                "a ".repeat(2_000)
            ),
        ),
        (
            "line",
            format!(
                "{scale}\npub fn f() -> u8 {{ \"{}\" }}\n",
                "x".repeat(900_000)
            ),
        ),
    ];
    for (name, text) in &hostile {
        class.hand_in(&format!("{name}/s01_scale.rs"), text);
    }
    let formats = "json,csv,junit,gradescope,html";
    let results = class.graded(&["--steps", "s01", "--formats", formats]);
    assert_eq!(student(&results, "honest")["score"], 4);
    for (name, _) in &hostile {
        let step = &student(&results, name)["steps"][0];
        let verdict = step["verdict"].as_str().unwrap_or_default();
        let expected = match *name {
            "panic" => "panicked",
            "text" => "wrong_text",
            "errors" | "line" => "does_not_compile",
            _ => "wrong_parameters",
        };
        assert_eq!(verdict, expected, "{name}: {step:#}");
    }
    // The bound is a megabyte for twenty steps.
    let out = class.out("grades");
    let log = fs::read_to_string(out.join("grades.jsonl")).expect("it is there");
    for line in log.lines().skip(1) {
        assert!(line.len() < 50_000, "{}", &line[..200]);
    }
    for file in ["results.json", "grades.csv", "junit.xml", "report.html"] {
        let size = fs::metadata(out.join(file)).expect("it is there").len();
        assert!(size < 8 * 60_000, "{file}: {size}");
    }
    let _: Value =
        serde_json::from_slice(&fs::read(out.join("results.json")).expect("it is there"))
            .expect("it is JSON");
}
