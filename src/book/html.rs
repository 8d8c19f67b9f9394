//! Small pieces of HTML.

/// `words` as text or as the value of an attribute.
#[must_use]
pub fn escaped(words: &str) -> String {
    let words = words.replace('&', "&amp;").replace('<', "&lt;");
    words.replace('>', "&gt;").replace('"', "&quot;")
}

/// The name by which GitHub links to a heading.
#[must_use]
pub fn anchor(heading: &str) -> String {
    let letters = heading.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    letters.flat_map(char::to_lowercase).collect()
}

/// A block of code that can be scrolled with the keyboard, too.
#[must_use]
pub fn code_block(html: &str) -> String {
    format!(
        "<pre tabindex=\"0\"><code>{}</code></pre>\n",
        html.trim_end()
    )
}

/// Something that is folded away.
#[must_use]
pub fn folded(class: &str, summary: &str, content: &str) -> String {
    let class = match class {
        "" => String::new(),
        class => format!(" class=\"{class}\""),
    };
    format!("<details{class}><summary>{summary}</summary>\n{content}</details>\n")
}
