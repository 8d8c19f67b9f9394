//! `tutor train`

use std::fmt::Write;
use std::fs;
use std::io::{self, IsTerminal};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::cli::Format;
use crate::cli::studio::{MODEL_KEYS, TokenizerKind, Train};
use crate::commands::studio::{self, WEIGHTS};
use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::files;
use crate::studio::Line;
use crate::studio::screen::Screen;
use crate::studio::training::{Training, svg};
use crate::terminal::{self, style};

/// The most that is learned from, in bytes.
const LARGEST_TEXT: u64 = 64 << 20;

/// What has the losses of a checkpoint's training, a row a step.
const LOSSES: &str = "losses.csv";

/// The picture of its curve.
const PICTURE: &str = "loss.svg";

/// In a pipe, one in so many steps has a line.
const STEPS_A_LINE: u64 = 50;

/// Trains a model and shows how it goes.
pub fn train(course: &Course, options: &Train) -> Result<Code> {
    let program = crate::studio::program(course, "train")?;
    let folder = options
        .out
        .clone()
        .unwrap_or_else(|| studio::model_folder(course));
    // The program works in the course's folder, whatever this one is.
    let folder = std::path::absolute(&folder).map_err(Error::io("find", &folder))?;
    let text = match options.resume {
        true => None,
        false => Some(joined(&texts(course, options)?)?),
    };
    if options.resume && !folder.join(WEIGHTS).exists() {
        return Err(Error::Usage {
            message: format!("there is no checkpoint in `{}`", folder.display()),
            next: "`tutor train` begins a training".into(),
        });
    }
    let ready = studio::Ready::of(course, &options.studio)?;
    let mut training = Training::default();
    if options.resume {
        read_losses(&folder, &mut training);
    }
    let scratch = studio::scratch(course)?;
    let path = scratch.path().join("text.txt");
    if let Some(text) = &text {
        fs::write(&path, text).map_err(Error::io("write", &path))?;
    }
    let settings = settings(options, &folder, &path);
    let mut teller = Teller::new(options.studio.format, training, folder.clone());
    let told = ready.run(&program, &settings, &next(options), &mut |line| {
        teller.hear(&line)
    });
    let teller = teller.ended();
    let Some(ending) = told? else {
        return Ok(Code::NotPassed);
    };
    studio::succeeded(ending)?;
    if teller.training.losses.is_empty() || options.studio.format == Format::Json {
        return Ok(Code::Passed);
    }
    terminal::print(&teller.conclusion(options))?;
    Ok(Code::Passed)
}

/// The files to learn from.
fn texts(course: &Course, options: &Train) -> Result<Vec<PathBuf>> {
    if !options.text.is_empty() {
        return Ok(options.text.clone());
    }
    let lessons = course.steps().iter().map(|step| course.lesson_file(step));
    let lessons: Vec<PathBuf> = lessons.filter(|path| path.is_file()).collect();
    if lessons.is_empty() {
        return Err(Error::Usage {
            message: "this course has no lessons to learn from".into(),
            next: "`tutor train --text FILE`".into(),
        });
    }
    Ok(lessons)
}

/// What stands in the files, one after the other.
fn joined(paths: &[PathBuf]) -> Result<String> {
    let refused = |path: &Path, what: &str, next: &str| Error::Usage {
        message: format!("`{}` {what}", path.display()),
        next: next.into(),
    };
    let mut all = String::new();
    for path in paths {
        let bytes = fs::metadata(path).map_err(Error::io("read", path))?.len();
        if bytes + all.len() as u64 > LARGEST_TEXT {
            let what = "makes the text longer than 64 MB, the most that is learned from";
            return Err(refused(path, what, "give a part of it: `head -c 60M FILE`"));
        }
        let text = fs::read(path).map_err(Error::io("read", path))?;
        let text = String::from_utf8(text)
            .map_err(|_| refused(path, "is no text in UTF-8", "give a text file"))?;
        all.push_str(&text);
    }
    if all.trim().is_empty() {
        return Err(refused(&paths[0], "is empty", "give a text of some pages"));
    }
    Ok(all)
}

/// What the program is told.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the command line takes no negative number, and none that is this large"
)]
fn settings(options: &Train, folder: &Path, text: &Path) -> Value {
    let (mut model, mut training) = (Map::new(), Map::new());
    for (key, value) in &options.config {
        let value = match value.fract() == 0.0 {
            true => json!(*value as u64),
            false => json!(value),
        };
        let table = match MODEL_KEYS.contains(&key.as_str()) {
            true => &mut model,
            false => &mut training,
        };
        table.insert(key.clone(), value);
    }
    training.insert("seed".into(), json!(options.seed));
    if let Some(steps) = options.steps {
        training.insert("steps".into(), json!(steps));
    }
    json!({
        "folder": folder,
        "text": text,
        "resume": options.resume,
        "more_steps": options.steps.filter(|_| options.resume),
        "minutes": options.minutes,
        "vocab_size": (options.tokenizer == TokenizerKind::Bpe).then_some(options.vocab_size),
        "model": model,
        "training": training,
    })
}

/// What to type if the program refuses.
fn next(options: &Train) -> String {
    if options.resume {
        "`tutor train` begins anew; `tutor train --resume --steps 500` adds steps to a training \
         that is finished"
            .into()
    } else {
        "`tutor train --help` says what can be set".into()
    }
}

