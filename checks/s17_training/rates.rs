//! What a configuration says by itself.

use kit::{Observer, Tolerance};

use crate::s17_training::{TrainingConfig, learning_rate};

/// Rates and losses in double precision: they may have been single precision in between.
pub const CLOSE: Tolerance = Tolerance {
    relative: 1e-6,
    absolute: 1e-12,
};

/// Rates of whole trainings, step by step.
pub fn rates(o: &mut Observer, config: &TrainingConfig) {
    for &(name, warmup_steps, steps, highest, lowest, asked) in &[
        ("four steps of warm-up", 4, 11, 0.3, 0.06, 13),
        ("one step of warm-up", 1, 6, 6e-4, 6e-5, 7),
        ("no warm-up", 0, 5, 2e-3, 1e-4, 8),
        ("down to nothing", 3, 9, 0.7, 0.0, 9),
        ("warm-up only", 7, 7, 0.04, 0.01, 7),
        ("a level rate", 2, 5, 0.05, 0.05, 6),
        ("a single step", 0, 1, 0.02, 0.003, 2),
    ] {
        let config = TrainingConfig {
            warmup_steps,
            steps,
            learning_rate: highest,
            min_learning_rate: lowest,
            ..config.clone()
        };
        for step in 1..=asked {
            let rate = learning_rate(step, &config);
            o.number_within(&format!("{name}: step {step}"), rate, CLOSE);
        }
    }
    let long = TrainingConfig {
        warmup_steps: 700 + o.below("warm-up", 200),
        steps: 90_000 + o.below("steps", 5000),
        ..config.clone()
    };
    for &step in &[1, 350, 701, 1000, 20_000, 45_000, 89_999, 200_000] {
        let rate = learning_rate(step, &long);
        o.number_within(&format!("a long training: step {step}"), rate, CLOSE);
    }
}

/// Configurations that are refused, and some that are not. Which fields are changed to what, by number: batch_size, context, accumulation, steps, and
/// warmup_steps.
pub fn refused(o: &mut Observer, config: &TrainingConfig) {
    for &(name, changes) in &[
        ("a sound one", &[][..]),
        ("batch_size is 0", &[(0, 0)]),
        ("context is 0", &[(1, 0)]),
        ("accumulation is 0", &[(2, 0)]),
        ("steps is 0", &[(3, 0), (4, 0)]),
        ("steps and accumulation are 0", &[(3, 0), (2, 0)]),
        ("accumulation and context are 0", &[(2, 0), (1, 0)]),
        ("context and batch_size are 0", &[(1, 0), (0, 0)]),
        ("all are 0", &[(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]),
        ("no warm-up", &[(4, 0)]),
        ("warm-up only", &[(3, 17), (4, 17)]),
        ("warm-up too long by one", &[(3, 17), (4, 18)]),
        ("warm-up for no steps", &[(3, 0), (4, 9)]),
        ("warm-up too long, and no rows", &[(0, 0), (4, 1000)]),
        ("everything 1", &[(0, 1), (1, 1), (2, 1), (3, 1), (4, 1)]),
    ] {
        let mut config = config.clone();
        for &(field, size) in changes {
            *match field {
                0 => &mut config.batch_size,
                1 => &mut config.context,
                2 => &mut config.accumulation,
                3 => &mut config.steps,
                _ => &mut config.warmup_steps,
            } = size;
        }
        o.text(name, format!("{:?}", config.validate()));
    }
    let mut odd = config.clone();
    (odd.learning_rate, odd.min_learning_rate) = (-1.0, f64::INFINITY);
    (odd.clip_norm, odd.adamw.epsilon) = (0.0, 0.0);
    o.text("rates are not looked at", format!("{:?}", odd.validate()));
}
