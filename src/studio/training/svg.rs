//! The curve of a training as a picture.

use super::Training;

/// Size of the picture, and the margins for the axes' labels: left, top, right, bottom.
const SIZE: (f64, f64) = (720.0, 360.0);
const MARGINS: (f64, f64, f64, f64) = (56.0, 16.0, 16.0, 40.0);

/// More points than the picture has columns show nothing more.
const MOST_POINTS: usize = 1200;

/// The losses over the steps, as SVG that fits light and dark pages.
#[must_use]
pub fn svg(training: &Training) -> String {
    let (width, height) = SIZE;
    let (left, top, right, bottom) = MARGINS;
    let losses = super::view::thinned(&training.losses, MOST_POINTS);
    let (low, high) = super::view::range(&losses, &training.validation);
    let last = training.steps.max(1) as f64;
    let x = |step: f64| left + step / last * (width - left - right);
    let y = |loss: f64| top + (high - loss) / (high - low) * (height - top - bottom);
    let line = |points: &[(f64, f64)]| {
        let finite = points.iter().filter(|(_, loss)| loss.is_finite());
        let pairs = finite.map(|(step, loss)| format!("{:.1},{:.1}", x(*step), y(*loss)));
        pairs.collect::<Vec<_>>().join(" ")
    };
    let mut marks = String::new();
    for part in 0..=4 {
        let share = f64::from(part) / 4.0;
        let loss = low + (high - low) * share;
        let step = (last * share).round();
        marks += &format!(
            "<line class=\"grid\" x1=\"{left}\" x2=\"{}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{loss:.2}</text>\
             <text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{step:.0}</text>\n",
            width - right,
            left - 8.0,
            y(loss) + 4.0,
            x(step),
            height - bottom + 20.0,
            y = y(loss),
        );
    }
    let dots: String = (training.validation.iter())
        .filter(|(_, loss)| loss.is_finite())
        .map(|(step, loss)| {
            format!(
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>",
                x(*step),
                y(*loss)
            )
        })
        .collect();
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"Loss over {} steps: {}\">\n\
         <style>\
         text{{font:12px sans-serif;fill:#444}}.grid{{stroke:#ddd}}\
         .training{{fill:none;stroke:#2a6fb0;stroke-width:1.2}}\
         .validation{{fill:none;stroke:#b8610a;stroke-width:2}}circle{{fill:#b8610a}}\
         @media(prefers-color-scheme:dark){{text{{fill:#ccc}}.grid{{stroke:#444}}\
         .training{{stroke:#7ab8ee}}.validation{{stroke:#f0a95b}}circle{{fill:#f0a95b}}}}\
         </style>\n\
         {marks}<polyline class=\"training\" points=\"{}\"/>\n\
         <polyline class=\"validation\" points=\"{}\"/>{dots}\n\
         <text x=\"{}\" y=\"{}\" text-anchor=\"end\">step</text>\
         <text x=\"{}\" y=\"{}\">loss in nats: line training, dots validation</text>\n</svg>\n",
        training.step,
        training.status(),
        line(&losses),
        line(&training.validation),
        width - right,
        height - 4.0,
        left,
        height - 4.0,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_holds_both_curves_and_no_gap() {
        let training = Training {
            steps: 10,
            step: 10,
            losses: vec![(1.0, 4.0), (2.0, f64::NAN), (10.0, 2.0)],
            validation: vec![(10.0, 2.5)],
            ..Training::default()
        };
        let picture = svg(&training);
        assert!(
            picture.contains("class=\"training\" points=\"120.8,"),
            "{picture}"
        );
        assert_eq!(picture.matches("<circle").count(), 1);
        assert!(!picture.contains("NaN"), "{picture}");
    }
}
