//! What people say that is not meant for the set: the nearest of the encoder's everyday vectors.
//!
//! What is nearer to one of them than to the set's own examples is doubtful, however sure the classifier is. A set may well be
//! made for what some of them say: those that come close to its examples do not count (a coffee machine's "make coffee").

use super::neighbours::{Neighbours, dot, quantise};
use crate::model::Model;

/// An everyday vector with this cosine to an example says what the set is made for. Of 236 coffee orders 191 are right where all
/// vectors count, 202 at 0.75, 215 at 0.7 and 215 at 0.65; of 640 utterances for other apps 632, 631, 629 and 629 are refused.
const CLOSE: f32 = 0.7;

/// Everyday vectors, centred as a set centres its own.
#[derive(Clone, Debug)]
pub(super) struct Everyday {
    model: Model,
    /// What is taken off every vector.
    mean: Vec<f32>,
    /// What a step of a vector is worth.
    scale: f32,
    /// Numbers of those that count, and what a step of each is worth once it is centred and of length 1.
    counted: Vec<(usize, f32)>,
}

impl Everyday {
    /// Those of `model` without `mean`; there may be none.
    pub(super) fn around(mean: &[f32], model: &Model) -> Self {
        let scale = model.bert().map_or(0.0, |config| config.everyday.scale);
        let mut all = Self { model: model.clone(), mean: mean.to_vec(), scale, counted: Vec::new() };
        let numbers = 0..model.everyday().len() / mean.len().max(1);
        all.counted = numbers
            .map(|number| {
                let squares: f32 = all.offset(number).map(|value| value * value).sum();
                let length = squares.sqrt();
                (number, if length > 0.0 { scale / length } else { 0.0 })
            })
            .collect();
        all
    }

    /// Those whose number is not among `left_out`.
    pub(super) fn without(mut self, left_out: &[u32]) -> Self {
        self.counted.retain(|(number, _)| !left_out.iter().any(|left| *left as usize == *number));
        self
    }

    /// Numbers of those that come close to one of the `examples`, in ascending order.
    pub(super) fn close_to(&self, examples: &Neighbours) -> Vec<u32> {
        let is_close = |(number, per_step): &&(usize, f32)| {
            let centred: Vec<f32> = self.offset(*number).map(|value| value * per_step / self.scale).collect();
            examples.cosines(&centred).any(|cosine| cosine >= CLOSE)
        };
        self.counted.iter().filter(is_close).map(|(number, _)| *number as u32).collect()
    }

    /// The cosine of `centred`, a sentence's vector without the mean, with the nearest; `None` if there is none.
    pub(super) fn nearest(&self, centred: &[f32]) -> Option<f32> {
        let (steps, step) = quantise(centred);
        let along_mean: f32 = centred.iter().zip(&self.mean).map(|(value, mean)| value * mean).sum();
        let cosine = |(number, per_step): &(usize, f32)| {
            (dot(&steps, self.vector(*number)) as f32 * step - along_mean / self.scale) * per_step
        };
        self.counted.iter().map(cosine).reduce(f32::max)
    }

    /// Signed bytes.
    fn vector(&self, number: usize) -> &[u8] {
        let width = self.mean.len();
        self.model.everyday().get(number * width..(number + 1) * width).unwrap_or_default()
    }

    /// How far a vector lies from the mean.
    fn offset(&self, number: usize) -> impl Iterator<Item = f32> {
        let values = self.vector(number).iter().map(|step| f32::from(step.cast_signed()) * self.scale);
        values.zip(&self.mean).map(|(value, mean)| value - mean)
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
    fn those_that_are_left_out_are_near_nothing() {
        let steps: Vec<i8> = (0..3 * WIDTH).map(|i| if i % WIDTH == i / WIDTH { 100 } else { 0 }).collect();
        let everyday = Everyday::around(&[0.0; WIDTH], &model(&steps));
        let asked: Vec<f32> = (0..WIDTH).map(|i| if i == 1 { 1.0 } else { 0.0 }).collect();
        let mut examples = Neighbours::new(WIDTH);
        examples.add(&asked);
        let close = everyday.close_to(&examples);
        assert_eq!(close, [1]);
        assert!((everyday.nearest(&asked).unwrap() - 1.0).abs() < 0.01);
        let others = everyday.without(&close);
        assert!(others.nearest(&asked).unwrap().abs() < 0.01);
    }

    #[test]
    fn there_may_be_none() {
        let model = Model::open(TinyModel::bert().file()).unwrap();
        assert_eq!(Everyday::around(&[0.0; WIDTH], &model).nearest(&[0.5; WIDTH]), None);
    }
}
