//! `tutor watch`: the verdict on every save.
//!
//! [`model`] holds all that is shown and decides what a key or a save means; [`view`] draws it;
//! [`files`] sees saves; [`runner`] judges in a process that can be cancelled. This module puts
//! them together and owns the terminal.

#[cfg(unix)]
mod end;
mod files;
pub mod model;
mod runner;
mod screen;
pub mod view;

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyEventKind};

use crate::commands::experiment_names;
use crate::course::{Course, Step};
use crate::error::{Error, Result};
use crate::progress::Progress;
use crate::terminal;
use files::Files;
use model::{Effect, Message, Model, Row};
use runner::Runner;
use screen::Screen;

/// How long keys are waited for before files and runs are looked at again.
const TICK: Duration = Duration::from_millis(30);

/// Watches `course`, starting at `step`, until the learner quits.
///
/// # Errors
///
/// If the terminal cannot be used, or `tutor` cannot start itself.
pub fn watch(course: &Course, step: &Step) -> Result<()> {
    let mut session = Session::new(course, step)?;
    let result = session.run();
    session.runner.cancel();
    session.screen.leave();
    result
}

struct Session<'a> {
    course: &'a Course,
    model: Model,
    files: Files,
    runner: Runner,
    screen: Screen,
    terminated: Arc<AtomicBool>,
}

impl<'a> Session<'a> {
    fn new(course: &'a Course, step: &Step) -> Result<Self> {
        let terminated = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        end::watch(&terminated).map_err(Error::io("watch for signals in", Path::new("tutor")))?;
        let current = course.steps().iter().position(|s| s == step).unwrap_or(0);
        let paths = course.steps().iter().map(|s| course.step_file(s)).collect();
        Ok(Self {
            course,
            model: Model::new(rows(course), current),
            files: Files::new(paths),
            runner: Runner::default(),
            screen: Screen::enter()?,
            terminated,
        })
    }

    fn run(&mut self) -> Result<()> {
        let mut effects = self.model.update(Message::Start);
        loop {
            for effect in std::mem::take(&mut effects) {
                if self.carry_out(effect)? {
                    return Ok(());
                }
            }
            if self.model.is_changed() {
                self.screen.draw(&self.model)?;
            }
            if self.terminated.load(Ordering::Relaxed) {
                return Ok(());
            }
            for message in self.messages()? {
                effects.extend(self.model.update(message));
            }
        }
    }

    /// All that has happened since the last time, after a short wait for keys.
    fn messages(&mut self) -> Result<Vec<Message>> {
        let mut messages = Vec::new();
        let failed = |e| Error::io("read", Path::new("the terminal"))(e);
        let mut wait = TICK;
        while event::poll(wait).map_err(failed)? {
            match event::read().map_err(failed)? {
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    messages.push(Message::Key(key.into()));
                }
                Event::Resize(..) => messages.push(Message::Resized),
                _ => {}
            }
            wait = Duration::ZERO;
        }
        messages.extend(self.files.saved().into_iter().map(Message::Saved));
        if let Some(done) = self.runner.done() {
            messages.push(Message::Judged {
                step: done.step,
                passed: done.passed,
                text: done.text,
                rows: rows(self.course),
            });
        }
        Ok(messages)
    }

    /// Does what the model asks for; true if that is to quit.
    fn carry_out(&mut self, effect: Effect) -> Result<bool> {
        let id = |step: usize| self.course.steps()[step].id.clone();
        match effect {
            Effect::Quit => return Ok(true),
            Effect::Judge(step) => self.runner.start(self.course.root(), step, &id(step))?,
            Effect::Show { step, title, words } => {
                let mut args = words.clone();
                args.push(id(step));
                let text = self.tutor(&args)?;
                self.model.show(title, text, rows(self.course));
            }
            Effect::Finished => {
                let text = self.tutor(&["next".into()])?;
                self.model.show("all steps pass", text, rows(self.course));
            }
            Effect::Experiments(step) => {
                let names = experiment_names(self.course, &self.course.steps()[step])?;
                self.model.offer_experiments(names);
            }
            Effect::Try { step, name } => {
                self.outside(&["try".into(), id(step), name])?;
            }
            Effect::Edit(step) => self.edit(step)?,
        }
        Ok(false)
    }

    /// What another `tutor` prints, as if for this terminal.
    fn tutor(&self, args: &[String]) -> Result<String> {
        let output = tutor(self.course.root(), args)?
            .env("CLICOLOR_FORCE", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(Error::io("start", Path::new("tutor")))?;
        let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.push_str(&String::from_utf8_lossy(&output.stderr));
        Ok(text)
    }

    /// Gives the terminal to another `tutor` for a while.
    fn outside(&mut self, args: &[String]) -> Result<()> {
        self.screen.leave();
        let status = tutor(self.course.root(), args)?.status();
        terminal::note("\nEnter goes back to watching.");
        // Whatever comes means to go back.
        let _ = io::stdin().read_line(&mut String::new());
        self.screen = Screen::enter()?;
        self.model.touch();
        status
            .map(drop)
            .map_err(Error::io("start", Path::new("tutor")))
    }

    fn edit(&mut self, step: usize) -> Result<()> {
        let path = self.course.step_file(&self.course.steps()[step]);
        let editor = std::env::var("VISUAL").or_else(|_| std::env::var("EDITOR"));
        let Ok(editor) = editor else {
            self.model.notice("Set $EDITOR to open files from here");
            return Ok(());
        };
        let mut words = editor.split_whitespace();
        let Some(program) = words.next() else {
            self.model.notice("$EDITOR is empty");
            return Ok(());
        };
        self.screen.leave();
        let status = Command::new(program).args(words).arg(&path).status();
        self.screen = Screen::enter()?;
        self.model.touch();
        if let Err(error) = status {
            self.model
                .notice(&format!("`{program}` cannot be started: {error}"));
        }
        Ok(())
    }
}

/// This very program with other arguments.
fn tutor(folder: &Path, args: &[String]) -> Result<Command> {
    let program = std::env::current_exe().map_err(Error::io("find", Path::new("tutor")))?;
    let mut command = Command::new(program);
    command.args(args).current_dir(folder);
    Ok(command)
}

/// The steps as the list shows them.
fn rows(course: &Course) -> Vec<Row> {
    // Progress that cannot be read is told by the commands that need it.
    let progress = Progress::read(course)
        .map(|(progress, _)| progress)
        .unwrap_or_default();
    course
        .steps()
        .iter()
        .map(|step| Row {
            id: step.id.clone(),
            name: step.name.clone(),
            title: step.title.clone(),
            last: progress
                .of(step)
                .map(|known| known.last.clone())
                .unwrap_or_default(),
        })
        .collect()
}
