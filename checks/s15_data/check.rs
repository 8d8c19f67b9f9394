//! Observes step 15.

use crate::s15_data::{
    Batch, DataError, Split, random_batch, split, validation_batches, window_count, window_starts,
};
use kit::Observer;
use kit::tensor::{Int, Tensor, TensorData};

/// Records what a text is cut into: all of it exact.
pub fn observe(o: &mut Observer) {
    // Two sets of sizes that share no number.
    let [rows, more] = o.distinct("rows", 3, 6);
    let [context, wider] = o.distinct("context", 7, 11);
    let text = ids(o, "text", 310 + o.below("length", 20));
    let other = ids(o, "other text", 90 + o.below("other length", 20));
    o.group("how many windows a text has", |o| {
        for &(tokens, context) in &[
            (text.len(), context),
            (other.len(), wider),
            (context + 1, context),
            (wider + 2, wider),
            (2, 1),
            (context, context),
            (wider - 1, wider),
            (0, context),
            (9, usize::MAX),
            (1 << 40, context),
            (text.len(), 0),
            (0, 0),
        ] {
            let count = window_count(tokens, context).map(|count| vec![count]);
            numbers(o, &format!("{tokens} ids, context {context}"), count);
        }
    });
    o.group("a text in two parts", |o| {
        let even = &text[..50];
        for &(name, ids, share, context) in &[
            ("a tenth of fifty", even, 0.1, 4),
            ("a quarter of fifty, twelve and a half", even, 0.25, context),
            ("three quarters of fifty", even, 0.75, context),
            ("a third", &text[..], 0.3349, context),
            ("most of another text", &other[..], 0.7149, wider),
            ("a little", &text[..], 0.1649, context),
            (
                "parts that just suffice",
                &text[..2 * wider + 2],
                0.5,
                wider,
            ),
            ("a tenth of fifty again", even, 0.1, 4),
        ] {
            parts(o, name, split(ids, share, context));
        }
    });
    o.group("texts and shares to refuse", |o| {
        for &(name, ids, share, context) in &[
            ("a share of 0", &text[..], 0.0, context),
            ("a share of 1", &text[..], 1.0, context),
            ("a share below 0", &text[..], -0.25, context),
            ("a share above 1", &text[..], 1.25, context),
            ("a share that is no number", &text[..], f64::NAN, context),
            ("an infinite share", &text[..], f64::INFINITY, context),
            ("a context of 0", &text[..], 0.5, 0),
            ("a share of 0, and a context of 0", &text[..], 0.0, 0),
            ("an empty text", &[], 0.5, wider),
            ("an empty text, and a share of 2", &[], 2.0, wider),
            ("a validation part too short by one", &text[..40], 0.15, 6),
            ("a training part too short by one", &text[..40], 0.85, 6),
            ("both parts too short", &text[..7], 0.4, 5),
            ("nothing to hold back", &text[..], 1e-9, context),
            ("everything held back", &text[..], 1.0 - 1e-9, context),
        ] {
            o.text(name, refusal(split(ids, share, context).err()));
        }
    });
    o.group("the windows that begin at given places", |o| {
        let last = text.len() - context - 1;
        batch(
            o,
            "from front to back",
            &at(o, &text, &[0, 3, 11, 40, last], context),
        );
        batch(
            o,
            "in any order",
            &at(o, &text, &[17, last, 2, 17], context),
        );
        batch(o, "another text", &at(o, &other, &[5, 1, 20], wider));
        batch(o, "a single row", &at(o, &other, &[4], context));
        batch(o, "a context of 1", &at(o, &text, &[9, 0], 1));
        batch(o, "the first ones again", &at(o, &text, &[0, 3], context));
        refused(
            o,
            "a window that lacks its last target",
            &text,
            last + 1,
            context,
        );
        refused(o, "a window past the text", &other, 3 * other.len(), wider);
    });
    o.group("where windows begin", |o| {
        let (long, short) = (text.len(), other.len());
        for &(name, tokens, context, stride) in &[
            ("at every place", long, context, 1),
            ("at every third place", long, context, 3),
            ("at every fourth place of another text", short, wider, 4),
            ("side by side", long, context, context),
            ("side by side in another text", short, wider, wider),
            ("with room in between", long, wider, wider + 2),
            ("side by side, to the last id", 4 * wider + 1, wider, wider),
            ("side by side, one id less", 4 * wider, wider, wider),
            ("once", context + 1, context, 1),
            ("once, with a stride past the end", long, context, 3 * long),
            ("a context of 1", 7, 1, 2),
            ("a stride of 0", long, context, 0),
            ("a context of 0", long, 0, 3),
            ("an empty text", 0, context, 3),
            ("one id too few", context, context, 1),
            ("one id too few, and a stride of 0", context, context, 0),
        ] {
            numbers(o, name, window_starts(tokens, context, stride));
        }
    });
    let seed = 1 + o.below("seed", 1000) as u64;
    let first = (rows, context, seed, 1);
    o.group("random batches", |o| {
        drawn(o, "a batch", &text, first);
        drawn(o, "the next step", &text, (rows, context, seed, 2));
        drawn(o, "the next seed", &text, (rows, context, seed + 1, 1));
        drawn(o, "step 0", &text, (rows, context, seed, 0));
        drawn(o, "a late step", &text, (more, context, seed, (1 << 33) + 1));
        drawn(o, "a large seed", &text, (rows, context, !seed, 1));
        drawn(o, "another text", &other, (more, wider, seed, 3));
        drawn(o, "a single row", &text, (1, context, seed, 5));
        let long: Vec<usize> = (0..70_000).collect();
        drawn(o, "a long text", &long, (more, context, seed, 8));
        o.device().seed(seed + 7);
        drawn(o, "the first batch again", &text, first);
    });
    o.group("every window can be drawn", |o| {
        let (few, three) = (&text[..context + 1], &other[..wider + 3]);
        drawn(o, "a text of one window", few, (more, context, seed, 1));
        drawn(o, "a text of three windows", three, (23, wider, seed, 4));
        drawn(o, "a context of 1", &text[..5], (300, 1, seed, 6));
    });
    o.group("random batches to refuse", |o| {
        for &(name, ids, rows, context) in &[
            ("no rows", &text[..], 0, context),
            ("a context of 0", &text[..], rows, 0),
            ("no rows, and a context of 0", &text[..], 0, 0),
            ("one id too few", &text[..context], rows, context),
            ("an empty text", &[], rows, wider),
        ] {
            let drawn = random_batch(ids, rows, context, seed, 1, &o.device());
            o.text(name, refusal(drawn.err()));
        }
    });
    o.group("batches for validation", |o| {
        let rows_left = &text[..context * (2 * rows + 1) + 3];
        for &(name, ids, rows, context) in &[
            ("a short batch in the end", rows_left, rows, context),
            ("another text", &other[..], 2, wider),
            ("to the last id", &text[..4 * wider + 1], 2, wider),
            ("one id less", &text[..4 * wider], 2, wider),
            ("a single window", &text[..context + 1], more, context),
            ("many rows", &text[..], 20, context),
            ("more rows than windows", &other[..], 50, wider),
            ("one row each", &text[..3 * wider + 2], 1, wider),
        ] {
            match validation_batches(ids, rows, context, &o.device()) {
                Ok(batches) => {
                    o.integer(&format!("{name}: batches"), batches.len());
                    for (i, found) in batches.iter().enumerate() {
                        batch(o, &format!("{name}: batch {i}"), found);
                    }
                }
                Err(error) => o.text(&format!("{name}: batches"), refusal(Some(error))),
            }
        }
    });
    o.group("tensors on the device that is given", |o| {
        // This one is not the device that tensors come to by themselves.
        let device = o.device().autodiff();
        let drawn = random_batch(&text, rows, context, seed, 1, &device);
        let held = validation_batches(&other, 2, wider, &device);
        for (name, batch) in [
            ("random batches", drawn.ok()),
            ("batches for validation", held.ok().and_then(|mut batches| batches.pop())),
        ] {
            let Some(Batch { inputs, targets }) = batch else {
                return o.text(name, "none");
            };
            o.text(&format!("{name}: inputs"), inputs.is_autodiff());
            o.text(&format!("{name}: targets"), targets.is_autodiff());
        }
    });
    o.group("texts for validation to refuse", |o| {
        for &(name, ids, rows, context) in &[
            ("no rows", &text[..], 0, context),
            ("a context of 0", &text[..], rows, 0),
            ("no rows, and a context of 0", &text[..], 0, 0),
            ("one id too few", &text[..wider], rows, wider),
            ("an empty text", &[], rows, context),
        ] {
            let batches = validation_batches(ids, rows, context, &o.device());
            o.text(name, refusal(batches.err()));
        }
    });
}

