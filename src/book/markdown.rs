//! A lesson's Markdown as HTML.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::figures;
use super::formula;
use super::html::{anchor, code_block, escaped};
use super::links::{self, Layout, Place};
use super::rust;
use crate::course::Course;
use crate::course::figures::shown;

/// What ends bold words.
const BOLD: &str = "</strong>";

/// What the words of a text may mean besides themselves.
pub struct Setting<'a> {
    /// The course.
    pub course: &'a Course,
    /// All texts of the book.
    pub known: &'a [Place],
    /// This one.
    pub place: &'a Place,
    /// How the book is cut into pages.
    pub layout: Layout,
    /// Where words in bold lead, if they name something.
    pub named: &'a dyn Fn(&str) -> Option<String>,
    /// The page of the check that the text tells of, and its file's name.
    pub check: Option<(String, String)>,
}

/// A heading with what stands below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// How it is linked to; nothing for the beginning.
    pub anchor: String,
    /// Its heading.
    pub title: String,
    /// 1 for the whole text's.
    pub level: usize,
    /// Its words, to be searched.
    pub words: String,
}

/// A text that was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What is shown.
    pub html: String,
    /// Its parts.
    pub sections: Vec<Section>,
}

/// Sets `markdown`. Its headings stand `deeper` by so many ranks.
#[must_use]
pub fn text(setting: &Setting<'_>, markdown: &str, deeper: usize) -> Text {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events: Vec<Event<'_>> = Parser::new_ext(markdown, options).collect();
    let mut page = Page {
        setting,
        deeper,
        html: String::new(),
        sections: Vec::new(),
        heading: None,
        code: None,
        picture: None,
        link: None,
        strong: BOLD,
        columns: Vec::new(),
        column: None,
        is_lone_picture: false,
        is_folded: false,
    };
    for (i, event) in events.iter().enumerate() {
        page.take(event, &events[i + 1..]);
    }
    Text {
        html: page.html,
        sections: page.sections,
    }
}

/// What is being put together.
struct Page<'a> {
    setting: &'a Setting<'a>,
    deeper: usize,
    html: String,
    sections: Vec<Section>,
    /// Where the heading at hand begins in `html`, and its words.
    heading: Option<(usize, String)>,
    /// Language and text of a block of code.
    code: Option<(String, String)>,
    /// Where a picture leads, and its caption so far.
    picture: Option<(String, String)>,
    /// What ends the link at hand: links do not nest.
    link: Option<&'static str>,
    /// What ends the bold words at hand.
    strong: &'static str,
    columns: Vec<Alignment>,
    /// The column at hand in a table's head, none in its body.
    column: Option<usize>,
    is_lone_picture: bool,
    is_folded: bool,
}

