//! The book in a real browser: on a desk, on a telephone, by day and at night, and on paper. axe looks
//! at it as somebody does who checks for WCAG's level AA.

use std::fs;
use std::path::{Path, PathBuf};

use super::browser::Browser;
use super::{DESK, Folder, TELEPHONE, found};
use crate::support::{Sandbox, copy, root};

/// Measures a page from inside and leaves what is wrong in an element at its end.
const CHECKS: &str = include_str!("book.js");

/// A page of each kind, and those with most figures, formulas and tables.
const PAGES: [&str; 6] = [
    "index.html",
    "s07_attention.html",
    "s11_lm_head.html",
    "s17_training.html",
    "check_s07_attention.html",
    "whole.html",
];

/// The book of the course in a folder below `folder`.
fn book(folder: &Path) -> PathBuf {
    let out = folder.join("book");
    let sandbox = Sandbox::real();
    copy(&root().join("lessons"), &sandbox.path().join("lessons"));
    let done = sandbox.tutor(&["book", "--out", &out.to_string_lossy()]);
    assert_eq!(done.code, 0, "{done:?}");
    out
}

/// The script of axe-core, as npm installs it.
fn axe() -> String {
    let path = std::env::var_os("TUTOR_AXE").map_or_else(
        || root().join("target/axe/node_modules/axe-core/axe.min.js"),
        PathBuf::from,
    );
    fs::read_to_string(&path).unwrap_or_else(|e| {
        panic!(
            "{}: {e}; `npm install --prefix target/axe axe-core` puts it there, and TUTOR_AXE says \
             where it is otherwise",
            path.display()
        )
    })
}

#[test]
#[ignore = "needs chromium and axe-core"]
fn its_pages_hold_up_on_a_desk_on_a_telephone_and_at_night() {
    let browser = Browser::find();
    let folder = Folder::new();
    let out = book(&folder.path);
    let axe = format!("<script>{}</script>", axe());
    let mut wrong = Vec::new();
    for name in PAGES {
        let html = fs::read_to_string(out.join(name)).expect("it was written");
        for theme in ["light", "dark"] {
            let head = format!("<html lang=\"en\" data-theme=\"{theme}\">");
            let html = html.replace("<html lang=\"en\">", &head);
            // What is on the page of everything was looked at on others, and takes axe a minute.
            let axe = if name == "whole.html" { "" } else { &axe };
            let script = format!("{axe}<script>{CHECKS}</script></body>");
            let page = html.replace("</body>", &script);
            assert_ne!(page, html);
            // Beside the others, since it needs them.
            let desk = out.join(format!("desk-{theme}-{name}"));
            fs::write(&desk, &page).expect("it can be written");
            let quoted = page.replace('&', "&amp;").replace('"', "&quot;");
            let telephone = out.join(format!("telephone-{theme}-{name}"));
            let frame = format!(
                "<!doctype html><meta charset=\"utf-8\"><body style=\"margin:0\"><iframe {TELEPHONE} srcdoc=\"{quoted}\"></iframe>"
            );
            fs::write(&telephone, frame).expect("it can be written");
            for page in [desk, telephone] {
                let dom = browser.dom_in_time(&page, &DESK);
                let found = found(&dom).into_iter();
                wrong.extend(found.map(|what| format!("{}: {what}", page.display())));
                if folder.is_kept() {
                    browser.picture(&page, &DESK, &page.with_extension("png"));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
#[ignore = "needs chromium"]
fn on_paper_it_is_a_book() {
    let browser = Browser::find();
    let folder = Folder::new();
    let out = book(&folder.path);
    let sheets = browser.sheets(&out.join("whole.html"), &folder.path.join("book.pdf"));
    assert!((40..250).contains(&sheets.len()), "{} sheets", sheets.len());
    assert!(sheets.iter().all(|sheet| !sheet.is_landscape()));
    let lesson = browser.sheets(
        &out.join("s03_layer_norm.html"),
        &folder.path.join("lesson.pdf"),
    );
    // Without what belongs to the screen: contents, hints, the solution.
    assert!((3..8).contains(&lesson.len()), "{} sheets", lesson.len());
}