/// So many different ids that each place has its own, with few exceptions.
const DIFFERENT: usize = 200_000;

fn ids(o: &Observer, name: &str, length: usize) -> Vec<usize> {
    let ids = o.ids(name, DIFFERENT, [length]).into_data();
    ids.iter::<i64>().map(|id| id as usize).collect()
}

fn at(o: &Observer, ids: &[usize], starts: &[usize], context: usize) -> Batch {
    Batch::at(ids, starts, context, &o.device())
}

fn refused(o: &mut Observer, name: &str, ids: &[usize], start: usize, context: usize) {
    let device = o.device();
    o.call(name, || Batch::at(ids, &[start], context, &device));
}

/// What to draw: rows, context, seed and step.
type Draw = (usize, usize, u64, usize);

fn drawn(o: &mut Observer, name: &str, ids: &[usize], draw: Draw) {
    let (rows, context, seed, step) = draw;
    match random_batch(ids, rows, context, seed, step, &o.device()) {
        Ok(found) => batch(o, name, &found),
        Err(error) => o.text(
            &format!("{name}: inputs [batch, context]"),
            refusal(Some(error)),
        ),
    }
}

fn batch(o: &mut Observer, name: &str, batch: &Batch) {
    let (inputs, targets) = (batch.inputs.clone(), batch.targets.clone());
    o.tensor(&format!("{name}: inputs [batch, context]"), inputs);
    o.tensor(&format!("{name}: targets [batch, context]"), targets);
}

