//! What was seen, as one page of HTML: nothing in it is fetched, and nothing in it runs.

use std::fmt::Write;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Seen, visible};

const STYLE: &str = include_str!("html/style.css");

/// Only the styles in the page itself.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Weights are shown in so many steps: more cannot be told apart, and take room.
const LEVELS: usize = 10;

/// A loss of so many nats has the full colour.
const FULL_LOSS: f64 = 8.0;

/// Tokens that a row is said to look at.
const LOOKED_AT: usize = 5;

/// Columns of a map's names, in cells.
const NAMES: usize = 8;

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

fn losses(seen: &Seen) -> Markup {
    html! {
        h2 { "The loss of each token" }
        p {
            "How surprised the model was by each token, in nats: the darker, the more. The first \
             one has nothing before it. The mean is " (format!("{:.2}", seen.mean_loss())) "."
        }
        @if seen.left_out > 0 {
            p {
                "The text is " (seen.left_out) " tokens longer than the model's window; these were \
                 left out."
            }
        }
        p.text {
            span.token { (visible(&seen.tokens[0])) }
            @for (token, loss) in seen.tokens[1..].iter().zip(&seen.losses) {
                span.token title=(format!("{loss:.2} nats")) style=(format!(
                    "background: rgba(var(--loss), {:.2})", (loss / FULL_LOSS).clamp(0.0, 0.85)
                )) { (visible(token)) }
            }
        }
    }
}

fn attention(seen: &Seen) -> Markup {
    html! {
        h2 { "Attention" }
        p {
            "A map for each head, a line of maps for each layer. Each row of a map is a token that \
             looks, each column one that it looks at; a row adds up to 1. Choose a map to see it \
             large, and point at a row to see what it looks at most."
        }
        svg width="0" height="0" style="position: absolute" aria-hidden="true" {
            defs {
                @for (layer, heads) in seen.attention.iter().enumerate() {
                    @for (head, rows) in heads.iter().enumerate() {
                        g.map id=(format!("m-{layer}-{head}")) { (PreEscaped(map(rows))) }
                    }
                }
                g id="names" { (names(seen)) }
            }
        }
        @for (layer, heads) in seen.attention.iter().enumerate() {
            div.heads {
                @for head in 0..heads.len() {
                    a href=(format!("#h-{layer}-{head}")) {
                        (small(seen, layer, head))
                        (format!("layer {layer}, head {head}"))
                    }
                }
            }
        }
        @for (layer, heads) in seen.attention.iter().enumerate() {
            @for (head, rows) in heads.iter().enumerate() {
                (large(seen, layer, head, rows))
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

fn large(seen: &Seen, layer: usize, head: usize, rows: &[Vec<f32>]) -> Markup {
    let size = seen.tokens.len();
    let whole = size + NAMES;
    html! {
        section.head id=(format!("h-{layer}-{head}")) {
            h3 { (format!("Layer {layer}, head {head}")) }
            svg viewBox=(format!("0 0 {whole} {whole}")) role="img"
                aria-label=(format!("Attention of layer {layer}, head {head}, with its tokens")) {
                use href="#names" {}
                g transform=(format!("translate({NAMES} {NAMES})")) {
                    use href=(format!("#m-{layer}-{head}")) {}
                    rect.frame width=(size) height=(size) {}
                    @for (query, weights) in rows.iter().enumerate() {
                        rect.row y=(query) width=(size) height="1" {
                            title { (looked_at(seen, query, weights)) }
                        }
                    }
                }
            }
        }
    }
}

/// The tokens beside a map's rows and above its columns.
fn names(seen: &Seen) -> Markup {
    html! {
        @for (place, token) in seen.tokens.iter().enumerate() {
            @let token = shortened(&visible(token));
            text x=(format!("{:.1}", NAMES as f64 - 0.3)) y=(format!("{:.1}", (place + NAMES) as f64 + 0.75))
                font-size="0.8" text-anchor="end" { (token) }
            text transform=(format!(
                "translate({:.1} {:.1}) rotate(-90)",
                (place + NAMES) as f64 + 0.75,
                NAMES as f64 - 0.3
            )) font-size="0.8" { (token) }
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

/// A map's cells: a path for each level of weight, with runs of equal cells as one.
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
            let _ = write!(paths[level], "M{x} {y}h{length}v1h-{length}z");
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
        format!("<path fill-opacity=\"{opacity:.1}\" d=\"{path}\"/>")
    });
    shown.collect()
}

fn level(weight: f32) -> usize {
    ((weight * LEVELS as f32).round() as usize).min(LEVELS)
}

fn removed(seen: &Seen) -> Markup {
    let largest = seen
        .heads_by_cost()
        .first()
        .map_or(0.0, |(_, _, cost)| *cost);
    html! {
        h2 { "What a head is worth" }
        p { "How much the mean loss grows if what the head found is taken out, in nats." }
        div.scroll {
            table {
                tr { th { "layer" } @for head in 0..seen.n_head { th { "head " (head) } } }
                @for (layer, costs) in seen.removed.iter().enumerate() {
                    tr {
                        th { (layer) }
                        @for cost in costs {
                            td style=(format!(
                                "background: rgba(var(--loss), {:.2})",
                                (cost / largest.max(1e-9)).clamp(0.0, 0.85)
                            )) { (format!("{cost:+.3}")) }
                        }
                    }
                }
            }
        }
    }
}

fn lens(seen: &Seen) -> Markup {
    html! {
        h2 { "The logit lens" }
        p {
            "What the model would say next if its last norm and its head followed after so many \
             blocks. The last column is what it says. The darker, the surer."
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
                            td title=(listed(likely)) style=(format!(
                                "background: rgba(var(--loss), {:.2})",
                                best.map_or(0.0, |best| best.probability * 0.8)
                            )) { (best.map_or(String::new(), |best| visible(&best.text))) }
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
        h2 { "The nearest rows of the token table" }
        p { "Tokens whose vectors point most nearly the same way, by the cosine of the angle." }
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
        let rows = vec![vec![1.0, 0.0, 0.0], vec![0.5, 0.5, 0.0]];
        assert_eq!(
            map(&rows),
            "<path fill-opacity=\"0.5\" d=\"M0 1h2v1h-2z\"/>\
             <path fill-opacity=\"1.0\" d=\"M0 0h1v1h-1z\"/>"
        );
    }
}
