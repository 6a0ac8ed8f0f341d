//! The directions in which word vectors differ most (principal components), by orthogonal iteration.

/// Takes vectors to a few numbers each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Projection {
    pub(super) mean: Vec<f32>,
    /// `dimensions × width`, scaled so that the numbers have a deviation of about a half.
    pub(super) rows: Vec<f32>,
}

const ROUNDS: usize = 12;
/// Vectors that are looked at, evenly spread.
const MOST: usize = 2000;
const DEVIATION: f32 = 0.5;

impl Projection {
    /// Learns `dimensions` directions from `vectors`, rows of `width`. With fewer vectors there are fewer directions.
    pub(super) fn fit(vectors: &[f32], width: usize, dimensions: usize) -> Self {
        let count = vectors.len().checked_div(width).unwrap_or(0);
        let step = count.div_ceil(MOST).max(1);
        let rows = || vectors.chunks_exact(width).step_by(step);
        let used = count.div_ceil(step);
        let dimensions = dimensions.min(width).min(used.saturating_sub(1));
        if dimensions == 0 {
            return Self { mean: vec![0.0; width], rows: Vec::new() };
        }
        let mut mean = vec![0.0; width];
        rows().for_each(|row| add_scaled(&mut mean, 1.0, row));
        mean.iter_mut().for_each(|mean| *mean /= used as f32);
        let covariance = covariance(rows(), &mean, used);

        // Any start that is not orthogonal to what is looked for; a fixed one, so that fits repeat.
        let mut basis: Vec<f32> = (0..dimensions * width)
            .map(|i| {
                let hash = crc32fast::hash(&(i as u32).to_le_bytes());
                (hash >> 8) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect();
        orthonormalise(&mut basis, width);
        for _ in 0..ROUNDS {
            basis = product(&basis, &covariance, width);
            orthonormalise(&mut basis, width);
        }
        let images = product(&basis, &covariance, width);
        let variance: f32 = images.iter().zip(&basis).map(|(a, b)| a * b).sum();
        let scale = DEVIATION / (variance / dimensions as f32).sqrt().max(1e-6);
        basis.iter_mut().for_each(|value| *value *= scale);
        Self { mean, rows: basis }
    }

    /// How many numbers [`apply`](Self::apply) gives.
    pub(super) fn dimensions(&self) -> usize {
        self.rows.len().checked_div(self.mean.len()).unwrap_or(0)
    }

    pub(super) fn apply(&self, vector: &[f32]) -> Vec<f32> {
        let centred: Vec<f32> = vector.iter().zip(&self.mean).map(|(value, mean)| value - mean).collect();
        let rows = self.rows.chunks_exact(self.mean.len().max(1));
        rows.map(|row| super::lbfgs::dot(row, &centred) as f32).collect()
    }
}

/// `width × width`.
fn covariance<'a>(rows: impl Iterator<Item = &'a [f32]>, mean: &[f32], count: usize) -> Vec<f32> {
    let width = mean.len();
    let mut out = vec![0.0; width * width];
    for row in rows {
        let row: Vec<f32> = row.iter().zip(mean).map(|(value, mean)| value - mean).collect();
        for (value, out) in row.iter().zip(out.chunks_exact_mut(width)) {
            add_scaled(out, value / count as f32, &row);
        }
    }
    out
}

/// Each row of `basis` times the symmetric `matrix`.
fn product(basis: &[f32], matrix: &[f32], width: usize) -> Vec<f32> {
    let mut out = vec![0.0; basis.len()];
    for (row, out) in basis.chunks_exact(width).zip(out.chunks_exact_mut(width)) {
        for (value, column) in row.iter().zip(matrix.chunks_exact(width)) {
            add_scaled(out, *value, column);
        }
    }
    out
}

/// Gram–Schmidt, row by row; a row that depends on those before it becomes zero.
fn orthonormalise(basis: &mut [f32], width: usize) {
    for at in (0..basis.len()).step_by(width) {
        let (before, rest) = basis.split_at_mut(at);
        let row = &mut rest[..width];
        for other in before.chunks_exact(width) {
            let along = super::lbfgs::dot(other, row) as f32;
            add_scaled(row, -along, other);
        }
        let length = super::lbfgs::dot(row, row).sqrt() as f32;
        let scale = if length > 1e-12 { 1.0 / length } else { 0.0 };
        row.iter_mut().for_each(|value| *value *= scale);
    }
}

fn add_scaled(to: &mut [f32], scale: f32, from: &[f32]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to += scale * from);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_direction_of_most_variance() {
        let vectors: Vec<f32> = (0..100)
            .flat_map(|i| {
                let along = (i as f32 - 50.0) / 10.0;
                [3.0 + along * 0.6, along * 0.8, if i % 2 == 0 { 0.1 } else { -0.1 }]
            })
            .collect();
        let projection = Projection::fit(&vectors, 3, 1);
        let row = &projection.rows;
        let length = row.iter().map(|value| value * value).sum::<f32>().sqrt();
        let along = (row[0] * 0.6 + row[1] * 0.8).abs() / length;
        assert!(along > 0.999, "{row:?}");
        let numbers: Vec<f32> = vectors.chunks(3).map(|vector| projection.apply(vector)[0]).collect();
        let deviation = (numbers.iter().map(|n| n * n).sum::<f32>() / 100.0).sqrt();
        assert!((deviation - 0.5).abs() < 0.01, "{deviation}");
    }

    #[test]
    fn too_few_vectors_give_fewer_directions() {
        assert_eq!(Projection::fit(&[], 3, 2).dimensions(), 0);
        assert_eq!(Projection::fit(&[1.0, 2.0, 3.0], 3, 2).dimensions(), 0);
        assert_eq!(Projection::fit(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 3, 2).apply(&[0.0; 3]).len(), 1);
    }
}