fn parts(o: &mut Observer, name: &str, parts: Result<Split, DataError>) {
    match parts {
        Ok(Split { train, validation }) => {
            numbers(o, &format!("{name}: to learn from"), Ok(train));
            numbers(o, &format!("{name}: held back"), Ok(validation));
        }
        Err(error) => o.text(&format!("{name}: to learn from"), refusal(Some(error))),
    }
}

fn numbers(o: &mut Observer, name: &str, found: Result<Vec<usize>, DataError>) {
    match found {
        Ok(found) => {
            let mut values = Vec::new();
            for number in found {
                values.push(number as i64);
            }
            let shape = [values.len()];
            let data = TensorData::new(values, shape);
            o.tensor(name, Tensor::<1, Int>::from_data(data, &o.device()));
        }
        Err(error) => o.text(name, refusal(Some(error))),
    }
}

/// Kind and fields of an error, if there is one. Its words do not matter.
fn refusal(error: Option<DataError>) -> String {
    match error {
        None => "accepted".to_owned(),
        Some(DataError::Zero { field }) => format!("Zero {{ field: {field:?} }}"),
        Some(DataError::Share { validation_share }) => {
            format!("Share {{ validation_share: {validation_share} }}")
        }
        Some(DataError::TooShort { tokens, context }) => {
            format!("TooShort {{ tokens: {tokens}, context: {context} }}")
        }
        #[allow(unreachable_patterns, reason = "a learner may add kinds of errors")]
        Some(_) => "another error".to_owned(),
    }
}
