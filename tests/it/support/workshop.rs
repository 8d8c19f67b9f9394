//! The pipeline in the tests' own process, with a store that goes when the test is over.

use tempfile::TempDir;
use tutor::course::Course;
use tutor::engine::kit::{self, Kit, Profile};
use tutor::engine::pipeline::Pipeline;
use tutor::engine::sandbox;

/// What a pipeline needs.
pub struct Workshop {
    pub course: Course,
    kit: Kit,
    _folder: TempDir,
}

impl Workshop {
    /// The project's own course.
    pub fn new() -> Self {
        // This process is a test and would not know what to do as a supervisor.
        sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
        let course = Course::find(super::root()).expect("the project is a course");
        let mut kit = Kit::ready(&course, Profile::Check, |_| {}).unwrap_or_else(|e| panic!("{e}"));
        let folder = tempfile::tempdir_in(kit::folder(&course)).expect("it can be made");
        kit.cache = folder.path().join("cache");
        Self {
            course,
            kit,
            _folder: folder,
        }
    }

    pub fn pipeline(&self) -> Pipeline<'_> {
        Pipeline::open(&self.course, self.kit.clone()).unwrap_or_else(|e| panic!("{e}"))
    }
}
