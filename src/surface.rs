//! The public surface of a step: what later steps and the check can see of it.
//!
//! Used to explain why a check does not compile, never to judge.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Fields, ImplItem, Item, Visibility};

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

/// A public item of a file.
struct PublicItem {
    name: String,
    /// As written, in one line.
    text: String,
    /// The same without what does not matter: white space, comments.
    tokens: String,
    line: u32,
}

/// The items of `skeleton` that `source` has not, or has otherwise. Empty if one of them is not
/// Rust: then rustc has said so.
#[must_use]
pub fn differences(skeleton: &str, source: &str) -> Vec<Signature> {
    let (Ok(needed), Ok(found)) = (public_items(skeleton), public_items(source)) else {
        return Vec::new();
    };
    needed
        .into_iter()
        .filter_map(|needed| {
            let found = found.iter().find(|item| item.name == needed.name);
            if found.is_some_and(|found| found.tokens == needed.tokens) {
                return None;
            }
            Some(Signature {
                name: needed.name,
                needed: needed.text,
                found: found.map(|found| (found.text.clone(), found.line)),
            })
        })
        .collect()
}

fn public_items(text: &str) -> syn::Result<Vec<PublicItem>> {
    let file = syn::parse_file(text)?;
    let mut found = Vec::new();
    for item in &file.items {
        match item {
            Item::Fn(f) if is_public(&f.vis) => {
                found.push(public_item(f.sig.ident.to_string(), &f.vis, &f.sig));
            }
            Item::Struct(s) if is_public(&s.vis) => {
                found.push(public_item(s.ident.to_string(), &s.vis, &s.ident));
                if let Fields::Named(fields) = &s.fields {
                    for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                        let Some(name) = &field.ident else { continue };
                        let name = format!("{}.{name}", s.ident);
                        found.push(public_item(name, &field.vis, &FieldOf(field)));
                    }
                }
            }
            Item::Enum(e) if is_public(&e.vis) => {
                found.push(public_item(e.ident.to_string(), &e.vis, &e.ident));
                for variant in &e.variants {
                    let name = format!("{}::{}", e.ident, variant.ident);
                    found.push(public_item(name, &Visibility::Inherited, variant));
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                let owner = block.self_ty.to_token_stream().to_string();
                for item in &block.items {
                    let ImplItem::Fn(f) = item else { continue };
                    if is_public(&f.vis) {
                        let name = format!("{owner}::{}", f.sig.ident);
                        found.push(public_item(name, &f.vis, &f.sig));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

/// A field without its attributes.
struct FieldOf<'a>(&'a syn::Field);

impl ToTokens for FieldOf<'_> {
    fn to_tokens(&self, tokens: &mut proc_macro2::TokenStream) {
        self.0.ident.to_tokens(tokens);
        self.0.colon_token.to_tokens(tokens);
        self.0.ty.to_tokens(tokens);
    }
}

fn public_item(name: String, visibility: &Visibility, rest: &impl ToTokens) -> PublicItem {
    let span = rest.span();
    PublicItem {
        name,
        text: as_written(visibility, span).unwrap_or_else(|| rest.to_token_stream().to_string()),
        tokens: rest.to_token_stream().to_string(),
        line: u32::try_from(span.start().line).unwrap_or(u32::MAX),
    }
}

/// The source text of `span`, behind `visibility`, on one line.
fn as_written(visibility: &Visibility, span: Span) -> Option<String> {
    let text = span.source_text()?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let visibility = visibility.to_token_stream().to_string();
    Some(
        format!("{visibility} {}", words.join(" "))
            .trim()
            .to_owned(),
    )
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
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
    fn what_is_no_rust_differs_in_nothing() {
        assert!(differences(SKELETON, "pub fn {").is_empty());
    }
}
