use super::*;

/// A figure with a panel of each kind.
pub const ALL: &str = r#"
title = "All <kinds>"
about = "What there is to see."

[[panel]]
kind = "cells"
title = "Shares & masks"
rows = ["a", "b"]
columns = ["a", "b"]
values = [[1.0, -inf], [0.25, -0.75]]
digits = 2

[[panel]]
kind = "curves"
title = "Two lines"
x = "x"
y = "y"

[[panel.lines]]
name = "up"
points = [[0.0, 0.0], [1.0, 2.0]]

[[panel.lines]]
name = "down"
points = [[0.0, 2.0], [1.0, -1.0]]

[[panel]]
kind = "bars"
title = "Lengths"
names = ["one", "minus two"]
values = [1, -2.0]
digits = 1
marks = [{ name = "mean", value = -0.5 }]

[[panel]]
kind = "stages"
title = "The way"
stages = [
    { name = "ids", gives = ["[1, 3]"] },
    { name = "table", note = "a row each", gives = ["[1, 3, 8]", "0.1 0.2 …"] },
    { name = "layer", adds = 1 },
]
"#;

#[test]
fn a_description_has_panels_of_each_kind() {
    let figure = Figure::parse(ALL).expect("it is sound");
    assert_eq!(figure.panel.len(), 4);
    let Panel::Cells(cells) = &figure.panel[0] else {
        panic!("{figure:?}");
    };
    assert_eq!(cells.word(f64::NEG_INFINITY), "−∞");
    assert_eq!(cells.word(-0.75), "−0.75");
    assert_eq!(cells.word(-0.0001), "0.00");
    assert_eq!((cells.shade(-0.75), cells.shade(1.0)), (-0.75, 1.0));
    assert_eq!(cells.shade(f64::NEG_INFINITY), 0.0);
}

#[test]
fn what_does_not_fit_together_is_told() {
    let told = |from: &str, to: &str| {
        assert!(ALL.contains(from), "{from}");
        Figure::parse(&ALL.replacen(from, to, 1)).expect_err("it does not fit")
    };
    assert!(told("[0.25, -0.75]", "[0.25]").contains("`Shares & masks`"));
    assert!(told("-inf", "nan").contains("`Shares & masks`"));
    assert!(told("values = [1, -2.0]", "values = [1, inf]").contains("`Lengths`"));
    assert!(told("adds = 1", "adds = 2").contains("`The way`"));
    assert!(told("about = \"What there is to see.\"", "about = \"\"").contains("alternative"));
    assert!(told("kind = \"bars\"", "kind = \"pie\"").contains("pie"));
}

#[test]
fn ticks_are_round() {
    let words = |range, count| -> Vec<String> {
        ticks(range, count)
            .into_iter()
            .map(|(_, word)| word)
            .collect()
    };
    assert_eq!(
        words((0.0, 2000.0), 4),
        ["0", "500", "1000", "1500", "2000"]
    );
    assert_eq!(words((-0.17, 3.0), 4), ["0", "1", "2", "3"]);
    assert_eq!(words((-0.0005, 0.0005), 2), ["−0.0005", "0.0000", "0.0005"]);
}
