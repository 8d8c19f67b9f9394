//! Lessons as a terminal shows them.

mod table;
mod wrap;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::terminal::style::Styled;
use crate::terminal::{highlight, style};
use table::Table;
use wrap::{Span, wrapped};

/// Text is not set wider than this, however wide the terminal is.
const WIDEST: usize = 84;

/// Draws the picture at an address, in so many columns; nothing if there is none.
pub type Draw<'a> = &'a dyn Fn(&str, usize) -> Option<String>;

/// How a text is shown.
#[derive(Clone, Copy)]
pub struct Style<'a> {
    /// Columns to use.
    pub width: usize,
    /// Whether what is folded away is shown.
    pub unfolded: bool,
    /// What to type to unfold it.
    pub unfold: &'a str,
    /// How pictures are drawn.
    pub draw: Draw<'a>,
}

/// Renders Markdown.
#[must_use]
pub fn render(markdown: &str, style: Style<'_>) -> String {
    let mut page = Page::new(style);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    for event in Parser::new_ext(markdown, options) {
        page.take(event);
    }
    page.finish()
}

/// What is being put together.
struct Page<'a> {
    style: Style<'a>,
    done: String,
    /// The paragraph, heading or cell at hand.
    spans: Vec<Span>,
    emphasis: Emphasis,
    /// The lists that we are in: the next number, or none for bullets.
    lists: Vec<Option<u64>>,
    /// What stands before the next paragraph's first line instead of spaces.
    bullet: Option<String>,
    quotes: usize,
    heading: Option<HeadingLevel>,
    /// Language and text of a block of code.
    code: Option<(String, String)>,
    table: Option<Table>,
    link: Option<String>,
    picture: Option<String>,
    /// Whether what comes is folded away.
    folded: bool,
}

#[derive(Default, Clone, Copy)]
struct Emphasis {
    strong: bool,
    italic: bool,
}

