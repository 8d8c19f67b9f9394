//! How fast the finished model trains and writes: `cargo bench --bench studio`, and with a word behind
//! it, as in `cargo bench --bench studio -- writing`, only a part of that.
//!
//! Everything runs in turn, several times, and the best of each is taken: the machine may have other
//! work to do. Where Python has `torch` (`TUTOR_PYTHON` names the interpreter, otherwise `python3`), each
//! figure stands beside its own, and the ratio before it.

#[path = "studio/gpt2.rs"]
mod gpt2;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::Value;

/// How often each program runs.
const ROUNDS: usize = 3;

/// Steps of a training.
const STEPS: usize = 40;

/// Tokens of a batch of `tutor train`, by default.
const BATCH: f64 = 16.0 * 64.0;

/// Tokens that are written after a text.
const NEW: usize = 16;

/// Tokens of the texts.
const LENGTHS: [usize; 4] = [16, 128, 512, 960];

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = tempfile::tempdir().expect("a folder");
    let python = PyTorch::find(root);
    if python.is_none() {
        println!("PyTorch is not there: `TUTOR_PYTHON=…/python cargo bench --bench studio`");
    }
    // The kit is built now if it is not there.
    let mut first = tutor("train", &["--steps", "1", "--out"], 1);
    first
        .arg(scratch.path().join("first"))
        .stdout(Stdio::null());
    assert!(first.status().expect("tutor can be started").success());
    println!("best of {ROUNDS} rounds, in turn; threads: those of Rayon and of PyTorch\n");
    let wanted: Vec<String> = env::args().skip(1).collect();
    let parts = ["training", "writing", "saving"];
    let is_wanted = |part| {
        let is_named = |part: &str| wanted.iter().any(|word| word == part);
        is_named(part) || !parts.into_iter().any(is_named)
    };
    for threads in [1, 2] {
        if is_wanted("training") {
            training(scratch.path(), threads, python.as_ref());
        }
    }
    if is_wanted("writing") {
        let folder = root.join("target/bench/gpt2-small");
        gpt2::make(&folder);
        writing(&folder, python.as_ref());
    }
    if is_wanted("saving") {
        saving(&scratch.path().join("large"));
    }
}

/// Training of the default model, in tokens a second.
fn training(scratch: &Path, threads: usize, python: Option<&PyTorch>) {
    let (mut ours, mut eager, mut passive) = (f64::MAX, f64::MAX, f64::MAX);
    let arguments = ["train", &threads.to_string(), &STEPS.to_string()].map(str::to_owned);
    for _ in 0..ROUNDS {
        let out = scratch.join("model");
        let mut command = tutor("train", &["--steps", &STEPS.to_string(), "--out"], threads);
        command.arg(&out);
        let events = Events::of(command);
        ours = ours.min(events.least_told("step"));
        fs::remove_dir_all(out).expect("it was trained");
        if let Some(python) = python {
            let step = |waits| python.told(&arguments, waits)["step"].as_f64();
            eager = eager.min(step(true).unwrap_or(f64::MAX));
            passive = passive.min(step(false).unwrap_or(f64::MAX));
        }
    }
    let line = format!("training, {threads} thread(s)");
    compared(
        &line,
        BATCH / ours,
        [BATCH / eager, BATCH / passive],
        python,
    );
}

/// Writing with GPT-2 small's size from the cache, and what reading it takes.
fn writing(folder: &Path, python: Option<&PyTorch>) {
    let mut ours: BTreeMap<usize, f64> = BTreeMap::new();
    let [mut eager, mut passive] = [BTreeMap::new(), BTreeMap::new()];
    let (mut loading, mut memory) = (f64::MAX, 0);
    for _ in 0..ROUNDS {
        for length in LENGTHS {
            // A letter and the blank before it are one token.
            let prompt = "a ".repeat(length);
            let new = NEW.to_string();
            let mut command = tutor(
                "generate",
                &[&prompt, "--greedy", "--max-new-tokens", &new],
                2,
            );
            command.arg("--gpt2").arg(folder);
            let events = Events::of(command);
            let length = events.first("start")["prompt_tokens"].as_u64();
            let length = usize::try_from(length.unwrap_or_default()).expect("a length");
            least(&mut ours, length, events.least("token"));
            loading = loading.min(
                events.first("start")["seconds"]
                    .as_f64()
                    .unwrap_or(f64::MAX),
            );
            memory = memory.max(events.memory);
        }
        if let Some(python) = python {
            let lengths = ours.keys().map(usize::to_string);
            let words = ["generate".to_owned(), "2".to_owned(), NEW.to_string()];
            let arguments: Vec<String> = words.into_iter().chain(lengths).collect();
            for (waits, times) in [(true, &mut eager), (false, &mut passive)] {
                let told = python.told(&arguments, waits);
                for (length, token) in told["token"].as_object().into_iter().flatten() {
                    let length = length.parse().expect("a length");
                    least(times, length, token.as_f64().unwrap_or(f64::MAX));
                }
            }
        }
    }
    for (length, token) in &ours {
        let theirs = [&eager, &passive].map(|times| 1.0 / times.get(length).unwrap_or(&f64::MAX));
        compared(
            &format!("writing after {length} tokens"),
            1.0 / token,
            theirs,
            python,
        );
    }
    println!("loading 124,439,808 parameters and the tokenizer   {loading:.2} s");
    println!(
        "largest resident set while writing                 {} MB",
        memory >> 20
    );
}

