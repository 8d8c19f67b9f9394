//! How a teacher sees a verdict come about again.

use maud::{Markup, html};

use super::text::Shown;
use crate::classroom::record::Header;

/// The command. It reads text and seed from the results, so that neither need be copied.
pub fn section(header: &Header) -> Markup {
    html! {
        section #repeat aria-labelledby="repeat-title" {
            h2 #repeat-title { "How to repeat a verdict" }
            p {
                "In the course that graded it (" code { (Shown(&header.course_id)) } "),"
            }
            p { code { "tutor grade --again STUDENT:STEP --out FOLDER" } }
            p {
                "judges once more what the student handed in, behind the same wall and with the same "
                "seed, and says whether the verdict is the same. " code { "STUDENT" } " is an id as on "
                "this page, " code { "STEP" } " a step as in "
                code { (Shown(header.steps.first().map_or("s01", |step| &step.id))) }
                " (without it, all of them), and " code { "FOLDER" } " the folder that this page lies in."
            }
        }
    }
}
