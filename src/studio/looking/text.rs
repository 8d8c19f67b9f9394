//! What was seen, for a terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{Seen, visible};
use crate::terminal::style;

/// Shades of weights from 0 to 1.
const SHADES: [char; 5] = [' ', '░', '▒', '▓', '█'];

/// Columns of a token's name beside a map.
const NAME: usize = 10;

/// How many heads are shown whose removal costs most.
const HEADS: usize = 5;

/// How many tokens a small map shows: the last ones of the text.
const SMALL: usize = 12;

/// Everything that was seen, `width` columns wide; the attention of one layer and head in full if
/// they are named, and of the head that matters most otherwise.
#[must_use]
pub fn text(seen: &Seen, head: Option<(usize, usize)>, width: usize) -> String {
    let heads = seen.heads_by_cost();
    let shown = head.or_else(|| heads.first().map(|(layer, head, _)| (*layer, *head)));
    let mut text = losses(seen);
    if let Some((layer, head)) = shown {
        text.push_str(&attention(seen, layer, head, width));
    }
    text.push_str(&all_heads(seen, width));
    text.push_str(&removed(seen));
    text.push_str(&lens(seen, width));
    text.push_str(&neighbours(seen));
    // Tokens come from anywhere.
    style::harmless(&text)
}

fn section(title: &str, says: &str) -> String {
    format!("{}\n{}\n\n", style::heading(title), style::dim(says))
}

fn losses(seen: &Seen) -> String {
    let mut text = section(
        "The loss of each token",
        "How surprised the model was by it, in nats; the first token has nothing before it.",
    );
    let _ = write!(text, "  {}", visible(&seen.tokens[0]));
    for (token, loss) in seen.tokens[1..].iter().zip(&seen.losses) {
        text.push_str(&shaded_by_loss(&visible(token), *loss));
    }
    text.push_str("\n\n");
    for (token, loss) in seen.tokens[1..].iter().zip(&seen.losses) {
        let bar = "▇".repeat((loss * 4.0).round().clamp(0.0, 40.0) as usize);
        let _ = writeln!(
            text,
            "  {} {loss:>6.2}  {bar}",
            padded(&visible(token), NAME)
        );
    }
    let _ = writeln!(
        text,
        "  {} {:>6.2}\n",
        padded("mean", NAME),
        seen.mean_loss()
    );
    if seen.left_out > 0 {
        let _ = writeln!(
            text,
            "  The text is {} tokens longer than the model's window; these were left out.\n",
            seen.left_out
        );
    }
    text
}

fn shaded_by_loss(token: &str, loss: f64) -> String {
    match loss {
        ..1.0 => token.to_owned(),
        ..2.5 => style::code(token).to_string(),
        ..5.0 => style::attention(token).to_string(),
        _ => style::wrong(token).to_string(),
    }
}

fn attention(seen: &Seen, layer: usize, head: usize, width: usize) -> String {
    let mut text = section(
        &format!("Attention of layer {layer}, head {head}"),
        "Each row is a token that looks, each column one that it looks at; a row adds up to 1.",
    );
    let rows = &seen.attention[layer][head];
    let columns = (width.saturating_sub(NAME + 4) / 2).min(rows.len());
    let first = rows.len() - columns.max(1);
    if first > 0 {
        let _ = writeln!(text, "  (the last {columns} tokens of {})", rows.len());
    }
    for (token, weights) in seen.tokens.iter().zip(rows).skip(first) {
        let cells: String = weights[first..]
            .iter()
            .map(|weight| shade(*weight).to_string().repeat(2))
            .collect();
        let _ = writeln!(
            text,
            "  {} {}",
            padded(&visible(token), NAME),
            cells.trim_end()
        );
    }
    text.push('\n');
    text
}

fn all_heads(seen: &Seen, width: usize) -> String {
    let mut text = section(
        "All heads",
        "The same in small, for the last tokens: a row of maps for each layer, a map for each head.",
    );
    let size = seen.tokens.len().min(SMALL);
    let first = seen.tokens.len() - size;
    let a_line = (width.saturating_sub(2) / (size + 2)).max(1);
    for (layer, heads) in seen.attention.iter().enumerate() {
        for (part, some) in heads.chunks(a_line).enumerate() {
            let names = (0..some.len())
                .map(|head| padded(&format!("{layer}.{}", part * a_line + head), size + 2));
            let names: String = names.collect();
            let _ = writeln!(text, "  {}", style::dim(names.trim_end()));
            for query in first..seen.tokens.len() {
                let cells = some.iter().map(|rows| {
                    let cells: String = rows[query][first..].iter().map(|w| shade(*w)).collect();
                    format!("{cells}  ")
                });
                let line: String = cells.collect();
                let _ = writeln!(text, "  {}", line.trim_end());
            }
            text.push('\n');
        }
    }
    text
}

