//! Numbers as a person reads them.

/// Six significant digits, without trailing zeros; very large and very small ones as powers.
#[must_use]
pub fn number(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+inf" } else { "-inf" }.into();
    }
    if value == value.trunc() && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let magnitude = value.abs();
    if !(1e-4..1e7).contains(&magnitude) {
        return format!("{value:.4e}");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "magnitude lies in 1e-4..1e7, so this is 0..=9"
    )]
    let decimals = (5.0 - magnitude.log10().floor()).max(0.0) as usize;
    let text = format!("{value:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// As in `[2, 5, 12]`.
#[must_use]
pub fn list(values: &[usize]) -> String {
    format!("{values:?}")
}

/// As in `2.0 GB`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
pub fn bytes(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["bytes", "kB", "MB"] {
        if value < 1000.0 {
            return if unit == "bytes" {
                format!("{value} {unit}")
            } else {
                format!("{value:.1} {unit}")
            };
        }
        value /= 1000.0;
    }
    format!("{value:.1} GB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(0.0), "0");
        assert_eq!(number(-1.341_640_7), "-1.34164");
        assert_eq!(number(124_439_808.0), "124439808");
        assert_eq!(number(0.5), "0.5");
        assert_eq!(number(1.234e-9), "1.2340e-9");
        assert_eq!(number(f64::NEG_INFINITY), "-inf");
        assert_eq!(number(f64::NAN), "NaN");
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(bytes(12), "12 bytes");
        assert_eq!(bytes(10_500_000), "10.5 MB");
        assert_eq!(bytes(4 << 30), "4.3 GB");
    }
}
