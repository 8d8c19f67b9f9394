//! Generic code around files of tensors, instantiated here so that it need not be in every step.
//!
//! rustc takes an instance from the kit if the kit has it. Nothing in here is ever called.

use std::collections::{BTreeMap, HashMap};

use burn::module::Param;
use burn::tensor::{Device, Tensor, TensorData};
use serde_json::{Map, Value};

/// What is done with tensors by name.
pub fn tensors(mut some: BTreeMap<String, TensorData>, name: String, device: &Device) {
    let mut all = some.clone();
    all.append(&mut some);
    for (name, data) in &all {
        drop((name.clone(), data.iter::<f32>().collect::<Vec<f32>>()));
    }
    let one = all.remove("").or_else(|| all.remove(&name));
    drop((all.get("").cloned(), all.len()));
    let has = all.contains_key(&name) && all.get(&name) == one.as_ref() && all == some;
    drop((has, all.insert(name, TensorData::new(vec![0.0_f32], [1]))));
    if let Some(data) = one {
        drop(Tensor::<2>::from_data(data.clone(), device));
        drop(Tensor::<1>::from_data(data, device));
    }
    for (name, data) in some {
        drop((name, data));
    }
    drop(all.into_keys().next());
}

/// What is done with JSON.
pub fn json(text: &str) {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let same: Option<Value> = serde_json::from_slice(text.as_bytes()).ok();
    let mut entries = Map::new();
    entries.insert(text.to_owned(), value.into());
    drop((entries.get(text).cloned(), entries.values().next()));
    let is_known = Value::from(vec![0_usize]) == Value::from([0_usize, 1]);
    entries.insert(text.to_owned(), is_known.into());
    let mut value = Value::from(entries);
    value[text] = same.unwrap_or_default()[text].clone();
    drop((value.to_string(), format!("{value:#}")));
}

/// What is done with the bytes of a file and the words in its header.
#[expect(clippy::implicit_hasher, reason = "nobody calls it with another one")]
pub fn bytes(parts: &[&[u8]], words: &HashMap<String, String>) {
    drop((parts.concat(), words.get("").cloned()));
}

/// How two rows become one tensor, and are taken out of it again.
#[must_use]
pub fn rows(one: Tensor<1>, other: Tensor<1>) -> Tensor<1> {
    let both = Tensor::stack::<2>(vec![one, other], 0);
    both.narrow(0, 0, 1).squeeze_dim(0)
}

/// A parameter out of a file. `Module::map` asks for it at every rank there can be.
macro_rules! parameters {
    ($($name:ident, $rank:literal;)*) => {
        $(
            /// A parameter of this rank.
            pub fn $name(data: TensorData, old: &Param<Tensor<$rank>>) -> Param<Tensor<$rank>> {
                drop(old.lazy_shape());
                Param::from_tensor(Tensor::from_data(data, &old.lazy_device()))
            }
        )*
    };
}

parameters! {
    loaded_0, 0;
    loaded_1, 1;
    loaded_2, 2;
    loaded_3, 3;
    loaded_4, 4;
    loaded_5, 5;
    loaded_6, 6;
    loaded_7, 7;
    loaded_8, 8;
}
