//! The sandbox on Linux: Landlock for files, seccomp for system calls, resource limits for the rest.
//!
//! Landlock says which files can be opened, and nothing else; it knows no `chmod`, no sockets (but
//! TCP, lately) and no signals (but since Linux 6.12). Those are system calls that foreign code
//! does not need: seccomp refuses them.

use std::fs;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope, path_beneath_rules,
};
use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::close;

use super::{Kind, Limits, Policy, seccomp};

/// What is asked of the kernel. An older one does what it can; [`super::probe`] finds out whether
/// that is enough.
const LANDLOCK: ABI = ABI::V7;

/// Open files: rustc and a linker need some dozens.
const FILES: u64 = 256;

/// Confines this process to `policy`, once and for all.
pub fn build(policy: &Policy, limits: &Limits) -> io::Result<()> {
    close_what_was_inherited()?;
    // The supervisor counts, too; this holds even if it gets no processor itself.
    let seconds = limits.time.as_secs() + 2;
    setrlimit(Resource::RLIMIT_CPU, seconds, seconds + 1)?;
    setrlimit(Resource::RLIMIT_NOFILE, FILES, FILES)?;
    restrict_files(policy).map_err(io::Error::other)?;
    seccomp::restrict(policy).map_err(io::Error::other)
}

/// Whoever started `tutor` may have left files open in it, and what is open stays open behind a
/// sandbox. Only standard input and output are meant.
fn close_what_was_inherited() -> io::Result<()> {
    let open: Vec<i32> = fs::read_dir("/proc/self/fd")?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    for number in open.into_iter().filter(|&number| number > 2) {
        // The list itself was one of them, and is closed already.
        let _ = close(number);
    }
    Ok(())
}

fn restrict_files(policy: &Policy) -> Result<(), String> {
    let all = AccessFs::from_all(LANDLOCK);
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write = match policy.kind {
        Kind::Compiler => all & !AccessFs::Execute,
        // Flat and without links, so that it is known what is in there and that it can be removed.
        Kind::Foreign => {
            read | AccessFs::WriteFile
                | AccessFs::Truncate
                | AccessFs::MakeReg
                | AccessFs::RemoveFile
        }
    };
    let status = (|| {
        Ruleset::default()
            .set_compatibility(CompatLevel::BestEffort)
            .handle_access(all)?
            .handle_access(AccessNet::from_all(LANDLOCK))?
            .scope(Scope::from_all(LANDLOCK))?
            .create()?
            .add_rules(path_beneath_rules(&policy.read, read))?
            .add_rules(path_beneath_rules(
                &policy.execute,
                read | AccessFs::Execute,
            ))?
            .add_rules(path_beneath_rules(&policy.write, write))?
            .add_rules(path_beneath_rules(
                ["/dev/null"],
                AccessFs::ReadFile | AccessFs::WriteFile,
            ))?
            .restrict_self()
    })()
    .map_err(|e| e.to_string())?;
    match status.ruleset {
        RulesetStatus::NotEnforced => Err("the kernel has no Landlock".into()),
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}
