//! Observes step 17.

#[path = "../common.rs"]
mod common;
#[path = "rates.rs"]
mod rates;

use std::collections::BTreeMap;

use crate::s01_config::GptConfig;
use crate::s11_lm_head::Gpt;
use crate::s15_data::{Batch, random_batch, random_number};
use crate::s16_optimizer::AdamWConfig;
use crate::s17_training::{
    Trainer, TrainingConfig, TrainingError, add_gradients, batch_loss, evaluate,
};
use kit::module::Param;
use kit::tensor::{Distribution, Tensor, TensorData};
use kit::{Observer, Sizes};

/// Records rates, losses, and what steps make of small models.
///
/// The optimiser's epsilon is large, so that the rounding of a gradient that is nearly zero does
/// not decide a whole step, and so that the length of the gradients counts.
pub fn observe(o: &mut Observer) {
    let [small, large] = o.sizes();
    let config = training(o);
    let (text, other) = (text(o, small, 60), text(o, large, 80));
    o.group("the learning rate", |o| rates::rates(o, &config));
    o.group("configurations to refuse", |o| rates::refused(o, &config));
    o.group("the loss of a batch", |o| {
        let (first, second) = (model(o, small, 0, 0.0), model(o, large, 0, 0.0));
        let (fits, too_long) = (large.n_positions, small.n_positions + 1);
        for &(name, model, shape) in &[
            ("two rows", &first, [2, 5]),
            ("the longest window", &second, [4, fits]),
            ("a single row", &second, [1, 4]),
            ("a context of 1", &first, [3, 1]),
            ("the first model again", &first, [3, 5]),
            ("a window too long by one", &first, [2, too_long]),
        ] {
            let [vocab_size, _] = model.transformer.wte.weight.dims();
            let inputs = o.ids("inputs", vocab_size, shape);
            let targets = o.ids("targets", vocab_size, shape);
            let batch = Batch { inputs, targets };
            o.attempt(name, || batch_loss(model, &batch));
        }
    });
    o.group("gradients added up", |o| {
        let of = |name: &str, paths: &[&str]| {
            let mut gradients = BTreeMap::new();
            for &path in paths {
                gradients.insert(path.to_owned(), o.floats(&format!("{name} {path}"), [5]));
            }
            gradients
        };
        let mut sum = of("first", &["a", "b", "d"]);
        let (second, third) = (of("second", &["a", "b", "c"]), of("third", &["a"]));
        add_gradients(&mut sum, second);
        add_gradients(&mut sum, third);
        add_gradients(&mut sum, BTreeMap::new());
        for (path, gradient) in sum {
            o.tensor(&path, gradient);
        }
    });
    o.group("a new trainer", |o| {
        let (old, fits) = (model(o, small, 1, 0.0), small.n_positions);
        for &(name, rows, context) in &[
            ("a context as long as the table", 3, fits),
            ("a context too long by one", 3, fits + 1),
            ("no rows, and a context too long", 0, fits + 1),
        ] {
            let config = with(&config, rows, context, 1);
            let said = match Trainer::new(old.clone(), config.clone()) {
                Ok(trainer) => {
                    state(o, name, &trainer);
                    let device = trainer.model.transformer.wte.weight.device();
                    o.text(&format!("{name}: with autodiff"), device.is_autodiff());
                    weights(o, name, &trainer.model);
                    format!("configuration kept: {}", trainer.config == config)
                }
                Err(error) => said(&error),
            };
            o.text(name, said);
        }
    });
    let usual = with(&config, 3, 5, 1);
    let tight = |clip_norm| TrainingConfig {
        clip_norm,
        ..usual.clone()
    };
    o.group("one step", |o| {
        let first = model(o, small, 2, 0.0);
        steps(o, "a model", &first, &usual, &text, 1);
    });
    let bare = |o: &Observer, sizes| model(o, sizes, 0, 0.0);
    o.group("several steps", |o| {
        let (first, second) = (bare(o, small), bare(o, large));
        let short = TrainingConfig {
            warmup_steps: 0,
            steps: 2,
            seed: usual.seed << 40,
            adamw: AdamWConfig {
                beta_1: 0.7,
                beta_2: 0.95,
                epsilon: 0.05,
                weight_decay: 0.1,
            },
            ..with(&config, 2, 7, 1)
        };
        steps(o, "through the warm-up", &first, &usual, &text, 4);
        steps(o, "past the last step", &second, &short, &other, 3);
        steps(o, "the first model again", &first, &usual, &text, 1);
        // As a training does that is taken up again.
        let Ok(mut trainer) = Trainer::new(second, usual.clone()) else {
            return o.text("another trainer", "refused");
        };
        for &step in &[6, 70_000] {
            trainer.step = step;
            report(o, &format!("after {step} steps"), &mut trainer, &other);
        }
        state(o, "after 70000 steps", &trainer);
    });
    o.group("gradients that are clipped", |o| {
        let first = bare(o, small);
        steps(o, "far", &first, &tight(0.02), &text, 2);
        steps(o, "less far", &first, &tight(0.11), &text, 1);
    });
    o.group("accumulation", |o| {
        let (first, second) = (bare(o, small), bare(o, large));
        let (three, six) = (with(&usual, 2, 5, 3), with(&usual, 6, 5, 1));
        let seven = with(&tight(0.05), 1, 6, 7);
        steps(o, "three batches of two", &first, &three, &text, 1);
        steps(o, "a batch of six", &first, &six, &text, 1);
        steps(o, "seven of one, clipped", &second, &seven, &other, 1);
    });
    o.group("dropout in training", |o| {
        dropped(o, small, &config);
        parts(o, small, &config);
    });
    o.group("steps to refuse", |o| broken(o, small, &usual, &text));
    o.group("evaluation", |o| {
        // With dropout, which must not show.
        let (first, second) = (model(o, small, 0, 0.4), model(o, large, 0, 0.4));
        let training = Trainer::new(first.clone(), usual.clone());
        let training = training.map_or(first.clone(), |trainer| trainer.model);
        let (all, too_long) = (usize::MAX, small.n_positions + 2);
        for &(name, model, ids, context, rows, batches) in &[
            ("a short batch in the end", &first, &text[..27], 5, 3, 9),
            ("one row in the end", &second, &other[..30], 7, 3, all),
            ("a model in training", &training, &text[..27], 5, 3, 9),
            ("the first batch only", &second, &other[..], 7, 2, 1),
            ("six batches", &second, &other[..], 3, 4, 6),
            ("a single window", &second, &other[..6], 5, 4, 2),
            ("another single window", &second, &other[6..12], 5, 4, 2),
            ("the first text again", &first, &text[..16], 5, 3, 9),
            ("no batches", &first, &text[..], 5, 3, 0),
            ("no batches, and no rows", &first, &text[..], 5, 0, 0),
            ("no rows", &first, &text[..], 5, 0, 2),
            ("a context of 0", &first, &text[..], 0, 3, 2),
            ("an empty text", &first, &[], 5, 3, 2),
            ("a context too long", &first, &text[..], too_long, 2, 2),
            ("and a text too short", &first, &text[..9], 30, 2, 2),
        ] {
            match evaluate(model, ids, context, rows, batches) {
                Ok(loss) => o.number(name, loss),
                Err(error) => o.text(name, said(&error)),
            }
        }
        o.device().seed(7);
        let drawn = random(o);
        o.device().seed(7);
        let _ = evaluate(&training, &text[..6], 5, 1, 1);
        o.text("random numbers go on as before", drawn == random(o));
    });
}

