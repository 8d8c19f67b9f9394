//! The files of a step: the skeleton beside the solution, the learner's file, the packages.

use std::path::Path;

use proc_macro2::{Delimiter, LexError, TokenStream, TokenTree};

use super::Case;
use crate::authoring::flaw::{Flaw, Flaws};
use crate::files;

pub(super) fn flaws(case: &Case<'_>) -> Vec<Flaw> {
    let mut flaws = case.flaws();
    let (course, step) = (case.pipeline.course(), case.step);
    let skeleton = course.skeleton_file(step);
    let solution = course.solution_file(step);
    let of_skeleton = tokens(&skeleton, &mut flaws);
    let of_solution = tokens(&solution, &mut flaws);
    if let (Some(shown), Some(solved)) = (of_skeleton, of_solution) {
        match compare(shown, solved) {
            Ok(0) => flaws.add(
                &skeleton,
                None,
                "asks for nothing: no body in it is a lone `todo!()`",
            ),
            Ok(_) => {}
            Err(line) => flaws.add(
                &skeleton,
                line,
                "differs from the solution here by more than a body that is `todo!()`",
            ),
        }
    }
    // What a learner made of it is nobody's business, as long as editors can read it.
    tokens(&course.step_file(step), &mut flaws);
    for folder in ["solutions", "steps"] {
        let package = course.root().join(folder).join("lib.rs");
        // A course may do without packages for editors.
        if package.exists()
            && let Some(root) = tokens(&package, &mut flaws)
            && !declares(root, &step.name)
        {
            let what = format!("does not declare `pub mod {};`", step.name);
            flaws.add(&package, None, what);
        }
    }
    flaws.found()
}

/// The tokens of a file that has to be Rust.
fn tokens(file: &Path, flaws: &mut Flaws<'_>) -> Option<TokenStream> {
    let text = match files::read_text(file) {
        Ok(text) => text,
        Err(error) => {
            flaws.add(file, None, format!("cannot be read: {error}"));
            return None;
        }
    };
    let parsed = text.parse();
    parsed
        .map_err(|error: LexError| {
            let line = error.span().start().line;
            flaws.add(file, Some(line), "is no Rust from here on");
        })
        .ok()
}

/// How many bodies of the solution are `{ todo!() }` in the skeleton; or the skeleton's line where
/// the two differ in something else.
fn compare(skeleton: TokenStream, solution: TokenStream) -> Result<usize, Option<usize>> {
    let mut todos = 0;
    let mut others = solution.into_iter();
    let mut last = None;
    for token in skeleton {
        let line = Some(token.span().start().line);
        last = line;
        let other = others.next().ok_or(line)?;
        todos += match (token, other) {
            (TokenTree::Group(a), TokenTree::Group(b)) if a.delimiter() == b.delimiter() => {
                if a.delimiter() == Delimiter::Brace && is_todo(a.stream()) {
                    1
                } else {
                    compare(a.stream(), b.stream()).map_err(|found| found.or(line))?
                }
            }
            (TokenTree::Group(_), _) | (_, TokenTree::Group(_)) => return Err(line),
            (a, b) if a.to_string() == b.to_string() => 0,
            _ => return Err(line),
        };
    }
    match others.next() {
        None => Ok(todos),
        Some(_) => Err(last),
    }
}

fn is_todo(body: TokenStream) -> bool {
    let words: Vec<String> = body.into_iter().map(|token| token.to_string()).collect();
    words == ["todo", "!", "()"]
}

/// Whether a package's root has a module of this name.
fn declares(root: TokenStream, name: &str) -> bool {
    let words: Vec<String> = root.into_iter().map(|token| token.to_string()).collect();
    words.windows(2).any(|pair| pair == ["mod", name])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(skeleton: &str, solution: &str) -> Result<usize, Option<usize>> {
        let parse = |text: &str| text.parse().expect("it is Rust");
        compare(parse(skeleton), parse(solution))
    }

    #[test]
    fn a_body_that_is_to_be_written_may_be_anything() {
        let skeleton = "/// F.\nfn f() -> u8 {\n    // Here.\n    todo!()\n}\nfn g() { 1 }";
        let solution = "/// F.\nfn f() -> u8 { let x = 1; x }\nfn g() { 1 }";
        assert_eq!(compared(skeleton, solution), Ok(1));
        assert_eq!(compared(solution, solution), Ok(0));
    }

    #[test]
    fn anything_else_is_told_with_its_line() {
        let solution = "/// F.\nfn f() { 1 }\nfn g() {}";
        assert_eq!(
            compared("/// G.\nfn f() { 1 }\nfn g() {}", solution),
            Err(Some(1))
        );
        assert_eq!(
            compared("/// F.\nfn f() { 2 }\nfn g() {}", solution),
            Err(Some(2))
        );
        assert_eq!(compared("/// F.\nfn f() { 1 }", solution), Err(Some(2)));
        assert_eq!(
            compared("/// F.\nfn f() {}\nfn g() {}", solution),
            Err(Some(2))
        );
        let more = "/// F.\nfn f() { 1 }\nfn g() {}\nfn h() {}";
        assert_eq!(compared(more, solution), Err(Some(4)));
    }

    #[test]
    fn a_module_is_declared_in_code() {
        let root: TokenStream = "// mod s01_a;\npub mod s01_ab;"
            .parse()
            .expect("it is Rust");
        assert!(!declares(root.clone(), "s01_a"));
        assert!(declares(root, "s01_ab"));
    }
}
