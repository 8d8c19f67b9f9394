//! What steps and checks are compiled against. It is built once, and after each change of it.
//!
//! The crates that a step may use are among the dependencies of this package, and each is named in
//! here, or it is left out of the library: `use NAME as _;` is enough. What checks share may stand
//! here too. A solution may not: everything in here may be seen by the code under check.

pub use observer::{Observer, Tolerance, run, run_chosen};
@USES@