/// What is random in training: with the same state the same, with every step something else.
fn dropped(o: &mut Observer, sizes: Sizes, config: &TrainingConfig) {
    // The text has one window, and a rate of 0 keeps the model: only dropout makes a difference.
    let text = text(o, sizes, 7);
    let losses = |dropout, seed, steps: usize, draws: bool| {
        let config = TrainingConfig {
            learning_rate: 0.0,
            min_learning_rate: 0.0,
            seed,
            ..with(config, 2, 6, 1)
        };
        let mut losses = [0.0; 4];
        if let Ok(mut trainer) = Trainer::new(model(o, sizes, 0, dropout), config) {
            for loss in &mut losses[..steps] {
                if draws {
                    o.device().seed(3);
                }
                *loss = trainer.train_step(&text).map_or(0.0, |report| report.loss);
            }
            losses[3] = trainer.step as f64;
        }
        losses
    };
    let (once, again) = (losses(0.5, 5, 3, false), losses(0.5, 5, 3, true));
    let (other, without) = (losses(0.5, 6, 1, false), losses(0.0, 5, 2, false));
    for &(name, is_so) in &[
        ("three steps are counted, each time", once[3] == again[3]),
        ("whatever was drawn before, the same", once == again),
        ("the second step drops the same", once[0] == once[1]),
        ("the third step drops the same", once[1] == once[2]),
        ("another seed drops the same", once[0] == other[0]),
        ("nothing is dropped", once[0] == without[0]),
        ("without dropout, all alike", without[0] == without[1]),
    ] {
        o.text(name, is_so);
    }
}

