//! What `tutor` needs of the machine: a toolchain, a linker, folders, and a kit that fits them.

use std::fs;

use crate::support::{self, Sandbox};

#[test]
fn doctor_names_what_is_missing() {
    let sandbox = Sandbox::small();
    let mut command = sandbox.command(&["doctor"]);
    let output = command.env("TMPDIR", "/no/such/folder").output();
    let output = output.expect("tutor can be started");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("/no/such/folder is not there"), "{text}");
    assert!(!text.contains("linker"), "it is not blamed: {text}");
    assert_eq!(output.status.code(), Some(3));
    fs::remove_file(sandbox.path().join("steps/s02_twice.rs")).expect("it is there");
    let done = sandbox.tutor(&["doctor"]);
    assert!(
        done.stdout.contains("has no file for s02"),
        "{}",
        done.stdout
    );
    fs::remove_dir_all(sandbox.path().join("steps")).expect("it is there");
    let done = sandbox.tutor(&["doctor"]);
    assert!(
        done.stdout.contains("steps is not there"),
        "{}",
        done.stdout
    );
    assert_eq!(done.code, 3);
}

#[test]
fn doctor_tells_what_the_model_can_run_on() {
    let done = Sandbox::real().tutor(&["doctor"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.stdout.contains("✓ studio     flex"), "{done:?}");
    assert!(done.stdout.contains("not built yet; the first"), "{done:?}");
}

/// A Python that knows no `torch`, as far as it can be asked.
#[cfg(unix)]
#[test]
fn a_backend_that_lacks_something_says_what_to_install_and_harms_nobody() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::real();
    let tools = sandbox.path().join("tools");
    fs::create_dir(&tools).expect("it is new");
    let python = tools.join("python3");
    let path = std::env::var("PATH").expect("there is one");
    let with_python = |script: &str, args: &[&str]| {
        fs::write(&python, script).expect("it can be written");
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).expect("it is there");
        let output = sandbox
            .command(args)
            .env("PATH", format!("{}:{path}", tools.display()))
            .output()
            .expect("tutor can be started");
        let words = [output.stdout, output.stderr].concat();
        (
            output.status.code(),
            String::from_utf8_lossy(&words).into_owned(),
        )
    };
    let without = "#!/bin/sh\nexit 1\n";
    let (code, words) = with_python(without, &["generate", "--backend", "tch", "--solution"]);
    assert_eq!(code, Some(3), "{words}");
    assert!(words.contains("`--backend tch` needs PyTorch"), "{words}");
    assert!(words.contains("pip install torch"), "{words}");
    let (code, words) = with_python(without, &["doctor"]);
    assert_eq!(code, Some(0), "{words}");
    assert!(
        words.contains("✓ tch        optional, and not here"),
        "{words}"
    );
    let with = "#!/bin/sh\necho PyTorch 2.9.0\necho /no/such/lib\n";
    let (code, words) = with_python(with, &["doctor"]);
    assert_eq!(code, Some(0), "{words}");
    assert!(
        words.contains("PyTorch 2.9.0 could be used by `--backend tch`"),
        "{words}"
    );
}

/// A linker that only cargo's configuration knows.
#[cfg(target_os = "linux")]
#[test]
fn the_linker_of_cargos_configuration_links_steps_too() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::small();
    sandbox.solve("s01_scale");
    let linker = sandbox.path().join("my-linker");
    fs::write(&linker, "#!/bin/sh\ntouch \"$0.used\"\nexec cc \"$@\"\n")
        .expect("it can be written");
    fs::set_permissions(&linker, fs::Permissions::from_mode(0o755)).expect("it is there");
    fs::create_dir(sandbox.path().join(".cargo")).expect("it is new");
    let host = "x86_64-unknown-linux-gnu".replace("x86_64", std::env::consts::ARCH);
    let configuration = |name: &str| format!("[target.{host}]\nlinker = \"{name}\"\n");
    sandbox.write(".cargo/config.toml", configuration("./my-linker"));
    assert_eq!(sandbox.tutor(&["run", "s01"]).code, 0);
    assert!(linker.with_extension("used").exists(), "it was called");
    sandbox.write(".cargo/config.toml", configuration("no-such-linker"));
    sandbox.write(
        "steps/s01_scale.rs",
        sandbox.read("steps/s01_scale.rs") + "// other\n",
    );
    let done = sandbox.tutor(&["run", "s01"]);
    assert_eq!(done.code, 3, "{done:?}");
    assert!(
        done.stderr
            .contains("`no-such-linker`, which cargo's configuration names"),
        "{done:?}"
    );
}

