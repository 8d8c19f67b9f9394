//! What steps and checks compile against: Burn, and the observer.
//!
//! Built once as a dylib, so that compiling a step means compiling the step alone. A step sees
//! this crate under the name `burn`; a check sees the same file under the name `kit` too. It
//! holds neither solutions nor expected values: everything in here may be seen by the code that
//! is under check.

mod channel;
mod fill;
mod inputs;
pub mod instances;
mod observer;
mod panics;
mod sizes;
mod starts;
mod stored;

pub use burn::*;
pub use observation::Tolerance;
pub use observer::{Observer, device, run, run_chosen};
pub use sizes::Sizes;
pub use stored::Stored;
