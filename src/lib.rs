//! `tutor`: courses in which learners write something large in Rust, one checked step at a time.
//!
//! A check observes an implementation; a verdict compares two observations. [`engine`] leads from
//! a step's source to its verdict, [`course`] says what there is to learn, [`report`] says a
//! verdict in words, [`classroom`] does the same for a class, and [`authoring`] looks at the course itself.
//! ARCHITECTURE.md has the whole plan.

pub mod authoring;
pub mod book;
pub mod classroom;

pub mod cli;
pub mod commands;
pub mod completions;
pub mod course;
pub mod engine;
pub mod error;
pub mod figure;
pub mod files;
pub mod hash;
pub mod hub;
pub mod parallel;
pub mod progress;
pub mod report;
pub mod studio;
pub mod terminal;
pub mod text;
pub mod tokens;
pub mod update;
pub mod watch;
