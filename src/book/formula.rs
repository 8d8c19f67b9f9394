//! Formulas: what a lesson writes in plain letters, as `MathML`.
//!
//! A block of code in the language `formula` has a formula on each line. Names are written as in code;
//! what follows an underscore is an index if it is short or stands behind a single letter. `a / b` is a
//! fraction, `x^2` a power, `sqrt(x)` a root, `sum over i of x_i` a sum; one space between two things
//! multiplies them or parts words, more spaces part a formula from what is said about it.

mod parser;
mod tokens;

use parser::Parser;
use tokens::{Token, tokens};

use super::html::escaped;

/// Where what is said of a formula begins: so many spaces.
const ASIDE: usize = 4;

/// One line of a formula.
struct Row {
    /// What is defined.
    left: String,
    /// The sign between, and what it is.
    right: String,
    /// What is said about it.
    aside: String,
}

/// The formulas of `text`, one on each line, as `MathML`.
///
/// # Errors
///
/// The line, counted from 1, that is no formula, and why.
pub fn mathml(text: &str) -> Result<String, (usize, String)> {
    let mut rows = String::new();
    let mut has_asides = false;
    let mut parsed = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let row = match line.trim().is_empty() {
            true => None,
            false => Some(row(line).map_err(|what| (number, what))?),
        };
        has_asides |= row.as_ref().is_some_and(|row| !row.aside.is_empty());
        parsed.push(row);
    }
    for row in parsed {
        let row = row.unwrap_or_else(|| Row {
            left: String::new(),
            right: "<mspace height=\"0.6em\"/>".to_owned(),
            aside: String::new(),
        });
        let aside = match has_asides {
            true => format!("<mtd class=\"aside\">{}</mtd>", row.aside),
            false => String::new(),
        };
        rows += &format!(
            "<mtr><mtd class=\"left\">{}</mtd><mtd>{}</mtd>{aside}</mtr>\n",
            row.left, row.right
        );
    }
    Ok(format!(
        "<math display=\"block\"><semantics><mtable displaystyle=\"true\">\n{rows}</mtable>\
         <annotation encoding=\"text/plain\">{}</annotation></semantics></math>\n",
        escaped(text.trim_end())
    ))
}

fn row(line: &str) -> Result<Row, String> {
    let tokens = tokens(line)?;
    let mut parser = Parser::new(&tokens);
    let mut row = Row {
        left: String::new(),
        right: String::new(),
        aside: String::new(),
    };
    let first = parser.sequence(Token::is_definition)?;
    match parser.definition() {
        Some(sign) => {
            row.left = first;
            row.right = sign + &parser.sequence(|token| token.gap >= ASIDE)?;
        }
        None if first.is_empty() => return Err("it begins with nothing".to_owned()),
        None => {
            // A line that goes on below another's right side stands in line with it.
            let mut parser = Parser::new(&tokens);
            let is_below = line.starts_with(' ');
            let lead = if is_below {
                "<mphantom><mo>=</mo></mphantom>"
            } else {
                ""
            };
            row.right = lead.to_owned() + &parser.sequence(|token| token.gap >= ASIDE)?;
            row.aside = parser.sequence(|_| false)?;
            return Ok(row);
        }
    }
    row.aside = parser.sequence(|_| false)?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn, in a form that can be read: a fraction is `{a}/{b}`, an index `x_{i}`.
    fn read(text: &str) -> String {
        let row = row(text).unwrap_or_else(|what| panic!("{text}: {what}"));
        let plain = |mathml: &str| {
            let mut shown = mathml.to_owned();
            for (from, to) in [
                ("<mrow>", "{"),
                ("</mrow>", "}"),
                ("<mfrac>", "frac"),
                ("<msub>", "sub"),
                ("<msup>", "sup"),
                ("<msubsup>", "subsup"),
                ("<munder>", "under"),
                ("<msqrt>", "sqrt{"),
                ("</msqrt>", "}"),
                ("<mspace width=\"0.3em\"/>", " "),
                ("<mspace width=\"1em\"/>", "  "),
            ] {
                shown = shown.replace(from, to);
            }
            let mut text = String::new();
            for part in shown.split('<') {
                text += part.split_once('>').map_or(part, |(_, text)| text);
            }
            text.replace("&lt;", "<").replace("&gt;", ">")
        };
        [row.left, row.right, row.aside]
            .map(|part| plain(&part))
            .join("|")
    }

    #[test]
    fn fractions_roots_and_indices() {
        assert_eq!(
            read("y_i  =  (x_i - mean) / sqrt(variance + epsilon) * weight_i + bias_i"),
            "sub{y}{i}|=frac{sub{x}{i}−mean}{sqrt{variance+ε}}×sub{weight}{i}+sub{bias}{i}|"
        );
        assert_eq!(
            read("weights = softmax(q k^T / sqrt(head_dim) + mask)      over the keys"),
            "weights|=softmax(frac{q sup{k}{T}}{sqrt{head_dim}}+mask)|over the keys"
        );
        assert_eq!(
            read("x_(l+1) = block_l(x_l)"),
            "sub{x}{l+1}|=sub{block}{l}(sub{x}{l})|"
        );
        assert_eq!(
            read("m = beta_1 m + 10,000^(2i / n_embd)"),
            "m|=sub{β}{1} m+sup{10,000}{frac{2i}{n_embd}}|"
        );
        assert_eq!(read("12 C² + 13 C"), "|12 sup{C}{2}+13 C|");
    }

    #[test]
    fn sums_signs_and_words() {
        assert_eq!(
            read("p_v  = exp(z_v / T) / sum over w of exp(z_w / T)"),
            "sub{p}{v}|=frac{exp(frac{sub{z}{v}}{T})}{under{∑}{w} exp(frac{sub{z}{w}}{T})}|"
        );
        assert_eq!(
            read("mask[i, j] =    0    if j <= past + i"),
            "mask[i,j]|=0|if j≤past+i"
        );
        assert_eq!(read("             -inf    otherwise"), "|=−∞|otherwise");
        assert_eq!(
            read("a = -ln softmax(z_i)[t_i] = z_i,t_i"),
            "a|=−ln softmax(sub{z}{i})[sub{t}{i}]=sub{z}{i,sub{t}{i}}|"
        );
        assert_eq!(
            read("next = how many,    u uniform in [0, 1)"),
            "next|=how many,|u uniform in [0,1)"
        );
        assert_eq!(
            read("x_0 = drop(wte[ids] + wpe[0 .. seq])"),
            "sub{x}{0}|=drop(wte[ids]+wpe[0..seq])|"
        );
        assert_eq!(
            read("wte.weight[i, c] ~ Normal(mean 0)"),
            "wte.weight[i,c]|∼Normal(mean 0)|"
        );
    }

    #[test]
    fn what_is_no_formula_is_told_with_its_line() {
        assert_eq!(mathml("a = b\na = (b").map_err(|(line, _)| line), Err(2));
        assert_eq!(mathml("a = \\p{L}").map_err(|(line, _)| line), Err(1));
        let sound = mathml("a = b / c\n\nb = 1").expect("it is sound");
        assert_eq!(sound.matches("<mtr>").count(), 3);
        for tag in ["mtd", "mfrac", "mrow", "math", "semantics"] {
            let (opened, closed) = (format!("<{tag}"), format!("</{tag}>"));
            assert_eq!(
                sound.matches(&opened).count(),
                sound.matches(&closed).count(),
                "{tag}"
            );
        }
    }
}
