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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_refused(language: &str, month: i8, kind: &str, expected: &str) {
        let date = RustDate { year: 2026, month, day: 25 };
        let reference = RustDateTime { date, time: RustTime { hour: 8, minute: 30, second: 0 } };
        match recognize_entities("20".into(), language.into(), Some(reference), vec![kind.into()]) {
            Err(SpatzError::InvalidInput(message)) => assert!(message.contains(expected), "{message}"),
            other => panic!("expected InvalidInput, got {other:?}"),
        }
    }

    #[test]
    fn what_an_app_gives_wrongly_is_named() {
        check_refused("fr", 11, "number", "use one of en, de");
        check_refused("en", 13, "number", "2026-13-25 8:30:0 is no time of the calendar");
        check_refused("en", 11, "nunber", "`nunber` is no kind of entity");
    }

    #[test]
    fn without_kinds_all_are_looked_for() {
        let found = recognize_entities("20 euros".into(), "en".into(), None, Vec::new()).unwrap();
        let kinds: Vec<_> = found.iter().map(|entity| entity.kind.as_str()).collect();
        assert_eq!(kinds, ["number", "currency"]);
    }
}
