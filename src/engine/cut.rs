//! Cuts what is longer than anybody would read.

/// Characters of what a panic, an error or a compiler says.
pub const MESSAGE: usize = 2_000;

/// Leaves the first `limit` characters of `text`, and says how many there were.
pub fn cut(text: &mut String, limit: usize) {
    if let Some((end, _)) = text.char_indices().nth(limit) {
        let all = text.chars().count();
        text.truncate(end);
        text.push_str(&format!("… ({all} characters in all)"));
    }
}
