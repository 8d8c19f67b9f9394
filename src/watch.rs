//! `tutor watch`: the verdict on every save.
//!
//! [`model`] holds all that is shown and decides what a key or a save means; [`view`] draws it;
//! [`files`] sees saves; [`runner`] judges in a process that can be cancelled. This module puts
//! them together and owns the terminal.

mod editor;
mod files;
pub mod model;
mod runner;
mod screen;
#[cfg(unix)]
mod signals;
#[cfg(not(unix))]
#[path = "watch/no_signals.rs"]
mod signals;
mod typing;
pub mod view;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, KeyEventKind};

use crate::course::source::read_source;
use crate::course::{Course, Step, experiments};
use crate::error::{Error, Result};
use crate::files::{plain, read_text};
use crate::progress::{self, Progress, StepProgress};
use crate::terminal;
use files::Files;
use model::{Effect, Message, Model, Pane, Row};
use runner::Runner;
use screen::Screen;
use signals::Signals;
use typing::{Typed, Typing};

/// How long keys are waited for before files and runs are looked at again.
const TICK: Duration = Duration::from_millis(30);

/// How long the next key may take and still belong to the one before: far less than two strokes.
const TOGETHER: Duration = Duration::from_millis(6);

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
    progress: Files,
    runner: Runner,
    screen: Screen,
    signals: Signals,
    typing: Typing,
}

impl<'a> Session<'a> {
    fn new(course: &'a Course, step: &Step) -> Result<Self> {
        let signals =
            Signals::watch().map_err(Error::io("watch for signals in", Path::new("tutor")))?;
        let current = course.steps().iter().position(|s| s == step).unwrap_or(0);
        let paths = course.steps().iter().map(|s| course.step_file(s)).collect();
        Ok(Self {
            course,
            model: Model::new(rows(course), current),
            files: Files::new(paths),
            progress: Files::new(vec![progress::file(course)]),
            runner: Runner::default(),
            screen: Screen::enter()?,
            signals,
            typing: Typing::default(),
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
            if self.signals.is_over() {
                return Ok(());
            }
            if self.signals.is_stop_wanted() {
                self.suspend()?;
            } else if self.signals.is_back() {
                // Somebody else had the terminal meanwhile.
                self.screen.leave();
                self.come_back()?;
            }
            for message in self.messages()? {
                let is_key = matches!(message, Message::Key(_));
                effects.extend(self.model.update(message));
                if is_key && matches!(self.model.pane, Pane::Question(_)) {
                    // What was typed before the question could be read is no answer to it.
                    effects.extend(self.skip_keys()?);
                    break;
                }
            }
        }
    }

    /// All that has happened since the last time, after a short wait for keys.
    fn messages(&mut self) -> Result<Vec<Message>> {
        let mut messages = Vec::new();
        let mut keys = Vec::new();
        let failed = |e| Error::io("read", Path::new("the terminal"))(e);
        let mut wait = TICK;
        while event::poll(wait).map_err(failed)? {
            match event::read().map_err(failed)? {
                Event::Key(key) if key.kind != KeyEventKind::Release => keys.push(key.into()),
                Event::Paste(text) => messages.push(Message::Pasted(text)),
                Event::Resize(..) => messages.push(Message::Resized),
                _ => {}
            }
            wait = TOGETHER;
        }
        match self.typing.take(keys, Instant::now()) {
            Typed::Keys(keys) => messages.extend(keys.into_iter().map(Message::Key)),
            Typed::Pasted(text) => messages.push(Message::Pasted(text)),
        }
        messages.extend(self.changes());
        Ok(messages)
    }

    /// What happened to files and runs.
    fn changes(&mut self) -> Vec<Message> {
        let mut messages = Vec::new();
        let mut saved = self.files.saved();
        let is_known_anew = !self.progress.saved().is_empty();
        if !saved.is_empty() || is_known_anew {
            messages.push(Message::Rows(rows(self.course)));
        }
        // A skeleton is nobody's work: an update or a reset elsewhere leads nowhere.
        saved.retain(|&step| step == self.model.current || !self.is_skeleton(step));
        if !saved.is_empty() {
            messages.push(Message::Saved(saved));
        }
        if let Some(done) = self.runner.done() {
            let file = self.course.step_file(&self.course.steps()[done.step]);
            messages.push(Message::Judged {
                step: done.step,
                passed: done.passed,
                line: editor::line_in(&done.text, &file),
                text: done.text,
                rows: rows(self.course),
            });
        }
        messages
    }

    fn is_skeleton(&self, step: usize) -> bool {
        let step = &self.course.steps()[step];
        let skeleton = read_text(&self.course.skeleton_file(step));
        let text = read_source(&self.course.step_file(step));
        skeleton.is_ok_and(|skeleton| text.is_ok_and(|text| plain(&text) == skeleton))
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
                self.model.show(title, &words, text, rows(self.course));
            }
            Effect::Finished => {
                let words = ["next".to_owned()];
                let text = self.tutor(&words)?;
                self.model
                    .show("all steps pass", &words, text, rows(self.course));
            }
            Effect::Experiments(step) => {
                let names = experiments::names(self.course, &self.course.steps()[step])?;
                self.model.offer_experiments(names);
            }
            Effect::Try { step, name } => {
                self.outside(&["try".into(), id(step), name])?;
            }
            Effect::Edit { step, line } => self.edit(step, line)?,
            Effect::Redraw => self.screen.clear()?,
            Effect::Suspend => self.suspend()?,
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
        terminal::note("\nAny key goes back to watching.");
        screen::wait_for_key()?;
        self.come_back()?;
        status
            .map(drop)
            .map_err(Error::io("start", Path::new("tutor")))
    }

    /// Takes the terminal over again.
    fn come_back(&mut self) -> Result<()> {
        // A Ctrl-C was meant for whoever had the terminal.
        self.signals.forget_interrupt();
        self.screen.enter_again()?;
        self.model.touch();
        Ok(())
    }

    /// Gives the terminal to the shell, until it is told to come back.
    fn suspend(&mut self) -> Result<()> {
        self.screen.leave();
        self.signals.stop();
        self.come_back()
    }

    /// Drops the keys that are there already.
    fn skip_keys(&mut self) -> Result<Vec<Effect>> {
        let failed = |e| Error::io("read", Path::new("the terminal"))(e);
        let mut effects = Vec::new();
        while event::poll(Duration::ZERO).map_err(failed)? {
            if let Event::Resize(..) = event::read().map_err(failed)? {
                effects.extend(self.model.update(Message::Resized));
            }
        }
        Ok(effects)
    }

    fn edit(&mut self, step: usize, line: Option<u32>) -> Result<()> {
        let path = self.course.step_file(&self.course.steps()[step]);
        let mut command = match editor::command(&path, line) {
            Ok(command) => command,
            Err(notice) => {
                self.model.notice(notice);
                return Ok(());
            }
        };
        self.screen.leave();
        let status = command.status();
        self.come_back()?;
        if let Err(error) = status {
            let program = command.get_program().to_string_lossy().into_owned();
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
            last: progress.of(step).and_then(|known| known.last.kind()),
            is_edited: progress.is_edited(course, step),
            hints: progress.of(step).map_or(0, StepProgress::hints_kept),
        })
        .collect()
}
