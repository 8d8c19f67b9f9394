//! Completions: what a shell is offered while one types.

use crate::support::Sandbox;

/// What fish is offered behind these words; the last one is being typed.
fn offered(sandbox: &Sandbox, words: &[&str]) -> String {
    let mut args = vec!["--", "tutor"];
    args.extend(words);
    let output = sandbox
        .command(&args)
        .env("TUTOR_COMPLETE", "fish")
        .output()
        .expect("tutor can be started");
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

#[test]
fn every_shell_is_told_to_ask() {
    let sandbox = Sandbox::small();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.tutor(&["completions", shell]);
        assert_eq!(script.code, 0, "{script:?}");
        assert!(
            script.stdout.contains("TUTOR_COMPLETE"),
            "{shell}: {}",
            script.stdout
        );
    }
}

#[test]
fn steps_are_offered_with_their_titles() {
    let sandbox = Sandbox::small();
    for command in ["run", "watch", "hint", "try", "trace", "diff", "reset"] {
        let found = offered(&sandbox, &[command, ""]);
        assert!(found.contains("s01\tScale"), "{command}: {found}");
        assert!(found.contains("s02\tTwice"), "{command}: {found}");
        assert_eq!(
            found.contains("all\t"),
            command == "run",
            "{command}: {found}"
        );
    }
    assert!(offered(&sandbox, &["show", "lesson", "s0"]).contains("s01\tScale"));
    let listed = offered(&sandbox, &["grade", "--steps", "s01,"]);
    assert!(listed.contains("s01,s02"), "{listed}");
}

#[test]
fn what_is_hidden_is_not_offered() {
    let sandbox = Sandbox::small();
    let found = offered(&sandbox, &["run", "--"]);
    assert!(found.contains("--timeout"), "{found}");
    assert!(!found.contains("--watched"), "{found}");
}

#[test]
fn without_a_course_the_commands_are_offered_all_the_same() {
    let empty = tempfile::tempdir().expect("a folder for tests");
    let sandbox = Sandbox::small();
    let output = sandbox
        .command(&["--", "tutor", "r"])
        .current_dir(empty.path())
        .env("TUTOR_COMPLETE", "fish")
        .output()
        .expect("tutor can be started");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(found.contains("run") && found.contains("reset"), "{found}");
}

/// The script as a shell reads it, and a word completed by that shell.
#[cfg(unix)]
#[test]
fn bash_completes_a_step() {
    let sandbox = Sandbox::small();
    let script = sandbox.tutor(&["completions", "bash"]).stdout;
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_tutor"))
        .parent()
        .expect("it lies in a folder");
    let ask = format!(
        "export PATH={}:$PATH\n{script}\nCOMP_WORDS=(tutor run s0); COMP_CWORD=2; COMP_TYPE=9\n\
         _clap_complete_tutor\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        folder.display()
    );
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c", &ask])
        .current_dir(sandbox.path())
        .output()
        .expect("there is bash");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        found.contains("s01") && found.contains("s02"),
        "{found} {output:?}"
    );
}
