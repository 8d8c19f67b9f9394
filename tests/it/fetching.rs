//! `tutor fetch` against a server on loopback that has its bad days.

mod bad_servers;
mod resuming;
mod server;
mod surroundings;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::{self, Done};
use server::{Reply, Request, Server};

const NAMES: [&str; 4] = [
    "config.json",
    "vocab.json",
    "merges.txt",
    "model.safetensors",
];
const MODEL: &str = "model.safetensors";

/// What the variables are that `tutor` or its proxies read.
const VARIABLES: [&str; 18] = [
    "HF_ENDPOINT",
    "HF_HOME",
    "HF_HUB_CACHE",
    "HF_HUB_OFFLINE",
    "HF_TOKEN",
    "XDG_CACHE_HOME",
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
    "NO_PROXY",
    "no_proxy",
    "NO_COLOR",
    "CLICOLOR_FORCE",
    "CARGO_TARGET_DIR",
    "RUST_LOG",
];

/// Somebody's course and home.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for tests");
        let course = support::root().join("tests/it/fixtures/course");
        support::copy(&course, folder.path());
        Self { folder }
    }

    fn command(&self, args: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
        command
            .args(["fetch", "gpt2"])
            .args(args)
            .current_dir(self.folder.path());
        for name in VARIABLES {
            command.env_remove(name);
        }
        command
            .env("HOME", self.folder.path().join("home"))
            .envs(variables.iter().copied());
        command
    }

    fn fetch(&self, server: &Server, variables: &[(&str, &str)]) -> Done {
        let endpoint = server.address();
        let mut all = vec![("HF_ENDPOINT", endpoint.as_str())];
        all.extend(variables);
        // Long enough for a busy machine.
        Done::from(
            self.command(&["--timeout", "20"], &all)
                .output()
                .expect("tutor can be started"),
        )
    }

    fn gpt2(&self) -> PathBuf {
        self.folder.path().join(".tutor/gpt2")
    }

    fn has(&self, name: &str) -> bool {
        fs::read(self.gpt2().join(name)).is_ok_and(|found| found == content(name))
    }

    /// The four files are there, and nothing is left of fetching them but its notes.
    fn is_whole(&self) {
        assert!(NAMES.iter().all(|name| self.has(name)));
        let mut expected: Vec<&str> = NAMES.into();
        expected.extend(["fetched.json"]);
        expected.sort_unstable();
        assert_eq!(names(&self.gpt2()), expected);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("it is there");
    let names = entries.map(|entry| entry.expect("it can be read").file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into()).collect();
    names.sort_unstable();
    names
}

/// A small model's file of this name, as the hub would have it.
fn content(name: &str) -> Vec<u8> {
    const FLOATS: usize = 100_000;
    match name {
        "config.json" => br#"{"n_layer": 1}"#.to_vec(),
        "vocab.json" => br#"{"a": 0, "b": 1}"#.to_vec(),
        "merges.txt" => b"#version: 0.2\na b\n".to_vec(),
        _ => {
            let header = format!(
                r#"{{"w":{{"dtype":"F32","shape":[{FLOATS}],"data_offsets":[0,{}]}}}}"#,
                4 * FLOATS
            );
            let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
            bytes.extend(header.bytes());
            bytes.extend(
                (0..4 * FLOATS).map(|i| u8::try_from(i * i % 251).expect("it is below 251")),
            );
            bytes
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// What the hub answers, served by itself.
fn hub(request: &Request) -> Reply {
    let Some(name) = request.file() else {
        return Reply::status(404);
    };
    let content = content(name);
    let linked = [
        ("X-Linked-Size", content.len().to_string()),
        ("X-Linked-Etag", format!("\"{}\"", sha256(&content))),
    ];
    Reply::of(request, &content, "\"tag\"").with(&linked)
}

/// The same, but for the model, of which `reply` makes what it likes; it is told how often the model
/// was asked for before.
fn but_model(reply: impl Fn(&Request, usize) -> Reply + Send + 'static) -> Server {
    let mut asked = 0;
    Server::start(move |request| match request.file() {
        Some(MODEL) => {
            asked += 1;
            reply(request, asked - 1)
        }
        _ => hub(request),
    })
}

fn refused(done: &Done, words: &[&str]) {
    assert_eq!(done.code, 3, "{done:?}");
    for word in words {
        assert!(done.stderr.contains(word), "no `{word}` in {done:?}");
    }
}

#[test]
fn four_files_come_once_and_in_order() {
    let (place, server) = (Place::new(), Server::start(hub));
    let done = place.fetch(&server, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stdout.contains("tutor generate --gpt2 .tutor/gpt2"),
        "{done:?}"
    );
    assert!(done.stderr.contains("550 MB"), "{done:?}");
    place.is_whole();
    let asked: Vec<String> = server
        .requests()
        .iter()
        .map(|request| request.path.clone())
        .collect();
    let expected = NAMES.map(|name| format!("/openai-community/gpt2/resolve/main/{name}"));
    assert_eq!(asked, expected);

    let again = place.fetch(&server, &[]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(
        again.stderr.contains("model.safetensors is there already"),
        "{again:?}"
    );
    assert_eq!(server.requests().len(), 4, "nothing is asked for twice");

    // One that was changed since comes again, and what it was changed into is kept.
    fs::write(place.gpt2().join("config.json"), r#"{"n_layer": 2}"#).expect("it can be written");
    let again = place.fetch(&server, &[]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(place.has("config.json") && server.requests().len() == 5);
    let aside = fs::read_to_string(place.gpt2().join("config.json.1.aside"));
    assert_eq!(aside.expect("it is there"), r#"{"n_layer": 2}"#);
}

/// What becomes of a fetch that waits for hardly anything.
fn impatient(server: &Server) -> Done {
    let (place, endpoint) = (Place::new(), server.address());
    let mut command = place.command(&["--timeout", "0.3"], &[("HF_ENDPOINT", &endpoint)]);
    Done::from(command.output().expect("tutor can be started"))
}
