//! How a teacher sees a verdict come about again.

use maud::{Markup, html};

use super::text::Shown;
use crate::classroom::record::{EarlierSteps, Header};

/// The command for each step. It holds the step's seed, which students should not have before the
/// grades are out.
pub fn section(header: &Header) -> Markup {
    html! {
        section #repeat aria-labelledby="repeat-title" {
            h2 #repeat-title { "How to repeat a verdict" }
            p {
                "The same text gives the same verdict again, as long as the course is the one that "
                "graded it (" code { (Shown(&header.course_id)) } "). " code { "FILE" }
                " is the student's text: its name under " code { "sources/" }
                " stands beside each step below."
                @if header.earlier == EarlierSteps::Mine {
                    " These steps stood on the student's own earlier ones: put those into "
                    code { "steps/" } " first and add " code { "--mine" } "."
                }
            }
            details {
                summary { "The commands, with their seeds: for your eyes until the grades are out" }
                table.commands {
                    caption { "One command for each step" }
                    thead { tr { th scope="col" { "Step" } th scope="col" { "Command" } } }
                    tbody {
                        @for step in &header.steps {
                            tr {
                                td { (Shown(&step.title)) }
                                td {
                                    code {
                                        "tutor run " (Shown(&step.id))
                                        " --file FILE --seed " (step.seed)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
