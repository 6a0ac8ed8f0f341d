//! What a sentence encoder brings of everyday language: `spatz.sentence.*`.
//!
//! `mean` is the mean of the vectors of everyday sentences, by which all vectors are centred. `everyday` holds vectors of
//! things people say, to other people and to other devices, in signed bytes times `everyday_scale`: what is closer to one of
//! them than to a command set's own examples is probably not meant for it. The sentences themselves stay out.

use super::error::Fault;
use super::gguf::{Array, range_in, value_type};
use super::metadata::Metadata;
use std::ops::Range;

const MEAN: &str = "spatz.sentence.mean";
const VECTORS: &str = "spatz.sentence.everyday";
const SCALE: &str = "spatz.sentence.everyday_scale";

/// How an encoder's everyday vectors are to be read, and their mean.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everyday {
    /// The mean of everyday sentences, as wide as the encoder; `None` in an encoder that Spatz did not make.
    pub mean: Option<Vec<f32>>,
    /// What a step of the vectors' bytes is worth.
    pub scale: f32,
}

impl Everyday {
    /// Reads and checks the keys.
    pub(super) fn read(metadata: &Metadata<'_>, width: usize) -> Result<Self, Fault> {
        let mean = metadata.array(MEAN)?.map(|array| mean(array, width)).transpose()?;
        let Some(array) = metadata.array(VECTORS)? else { return Ok(Self { mean, ..Self::default() }) };
        array.check_kind(VECTORS, &[value_type::I8])?;
        if !array.len.is_multiple_of(width) {
            return Err(Fault::invalid(VECTORS, format!("has {} values for vectors of {width}", array.len)));
        }
        let scale = metadata.float(SCALE)?.ok_or_else(|| Fault::invalid(SCALE, "is missing"))?;
        if !(scale.is_finite() && scale > 0.0) {
            return Err(Fault::invalid(SCALE, format!("is {scale}, not a positive number")));
        }
        Ok(Self { mean, scale })
    }
}

/// Where the vectors lie in `file`, which holds the metadata: `count × width` signed bytes.
pub(super) fn vectors(metadata: &Metadata<'_>, file: &[u8]) -> Result<Range<usize>, Fault> {
    let Some(array) = metadata.array(VECTORS)? else { return Ok(0..0) };
    Ok(range_in(file, array.bytes.get(..array.len).unwrap_or_default()))
}

fn mean(array: Array<'_>, width: usize) -> Result<Vec<f32>, Fault> {
    array.expect_f32(MEAN)?;
    if array.len != width {
        return Err(Fault::invalid(MEAN, format!("has {} values for vectors of {width}", array.len)));
    }
    let values: Vec<f32> = array.bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    match values.iter().all(|value| value.is_finite()) {
        true => Ok(values),
        false => Err(Fault::invalid(MEAN, "holds a value that is no number")),
    }
}
