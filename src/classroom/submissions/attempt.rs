//! Which attempt a name says that something is. Pure.
//!
//! A browser that downloads a file twice puts ` (1)` behind its name, Canvas `-1`, people `_v2` or
//! `attempt 2`, scripts a date. Whatever has the larger number came later.

/// Numbers of more digits are no counts: ids, years with months.
const DIGITS: usize = 3;

/// How a name says which attempt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// By a mere number, which may as well be a part of the name, as in `team-2`.
    Number,
    /// By a word or a time: there is no other meaning, as in `ana_v2`.
    Said,
}

/// What a name without its ending says: the name of all attempts, and which one it is. A time is
/// larger than any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt<'a> {
    /// What is left of the name.
    pub base: &'a str,
    /// How large it is, the larger the later.
    pub number: u64,
    /// How it is said.
    pub style: Style,
}

/// What `stem`, a name without its ending, says of attempts, if it does.
pub fn of(stem: &str) -> Option<Attempt<'_>> {
    if time_of(stem).is_some() {
        return None;
    }
    let found = timed(stem).or_else(|| counted(stem));
    found.filter(|found| !found.base.is_empty())
}

/// As in `s06 (2)`, `s06-2`, `s06_v2`, `s06 attempt 2`.
fn counted(stem: &str) -> Option<Attempt<'_>> {
    let (inner, is_in_brackets) = match stem.strip_suffix(')') {
        Some(inner) => (inner, true),
        None => (stem, false),
    };
    let digits = inner.bytes().rev().take_while(u8::is_ascii_digit).count();
    if !(1..=DIGITS).contains(&digits) {
        return None;
    }
    let (rest, number) = inner.split_at(inner.len() - digits);
    let number = number.parse().ok()?;
    let of = |base: &str, style| (base.len(), style);
    let (end, style) = if is_in_brackets {
        of(rest.strip_suffix('(')?.trim_end(), Style::Number)
    } else if let Some(base) = rest.strip_suffix('-') {
        // As in `ana-attempt-2`.
        worded(base).map_or(of(base, Style::Number), |base| of(base, Style::Said))
    } else {
        let word = rest.trim_end_matches([' ', '_']);
        let base = worded(word).or_else(|| {
            let base = rest.strip_suffix(['v', 'V'])?;
            separated(base)
        });
        of(base?, Style::Said)
    };
    Some(Attempt {
        base: &stem[..end],
        number,
        style,
    })
}

/// What stands before the word `attempt`.
fn worded(text: &str) -> Option<&str> {
    let at = text.len().checked_sub("attempt".len())?;
    let word = text.get(at..)?;
    word.eq_ignore_ascii_case("attempt")
        .then(|| separated(&text[..at]))?
}

/// `text` without what separates it from the next word, which must be there.
fn separated(text: &str) -> Option<&str> {
    let base = text.trim_end_matches([' ', '_', '-', '.']);
    (base.len() < text.len()).then_some(base)
}

/// As in `s06_2026-11-01` or `s06_2026-11-01-10-00-00`.
fn timed(stem: &str) -> Option<Attempt<'_>> {
    let [long, short] = ["dddd-dd-dd-dd-dd-dd", "dddd-dd-dd"];
    let (at, time) = [long, short].into_iter().find_map(|form| {
        let at = stem.len().checked_sub(form.len())?;
        Some((at, time_of(stem.get(at..)?)?))
    })?;
    Some(Attempt {
        base: separated(&stem[..at])?,
        number: time,
        style: Style::Said,
    })
}

/// What a time such as `2026-11-01` or `2026-11-01-10-00-00` counts as.
fn time_of(text: &str) -> Option<u64> {
    let parts: Vec<&str> = text.split('-').collect();
    let widths = [4, 2, 2, 2, 2, 2];
    let fits = |(part, width): (&&str, usize)| {
        part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_time = matches!(parts.len(), 3 | 6) && parts.iter().zip(widths).all(fits);
    if !is_time || !text.starts_with("20") {
        return None;
    }
    let digits: String = parts.concat();
    format!("{digits:0<14}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(stem: &str) -> Option<(&str, u64)> {
        of(stem).map(|found| (found.base, found.number))
    }

    #[test]
    fn what_stands_behind_a_name_counts() {
        for (stem, base, number) in [
            ("s06-1", "s06", 1),
            ("s06 (12)", "s06", 12),
            ("s06(1)", "s06", 1),
            ("s06_v2", "s06", 2),
            ("s06 V2", "s06", 2),
            ("s06-v3", "s06", 3),
            ("ana_attempt_2", "ana", 2),
            ("ana attempt 2", "ana", 2),
            ("ana-attempt-2", "ana", 2),
            ("ana_attempt2", "ana", 2),
            ("step-6", "step", 6),
            ("ü-1", "ü", 1),
            ("ana_2026-11-01", "ana", 20_261_101_000_000),
            ("ana_2026-11-01-10-05-00", "ana", 20_261_101_100_500),
        ] {
            assert_eq!(said(stem), Some((base, number)), "{stem}");
        }
        for stem in [
            "s06",
            "step_6",
            "rev2",
            "v2",
            "-1",
            "(1)",
            "ana-12345",
            "2026-11-01",
            "",
            "ana (x)",
        ] {
            assert_eq!(said(stem), None, "{stem}");
        }
    }

    #[test]
    fn a_mere_number_may_be_a_part_of_the_name() {
        assert_eq!(of("team-2").map(|found| found.style), Some(Style::Number));
        assert_eq!(of("team_v2").map(|found| found.style), Some(Style::Said));
    }
}