fn removed(seen: &Seen) -> String {
    let mut text = section(
        "What a head is worth",
        "How much the mean loss grows if what the head found is taken out, in nats.",
    );
    let heads = seen.heads_by_cost();
    for (layer, head, cost) in heads.iter().take(HEADS) {
        let _ = writeln!(text, "  layer {layer}, head {head}  {cost:>+7.3}");
    }
    if heads.len() > HEADS
        && let Some((layer, head, cost)) = heads.last()
    {
        let _ = writeln!(text, "  …\n  layer {layer}, head {head}  {cost:>+7.3}");
    }
    text.push('\n');
    text
}

fn lens(seen: &Seen, width: usize) -> String {
    let mut text = section(
        "The logit lens",
        "What the model would say next if its head followed after that many blocks.",
    );
    let cell = NAME;
    let layers = (width.saturating_sub(NAME + 3) / (cell + 1)).clamp(1, seen.lens.len());
    // The last layers, since the last one is what the model says.
    let first = seen.lens.len() - layers;
    let names = (first..seen.lens.len()).map(|layer| padded(&layer.to_string(), cell + 1));
    let names: String = names.collect();
    let _ = writeln!(
        text,
        "  {} {}",
        padded("", NAME),
        style::dim(names.trim_end())
    );
    for (place, token) in seen.tokens.iter().enumerate() {
        let cells = seen.lens[first..].iter().map(|places| {
            let said = places[place].first();
            let said = said.map_or(String::new(), |likely| visible(&likely.text));
            padded(&said, cell + 1)
        });
        let cells: String = cells.collect();
        let _ = writeln!(
            text,
            "  {} {}",
            padded(&visible(token), NAME),
            cells.trim_end()
        );
    }
    text.push('\n');
    text
}

fn neighbours(seen: &Seen) -> String {
    let mut text = section(
        "The nearest rows of the token table",
        "Tokens whose vectors point most nearly the same way, by cosine.",
    );
    for token in &seen.neighbours {
        let nearest: Vec<String> = (token.nearest.iter())
            .map(|near| format!("{} {:.2}", visible(&near.text), near.cosine))
            .collect();
        let _ = writeln!(
            text,
            "  {} {}",
            padded(&visible(&token.text), NAME),
            nearest.join("  ")
        );
    }
    text
}

fn shade(weight: f32) -> char {
    let steps = SHADES.len() as f32;
    SHADES[((weight * steps) as usize).min(SHADES.len() - 1)]
}

/// `text` in so many columns, cut if it is longer.
fn padded(text: &str, columns: usize) -> String {
    let mut cut = String::new();
    for c in text.chars() {
        let mut longer = cut.clone();
        longer.push(c);
        if longer.width() > columns.saturating_sub(1) {
            break;
        }
        cut = longer;
    }
    let gap = columns - cut.width();
    format!("{cut}{}", " ".repeat(gap))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn plain(width: usize) -> String {
        anstream::adapter::strip_str(&text(&sample(), None, width)).to_string()
    }

    #[test]
    fn every_section_is_there_and_fits() {
        for width in [40, 80] {
            let shown = plain(width);
            for title in [
                "The loss of each token",
                // The head whose removal costs most.
                "Attention of layer 0, head 1",
                "All heads",
                "What a head is worth",
                "The logit lens",
                "The nearest rows",
            ] {
                assert!(shown.contains(title), "{title}: {shown}");
            }
            let map: Vec<&str> = shown.lines().filter(|line| line.contains('█')).collect();
            assert!(map.iter().all(|line| line.width() <= width), "{map:#?}");
        }
        let shown = plain(80);
        assert!(
            shown.contains("  ␣c           3.00  ▇▇▇▇▇▇▇▇▇▇▇▇"),
            "{shown}"
        );
        assert!(shown.contains("layer 0, head 1   +0.400"), "{shown}");
    }

    #[test]
    fn weights_have_shades() {
        let shades: String = [0.0, 0.19, 0.21, 0.5, 0.79, 0.8, 1.0]
            .map(shade)
            .iter()
            .collect();
        assert_eq!(shades, "  ░▒▓██");
    }
}
