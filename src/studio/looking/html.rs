//! What was seen, as one page of HTML: nothing in it is fetched, and nothing in it runs.

mod attention;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Seen, visible};

const STYLE: &str = include_str!("html/style.css");

/// Only the styles in the page itself.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The strongest colour behind text, so that it can be read.
const STRONGEST: f64 = 0.55;

/// A loss of so many nats has the full colour.
const FULL_LOSS: f64 = 8.0;

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
                    (attention::attention(seen))
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
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
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
