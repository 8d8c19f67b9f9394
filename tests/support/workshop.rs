//! The pipeline in the tests' own process, with a store that goes when the test is over.

#![allow(dead_code)]

use tempfile::TempDir;
use tutor::confined;
use tutor::course::Course;
use tutor::kit::Kit;
use tutor::pipeline::Pipeline;
use tutor::store::Store;

/// What a pipeline needs.
pub struct Workshop {
    pub course: Course,
    pub kit: Kit,
    store: Store,
    _folder: TempDir,
}

impl Workshop {
    /// The project's own course.
    pub fn new() -> Self {
        // This process is a test and would not know what to do as a keeper.
        confined::set_keeper(env!("CARGO_BIN_EXE_tutor").into());
        let course = Course::find(super::root()).expect("the project is a course");
        let mut kit = Kit::ready(&course).unwrap_or_else(|e| panic!("{e}"));
        let folder = tempfile::tempdir_in(tutor::kit::folder(&course)).expect("it can be made");
        kit.store = folder.path().join("store");
        let store = Store::open(&kit).unwrap_or_else(|e| panic!("{e}"));
        Self {
            course,
            kit,
            store,
            _folder: folder,
        }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    pub fn pipeline(&self) -> Pipeline<'_> {
        Pipeline::new(&self.course, &self.kit, &self.store)
    }
}
