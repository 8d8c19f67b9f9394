//! What a step recorded is read, bounded and judged.

use observation::{Observation, Observations, Parameter, TensorValue, Tolerance, Value};
use tutor::engine::judge;
use tutor::engine::observe::{Run, RunEnding, bounds};
use tutor::engine::sandbox::Printed;

/// Does what is to be tried with this input.
pub fn run(data: &[u8]) {
    let mut read = Observations::read(data);
    let mut again = Vec::new();
    read.write(&mut again).expect("a Vec takes all");
    assert_eq!(Observations::read(&again), read);
    bounds::bound(&mut read);
    let run = Run {
        observations: read,
        ending: RunEnding::Finished,
        stdout: Printed::default(),
        stderr: Printed::default(),
        peak_memory: 0,
    };
    let _ = judge::judge(&run, &reference(&run.observations), &["a.rs".into()]);
}

/// A group of the same name with one thing of each kind, so that the two are compared.
fn reference(run: &Observations) -> Observations {
    let mut reference = Observations::default();
    for group in run.groups.iter().take(3) {
        let mut group = group.clone();
        let mut values = [
            Value::Tensor(TensorValue::from_f32(vec![2, 2], &[1.0, 2.0, 3.0, 4.0])),
            Value::Parameters(vec![Parameter {
                path: "weight".into(),
                shape: vec![2],
            }]),
            Value::Text("true".into()),
        ]
        .into_iter()
        .cycle();
        for observation in &mut group.observations {
            *observation = Observation {
                name: observation.name.clone(),
                value: values.next().expect("it goes on for ever"),
                tolerance: Tolerance::DEFAULT,
            };
        }
        group.panics.clear();
        reference.groups.push(group);
    }
    reference
}
