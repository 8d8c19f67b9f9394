//! Generic code that tokenizers use, of the standard library's and of `serde_json`'s: compiled
//! here once, as in `instances`.

use std::collections::HashMap;

use serde_json::Value;

/// A pair of ids.
type Pair = (usize, usize);

/// Tables and lists of tokens, ids and pairs, and the file of a vocabulary.
///
/// # Errors
///
/// If `text` is no such file.
pub fn tables(text: &str, pair: Pair) -> Result<(Vec<usize>, Value), serde_json::Error> {
    let mut chars: Vec<char> = text.chars().collect();
    chars.sort_unstable();
    chars.dedup();
    let mut letters = ['a'; 256];
    letters.sort_unstable();
    let mut tokens: Vec<String> = letters.map(String::from).to_vec();
    tokens.push(
        text.replace(' ', "")
            .replace("ab", "b")
            .replacen("ab", "b", 1),
    );
    tokens.extend(('a'..='b').map(String::from));
    tokens.extend(text.split("ab").map(str::to_owned));
    tokens.extend(text.lines().map(str::to_owned));
    let mut ids: HashMap<String, usize> = tokens.iter().cloned().zip(0..).collect();
    let mut ranks: HashMap<Pair, usize> = HashMap::new();
    *ids.entry(text.to_owned()).or_default() += 1;
    *ranks.entry(pair).or_default() += 1;
    let is_known = ids.contains_key(text) && ranks.contains_key(&pair);
    let _ = (
        ids.insert(text.to_owned(), 0),
        ranks.insert(pair, 0),
        is_known,
    );
    let mut found: Vec<usize> = ids.values().chain(ranks.values()).copied().collect();
    found.extend(ids.get(text).into_iter().chain(ranks.get(&pair)));
    found.reserve(ids[text] + ranks[&pair]);
    found.extend(found.clone().iter().copied().rev());
    let mut words: Vec<(Vec<usize>, usize)> = vec![(found[1..].to_vec(), 1)];
    words.push((Vec::new(), words.len() + chars.len() + tokens.len()));
    let more = ranks.keys().copied().max();
    drop((words.clone(), tokens.clone(), ids.keys().next(), more));
    ids = serde_json::from_str(text)?;
    Ok((found, serde_json::json!(ids.clone())))
}
