//! The public surface of a step: what later steps and the check can see of it.
//!
//! Used to explain why a check does not compile, never to judge. What is compared was written by
//! others and does not compile: see [`surface`](super::surface) for how it is read.

use super::surface;
use crate::engine::cut::{MESSAGE, cut};

pub use surface::import_of;

/// A public item that is missing or not as the check needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// As in `LayerNorm::forward`.
    pub name: String,
    /// As the step needs it.
    pub needed: String,
    /// As it is, and in which line, if it is there.
    pub found: Option<(String, u32)>,
}

/// The public item of `reference` that begins in `line` or last before it: as it is written there,
/// and in which line `source` has an item of the same name.
#[must_use]
pub fn counterpart(reference: &str, line: u32, source: &str) -> Option<(String, Option<u32>)> {
    let item = (surface::public_items(reference)?.into_iter())
        .filter(|item| item.line <= line)
        .max_by_key(|item| item.line)?;
    let found = surface::public_items(source);
    let found = found.and_then(|items| items.into_iter().find(|found| found.name == item.name));
    Some((item.text, found.map(|found| found.line)))
}

/// The items of `skeleton` that `source` has not, or has otherwise. Empty if one of them is not
/// Rust: then rustc has said so.
#[must_use]
pub fn differences(skeleton: &str, source: &str) -> Vec<Signature> {
    let items = |text| surface::public_items(text);
    let (Some(needed), Some(found)) = (items(skeleton), items(source)) else {
        return Vec::new();
    };
    needed
        .into_iter()
        .filter_map(|needed| {
            // Several may have one name: that is an error of its own, and rustc's to tell.
            let mut found = found.iter().filter(|item| item.name == needed.name);
            if found.clone().any(|found| found.tokens == needed.tokens) {
                return None;
            }
            let found = found.next();
            Some(Signature {
                name: needed.name,
                needed: needed.text,
                found: found.map(|found| {
                    let mut text = found.text.clone();
                    cut(&mut text, MESSAGE);
                    (text, found.line)
                }),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKELETON: &str = "
        /// Doc.
        pub struct A { /// D
            pub w: usize, secret: u8 }
        impl A {
            pub fn forward(&self, x: Tensor<3>) -> Tensor<3> { todo!() }
            fn helper(&self) {}
        }
        pub fn gelu<const D: usize>(
            x: Tensor<D>,
        ) -> Tensor<D> { todo!() }
    ";

    #[test]
    fn bodies_comments_and_private_items_do_not_matter() {
        let source = SKELETON
            .replace("todo!()", "x")
            .replace("fn helper(&self) {}", "")
            .replace("/// Doc.", "// other");
        assert!(differences(SKELETON, &source).is_empty());
    }

    #[test]
    fn a_changed_signature_is_shown_as_it_is_and_as_it_should_be() {
        let source = SKELETON.replace("(&self, x: Tensor<3>)", "(&self, x: Tensor<2>)");
        let found = differences(SKELETON, &source);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "A::forward");
        assert_eq!(
            found[0].needed,
            "pub fn forward(&self, x: Tensor<3>) -> Tensor<3>"
        );
        let (text, line) = found[0].found.as_ref().expect("it is there");
        assert!(text.contains("Tensor<2>"));
        assert_eq!(*line, 6);
    }

    #[test]
    fn a_missing_item_and_a_private_one_are_both_missing() {
        let source = SKELETON
            .replace("pub fn gelu", "fn gelu")
            .replace("pub w", "pub v");
        let names: Vec<String> = differences(SKELETON, &source)
            .into_iter()
            .map(|s| s.name)
            .collect();
        assert_eq!(names, ["A.w", "gelu"]);
    }

    #[test]
    fn what_is_there_twice_is_there() {
        let twice = "pub fn gelu() {}\npub fn other() {}\n";
        let source = format!("{twice}{SKELETON}");
        assert_eq!(differences(SKELETON, &source), []);
        assert_eq!(differences(&source, &source), []);
    }

    #[test]
    fn an_item_is_found_again_by_its_name() {
        let source = format!("// one line more\n{SKELETON}");
        let (text, line) = counterpart(SKELETON, 6, &source).expect("an item is there");
        assert_eq!(text, "pub fn forward(&self, x: Tensor<3>) -> Tensor<3>");
        assert_eq!(line, Some(7));
        let (text, line) = counterpart(SKELETON, 10, "").expect("an item is there");
        assert!(text.starts_with("pub fn gelu"), "{text}");
        assert_eq!(line, None);
        assert_eq!(counterpart(SKELETON, 1, ""), None);
    }

    #[test]
    fn an_import_is_told_as_it_is_written() {
        let skeleton = "use a::{B, c::D as E};\nuse f::g;\n";
        assert_eq!(
            import_of(skeleton, "E").as_deref(),
            Some("use a::{B, c::D as E};")
        );
        assert_eq!(import_of(skeleton, "g").as_deref(), Some("use f::g;"));
        assert_eq!(import_of(skeleton, "D"), None);
    }

    #[test]
    fn what_is_no_rust_differs_in_nothing() {
        assert!(differences(SKELETON, "pub fn {").is_empty());
    }
}
