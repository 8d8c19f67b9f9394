//! A compiler that died of a file, or was stopped, and says nothing of its own about it.

use super::{Diagnostic, Level};
use crate::engine::sandbox::{Ending, Outcome};

/// Whether rustc used up its stack: it goes into expressions, types and patterns as deep as a file
/// nests them.
pub(super) fn has_overflowed(outcome: &Outcome) -> bool {
    let said = &outcome.stderr.text;
    match outcome.ending {
        Ending::Signalled(11) => true,
        Ending::Signalled(_) => {
            said.contains("overflowed its stack") || said.contains("interrupted by SIGSEGV")
        }
        _ => false,
    }
}

/// What is said in its place.
pub(super) fn given_up(outcome: &Outcome) -> Diagnostic {
    let how = match outcome.ending {
        Ending::TimedOut => "it took too long",
        _ if has_overflowed(outcome) => {
            "it overflowed its stack. Is something nested hundreds of levels deep?"
        }
        Ending::Signalled(25) => "it wrote more than 64 MB",
        Ending::Signalled(24) => "it took too long",
        Ending::Signalled(6 | 9) => "it needed more memory than 3 GB",
        Ending::Exited(1) if outcome.stderr.cut => {
            "what it has to say is longer than anybody would read. Is there a line, or a name, of \
             many thousand characters?"
        }
        _ => "it crashed",
    };
    let message = format!("rustc gave up on this file: {how}");
    Diagnostic {
        level: Level::Error,
        at: None,
        in_source: false,
        rendered: format!("error: {message}\n"),
        meaning: None,
        is_unsafe: false,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::sandbox::Printed;

    fn ended(ending: Ending, said: &str, cut: bool) -> String {
        let stderr = Printed {
            text: said.into(),
            cut,
        };
        let outcome = Outcome {
            ending,
            stdout: Printed::default(),
            stderr,
            peak_memory: 0,
        };
        given_up(&outcome).message
    }

    #[test]
    fn a_compiler_that_dies_has_given_up() {
        for ending in [Ending::TimedOut, Ending::Signalled(25), Ending::Exited(101)] {
            assert!(ended(ending, "", false).contains("gave up"));
        }
    }

    #[test]
    fn how_it_died_is_told() {
        assert!(ended(Ending::Signalled(11), "", false).contains("stack"));
        let words = "thread 'rustc' has overflowed its stack";
        assert!(ended(Ending::Signalled(6), words, false).contains("stack"));
        assert!(ended(Ending::Signalled(6), "", false).contains("memory"));
        assert!(ended(Ending::Exited(1), "", true).contains("longer than"));
    }
}
