use super::*;
use observation::{DType, Group, Observation, Panic, TensorValue, Tolerance, Value};

/// A run with one group for each of `values`, or a panic where there is none.
fn run(values: &[Option<f32>]) -> Observations {
    let groups = values.iter().enumerate().map(|(i, value)| Group {
        name: format!("g{i}"),
        observations: value
            .iter()
            .map(|&value| Observation {
                name: "o".into(),
                value: Value::Tensor(TensorValue::from_f32(vec![4], &[value; 4])),
                tolerance: Tolerance::DEFAULT,
            })
            .collect(),
        panics: match value {
            Some(_) => Vec::new(),
            None => vec![panic("not yet implemented")],
        },
        ended: true,
    });
    Observations {
        groups: groups.collect(),
        finished: true,
    }
}

fn panic(message: &str) -> Panic {
    Panic {
        message: message.into(),
        at: None,
        calls: Vec::new(),
        thread: None,
    }
}

fn all(values: &[f32]) -> Observations {
    run(&values.iter().copied().map(Some).collect::<Vec<_>>())
}

fn explained(seen: &Observations, suspects: &[Observations]) -> Explanation {
    let suspects: Vec<&Observations> = suspects.iter().collect();
    let reference = all(&[0.0, 0.0, 0.0]);
    Suspects::new(&reference, &suspects).case(seen).explain()
}

/// All that is named, in whatever group.
fn found(seen: &Observations, suspects: &[Observations]) -> Vec<usize> {
    let mut found = explained(seen, suspects).concat();
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn one_mistake_explains_everything() {
    let suspects = [all(&[1.0, 0.0, 0.0]), all(&[1.0, 2.0, 0.0])];
    assert_eq!(found(&all(&[1.0, 0.0, 0.0]), &suspects), [0]);
    assert_eq!(found(&all(&[1.0, 2.0, 0.0]), &suspects), [1]);
    assert!(found(&all(&[0.0, 2.0, 0.0]), &suspects).is_empty());
}

#[test]
fn three_mistakes_apart_are_all_found_each_in_its_group() {
    let suspects = [
        all(&[1.0, 0.0, 0.0]),
        all(&[0.0, 2.0, 0.0]),
        all(&[0.0, 0.0, 3.0]),
    ];
    assert_eq!(found(&all(&[1.0, 0.0, 3.0]), &suspects), [0, 2]);
    let three = explained(&all(&[1.0, 2.0, 3.0]), &suspects);
    assert_eq!(three, [vec![0], vec![1], vec![2]]);
}

#[test]
fn a_group_is_explained_whatever_became_of_the_others() {
    let suspects = [all(&[1.0, 0.0, 0.0]), all(&[0.0, 2.0, 0.0])];
    let seen = explained(&all(&[1.0, 77.0, 0.0]), &suspects);
    assert_eq!(seen, [vec![0], vec![], vec![]]);
}

#[test]
fn what_two_explain_alike_is_not_named() {
    let suspects = [all(&[1.0, 5.0, 0.0]), all(&[1.0, 6.0, 0.0])];
    assert!(found(&run(&[Some(1.0), None, Some(0.0)]), &suspects).is_empty());
    assert!(found(&all(&[1.0, 7.0, 0.0]), &suspects).is_empty());
}

#[test]
fn what_is_not_written_yet_is_left_out() {
    let suspects = [all(&[1.0, 5.0, 0.0])];
    assert_eq!(found(&run(&[Some(1.0), None, Some(0.0)]), &suspects), [0]);
    assert!(found(&run(&[None, None, None]), &suspects).is_empty());
}

#[test]
fn mistakes_that_meet_have_to_be_tried() {
    let suspects = [
        all(&[1.0, 5.0, 0.0]),
        all(&[0.0, 6.0, 2.0]),
        all(&[0.0, 7.0, 3.0]),
    ];
    let seen = all(&[1.0, 99.0, 2.0]);
    let suspects: Vec<&Observations> = suspects.iter().collect();
    let reference = all(&[0.0, 0.0, 0.0]);
    let suspects = Suspects::new(&reference, &suspects);
    let case = suspects.case(&seen);
    let pairs = case.pairs_to_try(&[1]);
    assert!(pairs.contains(&(0, 1)), "{pairs:?}");
    assert_eq!(case.wrong_groups(), [0, 1, 2]);
}

#[test]
fn nan_is_like_nan() {
    let suspects = [all(&[f32::NAN, 0.0, 0.0])];
    assert_eq!(found(&all(&[f32::NAN, 0.0, 0.0]), &suspects), [0]);
}

#[test]
fn a_panic_in_other_words_is_another_cause() {
    let panics = |message: &str| {
        let mut run = run(&[None, Some(0.0), Some(0.0)]);
        run.groups[0].panics = vec![panic(message)];
        run
    };
    let suspects = [panics("index 7 of 4")];
    assert_eq!(found(&panics("index 7 of 4"), &suspects), [0]);
    assert!(found(&panics("index 5 of 4"), &suspects).is_empty());
}

/// The same with whole numbers in the last group: twelve tokens, of which so many are 7.
fn with_tokens(mut run: Observations, others: i64) -> Observations {
    let tokens = (0..12_i64).flat_map(|i| (if i < others { 7 } else { i }).to_le_bytes());
    let value = TensorValue::new(vec![12], DType::I64, tokens.collect()).expect("it is sound");
    let last = run.groups.last_mut().expect("there are some");
    last.observations[0].value = Value::Tensor(value);
    run
}

#[test]
fn a_few_tokens_tell_of_no_mistake_that_shows_something_else_elsewhere() {
    let reference = with_tokens(all(&[0.0, 0.0, 0.0]), 0);
    let explained = |others| {
        let suspect = with_tokens(all(&[1.0, 0.0, 0.0]), others);
        let seen = with_tokens(all(&[2.0, 0.0, 0.0]), others);
        Suspects::new(&reference, &[&suspect]).case(&seen).explain()
    };
    assert!(explained(3).concat().is_empty());
    assert_eq!(explained(12), [vec![], vec![], vec![0]]);
    // The suspect itself is named, whatever the number.
    let suspect = with_tokens(all(&[1.0, 0.0, 0.0]), 1);
    let explained = Suspects::new(&reference, &[&suspect])
        .case(&suspect)
        .explain();
    assert_eq!(explained, [vec![0], vec![], vec![0]]);
}
