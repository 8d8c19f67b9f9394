//! Tensors stored in a safetensors file, put into a module by path.

use std::fs;
use std::path::Path;

use burn::module::Module;
use burn::tensor::{Device, Int, Tensor, TensorData};
use safetensors::tensor::{Dtype, SafeTensors};

use crate::fill;

/// A safetensors file in memory.
///
/// Made for programs that have no use for a file that is not as they expect it: every method
/// panics with a sentence that names the tensor.
pub struct Stored {
    bytes: Vec<u8>,
    device: Device,
}

impl Stored {
    /// Reads `path`; tensors are made on `device`.
    ///
    /// # Panics
    ///
    /// If the file cannot be read.
    #[must_use]
    pub fn open(path: &Path, device: &Device) -> Self {
        let bytes =
            fs::read(path).unwrap_or_else(|e| panic!("cannot read {}: {e}", path.display()));
        Self {
            bytes,
            device: device.clone(),
        }
    }

    /// The metadata entry `key`.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[must_use]
    pub fn metadata(&self, key: &str) -> String {
        let (_, header) = SafeTensors::read_metadata(&self.bytes)
            .unwrap_or_else(|e| panic!("not a safetensors file: {e}"));
        header
            .metadata()
            .as_ref()
            .and_then(|entries| entries.get(key).cloned())
            .unwrap_or_else(|| panic!("no metadata entry `{key}`"))
    }

    /// The float tensor `name`.
    ///
    /// # Panics
    ///
    /// If it is missing, of another type or of another rank.
    #[must_use]
    pub fn floats<const D: usize>(&self, name: &str) -> Tensor<D> {
        let (shape, values) = self.read(name, Dtype::F32, f32::from_le_bytes);
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }

    /// The float tensor `name`, its values in a row, whatever its rank.
    ///
    /// # Panics
    ///
    /// If it is missing or of another type.
    #[must_use]
    pub fn row(&self, name: &str) -> Tensor<1> {
        let (_, values) = self.read(name, Dtype::F32, f32::from_le_bytes);
        Tensor::from_data(values.as_slice(), &self.device)
    }

    /// The integer tensor `name`.
    ///
    /// # Panics
    ///
    /// If it is missing, of another type or of another rank.
    #[must_use]
    pub fn ints<const D: usize>(&self, name: &str) -> Tensor<D, Int> {
        let (shape, values) = self.read(name, Dtype::I64, i64::from_le_bytes);
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }

    /// The module with each float parameter read from the tensor called `prefix` and its path.
    ///
    /// # Panics
    ///
    /// If one is missing or of another shape.
    #[must_use]
    pub fn filled<M: Module>(&self, prefix: &str, module: M) -> M {
        fill::overwrite(module, &mut |path, expected| {
            let name = format!("{prefix}{path}");
            let (shape, values) = self.read(&name, Dtype::F32, f32::from_le_bytes);
            assert_eq!(shape, expected, "shape of `{name}`");
            values
        })
    }

    fn read<T, const N: usize>(
        &self,
        name: &str,
        dtype: Dtype,
        element: fn([u8; N]) -> T,
    ) -> (Vec<usize>, Vec<T>) {
        let file = SafeTensors::deserialize(&self.bytes)
            .unwrap_or_else(|e| panic!("not a safetensors file: {e}"));
        let view = file
            .tensor(name)
            .unwrap_or_else(|e| panic!("no tensor `{name}`: {e}"));
        assert_eq!(view.dtype(), dtype, "type of `{name}`");
        let values = view
            .data()
            .chunks_exact(N)
            .map(|chunk| {
                let mut bytes = [0; N];
                bytes.copy_from_slice(chunk);
                element(bytes)
            })
            .collect();
        (view.shape().to_vec(), values)
    }
}
