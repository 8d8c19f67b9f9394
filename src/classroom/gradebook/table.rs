//! A graded class in the terminal: a row for each student, a sign for each step, and a summary.

mod mark;
mod people;
mod summary;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::insights::{Insights, insights};
use crate::classroom::record::{Grades, Student};
use crate::terminal::style;
use crate::text;
use mark::Detail;

/// Columns between the student, the steps and the score.
const GAP: usize = 2;

/// Columns that a student needs for more than signs side by side. The labels fit in too.
const NARROWEST: usize = 12;

/// Columns of `100`, as a share in percent.
const PERCENT: usize = 3;

/// The class in at most `width` columns, if they suffice for a sign a step.
#[must_use]
pub fn table(grades: &Grades, width: usize) -> String {
    let insights = insights(grades);
    let layout = Layout::of(grades, width);
    let mut text = String::new();
    if layout.has_headings() {
        text.push_str(&layout.headings(grades));
    }
    for record in &grades.records {
        text.push_str(&layout.row(&record.student));
    }
    if layout.has_headings() {
        text.push_str(&layout.shares(&insights));
    }
    text.push('\n');
    text.push_str(&summary::legend(grades, layout.detail, width));
    text.push_str(&summary::summary(&insights, !layout.has_headings(), width));
    text.push_str(&people::people(grades, width));
    text
}

/// What stands where.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// How much of a step's result is shown.
    detail: Detail,
    /// Columns of a step.
    cell: usize,
    /// Columns between steps.
    gap: usize,
    /// Columns of a student.
    student: usize,
    /// Columns of a score.
    score: usize,
}

impl Layout {
    /// With points if there is room, else with signs, else with signs side by side.
    fn of(grades: &Grades, width: usize) -> Self {
        let steps = || grades.header.steps.iter();
        let students = || grades.records.iter().map(|record| &record.student);
        let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
        let id = widest(&mut steps().map(|step| step.id.width())).max(PERCENT);
        let points = widest(
            &mut students()
                .flat_map(|student| &student.steps)
                .map(|grade| mark::text(grade, Detail::Points).width()),
        );
        let scores = students().map(|student| student.score().to_string().len());
        let score = widest(&mut scores.chain([out_of(grades).len()]));
        let student = widest(&mut students().map(|student| text::line(&student.label()).width()))
            .max(NARROWEST);
        let layout = |detail, cell: usize, gap: usize| {
            let count = grades.header.steps.len();
            let cells = (count * (cell + gap)).saturating_sub(gap);
            let rest = cells + score + 2 * GAP;
            Self {
                detail,
                cell,
                gap,
                student: student.min(width.saturating_sub(rest)).max(1),
                score,
            }
        };
        let wide = [
            layout(Detail::Points, id.max(points), 2),
            layout(Detail::Sign, id, 1),
        ];
        let enough = |layout: &Self| layout.student >= NARROWEST;
        let narrow = || layout(Detail::Bare, 1, 0);
        wide.into_iter().find(enough).unwrap_or_else(narrow)
    }

    fn has_headings(self) -> bool {
        self.gap > 0
    }

    fn headings(self, grades: &Grades) -> String {
        let ids = grades.header.steps.iter().map(|step| step.id.as_str());
        let cells: Vec<String> = ids.map(|id| right(id, self.cell)).collect();
        let line = self.line("student", &cells, &out_of(grades));
        format!("{}\n", style::heading(line.trim_end()))
    }

    fn row(self, student: &Student) -> String {
        let cells: Vec<String> = student
            .steps
            .iter()
            .map(|grade| {
                let text = right(&mark::text(grade, self.detail), self.cell);
                mark::paint(grade, &text).to_string()
            })
            .collect();
        self.line(
            &text::line(&student.label()),
            &cells,
            &student.score().to_string(),
        ) + "\n"
    }

    /// How many of the class passed each step, and the mean score.
    fn shares(self, insights: &Insights) -> String {
        let shares = insights
            .steps
            .iter()
            .map(|step| step.percent().unwrap_or(0).to_string());
        let cells: Vec<String> = shares.map(|share| right(&share, self.cell)).collect();
        let line = self.line("% passed", &cells, &insights.mean.to_string());
        format!("{}\n", style::dim(line))
    }

    fn line(self, student: &str, cells: &[String], score: &str) -> String {
        format!(
            "{}{:GAP$}{}{:GAP$}{}",
            left(student, self.student),
            "",
            cells.join(&" ".repeat(self.gap)),
            "",
            right(score, self.score)
        )
    }
}

fn out_of(grades: &Grades) -> String {
    format!("of {}", grades.header.points())
}

/// `text` in exactly `columns`, its end cut off if it is wider.
fn left(text: &str, columns: usize) -> String {
    let mut shown = text.to_owned();
    if text.width() > columns {
        shown.clear();
        let mut used = 0;
        for c in text.chars() {
            used += c.width().unwrap_or(0);
            if used + 1 > columns {
                break;
            }
            shown.push(c);
        }
        shown.push('…');
    }
    let padding = columns.saturating_sub(shown.width());
    shown + &" ".repeat(padding)
}

fn right(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(text.width())) + text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classroom::gradebook::sample;

    fn shown(grades: &Grades, width: usize) -> String {
        anstream::adapter::strip_str(&table(grades, width)).to_string()
    }

    fn widest(text: &str) -> usize {
        text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
    }

    #[test]
    fn twelve_steps_fit_into_80_columns() {
        insta::assert_snapshot!(shown(&sample::twelve_steps(), 80));
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let mut short = sample::twelve_steps();
        short.records.truncate(1);
        for grades in [sample::grades(), sample::twelve_steps(), short] {
            for width in 40..200 {
                let text = shown(&grades, width);
                assert!(widest(&text) <= width, "{width}\n{text}");
            }
        }
    }

    #[test]
    fn wide_characters_are_not_cut_in_half() {
        assert_eq!(left("李李李", 6), "李李李");
        assert_eq!(left("李李李", 5), "李李…");
        assert_eq!(left("李李李", 4), "李… ");
        assert_eq!(left("ab", 4), "ab  ");
    }
}
