//! What steps and checks compile against: Burn, and the observer.
//!
//! Built once as a dylib, so that compiling a step means compiling the step alone. A step sees
//! this crate under the name `burn`; a check sees the same file under the name `kit` too. It
//! holds neither solutions nor expected values: everything in here may be seen by the code that
//! is under check.

mod fill;
pub mod instances;
pub mod instances_files;
pub mod instances_part2;
pub mod instances_tokenizer;
mod sizes;
mod starts;
mod stored;
mod tensors;

// What steps may use besides Burn has to be in the library, whether or not the kit itself needs it.
use fancy_regex as _;
use serde_json as _;

pub use burn::*;
pub use observer::Tolerance;
pub use sizes::Sizes;
pub use stored::Stored;
pub use tensors::{Observer, device, run, run_chosen};