/// What a save of a large model takes, with all that a training goes on from.
fn saving(out: &Path) {
    let mut command = tutor("train", &["--steps", "1", "--out"], 2);
    command.arg(out);
    for value in [
        "n_embd=768",
        "n_inner=3072",
        "n_layer=12",
        "n_head=12",
        "batch_size=1",
    ] {
        command.args(["--config", value]);
    }
    let events = Events::of(command);
    let parameters = events.first("start")["parameters"]
        .as_u64()
        .unwrap_or_default();
    let seconds = events.least_told("saved");
    let files = fs::read_dir(out).expect("it was saved").flatten();
    println!("\na save of {parameters} parameters: {seconds:.2} s, and in sizes of its weights");
    for file in files {
        let bytes = file.metadata().expect("a file").len();
        if bytes > parameters {
            #[expect(clippy::cast_precision_loss, reason = "a ratio")]
            let ratio = bytes as f64 / (4 * parameters) as f64;
            println!("  {:<26} {ratio:.3}", file.file_name().to_string_lossy());
        }
    }
}

/// Prints our figure beside the others, the ratios first.
fn compared(what: &str, ours: f64, [eager, passive]: [f64; 2], python: Option<&PyTorch>) {
    match python {
        None => println!("{what:<28} {ours:.1} tokens/s"),
        Some(_) => println!(
            "{what:<28} {:.2} of PyTorch, {:.2} of passive   {ours:.1} / {eager:.1} / {passive:.1} \
             tokens/s",
            ours / eager,
            ours / passive
        ),
    }
}

fn least(times: &mut BTreeMap<usize, f64>, length: usize, time: f64) {
    let known = times.entry(length).or_insert(f64::MAX);
    *known = known.min(time);
}

fn tutor(name: &str, arguments: &[&str], threads: usize) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tutor"));
    command
        .args([name, "--solution", "--format", "json"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("RAYON_NUM_THREADS", threads.to_string());
    command
}

/// What a program told, and when.
struct Events {
    told: Vec<(f64, Value)>,
    /// The largest resident set of the program, in bytes.
    memory: u64,
}

impl Events {
    fn of(mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("tutor can be started");
        let out = BufReader::new(child.stdout.take().expect("it is piped"));
        let begun = Instant::now();
        let (mut told, mut memory) = (Vec::new(), 0);
        for line in out.lines() {
            let line = line.expect("JSON is text");
            let event: Value = serde_json::from_str(&line).expect("a JSON object a line");
            assert_ne!(event["event"], "refused", "{event}");
            if event["event"] == "token" {
                memory = memory.max(memory_below(&child));
            }
            told.push((begun.elapsed().as_secs_f64(), event));
        }
        assert!(child.wait().expect("it ends").success());
        Self { told, memory }
    }

    fn first(&self, name: &str) -> &Value {
        let mut events = self.told.iter().map(|(_, event)| event);
        events
            .find(|event| event["event"] == name)
            .expect("it is told")
    }

    /// The least time between an event of this name and the one before it, which has the same name.
    fn least(&self, name: &str) -> f64 {
        let pairs = self.told.windows(2);
        let pairs = pairs.filter(|pair| pair.iter().all(|(_, event)| event["event"] == name));
        let times = pairs.map(|pair| pair[1].0 - pair[0].0);
        times.fold(f64::MAX, f64::min)
    }

    /// The least time that events of this name tell themselves.
    fn least_told(&self, name: &str) -> f64 {
        let events = self.told.iter().filter(|(_, event)| event["event"] == name);
        let times = events.filter_map(|(_, event)| event["seconds"].as_f64());
        times.fold(f64::MAX, f64::min)
    }
}

/// The largest resident set of what `child` has started, in bytes; 0 where there is no `/proc`.
fn memory_below(child: &Child) -> u64 {
    let parent = format!("\nPPid:\t{}\n", child.id());
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let texts = entries.filter_map(|entry| fs::read_to_string(entry.path().join("status")).ok());
    let peaks = texts
        .filter(|text| text.contains(&parent))
        .filter_map(|text| {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
            let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
            Some(kilobytes << 10)
        });
    peaks.max().unwrap_or(0)
}

/// A Python that has `torch`.
struct PyTorch {
    python: PathBuf,
    script: PathBuf,
}

impl PyTorch {
    fn find(root: &Path) -> Option<Self> {
        let python = env::var_os("TUTOR_PYTHON").unwrap_or_else(|| "python3".into());
        let mut command = Command::new(&python);
        command.args(["-c", "import torch"]).stderr(Stdio::null());
        command.status().ok()?.success().then(|| Self {
            python: python.into(),
            script: root.join("benches/pytorch.py"),
        })
    }

    /// What the script tells. Threads that have nothing to do wait for work as they do by default, or
    /// sleep.
    fn told(&self, arguments: &[String], waits: bool) -> Value {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).args(arguments);
        if !waits {
            command
                .env("OMP_WAIT_POLICY", "PASSIVE")
                .env("GOMP_SPINCOUNT", "0");
        }
        let output = command.output().expect("Python can be started");
        serde_json::from_slice(&output.stdout).expect("a JSON object")
    }
}
