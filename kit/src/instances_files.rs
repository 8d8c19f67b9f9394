//! Generic code around files of tensors, instantiated here so that it need not be in every step.
//!
//! rustc takes an instance from the kit if the kit has it. Nothing in here is ever called.

use std::collections::BTreeMap;

use burn::tensor::{Device, Tensor, TensorData};
use serde_json::{Map, Value};

/// What is done with tensors by name.
pub fn tensors(mut some: BTreeMap<String, TensorData>, name: String, device: &Device) {
    let mut all = some.clone();
    all.append(&mut some);
    for (name, data) in &all {
        drop((name.clone(), data.iter::<f32>().collect::<Vec<f32>>()));
    }
    let one = all.remove(&name);
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
    let mut value = Value::from(entries);
    value[text] = same.unwrap_or_default()[text].clone();
    drop((value.to_string(), format!("{value:#}")));
}
