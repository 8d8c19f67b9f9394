//! From a step's source to its verdict, each part above the next:
//!
//! [`pipeline`] puts the parts in a row; [`judge`] compares what a step showed with what the
//! reference showed; [`observe`] runs a program in a process of its own; [`compile`] makes that
//! program of a step and its check; [`sandbox`] holds what nobody vouches for; [`kit`] is what
//! steps are compiled against; [`cache`] keeps what was made with it.

pub mod cache;
pub mod compile;
pub mod cut;
pub mod judge;
pub mod kit;
pub mod observe;
pub mod pipeline;
pub mod sandbox;
