//! A few lines at the bottom of the terminal that are drawn again and again.

use std::io::{self, Stdout};
use std::time::{Duration, Instant};

use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::terminal::size;
use ratatui::text::Line;
use ratatui::widgets::Widget;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::training::Training;
use super::training::view;

/// Drawing more often shows nothing more.
const EVERY: Duration = Duration::from_millis(100);

/// The lines, which stay as they were drawn last.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    drawn: Option<Instant>,
}

impl Screen {
    /// As many lines as there is room for.
    ///
    /// # Errors
    ///
    /// If the terminal does not answer.
    pub fn open() -> io::Result<Self> {
        let (_, rows) = size()?;
        let height = view::HEIGHT.min(rows.saturating_sub(1)).max(1);
        let options = TerminalOptions {
            viewport: Viewport::Inline(height),
        };
        let terminal = Terminal::with_options(CrosstermBackend::new(io::stdout()), options)?;
        Ok(Self {
            terminal,
            drawn: None,
        })
    }

    /// Draws how it goes, unless that was done a moment ago.
    pub fn draw(&mut self, training: &Training) {
        let is_last = training.step >= training.steps;
        if !is_last && self.drawn.is_some_and(|drawn| drawn.elapsed() < EVERY) {
            return;
        }
        // A terminal that is gone shows nothing.
        let _ = self.terminal.draw(|frame| view::draw(training, frame));
        self.drawn = Some(Instant::now());
    }

    /// Prints lines above.
    pub fn print(&mut self, words: &str) {
        for line in words.lines() {
            let plain = anstream::adapter::strip_str(line).to_string();
            let _ = (self.terminal).insert_before(1, |buffer| {
                Line::raw(plain).render(buffer.area, buffer);
            });
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The shell goes on below what was drawn.
        let _ = self.terminal.show_cursor();
        println!();
    }
}
