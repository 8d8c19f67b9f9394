//! Observes the name, an asset, and a file of the program's own.

use std::fs;
use std::io::Read;

use crate::s01_scale::name;
use kit::Observer;

/// One group for each.
pub fn observe(o: &mut Observer) {
    o.group("the name", |o| o.text("name", name()));
    o.group("the words", |o| {
        let mut words = String::new();
        let mut asset = o.asset("texts/words.txt");
        asset.read_to_string(&mut words).expect("it is text");
        o.text("words", words);
        let path = o.asset_path("texts/words.txt");
        o.text("by path", fs::read(path).expect("it is there").len());
    });
    o.group("a file", |o| {
        fs::write("new", name()).expect("it can be written");
        fs::rename("new", "saved").expect("it is there");
        o.text("saved", fs::read_to_string("saved").expect("it is there"));
        fs::remove_file("saved").expect("it is there");
    });
}
