//! Figures as SVG: as a file of its own, and as pieces for a page that has the styles already.

mod bars;
mod cells;
mod curves;
mod stages;

use super::{Figure, Panel};

/// How figures look, by the names of colours that the surroundings define.
pub const STYLE: &str = include_str!("svg/style.css");

/// The colours of a file that stands alone.
const COLOURS: &str = ":root{--ink:#1c1e22;--soft:#5a616c;--line:#d5d8dd;--paper:#fff;--a:#1f66a8;\
    --b:#b0560a;--c:#27783f;--d:#8a3d8f}@media(prefers-color-scheme:dark){:root{--ink:#e4e6ea;\
    --soft:#a2a9b4;--line:#3a404a;--paper:#16181c;--a:#7ab8ee;--b:#f0a95b;--c:#7fd09a;--d:#dba0e0}}";

/// How wide a panel is: what a telephone shows without shrinking it.
const WIDTH: f64 = 352.0;

/// Between panels.
const GAP: f64 = 24.0;

/// So many panels stand side by side in a file.
const ACROSS: usize = 2;

/// Room for a panel's title.
const TITLE: f64 = 24.0;

/// A panel, drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// In pixels.
    pub width: f64,
    /// In pixels.
    pub height: f64,
    /// The elements.
    pub body: String,
}

/// A line of text: where, which, and the words.
struct Text<'a> {
    x: f64,
    y: f64,
    class: &'a str,
    words: &'a str,
}

impl Text<'_> {
    fn svg(&self) -> String {
        let Self { x, y, class, words } = self;
        let class = match class.is_empty() {
            true => String::new(),
            false => format!(" class=\"{class}\""),
        };
        format!(
            "<text x=\"{x:.1}\" y=\"{y:.1}\"{class}>{}</text>",
            escaped(words)
        )
    }
}

/// Each panel by itself, in order.
#[must_use]
pub fn panels(figure: &Figure) -> Vec<Drawn> {
    figure.panel.iter().map(drawn).collect()
}

/// All of `figure` as a file, with the `description` that it was made from.
#[must_use]
pub fn file(figure: &Figure, description: &str) -> String {
    let panels = panels(figure);
    let across = panels.len().min(ACROSS);
    let width = across as f64 * (WIDTH + GAP) - GAP;
    let (mut body, mut top) = (String::new(), 0.0);
    for row in panels.chunks(across) {
        for (i, panel) in row.iter().enumerate() {
            let left = i as f64 * (WIDTH + GAP);
            body += &format!(
                "<g transform=\"translate({left} {top})\">\n{}</g>\n",
                panel.body
            );
        }
        top += row.iter().map(|panel| panel.height).fold(0.0, f64::max) + GAP;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-8 -8 {} {}\" width=\"{}\" \
         role=\"img\" class=\"figure\">\n<title>{}</title>\n<desc>{}</desc>\n<metadata>\n{}\n\
         </metadata>\n<style>{COLOURS}\nsvg{{background:var(--paper)}}\n{STYLE}</style>\n{body}</svg>\n",
        width + 16.0,
        top - GAP + 16.0,
        width + 16.0,
        escaped(&figure.title),
        escaped(&figure.about),
        escaped(description.trim()),
    )
}

/// The description in a file that [`file`] made.
#[must_use]
pub fn description(svg: &str) -> Option<String> {
    let (_, rest) = svg.split_once("<metadata>\n")?;
    let (description, _) = rest.split_once("\n</metadata>")?;
    let plain = description.replace("&lt;", "<").replace("&gt;", ">");
    Some(plain.replace("&quot;", "\"").replace("&amp;", "&"))
}

fn drawn(panel: &Panel) -> Drawn {
    let (height, body) = match panel {
        Panel::Cells(cells) => cells::draw(cells),
        Panel::Curves(curves) => curves::draw(curves),
        Panel::Bars(bars) => bars::draw(bars),
        Panel::Stages(stages) => stages::draw(stages),
    };
    let title = Text {
        x: 0.0,
        y: 13.0,
        class: "name",
        words: panel.title(),
    };
    Drawn {
        width: WIDTH,
        height: height + TITLE,
        body: format!(
            "{}\n<g transform=\"translate(0 {TITLE})\">\n{body}</g>\n",
            title.svg()
        ),
    }
}

/// About how wide a text is.
fn length(words: &str) -> f64 {
    words.chars().count() as f64 * 7.7
}

fn escaped(words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    words.replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::tests::ALL;

    #[test]
    fn a_file_holds_what_it_was_made_from() {
        let figure = Figure::parse(ALL).expect("it is sound");
        let svg = file(&figure, ALL);
        assert_eq!(description(&svg).as_deref(), Some(ALL.trim()));
        assert!(svg.contains("<title>All &lt;kinds&gt;</title>"), "{svg}");
        assert!(svg.contains("−∞"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{svg}");
        let opened = svg.matches("<g").count();
        assert_eq!(opened, svg.matches("</g>").count());
    }

    /// A telephone shows a panel as it is.
    #[test]
    fn no_panel_is_wider_than_a_telephone() {
        let figure = Figure::parse(ALL).expect("it is sound");
        let panels = panels(&figure);
        assert_eq!(panels.len(), 4);
        assert!(panels.iter().all(|panel| panel.width <= 360.0));
        assert!(panels.iter().all(|panel| panel.height > TITLE));
    }
}
