//! The numbers of lesson 15.

#[path = "../running.rs"]
mod running;

use crate::s15_data::{Batch, random_batch, random_number, split, window_count, window_starts};
use kit::Observer;
use running::{NEXT, Running, TEXT};
use std::io::Read;

/// Recomputes the example and the answers.
pub fn observe(o: &mut Observer) {
    o.group("numbers", |o| {
        example(o);
        running_example(o);
        answers(o);
    });
}

/// The text of the example, and the windows that the lesson shows.
fn example(o: &mut Observer) {
    let text = [2, 0, 2, 1, 0, 2, 2, 1, 0, 1, 2, 0];
    let device = o.device();
    let count = window_count(text.len(), 3).ok();
    o.text("there are nine windows", count == Some(9));
    let share = 0.3333;
    o.text("the share that is held back", share);
    let parts = split(&text, share, 3).ok();
    let held_back = parts.map(|parts| parts.validation);
    o.text("held back", held_back == Some(vec![0, 1, 2, 0]));
    o.text("a share that leaves too little", 0.25);
    o.text("is refused", split(&text, 0.25, 3).is_err());
    for row in 0..3 {
        let number = random_number(1, 1, row);
        o.text("random number", grouped(number));
        o.text("its remainder", number % 9);
    }
    if let Ok(batch) = random_batch(&text, 3, 3, 1, 1, &device) {
        o.text("the batch is as drawn", format!("{:?}", ids(&batch)));
    }
    let places = window_starts(text.len(), 3, 3).ok();
    o.text("side by side", places == Some(vec![0, 3, 6]));
    o.text("the measured text", "2,000");
}

/// The window of the validation text that reads `the mo`.
fn running_example(o: &mut Observer) {
    let device = o.device();
    let running = Running::open(o);
    let mut text = String::new();
    let read = o.asset("model/validation.txt").read_to_string(&mut text);
    read.expect("it is text");
    let ids: Vec<usize> = text
        .chars()
        .map(|letter| running.id(letter) as usize)
        .collect();
    o.text("characters", grouped(ids.len() as u64));
    for context in [TEXT.len(), 64] {
        let count = window_count(ids.len(), context).unwrap_or_default();
        o.text("windows", grouped(count as u64));
    }
    let apart = window_starts(ids.len(), 64, 64).unwrap_or_default();
    o.text("side by side", apart.len());
    let found = text.find(&format!("{TEXT}{NEXT}"));
    let start = text[..found.expect("it is there")].chars().count();
    o.text("where it begins", grouped(start as u64));
    assert!(text.contains("lets the model read each token once"));
    let batch = Batch::at(&ids, &[start], TEXT.len(), &device);
    let (inputs, targets) = self::ids(&batch);
    assert_eq!(inputs, [82, 70, 67, 1, 75, 77]);
    assert_eq!(targets, [70, 67, 1, 75, 77, 66]);
}

fn ids(batch: &Batch) -> (Vec<i64>, Vec<i64>) {
    let (inputs, targets) = (batch.inputs.to_data(), batch.targets.to_data());
    (inputs.iter().collect(), targets.iter().collect())
}

fn answers(o: &mut Observer) {
    let (tokens, context) = (1_000_000, 1024);
    o.text("tokens", grouped(tokens as u64));
    o.text("context", context);
    let count = |stride| window_starts(tokens, context, stride).map_or(0, |starts| starts.len());
    o.text("at every place", grouped(count(1) as u64));
    o.text("side by side", count(context));
    for off_by_one in [tokens - context + 1, tokens - context - 1] {
        o.text("off by one", grouped(off_by_one as u64));
    }
    let left = tokens - 1 - count(context) * context;
    o.text("targets left out", left);
    // A hundred draws from a hundred windows.
    let (windows, draws) = (100, 100);
    o.text("windows", windows);
    let missed = (1.0 - 1.0 / f64::from(windows)).powi(draws);
    o.text(
        "never drawn, of a hundred",
        format!("{:.1}", 100.0 * missed),
    );
    let limit = (-1.0_f64).exp();
    o.text(
        "never drawn, of many, in percent",
        format!("{:.1}", 100.0 * limit),
    );
    // How often each remainder occurs.
    let each = u64::MAX / count(1) as u64;
    o.text("numbers for each window", grouped(each));
    // The first target has one input before it, the last one 1024; and what it is not.
    for (first, last) in [(1, 1024), (0, 1024), (0, 1023)] {
        let mean = f64::from(first + last) / 2.0;
        o.text("inputs before a target, in the mean", format!("{mean:.1}"));
    }
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
