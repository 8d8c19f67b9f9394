//! The public surface of a step: what later steps and the check can see of it.
//!
//! Used to explain why a check does not compile, never to judge.

use proc_macro2::Span;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Fields, ImplItem, Item, UseTree, Visibility};

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
    let item = (public_items(reference).ok()?.into_iter())
        .filter(|item| item.line <= line)
        .max_by_key(|item| item.line)?;
    let found = public_items(source).ok();
    let found = found.and_then(|items| items.into_iter().find(|found| found.name == item.name));
    Some((item.text, found.map(|found| found.line)))
}

/// The line by which `skeleton` imports `name`.
#[must_use]
pub fn import_of(skeleton: &str, name: &str) -> Option<String> {
    let file = syn::parse_file(skeleton).ok()?;
    file.items.iter().find_map(|item| match item {
        Item::Use(line) if imports(&line.tree, name) => as_written(&line.vis, line.span()),
        _ => None,
    })
}

fn imports(tree: &UseTree, name: &str) -> bool {
    match tree {
        UseTree::Path(path) => imports(&path.tree, name),
        UseTree::Name(found) => found.ident == name,
        UseTree::Rename(found) => found.rename == name,
        UseTree::Group(group) => group.items.iter().any(|tree| imports(tree, name)),
        UseTree::Glob(_) => false,
    }
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
