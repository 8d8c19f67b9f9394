//! Completions: the shell asks `tutor` itself while one types, so that it knows this course's steps.

use std::env;
use std::ffi::OsStr;

use clap::Command;
use clap_complete::CompleteEnv;
use clap_complete::Shell;
use clap_complete::engine::CompletionCandidate;
use clap_complete::env::Shells;

use crate::course::Course;
use crate::error::{Error, Result};

/// The variable by which a shell says that it asks for completions.
const VARIABLE: &str = "TUTOR_COMPLETE";

/// Answers a shell that asks for completions of `command`, and ends the process; returns if none
/// asks.
pub fn answer(command: impl Fn() -> Command) {
    CompleteEnv::with_factory(command).var(VARIABLE).complete();
}

/// What makes `shell` ask.
///
/// # Errors
///
/// If completions for it cannot be made.
pub fn registration(shell: Shell) -> Result<String> {
    let unknown = |reason: String| Error::Internal(format!("completions for {shell}: {reason}"));
    let name = shell.to_string();
    let mut text = Vec::new();
    Shells::builtins()
        .completer(&name)
        .ok_or_else(|| unknown("none are known".into()))?
        .write_registration(VARIABLE, "tutor", "tutor", "tutor", &mut text)
        .map_err(|e| unknown(e.to_string()))?;
    String::from_utf8(text).map_err(|e| unknown(e.to_string()))
}

/// The steps of the course here, by id, with their titles.
#[must_use]
pub fn steps() -> Vec<CompletionCandidate> {
    // Without a course there is nothing to offer, and nobody to be told.
    let course = env::current_dir()
        .ok()
        .and_then(|here| Course::find(&here).ok());
    let candidate =
        |(id, title): (String, String)| CompletionCandidate::new(id).help(Some(title.into()));
    let steps = course.iter().flat_map(Course::steps);
    steps
        .map(|step| candidate((step.id.clone(), step.title.clone())))
        .collect()
}

/// The steps, and `all`.
#[must_use]
pub fn steps_or_all() -> Vec<CompletionCandidate> {
    let all = CompletionCandidate::new("all").help(Some("every step, a line each".into()));
    steps().into_iter().chain([all]).collect()
}

/// Steps in a list with commas: those that can stand behind the last comma.
#[must_use]
pub fn step_list(typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    let before = typed.rfind(',').map_or("", |at| &typed[..=at]);
    steps()
        .into_iter()
        .map(|step| step.add_prefix(before))
        .filter(|step| step.get_value().to_string_lossy().starts_with(&*typed))
        .collect()
}
