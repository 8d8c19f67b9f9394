//! What drives `tutor` from outside or looks at the course as a whole, as one program: it is linked
//! once, and all tests share one kit.

mod support;

mod assets;
mod attacks;
mod authoring;
mod authoring_page;
mod bad_courses;
mod checkpoints;
mod commands;
mod compile_errors;
mod completions;
mod course;
mod deploy;
mod diagnosis;
mod drivers;
mod earlier_steps;
mod fetching;
mod grading;
mod intake;
mod interrupted;
mod kit_place;
mod learning;
mod limits;
mod line_ends;
mod machine;
mod new_course;
mod new_step;
mod oracle;
mod page;
mod plan;
mod reach;
mod readme;
mod sandbox;
mod screens;
mod solved_steps;
mod studio;
mod tokenizers;
mod training;
mod updating;
mod verdicts;
mod watching;
