//! Which error a model ends with that cannot go on from a cache.

use crate::s11_lm_head::Gpt;
use crate::s20_kv_cache::{CacheError, KvCache, hidden, last_logits, logits};
use kit::Observer;
use kit::tensor::{Int, Tensor};

/// A part of the model, and the error that it ends with.
type Part = (&'static str, fn(&Gpt, Tensor<2, Int>, &mut KvCache) -> Option<CacheError>);

const PARTS: &[Part] = &[
    ("", |model, ids, cache| last_logits(model, ids, cache).err()),
    (" in hidden", |model, ids, cache| hidden(&model.transformer, ids, cache).err()),
    (" in logits", |model, ids, cache| logits(model, ids, cache).err()),
];

/// More tokens than there are positions.
pub fn too_long(o: &mut Observer, name: &str, model: &Gpt, cache: &mut KvCache, new: usize) {
    let [vocab_size, _] = model.transformer.wte.weight.dims();
    let ids = o.ids(name, vocab_size, [2, new]);
    refused(o, name, model, ids, cache);
}

/// Records which error each part of the model ends with, and what it holds.
pub fn refused(o: &mut Observer, name: &str, model: &Gpt, ids: Tensor<2, Int>, cache: &mut KvCache) {
    for &(which, part) in PARTS {
        let name = format!("{name}{which}");
        let mut said = "no error".to_owned();
        o.fallible_call(&name, || {
            let error = part(model, ids.clone(), cache);
            said = held(error.as_ref());
            error.map_or(Ok(()), Err)
        });
        o.text(&format!("{name}: the error"), said);
    }
    let error = cache.accepts(&model.transformer, ids.dims()).err();
    o.text(&format!("{name}: what accepts says"), held(error.as_ref()));
}

/// Which error it is, and its fields.
fn held(error: Option<&CacheError>) -> String {
    match error {
        None => "no error".to_owned(),
        Some(CacheError::NoTokens) => "no tokens".to_owned(),
        Some(CacheError::OtherLayers { cache, blocks }) => {
            format!("{cache} layers, {blocks} blocks")
        }
        Some(CacheError::OtherBatch { cache, batch }) => format!("{batch} rows after {cache}"),
        Some(CacheError::TooLong(error)) => format!("{} of {}", error.seq, error.n_positions),
    }
}
