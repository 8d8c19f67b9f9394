//! Dots in a terminal: a Braille character holds two across and four down.

/// The bit of each dot, by row and column.
const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// What is drawn on.
pub struct Canvas {
    width: usize,
    height: usize,
    /// For each character its dots, and the line that was drawn there last.
    cells: Vec<(u32, usize)>,
}

impl Canvas {
    /// An empty one, in characters.
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            cells: vec![(0, 0); width * height],
        }
    }

    /// Draws the polygonal line `number` through points given as shares of width and height, from the
    /// bottom left.
    pub fn line(&mut self, number: usize, points: &[(f64, f64)]) {
        let (across, down) = ((self.width * 2 - 1) as f64, (self.height * 4 - 1) as f64);
        let dots: Vec<(f64, f64)> = (points.iter())
            .map(|(x, y)| (x * across, (1.0 - y) * down))
            .collect();
        for pair in dots.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let steps = (x1 - x0).abs().max((y1 - y0).abs()).ceil().max(1.0);
            for i in 0..=steps as usize {
                let share = i as f64 / steps;
                self.dot(number, x0 + (x1 - x0) * share, y0 + (y1 - y0) * share);
            }
        }
    }

    fn dot(&mut self, number: usize, x: f64, y: f64) {
        let (x, y) = (x.round().max(0.0) as usize, y.round().max(0.0) as usize);
        if x < self.width * 2 && y < self.height * 4 {
            let cell = &mut self.cells[y / 4 * self.width + x / 2];
            *cell = (cell.0 | DOTS[y % 4][x % 2], number);
        }
    }

    /// Its rows from the top; `paint` is given a character and the number of its line.
    pub fn rows(&self, paint: impl Fn(char, usize) -> String) -> Vec<String> {
        let shown = |&(dots, number): &(u32, usize)| match char::from_u32(0x2800 + dots) {
            Some(c) if dots > 0 => paint(c, number),
            _ => " ".to_owned(),
        };
        self.cells
            .chunks(self.width)
            .map(|row| row.iter().map(shown).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagonal_goes_from_corner_to_corner() {
        let mut canvas = Canvas::new(2, 1);
        canvas.line(0, &[(0.0, 0.0), (1.0, 1.0)]);
        assert_eq!(canvas.rows(|c, _| c.to_string()), ["⡠⠊"]);
    }
}
