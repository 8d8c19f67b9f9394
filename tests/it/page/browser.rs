//! Chromium without a window.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Names under which it is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

pub struct Browser {
    program: OsString,
}

/// In CSS pixels.
pub struct Screen {
    pub width: u32,
    pub height: u32,
}

/// In points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    pub width: f64,
    pub height: f64,
}

impl Sheet {
    pub fn is_landscape(&self) -> bool {
        self.width > self.height
    }
}

impl Browser {
    pub fn find() -> Self {
        if let Some(program) = std::env::var_os("TUTOR_CHROMIUM") {
            return Self { program };
        }
        let works = |name: &&str| {
            Command::new(name)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        };
        let name = NAMES.iter().find(|name| works(name));
        Self {
            program: name.expect("Chromium is installed").into(),
        }
    }

    /// The document as it is in the end.
    pub fn dom(&self, page: &Path, screen: &Screen) -> String {
        self.run(page, &["--dump-dom".into(), size(screen)])
    }

    /// The document once its scripts have had time to do what they wait for.
    pub fn dom_in_time(&self, page: &Path, screen: &Screen) -> String {
        let time = "--virtual-time-budget=60000".to_owned();
        self.run(page, &["--dump-dom".into(), time, size(screen)])
    }

    /// What is seen of it.
    pub fn picture(&self, page: &Path, screen: &Screen, to: &Path) {
        let to = format!("--screenshot={}", to.display());
        self.run(page, &[to, size(screen), "--hide-scrollbars".into()]);
    }

    /// Prints it.
    pub fn sheets(&self, page: &Path, to: &Path) -> Vec<Sheet> {
        let print = format!("--print-to-pdf={}", to.display());
        self.run(page, &[print, "--no-pdf-header-footer".into()]);
        let pdf = fs::read(to).expect("it was printed");
        sheets(&String::from_utf8_lossy(&pdf))
    }

    /// A browser that nobody has used before, without the network.
    fn run(&self, page: &Path, arguments: &[String]) -> String {
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let output = profile.path().join("output");
        let mut child = Command::new(&self.program)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
            ])
            .args(["--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--force-device-scale-factor=1"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(arguments)
            .arg(format!("file://{}", page.display()))
            .stdin(Stdio::null())
            .stdout(File::create(&output).expect("output can be kept"))
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                break status;
            }
            if start.elapsed() > PATIENCE {
                let _ = child.kill();
                let _ = child.wait();
                panic!("Chromium did not come to an end with {arguments:?}");
            }
            thread::sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "Chromium ended with {status}");
        let output = fs::read(&output).expect("output was kept");
        String::from_utf8_lossy(&output).into_owned()
    }
}

fn size(screen: &Screen) -> String {
    format!("--window-size={},{}", screen.width, screen.height)
}

/// The sheets of a PDF as Chromium writes it: an object in plain text for each.
fn sheets(pdf: &str) -> Vec<Sheet> {
    let pages = pdf.split("/Type /Page\n").skip(1);
    pages
        .filter_map(|page| {
            let (_, rest) = page.split_once("/MediaBox [")?;
            let (numbers, _) = rest.split_once(']')?;
            let numbers: Vec<f64> = numbers
                .split_whitespace()
                .filter_map(|number| number.parse().ok())
                .collect();
            match *numbers.as_slice() {
                [left, bottom, right, top] => Some(Sheet {
                    width: right - left,
                    height: top - bottom,
                }),
                _ => None,
            }
        })
        .collect()
}