/// Of the parts of a step, each drops values of its own: the device's numbers start once.
fn parts(o: &mut Observer, sizes: Sizes, config: &TrainingConfig) {
    let text = text(o, sizes, 7);
    let config = with(config, 2, 6, 2);
    let Ok(mut trainer) = Trainer::new(model(o, sizes, 0, 0.5), config.clone()) else {
        return o.text("two parts", "refused");
    };
    let device = trainer.model.transformer.wte.weight.device();
    let Ok(batch) = random_batch(&text, 2, 6, config.seed, 1, &device) else {
        return;
    };
    device.seed(random_number(config.seed, 1, 4));
    let mut losses = [0.0; 2];
    for loss in &mut losses {
        *loss = batch_loss(&trainer.model, &batch).map_or(0.0, |loss| loss.into_scalar::<f64>());
    }
    let loss = trainer.train_step(&text).map_or(0.0, |report| report.loss);
    let is_near = |expected: f64| (loss - expected).abs() < 2e-5;
    let each = is_near((losses[0] + losses[1]) / 2.0);
    o.text("each part drops what comes next", each);
    o.text("both parts drop the same", is_near(losses[0]) && !each);
}

/// Steps that fail, and what they leave.
fn broken(o: &mut Observer, sizes: Sizes, config: &TrainingConfig, text: &[usize]) {
    let Ok(mut trainer) = Trainer::new(model(o, sizes, 0, 0.0), config.clone()) else {
        return o.text("a trainer", "refused");
    };
    let last = sizes.vocab_size - 1;
    let mut others = text.to_vec();
    others.retain(|&id| id != last);
    report(o, "a step before", &mut trainer, text);
    let healthy = trainer.model.clone();
    // A token that never comes, of a probability that is 0: 0 times infinity is no gradient.
    let broken = [(f64::NAN, 0.0), (1.0, f32::NEG_INFINITY), (3e38, 0.0), (1e25, 0.0)];
    for &(name, broken, ids) in &[
        ("a text too short by one", None, &text[..5]),
        ("an empty text", None, &[]),
        ("a loss that is NaN", Some(broken[0]), text),
        ("a gradient that is NaN", Some(broken[1]), &others),
        ("a loss that is infinite", Some(broken[2]), text),
        ("gradients of infinite length", Some(broken[3]), text),
    ] {
        if let Some((bias, weight)) = broken {
            let mut values = vec![0.0; sizes.vocab_size * sizes.n_embd];
            values[last * sizes.n_embd] = weight;
            let values = TensorData::new(values, [sizes.vocab_size, sizes.n_embd]);
            let body = &mut trainer.model.transformer;
            let tokens = body.wte.weight.val().inner();
            let tokens = tokens + Tensor::from_data(values, &o.device());
            // The first channel is this bias alone.
            let weights = body.ln_f.weight.val().inner().slice_fill([0..1], 0.0);
            let biases = body.ln_f.bias.val().inner().slice_fill([0..1], bias);
            body.wte.weight = Param::from_tensor(tokens.autodiff());
            body.ln_f.weight = Param::from_tensor(weights.autodiff());
            body.ln_f.bias = Param::from_tensor(biases.autodiff());
        }
        report(o, name, &mut trainer, ids);
        state(o, name, &trainer);
        if broken.is_none() {
            weights(o, name, &trainer.model);
        }
        trainer.model = healthy.clone();
    }
    // Moments that had taken a NaN would show.
    report(o, "a step after", &mut trainer, text);
    weights(o, "a step after", &trainer.model);
    trainer.config.context = sizes.n_positions + 3;
    report(o, "a context become too long", &mut trainer, text);
    state(o, "a context become too long", &trainer);
}

