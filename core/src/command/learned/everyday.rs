//! What people say that is not meant for the set: the nearest of the encoder's everyday vectors.
//!
//! What is nearer to one of them than to the set's own examples is doubtful, however sure the classifier is. A set may well be
//! made for what some of them say; its own examples are then as near to them, and the line of what is refused moves with
//! that (`scope.rs`).

use super::neighbours::{dot, quantise};
use crate::model::Model;

/// Everyday vectors, centred as a set centres its own.
#[derive(Clone, Debug)]
pub(super) struct Everyday {
    model: Model,
    /// What is taken off every vector.
    mean: Vec<f32>,
    /// What a step of a vector is worth.
    scale: f32,
    /// What a step of each vector is worth once it is centred and of length 1.
    scales: Vec<f32>,
}

impl Everyday {
    /// Those of `model` without `mean`; there may be none.
    pub(super) fn around(mean: &[f32], model: &Model) -> Self {
        let scale = model.bert().map_or(0.0, |config| config.everyday.scale);
        let length = |vector: &[u8]| {
            let squares = vector.iter().zip(mean).map(|(step, mean)| {
                let value = f32::from(step.cast_signed()) * scale - mean;
                value * value
            });
            squares.sum::<f32>().sqrt()
        };
        let scales = model.everyday().chunks_exact(mean.len().max(1));
        let scales = scales.map(length).map(|length| if length > 0.0 { scale / length } else { 0.0 });
        Self { scales: scales.collect(), scale, mean: mean.to_vec(), model: model.clone() }
    }

    /// The cosine of `centred`, a sentence's vector without the mean, with the nearest; `None` if there is none.
    pub(super) fn nearest(&self, centred: &[f32]) -> Option<f32> {
        let (steps, step) = quantise(centred);
        let along_mean: f32 = centred.iter().zip(&self.mean).map(|(value, mean)| value * mean).sum();
        let vectors = self.model.everyday().chunks_exact(self.mean.len().max(1));
        let cosine = |(vector, per_step): (&[u8], &f32)| {
            (dot(&steps, vector) as f32 * step - along_mean / self.scale) * per_step
        };
        vectors.zip(&self.scales).map(cosine).reduce(f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::TinyModel;
    use candle_core::quantized::gguf_file::Value;

    const WIDTH: usize = 32;

    fn model(steps: &[i8]) -> Model {
        let values = steps.iter().map(|step| Value::I8(*step)).collect();
        let model = TinyModel::bert()
            .set("spatz.sentence.everyday", Value::Array(values))
            .set("spatz.sentence.everyday_scale", Value::F32(0.01));
        Model::open(model.file()).unwrap()
    }

    #[test]
    fn the_nearest_without_the_mean() {
        let steps: Vec<i8> = (0..3 * WIDTH as i32).map(|i| ((i * 37) % 101 - 50) as i8).collect();
        let mean: Vec<f32> = (0..WIDTH).map(|i| (i % 5) as f32 * 0.02).collect();
        let centred = |vector: &[i8]| -> Vec<f32> {
            let rest: Vec<f32> =
                vector.iter().zip(&mean).map(|(step, mean)| f32::from(*step) * 0.01 - mean).collect();
            let length = rest.iter().map(|value| value * value).sum::<f32>().sqrt();
            rest.iter().map(|value| value / length).collect()
        };
        let everyday = Everyday::around(&mean, &model(&steps));
        for asked in steps.chunks(WIDTH).map(centred) {
            let nearest = everyday.nearest(&asked).unwrap();
            assert!((nearest - 1.0).abs() < 0.01, "{nearest}");
        }
        let asked: Vec<f32> = (0..WIDTH).map(|i| if i == 3 { 1.0 } else { 0.0 }).collect();
        let wanted = steps.chunks(WIDTH).map(|vector| centred(vector)[3]).fold(-1.0, f32::max);
        let nearest = everyday.nearest(&asked).unwrap();
        assert!((nearest - wanted).abs() < 0.01, "{nearest} {wanted}");
    }

    #[test]
    fn there_may_be_none() {
        let model = Model::open(TinyModel::bert().file()).unwrap();
        assert_eq!(Everyday::around(&[0.0; WIDTH], &model).nearest(&[0.5; WIDTH]), None);
    }
}
