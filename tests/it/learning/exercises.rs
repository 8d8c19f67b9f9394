//! Exercises that are answered by typing.

use std::fs;

use serde_json::Value;

use crate::support::Sandbox;

/// A course whose lesson has three exercises, two of them judged.
fn course() -> Sandbox {
    let sandbox = Sandbox::small();
    fs::create_dir_all(sandbox.path().join("lessons/s01_scale")).expect("it is new");
    sandbox.write(
        "lessons/s01_scale/lesson.md",
        "# 01\n\n## Exercises\n\n1. How many factors are in 2 rows of 512?\n\n   \
         <details><summary>Answer</summary>\n\n   512: one a column.\n\n   </details>\n\n2. Why?\n\n3. \
         What is it?\n\n   <details><summary>Answer</summary>\n\n   A product.\n\n   </details>\n",
    );
    sandbox.write(
        "lessons/s01_scale/exercises.toml",
        "[[exercise]]\nnumber = 1\nanswer = 512\n[[exercise.wrong]]\nanswer = 1024\nwhy = \"Each row \
         has the same factors.\"\n[[exercise]]\nnumber = 3\nchoices = [\"a sum\", \"a \
         product\"]\nanswer = \"b\"\n",
    );
    sandbox
}

#[test]
fn an_answer_is_judged_explained_and_kept() {
    let sandbox = course();
    let list = sandbox.tutor(&["answer", "01"]);
    assert_eq!(list.code, 0);
    for part in ["· 01.1", "How many factors", "· 01.3", "b) a product"] {
        assert!(list.stdout.contains(part), "{part}: {}", list.stdout);
    }
    assert!(!list.stdout.contains("512: one"), "{}", list.stdout);
    assert!(list.stdout.contains("`tutor answer 01.1 NUMBER`"));

    let wrong = sandbox.tutor(&["answer", "01.1", "1,024"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.stdout.contains("Each row has the same factors."));
    assert!(!wrong.stdout.contains("512"), "{}", wrong.stdout);
    let other = sandbox.tutor(&["answer", "s01.1", "-7"]);
    assert_eq!(other.code, 1);
    assert!(other.stdout.contains("--answers"), "{}", other.stdout);
    let right = sandbox.tutor(&["answer", "1.1", "512"]);
    assert_eq!(right.code, 0);
    assert!(right.stdout.contains("512: one a column."), "{right:?}");
    assert_eq!(sandbox.tutor(&["answer", "01.3", "a"]).code, 1);
    assert_eq!(sandbox.tutor(&["answer", "01.3", "B"]).code, 0);

    let list = sandbox.tutor(&["answer", "01"]).stdout;
    assert!(list.contains("✓ 01.1") && list.contains("✓ 01.3"), "{list}");
    let kept = sandbox.read(".tutor/progress.json");
    let kept: Value = serde_json::from_str(&kept).expect("it is JSON");
    assert_eq!(kept["steps"]["s01"]["answers"]["1"]["tries"], 3);
    assert_eq!(kept["steps"]["s01"]["answers"]["1"]["right"], true);
}

#[test]
fn what_is_no_answer_is_told_and_counts_for_nothing() {
    let sandbox = course();
    for (args, words) in [
        (vec!["answer", "01.1", "many"], "is no number"),
        (vec!["answer", "01.2", "5"], "no exercise 2"),
        (vec!["answer", "01.x", "5"], "no exercise's number"),
        (vec!["answer", "99.1", "5"], "99"),
        (vec!["answer", "01", "5"], "which exercise"),
    ] {
        let done = sandbox.tutor(&args);
        assert_eq!(done.code, 2, "{done:?}");
        assert!(done.stderr.contains(words), "{done:?}");
    }
    assert!(!sandbox.path().join(".tutor/progress.json").exists());
}
