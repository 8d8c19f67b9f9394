//! The pipeline in the tests' own process, with a store that goes when the test is over.

use tempfile::TempDir;
use tutor::course::Course;
use tutor::engine::cache::Cache;
use tutor::engine::kit::Kit;
use tutor::engine::pipeline::Pipeline;
use tutor::engine::sandbox;

/// What a pipeline needs.
pub struct Workshop {
    pub course: Course,
    pub kit: Kit,
    store: Cache,
    _folder: TempDir,
}

impl Workshop {
    /// The project's own course.
    pub fn new() -> Self {
        // This process is a test and would not know what to do as a supervisor.
        sandbox::set_supervisor(env!("CARGO_BIN_EXE_tutor").into());
        let course = Course::find(super::root()).expect("the project is a course");
        let mut kit = Kit::ready(&course).unwrap_or_else(|e| panic!("{e}"));
        let folder =
            tempfile::tempdir_in(tutor::engine::kit::folder(&course)).expect("it can be made");
        kit.store = folder.path().join("store");
        let store = Cache::open(&kit).unwrap_or_else(|e| panic!("{e}"));
        Self {
            course,
            kit,
            store,
            _folder: folder,
        }
    }

    pub fn store(&self) -> &Cache {
        &self.store
    }

    pub fn pipeline(&self) -> Pipeline<'_> {
        Pipeline::new(&self.course, &self.kit, &self.store)
    }
}