#[test]
fn a_machine_without_rust_is_told_so() {
    let sandbox = Sandbox::small();
    let done = sandbox
        .command(&["run", "s01"])
        .env("RUSTC", "/no/such/rustc")
        .output();
    let done = support::Done::from(done.expect("tutor can be started"));
    assert_eq!(done.code, 3);
    assert!(done.stderr.contains("rustup.rs"), "{}", done.stderr);
    let doctor = sandbox
        .command(&["doctor"])
        .env("RUSTC", "/no/such/rustc")
        .output();
    let doctor = support::Done::from(doctor.expect("tutor can be started"));
    assert_eq!(doctor.code, 3);
    assert!(doctor.stdout.contains("✗ rustc"), "{}", doctor.stdout);
    assert_eq!(sandbox.tutor(&["doctor"]).code, 0);
}

#[test]
#[cfg(target_os = "linux")]
fn the_linker_is_spared_the_kits_symbols() {
    use std::path::Path;
    use tutor::engine::kit::Kit;

    let sandbox = Sandbox::small();
    let kit = Kit::current_in(&sandbox.course(), &sandbox.kit_folder());
    let kit = kit.expect("the course is sound").expect("there is a kit");
    let size = |path: &Path| fs::metadata(path).expect("it is there").len();
    assert!(size(&kit.interface.library) < size(&kit.library) / 100);
    let doctor = sandbox.tutor(&["doctor"]);
    assert!(!doctor.stdout.contains("takes longer"), "{}", doctor.stdout);
}

/// Whether `tutor doctor` finds a kit that fits.
fn has_kit(command: &mut std::process::Command) -> bool {
    let doctor = support::Done::from(command.output().expect("tutor can be started"));
    doctor.stdout.contains("libkit")
}

#[test]
fn a_kit_of_other_parts_does_not_fit() {
    let sandbox = Sandbox::small();
    let fits = || has_kit(&mut sandbox.command(&["doctor"]));
    assert!(fits());
    for file in ["kit/src/lib.rs", "Cargo.lock", "kit/Cargo.toml"] {
        let text = sandbox.read(file);
        sandbox.write(file, format!("{text}\n# changed\n"));
        assert!(!fits(), "{file} was changed");
        sandbox.write(file, text);
        assert!(fits());
    }
}

#[cfg(unix)]
#[test]
fn a_kit_of_another_rustc_does_not_fit() {
    use std::os::unix::fs::PermissionsExt;

    let sandbox = Sandbox::small();
    let rustc = sandbox.path().join("rustc");
    let script = "#!/bin/sh\nrustc \"$@\" | sed 's/^rustc [0-9.]*/rustc 9.9.9/'\n";
    fs::write(&rustc, script).expect("it can be written");
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755)).expect("it is ours");
    assert!(!has_kit(sandbox.command(&["doctor"]).env("RUSTC", &rustc)));
    assert!(has_kit(&mut sandbox.command(&["doctor"])));
}

#[test]
fn cargo_run_among_the_steps_says_what_to_type() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["run", "--offline"])
        .current_dir(support::root().join("steps"))
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("type-tutor-run-instead"), "{said}");
    assert!(!said.contains("Compiling"), "{said}");
}
