//! `tutor grade --again`

use std::fmt::Write;

use crate::classroom::grading::{self, Repeated};
use crate::classroom::record::Points;
use crate::cli::Grade;
use crate::commands::setup;
use crate::course::Course;
use crate::error::{Code, Result};
use crate::terminal;
use crate::text::block;

/// Judges once more what is on record of a student; the code tells whether the record bears it out.
pub fn again(course: &Course, options: &Grade) -> Result<Code> {
    let who = options.again.as_deref().unwrap_or_default();
    let pipeline = setup::ready(course)?;
    if options.no_sandbox {
        terminal::note("Without a sandbox: submissions may do whatever you may.");
    }
    let out = &options.results.out;
    let repeated = grading::again(
        &pipeline,
        out,
        who,
        options.checks.as_deref(),
        !options.no_sandbox,
    );
    pipeline.tidy_up();
    let repeated = repeated?;
    for one in &repeated {
        terminal::print(&(block(&text(one)) + "\n\n"))?;
    }
    Ok(match repeated.iter().all(Repeated::is_the_same) {
        true => Code::Passed,
        false => Code::NotPassed,
    })
}

fn text(repeated: &Repeated) -> String {
    let Repeated {
        student,
        recorded,
        now,
    } = repeated;
    let points = |points: Points| match points == Points::whole(1) {
        true => "1 point".to_owned(),
        false => format!("{points} points"),
    };
    let mut text = format!("{student}, {}: {}\n\n", now.step, points(now.score));
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{}", now.text.trim_end());
    text.push_str(&match repeated.is_the_same() {
        true => "\nThis is what the results say.\n".to_owned(),
        false => format!(
            "\nThe results say otherwise: {}.\n\n{}\n",
            points(recorded.score),
            recorded.text.trim_end()
        ),
    });
    text
}
