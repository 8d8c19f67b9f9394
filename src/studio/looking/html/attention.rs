//! Each head's attention as a map: all of them small, and one of them large.

use std::fmt::Write;

use maud::{Markup, PreEscaped, html};

use super::heading;
use crate::studio::looking::{Seen, visible};

/// Weights are shown in so many steps of their square roots: more cannot be told apart, and take
/// room. Most weights are small, since a row adds up to 1; the root lets them be seen.
const LEVELS: usize = 10;

/// Tokens that a row is said to look at.
const LOOKED_AT: usize = 4;

/// Most room for the names beside a map, in cells.
const NAMES: usize = 8;

/// How wide a cell of a large map is at least and at most, in rem.
const CELL: [f64; 2] = [0.7, 1.5];

/// The section: a small map for each head, and the large one of the head that is chosen.
pub fn attention(seen: &Seen) -> Markup {
    let most = seen
        .heads_by_cost()
        .first()
        .map(|(layer, head, _)| (*layer, *head));
    html! {
        (heading(1))
        p {
            "A map for each head, a line of maps for each layer. Each row of a map is a token that \
             looks, each column one that it looks at: itself and those before it. A row adds up to \
             1. Choose a map to see it large, and point at a row there to see what it looks at most."
        }
        p.dim {
            "The strength of the colour is the square root of the weight, in ten steps, so that \
             small weights can be seen."
        }
        svg width="0" height="0" style="position: absolute" aria-hidden="true" {
            defs {
                @for (layer, heads) in seen.attention.iter().enumerate() {
                    @for (head, rows) in heads.iter().enumerate() {
                        g.map id=(format!("m-{layer}-{head}")) transform="translate(0 .5)" { (PreEscaped(map(rows))) }
                    }
                }
                g id="names" { (names(seen)) }
            }
        }
        @for (layer, heads) in seen.attention.iter().enumerate() {
            p.layer { "Layer " (layer) }
            div.heads {
                @for head in 0..heads.len() {
                    a href=(format!("#h-{layer}-{head}")) {
                        (small(seen, layer, head))
                        "head " (head)
                    }
                }
            }
        }
        div.large {
            @for (layer, heads) in seen.attention.iter().enumerate() {
                @for (head, rows) in heads.iter().enumerate() {
                    (large(seen, (layer, head), rows, most == Some((layer, head))))
                }
            }
        }
    }
}

fn small(seen: &Seen, layer: usize, head: usize) -> Markup {
    let size = seen.tokens.len();
    html! {
        svg viewBox=(format!("0 0 {size} {size}")) role="img"
            aria-label=(format!("Attention of layer {layer}, head {head}")) {
            use href=(format!("#m-{layer}-{head}")) {}
            rect.frame width=(size) height=(size) {}
        }
    }
}

/// A head's map with its tokens. The one that `is_first` is shown until another one is chosen.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn large(seen: &Seen, (layer, head): (usize, usize), rows: &[Vec<f32>], is_first: bool) -> Markup {
    let size = seen.tokens.len();
    let names = name_cells(seen);
    let whole = size + names;
    let [least, most] = CELL.map(|cell| cell * whole as f64);
    let number = layer * seen.n_head + head;
    let place = |number: usize| format!("#h-{}-{}", number / seen.n_head, number % seen.n_head);
    html! {
        section.head.first[is_first] id=(format!("h-{layer}-{head}")) {
            h3 { (format!("Layer {layer}, head {head}")) }
            p {
                @if number > 0 { a href=(place(number - 1)) { "previous head" } " · " }
                a href="#attention" { "all heads" }
                @if number + 1 < seen.n_layer * seen.n_head {
                    " · " a href=(place(number + 1)) { "next head" }
                }
            }
            div.scroll {
                svg viewBox=(format!("0 0 {whole} {whole}")) role="img"
                    style=(format!("min-width: {least:.1}rem; max-width: {most:.1}rem"))
                    aria-label=(format!("Attention of layer {layer}, head {head}, with its tokens")) {
                    use href="#names" {}
                    g transform=(format!("translate({names} {names})")) {
                        use href=(format!("#m-{layer}-{head}")) {}
                        rect.frame width=(size) height=(size) {}
                        g.rows {
                            @for (query, weights) in rows.iter().enumerate() {
                                path d=(format!("M0 {query}h{size}v1H0z")) {
                                    title { (looked_at(seen, query, weights)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Room for the names beside a map, in cells: a character takes half a cell.
fn name_cells(seen: &Seen) -> usize {
    let longest = seen
        .tokens
        .iter()
        .map(|token| visible(token).chars().count())
        .max();
    (longest.unwrap_or(0) / 2 + 1).min(NAMES)
}

/// The tokens beside a map's rows and above its columns.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn names(seen: &Seen) -> Markup {
    let room = name_cells(seen);
    let end = room as f64 - 0.3;
    html! {
        @for (place, token) in seen.tokens.iter().enumerate() {
            @let token = shortened(&visible(token));
            @let middle = (place + room) as f64 + 0.75;
            text x=(format!("{end:.1}")) y=(format!("{middle:.2}")) font-size="0.8"
                text-anchor="end" { (token) }
            text transform=(format!("translate({middle:.2} {end:.1}) rotate(-90)"))
                font-size="0.8" { (token) }
        }
    }
}

/// As much of a token as there is room for.
fn shortened(token: &str) -> String {
    let most = NAMES * 2 - 2;
    if token.chars().count() <= most {
        return token.to_owned();
    }
    token.chars().take(most - 1).chain(['…']).collect()
}

fn looked_at(seen: &Seen, query: usize, weights: &[f32]) -> String {
    let mut ranked: Vec<(usize, f32)> = weights[..=query].iter().copied().enumerate().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let most = ranked.iter().take(LOOKED_AT);
    let most = most.map(|(key, weight)| format!("{} {weight:.2}", visible(&seen.tokens[*key])));
    let most: Vec<String> = most.collect();
    format!(
        "{} looks at {}",
        visible(&seen.tokens[query]),
        most.join(", ")
    )
}

/// A map's cells: for each level of weight a path of strokes as wide as a cell, with runs of equal cells
/// as one stroke.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn map(rows: &[Vec<f32>]) -> String {
    let mut paths = vec![String::new(); LEVELS + 1];
    for (y, weights) in rows.iter().enumerate() {
        let mut x = 0;
        while x < weights.len() {
            let level = level(weights[x]);
            let run = weights[x..]
                .iter()
                .take_while(|weight| self::level(**weight) == level);
            let length = run.count();
            // Writing to a String cannot fail.
            let _ = write!(paths[level], "M{x} {y}h{length}");
            x += length;
        }
    }
    let shown = paths
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, path)| !path.is_empty());
    let shown = shown.map(|(level, path)| {
        let opacity = level as f64 / LEVELS as f64;
        format!("<path stroke-opacity=\"{opacity:.1}\" d=\"{path}\"/>")
    });
    shown.collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "from 0 to LEVELS"
)]
fn level(weight: f32) -> usize {
    ((weight.max(0.0).sqrt() * LEVELS as f32).round() as usize).min(LEVELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_cells_are_one_piece_and_nothing_is_drawn_of_nothing() {
        let rows = vec![vec![1.0, 0.0, 0.0], vec![0.25, 0.25, 0.0]];
        assert_eq!(
            map(&rows),
            "<path stroke-opacity=\"0.5\" d=\"M0 1h2\"/>\
             <path stroke-opacity=\"1.0\" d=\"M0 0h1\"/>"
        );
    }
}
