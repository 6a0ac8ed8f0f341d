//! Values in any text, and the typed values that slots carry as well.

mod convert;
mod records;

pub(crate) use convert::local_time;
pub use records::{
    RustAnchor, RustDate, RustDateTime, RustDayPart, RustDimension, RustEntity, RustFrequency, RustLength,
    RustQuantity, RustRecurrence, RustScalar, RustTime, RustValue, RustWhen,
};

use crate::error::{SpatzError, catching};
use spatz::entity::{Kind, Language, recognize};

/// The values of `kinds` in `text`, left to right; of all kinds if none are given. `reference` is the local time that
/// dates are resolved against.
#[uniffi::export]
pub fn recognize_entities(
    text: String,
    language: String,
    reference: Option<RustDateTime>,
    kinds: Vec<String>,
) -> Result<Vec<RustEntity>, SpatzError> {
    catching(|| {
        let words = Language::find(&language).ok_or_else(|| {
            let known = Language::ALL.map(|language| language.code).join(", ");
            SpatzError::InvalidInput(format!(
                "there are no rules for the language `{language}`; use one of {known}"
            ))
        })?;
        let kind = |name: &String| {
            let mend = || SpatzError::InvalidInput(format!("`{name}` is no kind of entity"));
            Kind::find(name).ok_or_else(mend)
        };
        let kinds: Vec<Kind> = kinds.iter().map(kind).collect::<Result<_, _>>()?;
        let wanted = if kinds.is_empty() { &Kind::ALL[..] } else { &kinds };
        let reference = reference.map(local_time).transpose()?;
        Ok(recognize(&text, words, reference, wanted).into_iter().map(Into::into).collect())
    })
}
