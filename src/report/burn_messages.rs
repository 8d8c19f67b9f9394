//! What Burn's panics mean to somebody who has not read Burn.

/// The meaning of a message, if it is a known one.
#[must_use]
pub fn translate(message: &str) -> Option<String> {
    collapse_axis(message)
        .or_else(|| out_of_bounds(message))
        .or_else(|| tensor_check(message))
}

/// `collapse_axis: Index 7 must be less than axis length 4 for array with shape …`.
fn collapse_axis(message: &str) -> Option<String> {
    let rest = message
        .split_once("ndarray: ")
        .map_or(message, |(_, rest)| rest);
    let rest = rest.split_once("collapse_axis: Index ")?.1;
    let (index, rest) = rest.split_once(" must be less than axis length ")?;
    let length: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!(
        "index {index} was looked up in an axis that has {length} entries, 0 to {}",
        length.parse::<usize>().ok()?.checked_sub(1)?
    ))
}

/// `index out of bounds: the len is 4 but the index is 7`.
fn out_of_bounds(message: &str) -> Option<String> {
    let rest = message.strip_prefix("index out of bounds: the len is ")?;
    let (length, index) = rest.split_once(" but the index is ")?;
    Some(format!(
        "entry {index} was asked of something that has {length} entries"
    ))
}

/// Burn's own checks: a heading, the operation and the problem, set out over several lines.
fn tensor_check(message: &str) -> Option<String> {
    let operation = message.split_once("=== Tensor Operation Error ===")?.1;
    let (_, rest) = operation.split_once("Operation: '")?;
    let (name, rest) = rest.split_once('\'')?;
    let reasons: Vec<&str> = rest
        .lines()
        .skip_while(|line| !line.contains("Reason:"))
        .skip(1)
        .map(|line| {
            line.trim()
                .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
                .trim()
        })
        .filter(|line| !line.is_empty())
        .collect();
    Some(format!(
        "Burn refused the operation `{name}`: {}",
        reasons.join(" ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lookup_past_the_end() {
        let said =
            "collapse_axis: Index 7 must be less than axis length 4 for array with shape [4, 3]";
        assert_eq!(
            translate(said).as_deref(),
            Some("index 7 was looked up in an axis that has 4 entries, 0 to 3")
        );
    }

    #[test]
    fn an_index_past_the_end() {
        let said = "index out of bounds: the len is 4 but the index is 7";
        assert!(translate(said).is_some_and(|text| text.contains("entry 7")));
    }

    #[test]
    fn what_is_not_known_is_left_alone() {
        assert_eq!(translate("my own words"), None);
        assert_eq!(translate(""), None);
    }
}
