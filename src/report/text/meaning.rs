//! What a message means, below the message.

use super::wrapped;

/// A code span is not broken: this, from the private use area, stands for the spaces in it meanwhile.
const SPACE_IN_CODE: char = '\u{e000}';

/// Broken into lines between words, but not within `code`.
pub fn meaning(text: &str) -> String {
    let mut in_code = false;
    let joined: String = text
        .chars()
        .map(|c| {
            in_code ^= c == '`';
            if in_code && c == ' ' {
                SPACE_IN_CODE
            } else {
                c
            }
        })
        .collect();
    wrapped(&joined).replace(SPACE_IN_CODE, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stays_in_one_line() {
        let text = "word ".repeat(14) + "and `let x: [Tensor<3>; 3] = y;` at last";
        let lines = meaning(&text);
        assert!(
            lines.contains("\n`let x: [Tensor<3>; 3] = y;` at last"),
            "{lines}"
        );
    }
}