impl<'a> Page<'a> {
    fn new(style: Style<'a>) -> Self {
        Self {
            style: Style {
                width: style.width.clamp(20, WIDEST),
                ..style
            },
            done: String::new(),
            spans: Vec::new(),
            emphasis: Emphasis::default(),
            lists: Vec::new(),
            bullet: None,
            quotes: 0,
            heading: None,
            code: None,
            table: None,
            link: None,
            picture: None,
            folded: false,
        }
    }

    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => self.push(&code, |text| style::code(text)),
            Event::SoftBreak => self.push(" ", |text| style::plain(text)),
            Event::HardBreak => self.spans.push(Span::Break),
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html),
            Event::Rule => {
                let rule = "─".repeat(self.style.width);
                self.block(&style::dim(rule).to_string());
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.heading = Some(level),
            Tag::Strong => self.emphasis.strong = true,
            Tag::Emphasis => self.emphasis.italic = true,
            Tag::List(first) => {
                self.paragraph();
                self.lists.push(first);
            }
            Tag::Item => self.bullet = Some(self.next_bullet()),
            Tag::BlockQuote(_) => self.quotes += 1,
            Tag::CodeBlock(kind) => {
                self.paragraph();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::Table(_) => self.table = Some(Table::default()),
            Tag::Image { dest_url, .. } => {
                self.paragraph();
                self.picture = Some(dest_url.to_string());
            }
            Tag::Link { dest_url, .. } => self.link = Some(dest_url.to_string()),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::Paragraph | TagEnd::Item => self.paragraph(),
            TagEnd::Strong => self.emphasis.strong = false,
            TagEnd::Emphasis => self.emphasis.italic = false,
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.gap();
                }
            }
            TagEnd::BlockQuote(_) => self.quotes -= 1,
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.spans);
                if let Some(table) = &mut self.table {
                    table.cell(cell);
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.end_row();
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let width = self.style.width - self.indent().chars().count();
                    self.block(&table.render(width));
                }
            }
            TagEnd::Image => {
                let caption = std::mem::take(&mut self.spans);
                let width = self.style.width - self.indent().chars().count();
                let picture = self.picture.take();
                if let Some(drawn) = picture.and_then(|at| (self.style.draw)(&at, width)) {
                    self.block(&drawn);
                }
                self.spans = caption;
            }
            TagEnd::Link => {
                if let Some(url) = self.link.take()
                    && url.starts_with("http")
                {
                    self.push(&format!(" ({url})"), |text| style::dim(text));
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        let Emphasis { strong, italic } = self.emphasis;
        let is_heading = self.heading.is_some();
        self.push(text, move |text| {
            let text = style::plain(text);
            let text = match strong || is_heading {
                true => text.bold(),
                false => text,
            };
            if italic { text.italic() } else { text }
        });
    }

    fn push(&mut self, text: &str, paint: impl Fn(&str) -> Styled<&str>) {
        if !self.folded {
            self.spans.extend(Span::words(text, paint));
        }
    }

    /// Only what lessons use: answers that are folded away.
    fn html(&mut self, html: &str) {
        let html = html.trim();
        if html.contains("<details") && !self.style.unfolded {
            self.paragraph();
            self.folded = true;
            let answer = format!(
                "{}: `{}`",
                summary(html).unwrap_or("Answer"),
                self.style.unfold
            );
            self.folded_line(&answer);
        } else if let Some(summary) = summary(html) {
            self.folded_line(&format!("{summary}:"));
        }
        if html.contains("</details>") {
            self.folded = false;
        }
    }

    fn folded_line(&mut self, text: &str) {
        if !self.style.unfolded || !self.folded {
            let indent = self.indent();
            self.done
                .push_str(&format!("{indent}▸ {}\n\n", style::dim(text)));
        }
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        let spans = std::mem::take(&mut self.spans);
        self.heading = None;
        if self.folded {
            return;
        }
        let text = wrapped(&spans, self.style.width).join("\n");
        let width = text.lines().map(wrap::width).max().unwrap_or(0);
        match level {
            HeadingLevel::H1 => {
                let (text, line) = (style::title(text), style::title("═".repeat(width)));
                self.block(&format!("{text}\n{line}"));
            }
            HeadingLevel::H2 => {
                let (text, line) = (style::title(text), style::dim("─".repeat(width)));
                self.block(&format!("{text}\n{line}"));
            }
            _ => self.block(&text),
        }
    }

    fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else {
            return;
        };
        let code = match language.split(',').next() {
            Some("rust") => highlight::rust(&code),
            _ => code,
        };
        let lines: Vec<String> = code
            .trim_end()
            .lines()
            .map(|line| format!("    {line}"))
            .collect();
        self.block(&lines.join("\n"));
    }

    /// Sets what was gathered, behind a bullet if one is due.
    fn paragraph(&mut self) {
        let spans = std::mem::take(&mut self.spans);
        if spans.is_empty() || self.folded || self.table.is_some() {
            return;
        }
        let indent = self.indent();
        let first = match self.bullet.take() {
            Some(bullet) => {
                let outer: String = indent
                    .chars()
                    .take(indent.chars().count() - bullet.chars().count())
                    .collect();
                outer + &bullet
            }
            None => indent.clone(),
        };
        let width = self
            .style
            .width
            .saturating_sub(indent.chars().count())
            .max(10);
        for (i, line) in wrapped(&spans, width).iter().enumerate() {
            let before = if i == 0 { &first } else { &indent };
            self.done.push_str(&format!("{before}{line}\n"));
        }
        if self.lists.is_empty() {
            self.gap();
        }
    }

    /// Sets lines that are not to be broken, with an empty line behind them.
    fn block(&mut self, text: &str) {
        if self.folded {
            return;
        }
        let indent = self.indent();
        for line in text.lines() {
            self.done.push_str(&format!("{indent}{line}\n"));
        }
        self.gap();
    }

    fn gap(&mut self) {
        if !self.done.is_empty() && !self.done.ends_with("\n\n") {
            self.done.push('\n');
        }
    }

    fn indent(&self) -> String {
        let lists: String = self
            .lists
            .iter()
            .map(|list| if list.is_some() { "    " } else { "  " })
            .collect();
        "│ ".repeat(self.quotes) + &lists
    }

    fn next_bullet(&mut self) -> String {
        match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{:>2}. ", *number - 1)
            }
            _ => "• ".into(),
        }
    }

    fn finish(self) -> String {
        self.done.trim_end().to_owned() + "\n"
    }
}

fn summary(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<summary>")?;
    Some(rest.split_once("</summary>")?.0.trim())
}

#[cfg(test)]
mod tests;
