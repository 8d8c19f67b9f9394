//! What was seen, as one page of HTML: nothing in it is fetched, and nothing in it runs.

use std::fmt::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Seen, visible};

const STYLE: &str = include_str!("html/style.css");

/// Only the styles in the page itself.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Weights are shown in so many steps of their square roots: more cannot be told apart, and take
/// room. Most weights are small, since a row adds up to 1; the root lets them be seen.
const LEVELS: usize = 10;

/// The strongest colour behind text, so that it can be read.
const STRONGEST: f64 = 0.55;

/// A loss of so many nats has the full colour.
const FULL_LOSS: f64 = 8.0;

/// Tokens that a row is said to look at.
const LOOKED_AT: usize = 4;

/// Most room for the names beside a map, in cells.
const NAMES: usize = 8;

/// How wide a cell of a large map is at least and at most, in rem.
const CELL: [f64; 2] = [0.7, 1.5];

/// Ids and headings.
const SECTIONS: [(&str, &str); 5] = [
    ("losses", "The loss of each token"),
    ("attention", "Attention"),
    ("heads", "What a head is worth"),
    ("lens", "The logit lens"),
    ("neighbours", "The nearest rows of the token table"),
];

/// The page; `into` says which model was looked into.
#[must_use]
pub fn html(seen: &Seen, into: &str) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Inside the model" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    h1 { "Inside the model" }
                    p.dim { (into) }
                    nav aria-label="On this page" {
                        @for (id, title) in SECTIONS { a href=(format!("#{id}")) { (title) } }
                    }
                    (losses(seen))
                    (attention(seen))
                    (removed(seen))
                    (lens(seen))
                    (neighbours(seen))
                }
            }
        }
    }
    .into_string()
}

/// The heading of a section.
fn heading(section: usize) -> Markup {
    let (id, title) = SECTIONS[section];
    html! { h2 id=(id) { (title) } }
}

/// A background that is stronger the nearer `share` is to 1.
fn tinted(share: f64) -> String {
    let strength = share.clamp(0.0, 1.0) * STRONGEST;
    format!("background: rgba(var(--tint), {strength:.2})")
}

fn losses(seen: &Seen) -> Markup {
    html! {
        (heading(0))
        p {
            "How surprised the model was by each token, in nats: 0 if it was certain of it, more \
             and in a stronger colour the less likely it found it. The first one has nothing \
             before it. The mean is " (format!("{:.2}", seen.mean_loss())) "."
        }
        @if seen.left_out > 0 {
            p {
                "The text is " (seen.left_out) " tokens longer than the model's window; those at \
                 its end were left out."
            }
        }
        p.text {
            span.token { (visible(&seen.tokens[0])) span { "–" } }
            @for (token, loss) in seen.tokens[1..].iter().zip(&seen.losses) {
                span.token style=(tinted(loss / FULL_LOSS)) {
                    (visible(token)) span { (format!("{loss:.1}")) }
                }
            }
        }
    }
}