/// Takes in what an earlier training noted of its losses.
fn read_losses(folder: &Path, training: &mut Training) {
    let text = fs::read_to_string(folder.join(LOSSES)).unwrap_or_default();
    for line in text.lines().skip(1) {
        let mut cells = line.split(',').map(|cell| cell.parse::<f64>().ok());
        let (Some(Some(step)), loss, validation) = (cells.next(), cells.next(), cells.next())
        else {
            continue;
        };
        if let Some(Some(loss)) = loss {
            training.losses.push((step, loss));
        }
        if let Some(Some(loss)) = validation {
            training.validation.push((step, loss));
        }
    }
}

/// Tells how it goes, in the way that was asked for.
struct Teller {
    training: Training,
    folder: PathBuf,
    way: Way,
}

enum Way {
    /// A picture that changes.
    Screen(Box<Screen>),
    /// A line now and then.
    Lines,
    /// The program's own events.
    Json,
    /// Nothing: nobody listens any more.
    Nobody,
}

impl Teller {
    fn new(format: Format, training: Training, folder: PathBuf) -> Self {
        let way = match format {
            Format::Json => Way::Json,
            Format::Human if io::stdout().is_terminal() => {
                Screen::open().map_or(Way::Lines, |screen| Way::Screen(Box::new(screen)))
            }
            Format::Human => Way::Lines,
        };
        Self {
            training,
            folder,
            way,
        }
    }

    fn hear(&mut self, line: &Line) -> ControlFlow<()> {
        let event = match line {
            Line::Event(event) => event,
            Line::Printed(text) => {
                return self.told(&format!("{} {text}\n", style::dim("your step prints:")));
            }
        };
        if event["event"] == "put_aside" {
            let folder = event["folder"].as_str().unwrap_or_default();
            let words = format!("The model that was there is now in {folder}\n");
            match &mut self.way {
                Way::Screen(screen) => screen.print(&words),
                _ => terminal::note(words.trim_end()),
            }
        }
        if event["event"] == "start" {
            self.forget_what_is_done_again(event["step"].as_f64().unwrap_or_default());
        }
        self.training.hear(event);
        if event["event"] == "saved" {
            self.keep();
        }
        match &mut self.way {
            Way::Screen(screen) => {
                screen.draw(&self.training);
                ControlFlow::Continue(())
            }
            Way::Json => self.told(&format!("{event}\n")),
            Way::Lines => match self.in_words(event) {
                Some(words) => self.told(&words),
                None => ControlFlow::Continue(()),
            },
            Way::Nobody => ControlFlow::Break(()),
        }
    }

    /// A checkpoint may be older than what was noted of the losses.
    fn forget_what_is_done_again(&mut self, step: f64) {
        self.training.losses.retain(|(at, _)| *at <= step);
        self.training.validation.retain(|(at, _)| *at <= step);
    }

    fn told(&mut self, words: &str) -> ControlFlow<()> {
        if let Way::Screen(screen) = &mut self.way {
            screen.print(words);
            return ControlFlow::Continue(());
        }
        let heard = terminal::print_part(words).unwrap_or(ControlFlow::Break(()));
        if heard.is_break() {
            self.way = Way::Nobody;
        }
        heard
    }

    fn in_words(&self, event: &Value) -> Option<String> {
        let training = &self.training;
        match event["event"].as_str()? {
            "start" => Some(format!(
                "{} parameters, {} tokens to learn from, {} held back; {} steps\n",
                event["parameters"],
                event["training_tokens"],
                event["validation_tokens"],
                training.steps
            )),
            "step" if training.step.is_multiple_of(STEPS_A_LINE) || training.step == 1 => {
                Some(format!("{}\n", training.status()))
            }
            "sample" => Some(format!("  {}\n", training.sample.replace('\n', "\n  "))),
            _ => None,
        }
    }

    /// Notes the losses beside the checkpoint. Without them there is a checkpoint all the same.
    fn keep(&self) {
        let mut text = "step,loss,validation\n".to_owned();
        let mut validation = self.training.validation.iter().peekable();
        for (step, loss) in &self.training.losses {
            let held_back = validation.next_if(|(at, _)| at == step);
            let held_back = held_back.map(|(_, loss)| loss.to_string());
            let _ = writeln!(text, "{step},{loss},{}", held_back.unwrap_or_default());
        }
        let _ = files::write(&self.folder.join(LOSSES), text.as_bytes());
        let _ = files::write(&self.folder.join(PICTURE), svg(&self.training).as_bytes());
    }

    fn ended(mut self) -> Self {
        self.way = Way::Nobody;
        self
    }

    /// What came out, and what to do with it.
    fn conclusion(&self, options: &Train) -> String {
        let training = &self.training;
        let out = match &options.out {
            Some(folder) => format!(" --checkpoint {}", folder.display()),
            None => String::new(),
        };
        let mut text = format!("\n{}\n", training.status());
        if training.step < training.steps {
            let out = options.out.as_ref();
            let out = out.map_or(String::new(), |out| format!(" --out {}", out.display()));
            let _ = writeln!(
                text,
                "Stopped and saved at step {}. Go on: `tutor train --resume{out}`",
                training.step
            );
        }
        let _ = writeln!(
            text,
            "The curve: {}\nNext: `tutor generate{out}`",
            self.folder.join(PICTURE).display()
        );
        text
    }
}
