//! A training as it is shown in a terminal: the curve, where it is, and what the model writes.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Paragraph, Wrap};

use super::Training;

/// Lines that it takes, if the terminal has as many.
pub const HEIGHT: u16 = 18;

/// Below so many columns or lines, a curve says nothing.
const SMALLEST_CURVE: (u16, u16) = (30, 5);

/// Lines of the sample.
const SAMPLE: u16 = 4;

/// Draws it into the whole frame.
pub fn draw(training: &Training, frame: &mut Frame<'_>) {
    let width = usize::from(frame.area().width);
    let place = folded(&training.status(), width);
    let settings = folded(&settings(training), width);
    let [curve, status, sample] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length((place.len() + settings.len()) as u16),
        Constraint::Length(SAMPLE),
    ])
    .areas(frame.area());
    if curve.width >= SMALLEST_CURVE.0 && curve.height >= SMALLEST_CURVE.1 {
        draw_curve(training, frame, curve);
    }
    let dim = Style::new().add_modifier(Modifier::DIM);
    let place = place.into_iter().map(Line::raw);
    let settings = settings.into_iter().map(|line| Line::styled(line, dim));
    let lines: Vec<Line<'_>> = place.chain(settings).collect();
    frame.render_widget(Paragraph::new(lines), status);
    let sample_style = Style::new().add_modifier(Modifier::ITALIC);
    let text = training.sample.replace('\n', "⏎");
    let paragraph = Paragraph::new(Span::styled(text, sample_style)).wrap(Wrap { trim: false });
    frame.render_widget(paragraph, sample);
}

fn draw_curve(training: &Training, frame: &mut Frame<'_>, area: Rect) {
    let shown = thinned(&training.losses, usize::from(area.width) * 4);
    let (low, high) = range(&shown, &training.validation);
    let last = training.steps.max(1) as f64;
    let dim = Style::new().add_modifier(Modifier::DIM);
    let datasets = vec![
        Dataset::default()
            .name("training")
            .marker(Marker::Braille)
            .graph_type(GraphType::Line)
            .style(Style::new().fg(Color::Blue))
            .data(&shown),
        Dataset::default()
            .name("validation")
            .marker(Marker::Dot)
            .graph_type(GraphType::Scatter)
            .style(Style::new().fg(Color::Yellow))
            .data(&training.validation),
    ];
    let labels = |values: [f64; 3], digits: usize| {
        values.map(|value| Span::styled(format!("{value:.digits$}"), dim))
    };
    let chart = Chart::new(datasets)
        .x_axis(
            Axis::default()
                .bounds([0.0, last])
                .labels(labels([0.0, (last / 2.0).round(), last], 0))
                .style(dim),
        )
        .y_axis(
            Axis::default()
                .title("loss, nats a token")
                .bounds([low, high])
                .labels(labels([low, f64::midpoint(low, high), high], 2))
                .style(dim),
        );
    frame.render_widget(chart, area);
}

/// A line about what the last step was made with, and what may be typed.
fn settings(training: &Training) -> String {
    let mut words = format!(
        "rate {:.2e}  gradient {:.2}",
        training.learning_rate, training.gradient_norm
    );
    if let Some(step) = training.saved {
        words.push_str(&format!("  saved at step {step}"));
    }
    words + "  Ctrl-C saves and stops"
}

/// The parts of `text`, which two blanks divide, in as few lines of `width` columns as they take.
fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in text.split("  ") {
        match lines.last_mut() {
            Some(line) if line.len() + 2 + part.len() <= width => {
                line.push_str("  ");
                line.push_str(part);
            }
            _ => lines.push(part.to_owned()),
        }
    }
    lines
}

/// Means of neighbours, so that there are about `most` points at most.
pub(super) fn thinned(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    let size = points.len().div_ceil(most.max(1)).max(1);
    points
        .chunks(size)
        .map(|chunk| {
            let n = chunk.len() as f64;
            let sum = chunk
                .iter()
                .fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
            (sum.0 / n, sum.1 / n)
        })
        .collect()
}

/// The losses that there are to show, with a little room.
pub(super) fn range(losses: &[(f64, f64)], validation: &[(f64, f64)]) -> (f64, f64) {
    let all = losses.iter().chain(validation).map(|(_, loss)| *loss);
    let finite = all.filter(|loss| loss.is_finite());
    let (low, high) = finite.fold((f64::MAX, f64::MIN), |(low, high), loss| {
        (low.min(loss), high.max(loss))
    });
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.05).max(0.01);
    ((low - room).max(0.0), high + room)
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    fn shown(width: u16, height: u16) -> String {
        let mut training = Training {
            steps: 100,
            step: 60,
            sample: "to be\nor not".into(),
            ..Training::default()
        };
        for step in 1..=60_u32 {
            let x = f64::from(step);
            training.losses.push((x, 2.0 + 2.0 / x));
        }
        training.validation.push((50.0, 2.2));
        let mut terminal =
            Terminal::new(TestBackend::new(width, height)).expect("it needs no screen");
        terminal
            .draw(|frame| draw(&training, frame))
            .expect("it needs no screen");
        terminal.backend().to_string()
    }

    #[test]
    fn the_curve_falls_from_left_to_right() {
        let shown = shown(80, HEIGHT);
        assert!(
            shown.contains("step 60 of 100  loss 2.033  validation 2.200"),
            "{shown}"
        );
        assert!(shown.contains("to be⏎or not"), "{shown}");
        let is_dotted = |c: char| ('\u{2801}'..='\u{28ff}').contains(&c);
        let column = |line: &str| line.chars().position(is_dotted);
        let columns: Vec<usize> = shown.lines().filter_map(column).collect();
        assert!(columns.len() > 5, "{shown}");
        assert!(columns.is_sorted(), "{shown}");
    }

    #[test]
    fn a_small_terminal_shows_no_curve_but_the_rest() {
        let shown = shown(40, 8);
        assert!(shown.contains("step 60 of 100"), "{shown}");
        assert!(!shown.contains("nats"), "{shown}");
    }

    #[test]
    fn a_narrow_terminal_shows_every_part_of_the_lines_below() {
        let shown = shown(40, HEIGHT);
        for part in [
            "step 60 of 100  loss 2.033",
            "validation 2.200",
            "rate 0.00e0  gradient 0.00",
            "Ctrl-C saves and stops",
        ] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        assert!(shown.contains("nats"), "{shown}");
    }
}
