//! `tutor course new`.

use crate::authoring::new_course::{self, Dependency, Plan};
use crate::cli::authors::New;
use crate::error::{Code, Result};
use crate::terminal;

/// Writes a new course, and says what comes next.
pub fn new_course(options: &New) -> Result<Code> {
    let folder = &options.folder;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let crates = options.crates.iter().map(|text| Dependency::parse(text));
    let plan = Plan {
        title: match &options.title {
            Some(title) => title.clone(),
            None if name.is_empty() => "A new course".into(),
            None => name.into_owned(),
        },
        crates: crates.collect::<Result<_>>()?,
        kit: options.kit.clone(),
    };
    new_course::write(folder, &plan)?;
    terminal::print(&format!(
        "A course of one step is in {0}\n\n\
         Next: `cd {0}`, then `tutor run s01`. README.md there says which file is for what.\n",
        folder.display()
    ))?;
    Ok(Code::Passed)
}
