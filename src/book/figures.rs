//! Figures on a page: each panel by itself, so that they go below each other where there is no room.

use super::html::{escaped, folded};
use crate::figure::{Figure, svg};

/// A figure with its caption, and in words.
#[must_use]
pub fn html(figure: &Figure, caption: &str) -> String {
    let panels = svg::panels(figure);
    let drawn: String = (panels.iter())
        .map(|panel| {
            format!(
                "<svg viewBox=\"0 0 {width} {height:.0}\" width=\"{width}\" height=\"{height:.0}\" \
                 aria-hidden=\"true\">\n{}</svg>\n",
                panel.body,
                width = panel.width,
                height = panel.height.ceil(),
            )
        })
        .collect();
    let about = escaped(&figure.about);
    format!(
        "<figure>\n<div class=\"figure panels\" role=\"img\" aria-label=\"{}: {about}\">\n{drawn}</div>\n\
         <figcaption>{}</figcaption>\n{}</figure>\n",
        escaped(&figure.title),
        escaped(caption),
        folded("words", "The figure in words", &format!("<p>{about}</p>\n")),
    )
}
