//! What is planted in a sound course, and where it is to be found.

use super::plant;
use crate::support::Sandbox;

/// A place, and words of what is wrong there.
pub type Planted = (String, &'static str);

pub fn in_files(sandbox: &Sandbox) -> Vec<Planted> {
    let skeleton = "checks/s02_twice/skeleton.rs";
    plant(
        sandbox,
        skeleton,
        "`scale` of `scale` of `x`",
        "`scale` of `x`",
    );
    std::fs::remove_file(sandbox.path().join("steps/s02_twice.rs")).expect("it was there");
    sandbox.write("steps/s01_scale.rs", "//! Half of it.\nfn f( {\n");
    plant(
        sandbox,
        "solutions/lib.rs",
        "pub mod s02_twice;",
        "// pub mod s02_twice;",
    );
    plant(sandbox, "course.toml", "variants = 1", "variants = 2");
    vec![
        (
            "checks/s02_twice/skeleton.rs:7".to_owned(),
            "differs from the solution",
        ),
        ("steps/s02_twice.rs:".to_owned(), "cannot be read"),
        ("steps/s01_scale.rs:2".to_owned(), "is no Rust"),
        (
            "solutions/lib.rs:".to_owned(),
            "does not declare `pub mod s02_twice;`",
        ),
        ("checks/s02_twice/variants:".to_owned(), "has 1 variants"),
    ]
}

/// In what its check is tried on.
pub fn in_programs(sandbox: &Sandbox) -> Vec<Planted> {
    let mistakes = "checks/s01_scale/mistakes.toml";
    let text = sandbox.read(mistakes);
    let lines = text.lines().count();
    let edit = |id: &str, find: &str, replace: &str| {
        format!(
            "\n[[mistake]]\nid = \"{id}\"\nwhat = \"w\"\nnudge = \"n\"\n\
             [[mistake.edit]]\nfind = '{find}'\nreplace = '{replace}'\n"
        )
    };
    let planted = edit("harmless", "rows <= 4", "rows < 5")
        + &edit("no-rust", "rows <= 4", "rows <= four")
        + &edit(
            "adds-too",
            "x * self.weight.val().unsqueeze()",
            "self.weight.val().unsqueeze() + x",
        );
    sandbox.write(mistakes, text + &planted);
    let harmless = format!("{mistakes}:{}", lines + 3);
    let no_rust = format!("{mistakes}:{}", lines + 11);
    let twin = format!("{mistakes}:{}", lines + 19);
    let shortcuts = "checks/s01_scale/shortcuts.toml";
    plant(sandbox, shortcuts, "rows == 2", "rows == 7");
    let near_misses = "checks/s01_scale/near_misses.toml";
    let text = sandbox.read(near_misses);
    let named = text
        .replace("\"subtracts\"", "\"negative\"")
        .replace("x - self", "-x * self");
    sandbox.write(near_misses, text + &named + "named = []\n");
    plant(
        sandbox,
        near_misses,
        "what =",
        "named = [\"no-such\"]\nwhat =",
    );
    plant(sandbox, near_misses, "named = []\n", "");
    let once = "checks/s02_twice/mistakes.toml";
    plant(
        sandbox,
        once,
        "find = \"scale.forward(scale.forward(x))\"",
        "find = \"absent\"",
    );
    vec![
        (
            no_rust,
            "`no-rust` does not compile: cannot find value `four`",
        ),
        (harmless, "the known mistake `harmless` passes with seed 1"),
        (twin, "shows the same as `adds`"),
        (
            "checks/s01_scale/mistakes.toml:4".to_owned(),
            "shows the same as `adds-too`",
        ),
        (
            "checks/s01_scale/shortcuts.toml:4".to_owned(),
            "`two-rows` passes",
        ),
        (
            "checks/s01_scale/near_misses.toml:4".to_owned(),
            "`no-such`, which is no known mistake",
        ),
        (
            "checks/s01_scale/near_misses.toml:14".to_owned(),
            "is wrongly taken for `negates` with seed 1",
        ),
        (
            "checks/s02_twice/mistakes.toml:9".to_owned(),
            "stands in the solution 0 times",
        ),
    ]
}

/// In programs that stand in files of their own.
pub fn in_whole_programs(sandbox: &Sandbox) -> Vec<Planted> {
    let variant = sandbox.read("checks/s01_scale/variants/expanded.rs");
    sandbox.write(
        "checks/s01_scale/variants/shifted.rs",
        variant.replace("x.dims()) * x", "x.dims()) * x + 1"),
    );
    sandbox.write(
        "checks/s01_scale/variants/torn.rs",
        variant.replace("* x", "* y"),
    );
    sandbox.write(
        "checks/s01_scale/variants/even.rs",
        variant.replace(
            "x.dims()) * x",
            "x.dims()) * x.clone() * burn::tensor::activation::softmax(x, 1).sum_dim(1)",
        ),
    );
    sandbox.write("checks/s01_scale/delegations/nothing.rs", variant);
    let trace = "checks/s02_twice/trace.rs";
    plant(
        sandbox,
        trace,
        "o.tensor(\"x\", x.clone());",
        "o.tensor(\"x\", z);",
    );
    vec![
        (
            "checks/s01_scale/variants/shifted.rs:".to_owned(),
            "does not pass (wrong values",
        ),
        (
            "checks/s01_scale/variants/torn.rs:".to_owned(),
            "does not compile: cannot find value `y`",
        ),
        (
            "checks/s01_scale/delegations/nothing.rs:".to_owned(),
            "nothing that it calls is guarded",
        ),
        (
            "checks/s01_scale/variants/even.rs:".to_owned(),
            "calls `burn_tensor::tensor::activation::base::softmax`, which is guarded",
        ),
        (
            "checks/s02_twice/trace.rs:12".to_owned(),
            "the trace does not compile",
        ),
    ]
}

pub fn in_lessons(sandbox: &Sandbox) -> Vec<Planted> {
    let lesson = "lessons/s01_scale/lesson.md";
    plant(sandbox, lesson, "## Next", "## What next");
    plant(sandbox, lesson, "is 0.375", "is 0.376");
    plant(sandbox, lesson, "x.clone() * x;", "x.clone() * y;");
    plant(sandbox, lesson, "lesson.md#by-hand", "lesson.md#on-foot");
    plant(sandbox, lesson, "(#scale)", "(gone.md)");
    plant(sandbox, lesson, "y_i = x_i", "y_i = (x_i");
    let figures = "lessons/s01_scale/figures";
    plant(
        sandbox,
        &format!("{figures}/scaled.rs"),
        "'After'",
        "'Later'",
    );
    sandbox.write(&format!("{figures}/left.svg"), "<svg/>");
    let torn = "pub fn observe(_: &mut kit::Observer) { println!(\"title = 1\"); }\n";
    sandbox.write(&format!("{figures}/torn.rs"), torn);
    let other = "lessons/s02_twice/lesson.md";
    plant(sandbox, other, "`tutor run s02`", "`tutor`");
    plant(sandbox, other, "<details>", "<p>");
    plant(
        sandbox,
        "lessons/s01_scale/experiments/twofold.txt",
        "[1.0, 2.0]",
        "[1.0, 3.0]",
    );
    plant(
        sandbox,
        "lessons/s01_scale/experiments/twofold.rs",
        "Ask:",
        "Asks:",
    );
    let hints = "lessons/s01_scale/hints.toml";
    plant(sandbox, hints, "\"adds\"", "\"sums\"");
    plant(sandbox, hints, "\"scaled rows\"", "\"rows\"");
    sandbox.write("lessons/s02_twice/hints.toml", "");
    vec![
        (
            "lessons/s01_scale/lesson.md:23".to_owned(),
            "the heading `Next` should stand here",
        ),
        (
            "lessons/s01_scale/lesson.md:7".to_owned(),
            "0.376 is not computed",
        ),
        (
            "lessons/s01_scale/lesson.md:11".to_owned(),
            "cannot find value `y`",
        ),
        (
            "lessons/s01_scale/lesson.md:25".to_owned(),
            "no heading there",
        ),
        ("lessons/s01_scale/lesson.md:25".to_owned(), "no such file"),
        (
            "lessons/s01_scale/lesson.md:28".to_owned(),
            "is no formula: a bracket is not closed",
        ),
        (
            "lessons/s01_scale/lesson.md:".to_owned(),
            "does not show the figure `torn`",
        ),
        (format!("{figures}/torn.rs:"), "does not describe a figure"),
        (
            format!("{figures}/scaled.svg:"),
            "`tutor course draw s01` draws it anew",
        ),
        (
            format!("{figures}/left.svg:"),
            "is the picture of no program",
        ),
        (
            "lessons/s02_twice/lesson.md:".to_owned(),
            "does not mention `tutor run`",
        ),
        ("lessons/s02_twice/lesson.md:".to_owned(), "has 0 answers"),
        (
            "lessons/s01_scale/experiments/twofold.txt:2".to_owned(),
            "prints here now: after: Ok([1.0, 2.0])",
        ),
        (
            "lessons/s01_scale/experiments/twofold.rs:1".to_owned(),
            "does not ask",
        ),
        (
            "lessons/s01_scale/hints.toml:5".to_owned(),
            "no known mistake is called `sums`",
        ),
        (
            "lessons/s01_scale/hints.toml:10".to_owned(),
            "no group of the check is called `rows`",
        ),
        (
            "lessons/s02_twice/hints.toml:".to_owned(),
            "has 0 general hints",
        ),
    ]
}
