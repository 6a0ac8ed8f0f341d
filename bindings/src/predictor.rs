//! Text prediction.

use crate::cancel::RustCancelToken;
use crate::error::{SpatzError, catching};
use crate::lifetime::Closable;
use crate::model::RustModel;
use crate::records::{RustKey, RustPhrase, RustPredictorOptions, RustSuggestions, RustTextInput};
use spatz::predict::{Key, TextPredictor};
use std::sync::Arc;

/// Suggests words; one per keyboard.
#[derive(Debug, uniffi::Object)]
pub struct RustTextPredictor(pub(crate) Closable<TextPredictor>);

#[uniffi::export]
impl RustTextPredictor {
    /// A predictor on `model`, which must carry a lexicon.
    #[uniffi::constructor]
    pub fn new(model: Arc<RustModel>, options: RustPredictorOptions) -> Result<Arc<Self>, SpatzError> {
        let model = model.core()?;
        catching(|| Ok(Arc::new(Self(Closable::new(TextPredictor::new(&model, options.into())?)))))
    }

    /// Candidates for `input`. Blocks for a forward pass at word boundaries, but not beyond the moment when `deadline` is
    /// cancelled.
    pub fn suggest(
        &self,
        input: RustTextInput,
        deadline: Option<Arc<RustCancelToken>>,
        cancel: Arc<RustCancelToken>,
    ) -> Result<RustSuggestions, SpatzError> {
        self.0.run(cancel.core(), |predictor| {
            let suggestions = input.with_core(|input| match &deadline {
                Some(deadline) => predictor.suggest_by(input, deadline.core(), cancel.core()),
                None => predictor.suggest(input, cancel.core()),
            })?;
            Ok(suggestions.into())
        })
    }

    /// How the text probably goes on: one to five words, if they are sure enough.
    pub fn phrase(
        &self,
        input: RustTextInput,
        cancel: Arc<RustCancelToken>,
    ) -> Result<Option<RustPhrase>, SpatzError> {
        self.0.run(cancel.core(), |predictor| {
            Ok(input.with_core(|input| predictor.phrase(input, cancel.core()))?.map(Into::into))
        })
    }

    /// What the composing text of `input` may have been meant to be, as a word that ends here.
    pub fn correct(
        &self,
        input: RustTextInput,
        cancel: Arc<RustCancelToken>,
    ) -> Result<RustSuggestions, SpatzError> {
        self.0.run(cancel.core(), |predictor| {
            Ok(input.with_core(|input| predictor.correct(input, cancel.core()))?.into())
        })
    }

    /// The layout of the keys from now on; none: the languages' own.
    pub fn set_keys(&self, keys: Vec<RustKey>) -> Result<(), SpatzError> {
        let keys: Vec<Key> = keys.into_iter().map(Into::into).collect();
        self.0.with(|predictor| Ok(predictor.set_keys(&keys)?))
    }

    /// Gives back the memory that can be rebuilt.
    pub fn trim(&self) -> Result<(), SpatzError> {
        self.0.with(|predictor| {
            predictor.trim();
            Ok(())
        })
    }

    /// Bytes of heap held at the moment, the mapped package not counted.
    pub fn resident_bytes(&self) -> Result<u64, SpatzError> {
        self.0.with(|predictor| Ok(predictor.resident_bytes() as u64))
    }

    /// Stops a running call and lets go.
    pub fn release(&self) -> Result<(), SpatzError> {
        self.0.close();
        Ok(())
    }
}
