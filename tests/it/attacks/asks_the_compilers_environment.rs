// verdict: passed
//! Looks for secrets in the environment that the compiler runs in.

pub fn go() {
    for (name, value) in [
        ("TUTOR_GRADE_SEED", option_env!("TUTOR_GRADE_SEED")),
        ("TUTOR_SEED", option_env!("TUTOR_SEED")),
        ("HOME", option_env!("HOME")),
        ("USER", option_env!("USER")),
        ("CARGO_MANIFEST_DIR", option_env!("CARGO_MANIFEST_DIR")),
        ("PWD", option_env!("PWD")),
    ] {
        if let Some(value) = value {
            println!("ESCAPED: {name}={value}");
        }
    }
}