fn attention(seen: &Seen) -> Markup {
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

fn level(weight: f32) -> usize {
    ((weight.max(0.0).sqrt() * LEVELS as f32).round() as usize).min(LEVELS)
}

fn removed(seen: &Seen) -> Markup {
    let largest = seen
        .heads_by_cost()
        .first()
        .map_or(0.0, |(_, _, cost)| *cost);
    html! {
        (heading(2))
        p {
            "How much the mean loss grows if what the head found is taken out, in nats. Below 0, this \
             text is read better without it."
        }
        div.scroll {
            table {
                tr { th { "layer" } @for head in 0..seen.n_head { th { "head " (head) } } }
                @for (layer, costs) in seen.removed.iter().enumerate() {
                    tr {
                        th { (layer) }
                        @for cost in costs {
                            td style=(tinted(cost / largest.max(1e-9))) {
                                (format!("{cost:+.3}"))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn lens(seen: &Seen) -> Markup {
    html! {
        (heading(3))
        p {
            "What the model would say next if its last norm and its head followed after so many \
             blocks: the stronger the colour, the surer it is. The last column is what it says. \
             What does come next is underlined; point at a cell for what else is likely."
        }
        div.scroll {
            table.lens {
                tr { th { "token" } @for layer in 0..seen.lens.len() { th { (layer) } } }
                @for (place, token) in seen.tokens.iter().enumerate() {
                    tr {
                        th { (visible(token)) }
                        @for places in &seen.lens {
                            @let likely = &places[place];
                            @let best = likely.first();
                            @let text = best.map(|best| best.text.as_str());
                            @let comes = seen.tokens.get(place + 1).map(String::as_str);
                            td.comes[text == comes] title=(listed(likely))
                                style=(tinted(best.map_or(0.0, |best| best.probability))) {
                                (visible(text.unwrap_or_default()))
                            }
                        }
                    }
                }
            }
        }
    }
}

fn listed(likely: &[super::Likely]) -> String {
    let each = likely
        .iter()
        .map(|one| format!("{} {:.2}", visible(&one.text), one.probability));
    each.collect::<Vec<_>>().join(", ")
}

fn neighbours(seen: &Seen) -> Markup {
    html! {
        (heading(4))
        p {
            "Tokens whose vectors point most nearly the same way, by the cosine of the angle: 1 is \
             the same way, 0 at right angles."
        }
        div.scroll {
            table {
                @for token in &seen.neighbours {
                    tr {
                        th { code { (visible(&token.text)) } }
                        @for near in &token.nearest {
                            td { code { (visible(&near.text)) } " " (format!("{:.2}", near.cosine)) }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_page_holds_every_section_and_fetches_nothing() {
        let mut seen = sample();
        seen.tokens[1] = "<script>".into();
        let page = html(&seen, "Looking into a model");
        for title in [
            "loss of each token",
            "Attention",
            "head is worth",
            "logit lens",
            "nearest",
        ] {
            assert!(page.contains(title), "{title}");
        }
        assert!(
            page.contains("&lt;script&gt;") && !page.contains("<script"),
            "{page}"
        );
        for foreign in ["http://", "https://", "src=", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(
            page.contains("href=\"#h-0-1\"") && page.contains("id=\"h-0-1\""),
            "{page}"
        );
    }

    #[test]
    fn equal_cells_are_one_piece_and_nothing_is_drawn_of_nothing() {
        let rows = vec![vec![1.0, 0.0, 0.0], vec![0.25, 0.25, 0.0]];
        assert_eq!(
            map(&rows),
            "<path stroke-opacity=\"0.5\" d=\"M0 1h2\"/>\
             <path stroke-opacity=\"1.0\" d=\"M0 0h1\"/>"
        );
    }

    #[test]
    fn a_page_of_gpt_2s_size_is_no_large_file() {
        let size = 64;
        let mut seen = sample();
        (seen.n_layer, seen.n_head) = (12, 12);
        seen.tokens = (0..size).map(|place| format!(" token{place}")).collect();
        seen.losses = vec![4.0; size - 1];
        // Neighbours differ, so that hardly any cells are one stroke.
        let score = |query: usize, key: usize| ((query * 31 + key * 17) % 23) as f32 / 5.0;
        let row = |query: usize| -> Vec<f32> {
            let grown: Vec<f32> = (0..=query).map(|key| score(query, key).exp()).collect();
            let sum: f32 = grown.iter().sum();
            let weight = |key: usize| grown.get(key).map_or(0.0, |grown| grown / sum);
            (0..size).map(weight).collect()
        };
        let head: Vec<Vec<f32>> = (0..size).map(row).collect();
        seen.attention = vec![vec![head; 12]; 12];
        seen.lens = vec![vec![seen.lens[0][0].clone(); size]; 13];
        seen.removed = vec![vec![0.1; 12]; 12];
        let page = html(&seen, "Looking into a model");
        assert!(page.len() < 3_000_000, "{} bytes", page.len());
    }
}