impl Page<'_> {
    fn take(&mut self, event: &Event<'_>, rest: &[Event<'_>]) {
        match event {
            Event::Start(tag) => self.start(tag, rest),
            Event::End(tag) => self.end(tag),
            Event::Text(words) => self.words(words),
            Event::Code(code) => {
                self.searched(code);
                self.push(&format!("<code>{}</code>", escaped(code)));
            }
            Event::SoftBreak => {
                self.searched(" ");
                self.push("\n");
            }
            Event::HardBreak => self.push("<br>\n"),
            Event::Html(html) | Event::InlineHtml(html) => {
                // What is folded away is not given away by a search.
                match (html.contains("<details"), html.contains("</details")) {
                    (true, false) => self.is_folded = true,
                    (false, true) => self.is_folded = false,
                    _ => {}
                }
                self.html += html;
            }
            Event::Rule => self.html += "<hr>\n",
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, rest: &[Event<'_>]) {
        match tag {
            Tag::Paragraph => {
                let is_picture = |event: &Event<'_>| matches!(event, Event::End(TagEnd::Image));
                let end = rest.iter().position(is_picture);
                let begins = matches!(rest.first(), Some(Event::Start(Tag::Image { .. })));
                let ends = end.and_then(|end| rest.get(end + 1));
                self.is_lone_picture = begins && ends == Some(&Event::End(TagEnd::Paragraph));
                if !self.is_lone_picture {
                    self.html += "<p>";
                }
            }
            Tag::Heading { .. } => self.heading = Some((self.html.len(), String::new())),
            Tag::BlockQuote(_) => self.html += "<blockquote>\n",
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::List(Some(1)) => self.html += "<ol>\n",
            Tag::List(Some(first)) => self.html += &format!("<ol start=\"{first}\">\n"),
            Tag::List(None) => self.html += "<ul>\n",
            Tag::Item => self.html += "<li>",
            Tag::Table(columns) => {
                self.columns.clone_from(columns);
                self.html += "<div class=\"scroll\" tabindex=\"0\"><table>\n";
            }
            Tag::TableHead => {
                self.column = Some(0);
                self.html += "<thead><tr>";
            }
            Tag::TableRow => self.html += "<tr>",
            Tag::TableCell => self.cell(),
            Tag::Emphasis => self.push("<em>"),
            Tag::Strong => {
                let words = match rest {
                    [Event::Text(words), Event::End(TagEnd::Strong), ..] => Some(words),
                    _ => None,
                };
                let target = words.and_then(|words| (self.setting.named)(words));
                match target.filter(|_| self.link.is_none()) {
                    Some(target) => {
                        self.strong = "</a></strong>";
                        self.push(&format!("<strong><a href=\"{}\">", escaped(&target)));
                    }
                    None => self.push("<strong>"),
                }
            }
            Tag::Strikethrough => self.push("<s>"),
            Tag::Link { dest_url, .. } => {
                let Setting {
                    course,
                    known,
                    place,
                    layout,
                    ..
                } = self.setting;
                match links::resolved(course, known, place, *layout, dest_url) {
                    Some(target) => {
                        self.link = Some("</a>");
                        self.push(&format!("<a href=\"{}\">", escaped(&target)));
                    }
                    None => {
                        self.link = Some("</span>");
                        self.push("<span>");
                    }
                }
            }
            Tag::Image { dest_url, .. } => {
                self.picture = Some((dest_url.to_string(), String::new()));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: &TagEnd) {
        match tag {
            TagEnd::Paragraph if self.is_lone_picture => self.is_lone_picture = false,
            TagEnd::Paragraph => {
                self.searched(" ");
                self.html += "</p>\n";
            }
            TagEnd::Heading(level) => self.end_heading(*level as usize),
            TagEnd::BlockQuote(_) => self.html += "</blockquote>\n",
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::List(true) => self.html += "</ol>\n",
            TagEnd::List(false) => self.html += "</ul>\n",
            TagEnd::Item => {
                self.searched(" ");
                self.html += "</li>\n";
            }
            TagEnd::Table => self.html += "</tbody></table></div>\n",
            TagEnd::TableHead => {
                self.column = None;
                self.html += "</tr></thead>\n<tbody>\n";
            }
            TagEnd::TableRow => self.html += "</tr>\n",
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Emphasis => self.push("</em>"),
            TagEnd::Strong => {
                self.push(self.strong);
                self.strong = BOLD;
            }
            TagEnd::Strikethrough => self.push("</s>"),
            TagEnd::Link => {
                let end = self.link.take().unwrap_or_default();
                self.push(end);
            }
            TagEnd::Image => self.end_picture(),
            _ => {}
        }
    }

    fn words(&mut self, words: &str) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(words);
            return;
        }
        self.searched(words);
        if let Some((_, caption)) = &mut self.picture {
            caption.push_str(words);
            return;
        }
        if self.link.is_some() || self.strong != BOLD || self.heading.is_some() {
            self.push(&escaped(words));
            return;
        }
        let Setting {
            course,
            place,
            layout,
            ..
        } = self.setting;
        self.push(&links::with_steps(course, place, *layout, words));
    }

    fn push(&mut self, html: &str) {
        self.html += html;
    }

    /// What can be searched for.
    fn searched(&mut self, words: &str) {
        if let Some((_, heading)) = &mut self.heading {
            heading.push_str(words);
        } else if let Some(section) = self.sections.last_mut().filter(|_| !self.is_folded) {
            section.words.push_str(words);
        }
    }

    fn cell(&mut self) {
        let at = self.column.unwrap_or_else(|| {
            let row = self.html.rfind("<tr>").unwrap_or(0);
            self.html[row..].matches("<td").count()
        });
        let class = match self.columns.get(at) {
            Some(Alignment::Right) => " class=\"right\"",
            _ => "",
        };
        self.html += &match self.column {
            Some(_) => format!("<th scope=\"col\"{class}>"),
            None => format!("<td{class}>"),
        };
    }

    fn end_cell(&mut self) {
        self.searched(" ");
        match &mut self.column {
            Some(column) => {
                *column += 1;
                // A column of names may have no name itself.
                if self.html.ends_with('>') && self.html.ends_with("\"col\">") {
                    self.html
                        .truncate(self.html.len() - "<th scope=\"col\">".len());
                    self.html += "<td></td>";
                    return;
                }
                self.html += "</th>";
            }
            None => self.html += "</td>",
        }
    }

    fn end_heading(&mut self, level: usize) {
        let Some((begin, title)) = self.heading.take() else {
            return;
        };
        let Setting { layout, place, .. } = self.setting;
        let words = self.html.split_off(begin);
        let rank = (level + self.deeper).min(6);
        let anchor = anchor(&title);
        let id = match (level, layout) {
            // On one page a chapter is found by its own name.
            (1, Layout::Whole) => place.stem.clone(),
            _ => layout.id(&place.stem, &anchor),
        };
        self.html += &match level {
            1 => format!("<h{rank} id=\"{id}\">{words}</h{rank}>\n"),
            _ => format!(
                "<h{rank} id=\"{id}\">{words} <a class=\"here\" href=\"#{id}\" \
                 aria-label=\"Link to {}\">#</a></h{rank}>\n",
                escaped(&title)
            ),
        };
        let is_on_the_check = title.to_lowercase().split(' ').any(|word| word == "check");
        if let (true, Some((address, file))) = (is_on_the_check, &self.setting.check) {
            self.html += &format!(
                "<p class=\"soft\">Line by line: <a href=\"{address}\">{}</a></p>\n",
                escaped(file)
            );
        }
        self.sections.push(Section {
            anchor,
            title,
            level,
            words: String::new(),
        });
    }

    fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else {
            return;
        };
        self.searched(&format!(" {code} "));
        let set = match language.split(',').next().unwrap_or("") {
            "rust" => code_block(&rust::html(&code)),
            "formula" => match formula::mathml(&code) {
                Ok(set) => format!("<div class=\"formula\" tabindex=\"0\">{set}</div>\n"),
                // `tutor course check` tells of it.
                Err(_) => code_block(&escaped(&code)),
            },
            _ => code_block(&escaped(&code)),
        };
        self.html += &set;
    }

    fn end_picture(&mut self) {
        let Some((target, caption)) = self.picture.take() else {
            return;
        };
        let Setting { course, place, .. } = self.setting;
        let figure = shown(course, &place.folder, &target);
        self.html += &match figure {
            Some(figure) if self.is_lone_picture => figures::html(&figure, &caption),
            _ => format!("<em>{}</em>", escaped(&caption)),
        };
    }
}

#[cfg(test)]
mod tests;
