//! The nearest example: how close an utterance comes to what was shown.
//!
//! Vectors are kept in 8 bits, a quarter of their size; a cosine then errs by less than a hundredth.

/// Unit vectors of examples in 8 bits.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Neighbours {
    pub(super) width: usize,
    /// `count × width` signed bytes.
    pub(super) vectors: Vec<u8>,
    /// What a step of each vector is worth.
    pub(super) scales: Vec<f32>,
}

impl Neighbours {
    pub(super) fn new(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    pub(super) fn add(&mut self, vector: &[f32]) {
        let (steps, scale) = quantise(vector);
        self.vectors.extend(steps.into_iter().map(i8::cast_unsigned));
        self.scales.push(scale);
    }

    /// The cosine of `vector` with each example, in their order.
    pub(super) fn cosines(&self, vector: &[f32]) -> impl Iterator<Item = f32> {
        let (steps, scale) = quantise(vector);
        let examples = self.vectors.chunks_exact(self.width.max(1)).zip(&self.scales);
        examples.map(move |(example, example_scale)| dot(&steps, example) as f32 * scale * example_scale)
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
    fn a_cosine_with_each_example() {
        let mut neighbours = Neighbours::new(2);
        neighbours.add(&[1.0, 0.0]);
        neighbours.add(&[0.0, 1.0]);
        neighbours.add(&[-1.0, 0.0]);
        let cosines: Vec<f32> = neighbours.cosines(&[0.6, 0.8]).collect();
        assert_eq!(cosines.len(), 3);
        for (found, wanted) in cosines.iter().zip([0.6, 0.8, -0.6]) {
            assert!((found - wanted).abs() < 0.01, "{cosines:?}");
        }
    }
}
