//! An observation program from its orders to its end.

use std::ops::DerefMut;
use std::process::ExitCode;

use observation::{Event, Instructions, Turn};

use crate::{Observer, channel, panics};

/// Runs an observation program, as its `main`.
///
/// Exits with failure if standard input and output are not what `tutor` makes them.
#[must_use]
pub fn run(observe: fn(&mut Observer)) -> ExitCode {
    run_chosen(&[observe])
}

/// Runs one of several observation programs, as their `main`: the one that the orders name, the
/// first if they name none; and behind it those that the orders name besides.
///
/// Exits with failure if there is no such one, and where [`run`] does.
#[must_use]
pub fn run_chosen(programs: &[fn(&mut Observer)]) -> ExitCode {
    let Some((orders, mut observer)) = open() else {
        return ExitCode::FAILURE;
    };
    execute(&orders, programs, &mut observer, |observer| observer)
}

/// Like [`run_chosen`], for programs with an observer of their own, which is made of this one and
/// stands on it.
#[must_use]
pub fn run_as<O>(programs: &[fn(&mut O)]) -> ExitCode
where
    O: From<Observer> + DerefMut<Target = Observer>,
{
    let Some((orders, observer)) = open() else {
        return ExitCode::FAILURE;
    };
    execute(&orders, programs, &mut O::from(observer), |own| &mut **own)
}

fn open() -> Option<(Instructions, Observer)> {
    let (orders, output) = channel::take().ok()?;
    let observer = Observer::new(orders.seed, output);
    Some((orders, observer))
}

fn execute<O>(
    orders: &Instructions,
    programs: &[fn(&mut O)],
    own: &mut O,
    base: impl Fn(&mut O) -> &mut Observer,
) -> ExitCode {
    panics::keep(orders.source.clone());
    let first = Turn {
        seed: orders.seed,
        choice: orders.choice.unwrap_or(0),
    };
    for turn in [first].iter().chain(&orders.then) {
        let Some(observe) = programs.get(turn.choice) else {
            return ExitCode::FAILURE;
        };
        base(own).seed = turn.seed;
        observe(own);
        base(own).write(&Event::Finished);
    }
    ExitCode::SUCCESS
}