/// Trains a model for some steps: their reports, and its weights in the end.
fn steps(
    o: &mut Observer,
    name: &str,
    model: &Gpt,
    config: &TrainingConfig,
    text: &[usize],
    steps: usize,
) {
    let Ok(mut trainer) = Trainer::new(model.clone(), config.clone()) else {
        return o.text(name, "refused");
    };
    for step in 1..=steps {
        report(o, &format!("{name}: step {step}"), &mut trainer, text);
    }
    state(o, name, &trainer);
    weights(o, name, &trainer.model);
}

fn report(o: &mut Observer, name: &str, trainer: &mut Trainer, text: &[usize]) {
    match trainer.train_step(text) {
        Ok(report) => {
            o.integer(&format!("{name}: number"), report.step);
            o.number(&format!("{name}: loss"), report.loss);
            o.number(&format!("{name}: gradient norm"), report.gradient_norm);
            let rate = report.learning_rate;
            o.number_within(&format!("{name}: learning rate"), rate, rates::CLOSE);
        }
        Err(error) => o.text(&format!("{name}: number"), said(&error)),
    }
}

fn state(o: &mut Observer, name: &str, trainer: &Trainer) {
    o.integer(&format!("{name}: steps of the trainer"), trainer.step);
    let optimizer = &trainer.optimizer;
    o.integer(&format!("{name}: steps of the optimiser"), optimizer.step);
    let moments = optimizer.moments.len();
    o.integer(&format!("{name}: parameters it remembers"), moments);
}

fn weights(o: &mut Observer, name: &str, model: &Gpt) {
    let body = &model.transformer;
    o.tensor(&format!("{name}: wte.weight"), body.wte.weight.val());
    o.tensor(&format!("{name}: wpe.weight"), body.wpe.weight.val());
    o.tensor(&format!("{name}: ln_f.weight"), body.ln_f.weight.val());
    if let Some(block) = body.h.first() {
        let weight = block.attn.c_attn.weight.val();
        o.tensor(&format!("{name}: h.0.attn.c_attn.weight"), weight);
    }
}

fn training(o: &Observer) -> TrainingConfig {
    TrainingConfig {
        batch_size: 3,
        context: 5,
        accumulation: 1,
        steps: 9,
        warmup_steps: 3,
        learning_rate: 0.12,
        min_learning_rate: 0.03,
        clip_norm: 1e3,
        adamw: AdamWConfig {
            beta_1: 0.8,
            beta_2: 0.9,
            epsilon: 0.02,
            weight_decay: 0.3,
        },
        seed: 1 + o.below("seed of the training", 1000) as u64,
    }
}

fn with(
    config: &TrainingConfig,
    batch_size: usize,
    context: usize,
    accumulation: usize,
) -> TrainingConfig {
    TrainingConfig {
        batch_size,
        context,
        accumulation,
        ..config.clone()
    }
}

/// Blocks take time, and most of what is asked here shows without any.
fn model(o: &Observer, sizes: Sizes, blocks: usize, dropout: f64) -> Gpt {
    let config = GptConfig {
        n_layer: blocks,
        dropout,
        ..common::config(sizes)
    };
    o.filled(Gpt::new(&config, &o.device()))
}

fn text(o: &Observer, sizes: Sizes, length: usize) -> Vec<usize> {
    let ids = o.ids("text", sizes.vocab_size, [length]).into_data();
    ids.iter::<i64>().map(|id| id as usize).collect()
}

fn random(o: &Observer) -> TensorData {
    Tensor::<2>::random([1, 1], Distribution::Default, &o.device()).into_data()
}

/// Kind and fields of an error. Its words do not matter.
fn said(error: &TrainingError) -> String {
    format!("{error:?}")
}
