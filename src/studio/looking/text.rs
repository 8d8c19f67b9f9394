//! What was seen, for a terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::{Likely, Seen, visible};
use crate::terminal::{self, style};

/// Signs of weights, and from which weight on each of them stands. Most weights are small, since a row
/// adds up to 1: the steps grow with them.
const SHADES: [(f32, char); 5] = [
    (0.5, '█'),
    (0.25, '▓'),
    (0.12, '▒'),
    (0.05, '░'),
    (0.02, '·'),
];

/// Most columns of a token beside a map or a number.
const NAME: usize = 10;

/// Columns of the longest bar.
const BAR: usize = 40;

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
    let mut text = losses(seen, width);
    if let Some((layer, head)) = shown {
        text.push_str(&attention(seen, layer, head, width));
    }
    text.push_str(&all_heads(seen, width));
    text.push_str(&removed(seen, width));
    text.push_str(&lens(seen, width));
    text.push_str(&neighbours(seen, width));
    // Tokens come from anywhere.
    style::harmless(&text)
}

fn section(title: &str, says: &str, width: usize) -> String {
    let says: String = textwrap::wrap(says, terminal::wrapping(width))
        .iter()
        .map(|line| format!("{}\n", style::dim(line)))
        .collect();
    format!("{}\n{says}\n", style::heading(title))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a bar's columns are few"
)]
fn losses(seen: &Seen, width: usize) -> String {
    let mut text = section(
        "The loss of each token",
        "How surprised the model was by it, in nats: 0 if it was certain of it, more the less likely \
         it found it. The first token has nothing before it.",
        width,
    );
    if seen.left_out > 0 {
        let words = format!(
            "The text is {} tokens longer than the model's window; those at its end were left out.",
            seen.left_out
        );
        let _ = writeln!(
            text,
            "{}\n",
            textwrap::fill(&words, terminal::wrapping(width))
        );
    }
    let name = name_columns(seen);
    let longest = BAR.min(width.saturating_sub(name + 11));
    let most = seen.losses.iter().copied().fold(1e-9, f64::max);
    for (token, loss) in seen.tokens[1..].iter().zip(&seen.losses) {
        let bar = "▇".repeat((loss / most * longest as f64).round() as usize);
        let bar = shaded_by_loss(&bar, *loss);
        let line = format!("  {} {loss:>6.2}  {bar}", padded(&visible(token), name));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    let _ = writeln!(
        text,
        "  {} {:>6.2}\n",
        padded("mean", name),
        seen.mean_loss()
    );
    text
}

/// Columns of the tokens' names: as many as the longest takes, and a space.
fn name_columns(seen: &Seen) -> usize {
    let longest = seen.tokens.iter().map(|token| visible(token).width()).max();
    (longest.unwrap_or(0) + 1).clamp("mean ".len(), NAME)
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
        "Each row is a token that looks, each column one that it looks at: itself and those before \
         it. The weights of a row add up to 1; a sign stands for so much or more:",
        width,
    );
    let scale: Vec<String> = (SHADES.iter().rev())
        .map(|(from, sign)| format!("{sign} {:.0} %", from * 100.0))
        .collect();
    let _ = writeln!(text, "  {}\n", scale.join("  "));
    let rows = &seen.attention[layer][head];
    let name = name_columns(seen);
    let columns = (width.saturating_sub(name + 3) / 2).clamp(1, rows.len());
    let first = rows.len() - columns;
    if first > 0 {
        let _ = writeln!(text, "  (the last {columns} tokens of {})", rows.len());
    }
    let above: String = seen.tokens[first..]
        .iter()
        .map(|token| padded(&visible(token), 2))
        .collect();
    let _ = writeln!(
        text,
        "  {} {}",
        padded("", name),
        style::dim(above.trim_end())
    );
    for (token, weights) in seen.tokens.iter().zip(rows).skip(first) {
        let cells: String = weights[first..]
            .iter()
            .map(|weight| shade(*weight).to_string().repeat(2))
            .collect();
        let line = format!("  {} {cells}", padded(&visible(token), name));
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text.push('\n');
    text
}

fn all_heads(seen: &Seen, width: usize) -> String {
    let size = seen.tokens.len().min(SMALL);
    let mut text = section(
        "All heads",
        &format!(
            "The same in small for the last {size} tokens: a row of maps for each layer, a map for \
             each head. `--layer L --head H` shows another one in full."
        ),
        width,
    );
    let first = seen.tokens.len() - size;
    let a_line = (width.saturating_sub(2) / (size + 2)).max(1);
    for (layer, heads) in seen.attention.iter().enumerate() {
        for (part, some) in heads.chunks(a_line).enumerate() {
            let names: String = (0..some.len())
                .map(|head| padded(&format!("{layer}.{}", part * a_line + head), size + 2))
                .collect();
            let _ = writeln!(text, "  {}", style::dim(names.trim_end()));
            for query in first..seen.tokens.len() {
                let cells = some.iter().map(|rows| {
                    let cells: String = rows[query][first..].iter().map(|w| shade(*w)).collect();
                    format!("{cells}  ")
                });
                let line = format!("  {}", cells.collect::<String>());
                let _ = writeln!(text, "{}", line.trim_end());
            }
            text.push('\n');
        }
    }
    text
}

fn removed(seen: &Seen, width: usize) -> String {
    let mut text = section(
        "What a head is worth",
        "How much the mean loss grows if what the head found is taken out, in nats. Below 0, this \
         text is read better without it.",
        width,
    );
    let heads = seen.heads_by_cost();
    for (layer, head, cost) in heads.iter().take(HEADS) {
        let _ = writeln!(text, "  layer {layer}, head {head}  {cost:>+7.3}");
    }
    if let Some((layer, head, cost)) = heads.last().filter(|_| heads.len() > HEADS) {
        let _ = writeln!(text, "  …\n  layer {layer}, head {head}  {cost:>+7.3}");
    }
    text.push('\n');
    text
}

fn lens(seen: &Seen, width: usize) -> String {
    let mut text = section(
        "The logit lens",
        "What the model would say next if its last norm and its head followed after so many blocks; \
         the last column is what it says, and how likely it finds that.",
        width,
    );
    let name = name_columns(seen);
    let said = |places: &Vec<Vec<Likely>>, place: usize| {
        let likely = places[place].first();
        likely.map_or(String::new(), |likely| visible(&likely.text))
    };
    let longest = seen
        .lens
        .iter()
        .flatten()
        .flatten()
        .map(|likely| visible(&likely.text).width());
    let cell = (longest.max().unwrap_or(0) + 2).clamp(4, NAME);
    let layers = (width.saturating_sub(name + 8) / cell).clamp(1, seen.lens.len());
    // The last layers, since the last one is what the model says.
    let first = seen.lens.len() - layers;
    let names: String = (first..seen.lens.len())
        .map(|layer| padded(&layer.to_string(), cell))
        .collect();
    let _ = writeln!(
        text,
        "  {} {}",
        padded("", name),
        style::dim(names.trim_end())
    );
    for (place, token) in seen.tokens.iter().enumerate() {
        let cells: String = (seen.lens[first..].iter())
            .map(|places| {
                let said = said(places, place);
                let comes = seen.tokens.get(place + 1).map(|token| visible(token));
                let is_right = comes.as_ref() == Some(&said);
                let shown = padded(&said, cell);
                if is_right {
                    style::right(shown).to_string()
                } else {
                    shown
                }
            })
            .collect();
        let last = seen.lens.last().and_then(|places| places[place].first());
        let likely = last.map_or(0.0, |likely| likely.probability * 100.0);
        let _ = writeln!(
            text,
            "  {} {cells}{likely:>3.0} %",
            padded(&visible(token), name)
        );
    }
    text.push('\n');
    text
}

fn neighbours(seen: &Seen, width: usize) -> String {
    let mut text = section(
        "The nearest rows of the token table",
        "Tokens whose vectors point most nearly the same way, by the cosine of the angle: 1 is the \
         same way, 0 at right angles.",
        width,
    );
    let name = name_columns(seen);
    for token in &seen.neighbours {
        let mut line = format!("  {}", padded(&visible(&token.text), name));
        for near in &token.nearest {
            let near = format!(" {} {:.2} ", visible(&near.text), near.cosine);
            if line.width() + near.trim_end().width() > width {
                break;
            }
            line.push_str(&near);
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

fn shade(weight: f32) -> char {
    let reached = SHADES.iter().find(|(from, _)| weight >= *from);
    reached.map_or(' ', |(_, sign)| *sign)
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
            let wide: Vec<&str> = shown.lines().filter(|line| line.width() > width).collect();
            assert!(wide.is_empty(), "{wide:#?}");
            let trailing = shown.lines().filter(|line| line.ends_with(' ')).count();
            assert_eq!(trailing, 0, "{shown}");
        }
        let shown = plain(80);
        let bar = "▇".repeat(BAR);
        assert!(
            shown.contains(&format!("  ␣c      3.00  {bar}\n")),
            "{shown}"
        );
        assert!(shown.contains("layer 0, head 1   +0.400"), "{shown}");
    }

    #[test]
    fn a_map_has_its_tokens_beside_it_and_above_it() {
        let shown = plain(80);
        let map = "        a b ␣\n  a     ██\n  b     ▓▓██\n  ␣c    ░░▒▒██\n";
        assert!(shown.contains(map), "{shown}");
    }

    #[test]
    fn weights_have_shades() {
        let weights = [0.0, 0.019, 0.02, 0.05, 0.13, 0.25, 0.49, 0.5, 1.0];
        assert_eq!(weights.map(shade).iter().collect::<String>(), "  ·░▒▓▓██");
    }
}
