//! Each hint has its occasion: what it names is there.

use super::super::{Case, TIME};
use crate::authoring::flaw::Flaws;
use crate::course::hints::{self, Rank};
use crate::course::mistakes;
use crate::engine::observe::Seed;
use crate::error::Result;
use crate::files;

/// Tells which hints wait for something that never comes.
pub(super) fn flaws(case: &Case<'_>, flaws: &mut Flaws<'_>) -> Result<()> {
    let (course, step) = (case.pipeline.course(), case.step);
    let file = course.hints_file(step);
    let Some(hints) = flaws.catch(&file, hints::read(course, step))? else {
        return Ok(());
    };
    let fewest = course.lesson_rules().map_or(0, |rules| rules.hints);
    let general = hints.iter().filter(|hint| hint.rank() == Rank::General);
    let general = general.count();
    if general < fewest {
        let what = format!("has {general} general hints; `course.toml` asks for {fewest} at least");
        flaws.add(&file, None, what);
    }
    // A file of mistakes that is not sound is told elsewhere.
    let Ok(known) = mistakes::read(course, step) else {
        return Ok(());
    };
    let reference = case.pipeline.reference(step, Seed::default(), TIME);
    let Some(observed) = flaws.catch(&course.check_file(step), reference)? else {
        return Ok(());
    };
    let text = files::read_text(&file).unwrap_or_default();
    for hint in hints.iter() {
        if let Some(id) = &hint.mistake
            && !known.iter().any(|mistake| mistake.id == *id)
        {
            let what = format!("no known mistake is called `{id}`");
            flaws.add(&file, line_of(&text, id), what);
        }
        for name in &hint.groups {
            if !observed.groups.iter().any(|group| group.name == *name) {
                let what = format!("no group of the check is called `{name}`");
                flaws.add(&file, line_of(&text, name), what);
            }
        }
    }
    Ok(())
}

/// The line that `name` stands on in quotes.
fn line_of(text: &str, name: &str) -> Option<usize> {
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    let is_there = |line: &str| quoted.iter().any(|name| line.contains(name));
    Some(text.lines().position(is_there)? + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_where_it_is_quoted() {
        let text = "# about the norm\n[[hint]]\ngroup = [\"a\", \"the norm\"]\n";
        assert_eq!(line_of(text, "the norm"), Some(3));
        assert_eq!(line_of(text, "a norm"), None);
    }
}
