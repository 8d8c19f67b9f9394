use super::*;

fn names(text: &str) -> Vec<String> {
    let items = public_items(text).expect("it is Rust");
    items.into_iter().map(|item| item.name).collect()
}

#[test]
fn public_items_have_names() {
    let text = "
        #![allow(x)]
        use a::{b, c};
        pub const N: [usize; 2] = { [1, 2] };
        #[derive(Debug)]
        pub struct A<T: Into<Vec<u8>>> where T: Copy { /// Doc.
            #[x] pub a: HashMap<K, fn(u8) -> V>, b: u8, pub(crate) c: u8, pub d: [u8; 3] }
        pub struct Unit;
        pub struct Pair(pub u8, u8);
        pub enum E { /// Doc.
            One, Two(u8, u8), Three { a: u8 } = 1 << 3, }
        impl<T: Into<Vec<u8>>> A<T> where for<'a> &'a T: Copy {
            pub const X: u8 = 1;
            pub const fn f<const D: usize>(self) -> impl Fn(u8) -> u8 { |x| x }
            fn g() {}
            pub(crate) fn h() {}
            pub unsafe extern \"C\" fn i(a: [(); { 1 }]) -> Q<{ N }> where Q<1>: Copy {}
        }
        impl Clone for A<u8> { fn clone(&self) -> Self { pub fn no() {} } }
        mod inner { pub fn no() {} }
        macro_rules! m { () => { pub fn no() {} } }
        m!(pub fn no());
        fn private() { pub fn no() {} }
        pub async fn last() {}";
    assert_eq!(
        names(text),
        [
            "A", "A.a", "A.d", "Unit", "Pair", "E", "E::One", "E::Two", "E::Three", "A<T>::f",
            "A<T>::i", "last"
        ]
    );
    let items = public_items(text).expect("it is Rust");
    let text = |name: &str| {
        let item = items.iter().find(|item| item.name == name);
        item.map_or("", |item| item.text.as_str())
    };
    assert_eq!(text("A.a"), "pub a: HashMap<K, fn(u8) -> V>");
    assert_eq!(text("E::Three"), "Three { a: u8 } = 1 << 3");
    assert_eq!(
        text("A<T>::f"),
        "pub const fn f<const D: usize>(self) -> impl Fn(u8) -> u8"
    );
    assert!(text("A<T>::i").ends_with("-> Q<{ N }> where Q<1>: Copy"));
}

#[test]
fn no_text_is_gone_through_again_and_again() {
    for text in [
        "fn a ",
        "fn a < {} ",
        "struct A < ; ",
        "pub fn a(",
        "impl < {} ",
        "unsafe ",
        "# ",
        "#[a] ",
        "pub struct A { ",
        "pub enum E { a, ",
        "use a ",
        "const ",
        "pub fn a { todo!() } ",
    ] {
        let many = text.repeat(50_000);
        let open = many.matches(['(', '{']).count() - many.matches([')', '}']).count();
        let end = if text.contains('(') { ")" } else { "}" };
        let closed = many + &end.repeat(open);
        assert!(public_items(&closed).is_some(), "{text}");
        assert_eq!(import_of(&closed, "b"), None);
    }
}

#[test]
fn what_cannot_be_parsed_is_read_all_the_same() {
    for text in [
        "pub fn",
        "pub",
        "pub struct {}",
        "impl {}",
        "impl < {}",
        "pub enum E { , , }",
        "pub struct S { pub , pub a }",
        "#",
        "#[a]",
        "pub fn f(",
        "< < <",
        "pub fn f() -> A<B { } pub fn g() {}",
        "extern",
        "impl A { pub fn } pub fn g() {}",
    ] {
        let _ = public_items(text);
        let _ = import_of(text, "a");
    }
}
