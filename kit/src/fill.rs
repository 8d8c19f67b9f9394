//! Walks over a module's parameters: listing them, and overwriting them.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Bool, Int, Tensor, TensorData};
use observation::Parameter;

/// The names of the fields on the way to where a walk stands.
#[derive(Default)]
pub struct Path(Vec<String>);

impl Path {
    pub fn enter(&mut self, name: &str) {
        self.0.push(name.to_owned());
    }

    pub fn leave(&mut self) {
        self.0.pop();
    }

    pub fn joined(&self) -> String {
        self.0.join(".")
    }
}

/// Lists every tensor parameter of `module`.
pub fn parameters<M: Module>(module: &M) -> Vec<Parameter> {
    let mut list = List::default();
    module.visit(&mut list);
    list.found
}

#[derive(Default)]
struct List {
    path: Path,
    found: Vec<Parameter>,
}

impl List {
    fn add(&mut self, shape: &[usize]) {
        self.found.push(Parameter {
            path: self.path.joined(),
            shape: shape.to_vec(),
        });
    }
}

impl ModuleVisitor for List {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.leave();
    }

    // `lazy_shape` leaves an uninitialised parameter as it is: nothing is drawn for a listing.
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.add(&param.lazy_shape());
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.add(&param.lazy_shape());
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.add(&param.lazy_shape());
    }
}

/// Gives each float parameter the values that `values` returns for its path and shape.
pub fn overwrite<M: Module>(module: M, values: &mut dyn FnMut(&str, &[usize]) -> Vec<f32>) -> M {
    module.map(&mut Overwrite {
        path: Path::default(),
        values,
    })
}

struct Overwrite<'a> {
    path: Path,
    values: &'a mut dyn FnMut(&str, &[usize]) -> Vec<f32>,
}

impl ModuleMapper for Overwrite<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.leave();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (path, shape, device) = (self.path.joined(), param.lazy_shape(), param.lazy_device());
        let data = TensorData::new((self.values)(&path, &shape), shape);
        let id = param.id;
        // A parameter that its module keeps from learning still does not learn.
        param.transform_for_load(Tensor::from_data(data, &device), id)
    }
}
