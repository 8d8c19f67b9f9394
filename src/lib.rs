//! `tutor`: learn how GPT-2 works by writing it with Burn, one checked step at a time.
//!
//! A check observes an implementation; a verdict compares two observations. The way of a step:
//!
//! [`course`] says what there is, [`compile`] turns a step and its check into a program,
//! [`observe`] runs that program in a process of its own, [`judge`] compares what it showed with
//! what the reference showed, [`report`] says so. [`pipeline`] puts these in a row.
//!
//! A class goes the same way: [`intake`] finds the steps in what was handed in, [`grade`] judges
//! each behind [`walls`], [`similarity`] compares them with each other.

pub mod cli;
pub mod commands;
pub mod compile;
pub mod completions;
pub mod confined;
pub mod course;
pub mod error;
pub mod experiments;
pub mod files;
pub mod grade;
pub mod hash;
pub mod highlight;
pub mod hints;
pub mod intake;
pub mod judge;
pub mod kit;
pub mod markdown;
pub mod messages;
pub mod mistakes;
pub mod observe;
pub mod parallel;
pub mod pipeline;
pub mod progress;
pub mod progress_bar;
pub mod report;
pub mod similarity;
pub mod source;
pub mod store;
pub mod surface;
pub mod symbols;
pub mod terminal;
pub mod toolchain;
pub mod unwritten;
pub mod update;
pub mod walls;
pub mod watch;
