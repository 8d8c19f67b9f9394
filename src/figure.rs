//! Figures: what a program of the course found, described so that it can be drawn as SVG and in a
//! terminal alike.
//!
//! A description is TOML: a title, an alternative text, and panels side by side. It travels in the SVG
//! that is drawn of it, so that one file is all there is to keep.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "numbers of rows, columns and dots are small, and rounded before they are counted"
)]

mod canvas;
pub mod svg;
pub mod text;

use serde::Deserialize;

/// A picture of numbers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// What it is called.
    pub title: String,
    /// What there is to see, for those who do not see it.
    pub about: String,
    /// Its parts, side by side.
    pub panel: Vec<Panel>,
}

/// A part of a figure.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Panel {
    /// A table of shades.
    Cells(Cells),
    /// Lines over an axis.
    Curves(Curves),
    /// A bar for each of some numbers.
    Bars(Bars),
    /// One thing after another, with what goes from each to the next.
    Stages(Stages),
}

/// A table whose cells are the darker the further their numbers are from 0.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cells {
    /// What it is called.
    pub title: String,
    /// What its rows are called.
    pub rows: Vec<String>,
    /// What its columns are called.
    pub columns: Vec<String>,
    /// A row of numbers for each row; minus infinity is a number here.
    pub values: Vec<Vec<f64>>,
    /// Digits behind the point; without it no number is written.
    pub digits: Option<usize>,
    /// The number that has the full shade; without it, the largest one.
    pub full: Option<f64>,
}

/// Lines over an axis.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curves {
    /// What it is called.
    pub title: String,
    /// What is drawn to the right.
    pub x: String,
    /// What is drawn upwards.
    pub y: String,
    /// The lines.
    pub lines: Vec<Line>,
}

/// One of several lines.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What it is called.
    pub name: String,
    /// From left to right.
    pub points: Vec<(f64, f64)>,
}

/// A bar for each of some numbers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bars {
    /// What it is called.
    pub title: String,
    /// What each is called.
    pub names: Vec<String>,
    /// How long each is.
    pub values: Vec<f64>,
    /// Digits behind the point.
    pub digits: usize,
    /// The number that takes the full width; without it, the largest one.
    pub full: Option<f64>,
    /// Numbers to compare with: a line across all bars.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

/// A number to compare bars with.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub value: f64,
}

/// One thing after another.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stages {
    /// What it is called.
    pub title: String,
    /// From the first to the last.
    pub stages: Vec<Stage>,
}

/// One of several stages.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What it is.
    pub name: String,
    /// What it does, in a few words.
    #[serde(default)]
    pub note: String,
    /// What goes on from here: a shape, or some numbers.
    #[serde(default)]
    pub gives: Vec<String>,
    /// The stage whose outcome is added here once more, counted from 0.
    pub adds: Option<usize>,
}

impl Figure {
    /// The figure that `description` describes.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(description: &str) -> Result<Self, String> {
        let figure: Self =
            toml::from_str(description).map_err(|error| error.message().to_owned())?;
        if figure.title.is_empty() || figure.about.is_empty() || figure.panel.is_empty() {
            return Err("a figure has a title, an alternative text and a panel".into());
        }
        for panel in &figure.panel {
            panel.check()?;
        }
        Ok(figure)
    }
}

impl Panel {
    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Cells(Cells { title, .. })
            | Self::Curves(Curves { title, .. })
            | Self::Bars(Bars { title, .. })
            | Self::Stages(Stages { title, .. }) => title,
        }
    }

    fn check(&self) -> Result<(), String> {
        let fits = match self {
            Self::Cells(cells) => {
                let is_full = |row: &Vec<f64>| row.len() == cells.columns.len();
                !cells.rows.is_empty()
                    && !cells.columns.is_empty()
                    && cells.values.len() == cells.rows.len()
                    && cells.values.iter().all(is_full)
                    && !cells.values.iter().flatten().any(|value| value.is_nan())
            }
            Self::Curves(curves) => {
                let points = |line: &Line| line.points.len() > 1 && line.points.iter().all(finite);
                !curves.lines.is_empty() && curves.lines.iter().all(points)
            }
            Self::Bars(bars) => {
                !bars.names.is_empty()
                    && bars.values.len() == bars.names.len()
                    && bars.values.iter().all(|value| value.is_finite())
                    && bars.marks.iter().all(|mark| mark.value.is_finite())
            }
            Self::Stages(stages) => {
                let earlier = |(i, stage): (usize, &Stage)| stage.adds.is_none_or(|from| from < i);
                !stages.stages.is_empty() && stages.stages.iter().enumerate().all(earlier)
            }
        };
        match fits {
            true => Ok(()),
            false => Err(format!(
                "the panel `{}` does not fit together: as many names as numbers, and no number that \
                 is none",
                self.title()
            )),
        }
    }
}

fn finite(point: &(f64, f64)) -> bool {
    point.0.is_finite() && point.1.is_finite()
}

impl Cells {
    /// How dark a cell is, from -1 to 1; the colour of negative numbers is another one.
    fn shade(&self, value: f64) -> f64 {
        let sizes = self.values.iter().flatten().map(|value| value.abs());
        let largest = sizes.filter(|size| size.is_finite()).fold(0.0, f64::max);
        let full = self.full.unwrap_or(largest);
        match full > 0.0 && value.is_finite() {
            true => (value / full).clamp(-1.0, 1.0),
            false => 0.0,
        }
    }

    /// A number as it is written in its cell.
    fn word(&self, value: f64) -> String {
        if value.is_infinite() {
            let sign = if value < 0.0 { "−" } else { "" };
            return format!("{sign}∞");
        }
        self.digits
            .map_or_else(String::new, |digits| number(value, digits))
    }
}

impl Bars {
    /// From where to where the bars reach, 0 among them.
    fn range(&self) -> (f64, f64) {
        let all = || {
            let marks = self.marks.iter().map(|mark| mark.value);
            self.values.iter().copied().chain(marks)
        };
        let (least, most) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
        let most = self.full.map_or(most, |full| full.max(most));
        if most > least {
            (least, most)
        } else {
            (0.0, 1.0)
        }
    }
}

impl Curves {
    /// The least and the largest number to the right, and upwards.
    fn range(&self) -> [(f64, f64); 2] {
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let of = |pick: fn(&(f64, f64)) -> f64| {
            let least = points().map(pick).fold(f64::INFINITY, f64::min);
            let most = points().map(pick).fold(f64::NEG_INFINITY, f64::max);
            if most > least {
                (least, most)
            } else {
                (least, least + 1.0)
            }
        };
        [of(|point| point.0), of(|point| point.1)]
    }
}

/// A number with so many digits, its minus a real one, and none before 0.
fn number(value: f64, digits: usize) -> String {
    let written = format!("{value:.digits$}");
    let is_zero = written
        .trim_start_matches('-')
        .chars()
        .all(|c| matches!(c, '0' | '.'));
    match written.strip_prefix('-') {
        Some(size) if is_zero => size.to_owned(),
        Some(size) => format!("−{size}"),
        None => written,
    }
}

/// Round numbers from `low` to `high`, some `count` of them.
fn ticks((low, high): (f64, f64), count: usize) -> Vec<(f64, String)> {
    let rough = (high - low) / count.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
    let step = step
        .into_iter()
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(power * 10.0);
    let digits = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    let first = (low / step - 1e-9).ceil();
    let marks = (0..=2 * count).map(|i| (first + i as f64) * step);
    marks
        .take_while(|mark| *mark <= high + step * 1e-6)
        .map(|mark| (mark, number(mark, digits)))
        .collect()
}

#[cfg(test)]
mod tests;
