//! `tutor generate`

use std::ops::ControlFlow;

use serde_json::{Value, json};

use crate::cli::Format;
use crate::cli::studio::Generate;
use crate::commands::studio;
use crate::course::Course;
use crate::error::{Code, Result};
use crate::studio::Line;
use crate::studio::writing::{self, Bytes, Legend};
use crate::terminal::{self, style};

/// What GPT-2 writes on from if nobody says; other models begin as the course's program has it.
const GPT2_PROMPT: &str = "Once upon a time";

/// Lets a model write, and shows each token as it comes.
pub fn generate(course: &Course, options: &Generate) -> Result<Code> {
    let program = crate::studio::program(course, "generate")?;
    let model = studio::chosen(course, &options.model)?;
    let ready = studio::Ready::of(course, &options.studio)?;
    let prompt = match options.prompt.as_deref() {
        Some("") => {
            terminal::note("The prompt is empty: the model begins as if there were none.");
            None
        }
        None if options.model.gpt2.is_some() => Some(GPT2_PROMPT),
        prompt => prompt,
    };
    terminal::note(&style::dim(format!("Written by {}", model.words())).to_string());
    let settings = json!({
        "folder": model.folder,
        "prompt": prompt,
        "temperature": if options.greedy { 0.0 } else { options.temperature },
        "top_k": options.top_k,
        "top_p": options.top_p,
        "repetition_penalty": options.repetition_penalty,
        "seed": options.seed,
        "max_new_tokens": options.max_new_tokens,
        "probabilities": options.show_probabilities,
    });
    let mut teller = Teller::new(options);
    let next = "`tutor generate --help` says what can be set";
    let told = ready.run(&program, &settings, next, &mut |line| teller.hear(&line));
    let finished = teller.finish();
    let Some(ending) = told? else {
        return Ok(Code::NotPassed);
    };
    finished?;
    studio::succeeded(ending)?;
    Ok(Code::Passed)
}

/// Shows what comes.
struct Teller {
    format: Format,
    shows_probabilities: bool,
    /// What has come of a character that is not whole yet.
    bytes: Bytes,
    /// Tokens that are listed below the text, with what else was likely.
    legend: Legend,
    has_begun: bool,
    end: Option<Value>,
}

impl Teller {
    fn new(options: &Generate) -> Self {
        Self {
            format: options.studio.format,
            shows_probabilities: options.show_probabilities,
            bytes: Bytes::default(),
            legend: Legend::default(),
            has_begun: false,
            end: None,
        }
    }

    fn hear(&mut self, line: &Line) -> ControlFlow<()> {
        let words = match line {
            Line::Event(event) if self.format == Format::Json => format!("{event}\n"),
            Line::Event(event) => self.in_words(event),
            // It would stand in the midst of what the model writes.
            Line::Printed(text) => {
                terminal::note(&format!("{} {text}", style::dim("your step prints:")));
                return ControlFlow::Continue(());
            }
        };
        // A full disk is met again, and told, when the end is printed.
        terminal::print_part(&words).unwrap_or(ControlFlow::Break(()))
    }

    fn in_words(&mut self, event: &Value) -> String {
        match event["event"].as_str().unwrap_or_default() {
            "start" => {
                if let Some(words) = cropped(event) {
                    terminal::note(&style::dim(words).to_string());
                }
                String::new()
            }
            "prompt" => {
                self.has_begun = true;
                let text = self.bytes.take_in(&event["bytes"]);
                style::heading(style::harmless(&text)).to_string()
            }
            "token" => {
                let text = self.bytes.take_in(&event["bytes"]);
                let text = style::harmless(&text);
                match (self.shows_probabilities, event["probability"].as_f64()) {
                    (true, Some(probability)) => {
                        let label = event["label"].as_str().unwrap_or_default();
                        self.legend.add(label, probability, &event["runners_up"]);
                        writing::shaded(&text, probability)
                    }
                    _ => text,
                }
            }
            "end" => {
                self.end = Some(event.clone());
                String::new()
            }
            _ => String::new(),
        }
    }

    /// What comes after the last token.
    fn finish(mut self) -> Result<()> {
        if self.format == Format::Json || !self.has_begun {
            return Ok(());
        }
        let mut text = self.bytes.rest();
        text.push('\n');
        if self.shows_probabilities {
            let width = terminal::width();
            text.push_str(&match terminal::shows_styles() {
                true => self.legend.of_shades(width),
                false => self.legend.in_numbers(width),
            });
        }
        terminal::print(&text)?;
        if let Some(end) = &self.end {
            terminal::note(&style::dim(speed(end)).to_string());
        }
        Ok(())
    }
}

/// What is said if the prompt is longer than what the model sees at a time.
fn cropped(start: &Value) -> Option<String> {
    let (tokens, window) = (
        start["prompt_tokens"].as_u64()?,
        start["n_positions"].as_u64()?,
    );
    (tokens > window).then(|| {
        format!("The prompt has {tokens} tokens, and the model sees {window}: it reads the last {window}.")
    })
}

/// How many tokens were written, and how fast.
fn speed(end: &Value) -> String {
    let tokens = end["tokens"].as_u64().unwrap_or_default();
    let seconds = end["seconds"].as_f64().unwrap_or_default().max(1e-9);
    let a_second = end["tokens"].as_f64().unwrap_or_default() / seconds;
    let s = if tokens == 1 { "" } else { "s" };
    match a_second {
        ..10.0 => format!("{tokens} token{s}, {a_second:.1} a second"),
        _ => format!("{tokens} token{s}, {a_second:.0} a second"),
    }
}
