//! The nearest example: how close an utterance comes to what was shown.
//!
//! Vectors are kept in 8 bits, a quarter of their size; a cosine then errs by less than a hundredth.

/// Unit vectors of examples in 8 bits, with the class of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Neighbours {
    pub(super) width: usize,
    /// `count × width` signed bytes.
    pub(super) vectors: Vec<u8>,
    /// What a step of each vector is worth.
    pub(super) scales: Vec<f32>,
    pub(super) classes: Vec<u32>,
}

impl Neighbours {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    pub(super) fn add(&mut self, vector: &[f32], class: u32) {
        let (steps, scale) = quantise(vector);
        self.vectors.extend(steps.into_iter().map(i8::cast_unsigned));
        self.scales.push(scale);
        self.classes.push(class);
    }

    /// The cosine with the nearest example of each class; −1 for a class without one. `wanted` tells by its number
    /// whether an example counts.
    pub(super) fn nearest(&self, vector: &[f32], classes: usize, wanted: impl Fn(usize) -> bool) -> Vec<f32> {
        let (steps, scale) = quantise(vector);
        let mut best = vec![-1.0f32; classes];
        let examples = self.vectors.chunks_exact(self.width.max(1)).zip(&self.scales).zip(&self.classes);
        for (number, ((example, example_scale), class)) in examples.enumerate() {
            if !wanted(number) {
                continue;
            }
            let cosine = dot(&steps, example) as f32 * scale * example_scale;
            if let Some(best) = best.get_mut(*class as usize) {
                *best = best.max(cosine);
            }
        }
        best
    }
}

pub(super) fn quantise(vector: &[f32]) -> (Vec<i8>, f32) {
    let largest = vector.iter().fold(0f32, |a, &b| a.max(b.abs()));
    if largest <= 0.0 {
        return (vec![0; vector.len()], 0.0);
    }
    let steps = vector.iter().map(|value| (value / largest * 127.0).round() as i8).collect();
    (steps, largest / 127.0)
}

/// `b` are signed bytes, as they lie in a file.
pub(super) fn dot(a: &[i8], b: &[u8]) -> i32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<16>(), b.as_chunks::<16>());
    let mut sums = [0i32; 16];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..16 {
            sums[lane] += i32::from(i16::from(a[lane]) * i16::from(b[lane].cast_signed()));
        }
    }
    let rest: i32 = a_rest.iter().zip(b_rest).map(|(a, b)| i32::from(*a) * i32::from(b.cast_signed())).sum();
    sums.iter().sum::<i32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_each_class() {
        let mut neighbours = Neighbours::new(2);
        neighbours.add(&[1.0, 0.0], 0);
        neighbours.add(&[0.0, 1.0], 0);
        neighbours.add(&[-1.0, 0.0], 1);
        let nearest = neighbours.nearest(&[0.6, 0.8], 3, |_| true);
        for (found, wanted) in nearest.iter().zip([0.8, -0.6, -1.0]) {
            assert!((found - wanted).abs() < 0.01, "{nearest:?}");
        }
        let nearest = neighbours.nearest(&[0.6, 0.8], 3, |number| number != 1);
        assert!((nearest[0] - 0.6).abs() < 0.01, "{nearest:?}");
    }
}
