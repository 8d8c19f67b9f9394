//! Which step the name of a file means. Pure.

use super::safe_names;

/// Which of `steps` a file's name means, and whether it is exactly that. Learning platforms put
/// names and numbers around it, file managers a ` (1)` behind it.
pub fn step_of(name: &str, steps: &[&str]) -> Option<(usize, bool)> {
    let is_exact = |step: &&str| name.strip_suffix(".rs") == Some(*step);
    if let Some(step) = steps.iter().position(is_exact) {
        return Some((step, true));
    }
    if !safe_names::is_source(name) {
        return None;
    }
    let name = name.to_lowercase().replace([' ', '-'], "_");
    let inside: Vec<usize> = (0..steps.len())
        .filter(|&step| name.contains(steps[step]))
        .collect();
    let is_part_of_other = |step: usize| {
        let is_longer = |&other: &usize| other != step && steps[other].contains(steps[step]);
        inside.iter().any(is_longer)
    };
    let mut meant = inside.iter().filter(|&&step| !is_part_of_other(step));
    match (meant.next(), meant.next()) {
        (Some(&step), None) => Some((step, false)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [&str; 3] = ["s01_mask", "s02_mask_more", "s10_model"];

    #[test]
    fn a_name_means_one_step_or_none() {
        let step = |name| step_of(name, &STEPS);
        assert_eq!(step("s01_mask.rs"), Some((0, true)));
        for name in [
            "alice_12345_s01_mask.rs",
            "S01_Mask.RS",
            "s01_mask (1).rs",
            "s01_mask-2.rs",
            "s01-mask.rs",
            "s01_mask.rs.rs",
        ] {
            assert_eq!(step(name), Some((0, false)), "{name}");
        }
        for name in [
            "s01_mask",
            "s01_mask.txt",
            "mask.rs",
            "lib.rs",
            "s01_mask s10_model.rs",
        ] {
            assert_eq!(step(name), None, "{name}");
        }
        let steps = ["s1_a", "s1_a_b"];
        assert_eq!(step_of("x_s1_a_b.rs", &steps), Some((1, false)));
        assert_eq!(step_of("s1_a.rs", &steps), Some((0, true)));
    }
}
