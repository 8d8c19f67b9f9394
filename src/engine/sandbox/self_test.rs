//! Whether this machine has a sandbox: found out by building one and running against it.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Ending, Kind, Limits, Policy, Program};
use crate::error::{Error, Result};

/// The hidden command under which `tutor` tries to get out.
pub const COMMAND: &str = "__self-test";

/// What the sandbox of this machine does not keep in, as sentences; nothing if it holds.
pub type Missing = Vec<String>;

/// Starts a program in a sandbox and lets it try.
///
/// # Errors
///
/// If no program can be started at all.
pub fn probe(folder: &Path) -> Result<Missing> {
    let scratch = tempfile::tempdir_in(folder).map_err(Error::io("create a folder in", folder))?;
    let secret = scratch.path().join("secret");
    fs::write(&secret, "secret").map_err(Error::io("write", &secret))?;
    let tutor = supervisor_path()?;
    let limits = Limits {
        time: Duration::from_secs(10),
        memory: 1 << 30,
        file_size: 1 << 20,
        output: 1 << 16,
    };
    let mut program = Program::new(&tutor, scratch.path(), limits);
    program.args = vec![COMMAND.into(), secret.into()];
    program.clear_env = true;
    let mut execute = vec![tutor];
    execute.extend(SYSTEM.iter().map(PathBuf::from));
    program.policy = Some(Policy {
        read: Vec::new(),
        execute,
        write: Vec::new(),
        asks: false,
        kind: Kind::Foreign,
    });
    let outcome = program.run()?;
    let words = outcome.stdout.text;
    Ok(match outcome.ending {
        Ending::Exited(0) if words.ends_with(ALL_TRIED) => words
            .lines()
            .filter(|line| *line != ALL_TRIED.trim_end())
            .map(str::to_owned)
            .collect(),
        ending => vec![format!(
            "no program starts in a sandbox ({ending:?}): {}",
            outcome.stderr.text.trim()
        )],
    })
}

/// Where the system's shared libraries and tools lie.
pub const SYSTEM: [&str; 9] = [
    "/bin",
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/bin",
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/libexec",
];

const ALL_TRIED: &str = "all tried\n";

fn supervisor_path() -> Result<PathBuf> {
    super::supervisor().map_err(|e| Error::Tool {
        name: "tutor".into(),
        reason: e.to_string(),
    })
}

/// In the sandbox: tries what must not be possible, and prints what was.
pub fn try_everything() {
    let secret = env::args_os().nth(2).map(PathBuf::from).unwrap_or_default();
    let mut words = String::new();
    let mut possible = |is: bool, what: &str| {
        if is {
            words.push_str(what);
            words.push('\n');
        }
    };
    possible(fs::read(&secret).is_ok(), "files can be read");
    possible(fs::read_dir("/").is_ok(), "folders can be listed");
    possible(fs::read("/etc/passwd").is_ok(), "/etc/passwd can be read");
    possible(fs::read("/proc/self/environ").is_ok(), "/proc can be read");
    possible(
        File::options().append(true).open(&secret).is_ok(),
        "files can be written",
    );
    possible(
        File::create(secret.with_extension("new")).is_ok(),
        "files can be made",
    );
    possible(
        fs::metadata(&secret).is_ok(),
        "sizes, owners and times of files can be asked for",
    );
    #[cfg(unix)]
    try_what_unix_has(&secret, &mut possible);
    possible(fs::remove_file(&secret).is_ok(), "files can be removed");
    possible(
        TcpListener::bind("127.0.0.1:0").is_ok(),
        "TCP sockets can be opened",
    );
    possible(
        UdpSocket::bind("127.0.0.1:0").is_ok(),
        "UDP sockets can be opened",
    );
    possible(
        Command::new("/bin/true").spawn().is_ok(),
        "processes can be started",
    );
    // A reader that is gone is answered by the exit code.
    let _ = io::stdout().write_all(format!("{words}{ALL_TRIED}").as_bytes());
}

#[cfg(unix)]
fn try_what_unix_has(secret: &Path, possible: &mut impl FnMut(bool, &str)) {
    #[cfg(target_os = "linux")]
    use std::os::unix::fs::OpenOptionsExt;
    use std::os::unix::fs::PermissionsExt;

    use nix::sys::signal::kill;
    use nix::unistd::{Pid, getppid};

    possible(
        fs::set_permissions(secret, fs::Permissions::from_mode(0o600)).is_ok(),
        "permissions can be changed",
    );
    #[cfg(target_os = "linux")]
    possible(
        (File::options().read(true))
            .custom_flags(nix::libc::O_PATH)
            .open(secret)
            .is_ok(),
        "files can be opened as places",
    );
    // No signal: whether one could be sent.
    let reached = [getppid(), Pid::from_raw(0), Pid::from_raw(-1)];
    possible(
        reached.iter().any(|&process| kill(process, None).is_ok()),
        "signals reach other processes",
    );
}
