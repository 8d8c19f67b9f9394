//! The terminal: taken over, drawn on without flicker, and given back whatever happens.

use std::io::{self, stdout};
use std::path::Path;

use ratatui::DefaultTerminal;
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};

use super::model::Model;
use super::view;
use crate::error::{Error, Result};

/// The terminal while it is ours. Dropping it gives it back, and so does a panic.
pub struct Screen {
    terminal: DefaultTerminal,
    is_ours: bool,
}

impl Screen {
    /// Takes the terminal over.
    pub fn enter() -> Result<Self> {
        let terminal = ratatui::try_init().map_err(failed)?;
        Ok(Self {
            terminal,
            is_ours: true,
        })
    }

    /// Gives the terminal back.
    pub fn leave(&mut self) {
        if self.is_ours {
            self.is_ours = false;
            // A terminal that is gone needs nothing back.
            let _ = ratatui::try_restore();
        }
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

fn failed(error: io::Error) -> Error {
    Error::io("use", Path::new("the terminal"))(error)
}
