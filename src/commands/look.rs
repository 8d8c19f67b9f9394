//! `tutor look`

use std::ops::ControlFlow;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::cli::Format;
use crate::cli::studio::Look;
use crate::commands::studio;
use crate::course::Course;
use crate::error::{Code, Error, Result};
use crate::files;
use crate::studio::Line;
use crate::studio::looking::{self, Seen};
use crate::terminal::progress_bar::ProgressBar;
use crate::terminal::{self, style};

/// Version of the object that `--format json` prints.
const VERSION: u32 = 1;

/// Lets a model read a text and shows what went on inside.
pub fn look(course: &Course, options: &Look) -> Result<Code> {
    let program = crate::studio::program(course, "look")?;
    let model = studio::chosen(course, &options.model)?;
    let ready = studio::Ready::of(course, &options.studio)?;
    let into = format!("Looking into {}", model.words());
    terminal::note(&style::dim(&into).to_string());
    let settings = json!({ "folder": model.folder, "text": options.text });
    let mut seen = None;
    let mut progress = None;
    let next = "`tutor look \"some words\"` takes any text of two tokens or more";
    let told = ready.run(&program, &settings, next, &mut |line| {
        match line {
            Line::Event(event) if event["event"] == "progress" => {
                let number = |name: &str| {
                    let number = event[name]
                        .as_u64()
                        .and_then(|number| usize::try_from(number).ok());
                    number.unwrap_or_default()
                };
                progress
                    .get_or_insert_with(|| {
                        ProgressBar::with_time_left(number("of"), "heads taken out")
                    })
                    .set(number("done"), "");
            }
            Line::Event(event) => seen = Some(event),
            Line::Printed(text) => {
                terminal::note(&format!("{} {text}", style::dim("your step prints:")));
            }
        }
        ControlFlow::Continue(())
    });
    if let Some(progress) = progress {
        progress.finish();
    }
    let Some(ending) = told? else {
        return Ok(Code::NotPassed);
    };
    studio::succeeded(ending)?;
    let event = seen.ok_or_else(|| Error::Internal("the program `look` saw nothing".into()))?;
    show(event, options, &into)?;
    Ok(Code::Passed)
}

fn show(mut event: Value, options: &Look, into: &str) -> Result<()> {
    let seen = Seen::deserialize(&event)
        .map_err(|error| Error::Internal(format!("the program `look`: {error}")))?;
    let head = head(options, &seen)?;
    if let Some(path) = &options.html {
        files::write(path, looking::html(&seen, into).as_bytes())?;
        terminal::note(&format!("Written: {}", path.display()));
    }
    if options.studio.format == Format::Json {
        event["version"] = json!(VERSION);
        if let Some(event) = event.as_object_mut() {
            event.remove("event");
        }
        return terminal::print_data(&format!("{event}\n"));
    }
    if options.html.is_some() {
        return Ok(());
    }
    terminal::page(&looking::text(&seen, head, terminal::width()))
}

/// The layer and head that were asked for.
fn head(options: &Look, seen: &Seen) -> Result<Option<(usize, usize)>> {
    let (Some(layer), Some(head)) = (options.layer, options.head) else {
        return Ok(None);
    };
    if layer < seen.n_layer && head < seen.n_head {
        return Ok(Some((layer, head)));
    }
    Err(Error::Usage {
        message: format!("there is no layer {layer} with a head {head}"),
        next: format!(
            "layers are 0 to {}, heads 0 to {}",
            seen.n_layer - 1,
            seen.n_head - 1
        ),
    })
}
