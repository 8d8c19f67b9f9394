//! The terminal: taken over, drawn on without flicker, and given back whatever happens.

use std::io::{self, Stdout, stdout};
use std::panic;
use std::path::Path;
use std::sync::Once;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste, Event};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

use super::model::Model;
use super::view;
use crate::error::{Error, Result};

/// The terminal while it is ours. Dropping it gives it back, and so does a panic.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    is_ours: bool,
}

/// Gives the terminal back: what was typed is seen again, and so is the cursor.
pub fn restore() {
    // A terminal that is gone needs nothing back.
    let _ = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

impl Screen {
    /// Takes the terminal over.
    pub fn enter() -> Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let hook = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                restore();
                hook(info);
            }));
        });
        take_over().map_err(failed)?;
        let terminal = Terminal::new(CrosstermBackend::new(stdout())).map_err(failed)?;
        Ok(Self {
            terminal,
            is_ours: true,
        })
    }

    /// Takes the terminal over again, after it was given back or somebody else had it.
    pub fn enter_again(&mut self) -> Result<()> {
        take_over().map_err(failed)?;
        self.is_ours = true;
        self.clear()
    }

    /// Gives the terminal back.
    pub fn leave(&mut self) {
        if self.is_ours {
            self.is_ours = false;
            restore();
        }
    }

    /// Forgets what the screen shows, so that all of it is drawn.
    pub fn clear(&mut self) -> Result<()> {
        // `Terminal::clear` asks the terminal where its cursor is, and not every terminal answers.
        self.terminal = Terminal::new(CrosstermBackend::new(stdout())).map_err(failed)?;
        execute!(stdout(), Clear(ClearType::All)).map_err(failed)
    }

    /// Draws all that changed, in one go.
    pub fn draw(&mut self, model: &Model) -> Result<()> {
        execute!(stdout(), BeginSynchronizedUpdate).map_err(failed)?;
        let drawn = self
            .terminal
            .draw(|frame| view::draw(model, frame))
            .map(drop);
        execute!(stdout(), EndSynchronizedUpdate).map_err(failed)?;
        drawn.map_err(failed)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.leave();
    }
}

fn take_over() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste)
}

/// Waits for a key, whichever, on a terminal that was given back.
pub fn wait_for_key() -> Result<()> {
    enable_raw_mode().map_err(failed)?;
    let key = loop {
        match event::read() {
            Ok(Event::Key(_)) => break Ok(()),
            Ok(_) => {}
            Err(error) => break Err(failed(error)),
        }
    };
    let _ = disable_raw_mode();
    key
}

fn failed(error: io::Error) -> Error {
    Error::io("use", Path::new("the terminal"))(error)
}
