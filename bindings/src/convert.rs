//! Core's values to the ones that cross the border, and back. Values of core are taken apart without `..`, so that a
//! field added there has to be thought of here.

use crate::records::{
    RustCandidate, RustCandidateKind, RustKey, RustModelInfo, RustPhrase, RustPredictorOptions,
    RustSuggestions, RustTextInput, RustTouch,
};
#[cfg(feature = "chat")]
use crate::records::{RustFinishReason, RustGenerateOptions};
#[cfg(feature = "chat")]
use spatz::generate::{FinishReason, GenerateOptions};
use spatz::model::ModelInfo;
use spatz::predict::{
    Candidate, CandidateKind, Key, Phrase, PredictorOptions, Suggestions, TextInput, Touch,
};

impl From<&ModelInfo> for RustModelInfo {
    fn from(info: &ModelInfo) -> Self {
        let ModelInfo {
            name,
            architecture,
            license,
            languages,
            parameters,
            file_bytes,
            format_version,
            sections,
        } = info.clone();
        Self { name, architecture, license, languages, parameters, file_bytes, format_version, sections }
    }
}

impl From<RustPredictorOptions> for PredictorOptions {
    fn from(RustPredictorOptions { languages, context_tokens, emoji }: RustPredictorOptions) -> Self {
        let mut options = Self::default();
        options.languages = languages;
        options.context_tokens = context_tokens as usize;
        options.emoji = emoji as usize;
        options
    }
}

impl RustTextInput {
    /// Runs `work` on core's form of the input.
    pub(crate) fn with_core<R>(&self, work: impl FnOnce(&TextInput<'_>) -> R) -> R {
        let Self { context, composing, limit, touches } = self;
        let touches: Vec<Touch> = touches.iter().map(|RustTouch { x, y }| Touch { x: *x, y: *y }).collect();
        work(&TextInput { context, composing, limit: *limit as usize, touches: &touches })
    }
}

impl From<RustKey> for Key {
    fn from(RustKey { letters, x, y, width, height }: RustKey) -> Self {
        Self { letters, x, y, width, height }
    }
}

impl From<Suggestions> for RustSuggestions {
    fn from(suggestions: Suggestions) -> Self {
        let Suggestions { candidates, typed_is_known, autocorrection, is_early } = suggestions;
        Self {
            candidates: candidates.into_iter().map(Into::into).collect(),
            typed_is_known,
            autocorrection: autocorrection.map(Into::into),
            is_early,
        }
    }
}

impl From<Phrase> for RustPhrase {
    fn from(Phrase { text, rest, scores }: Phrase) -> Self {
        Self { text, rest, scores }
    }
}

impl From<Candidate> for RustCandidate {
    fn from(Candidate { text, score, kind }: Candidate) -> Self {
        Self { text, score, kind: kind.into() }
    }
}

impl From<CandidateKind> for RustCandidateKind {
    fn from(kind: CandidateKind) -> Self {
        match kind {
            CandidateKind::Typed => Self::Typed,
            CandidateKind::Completion => Self::Completion,
            CandidateKind::Correction => Self::Correction,
            CandidateKind::Prediction => Self::Prediction,
            CandidateKind::Expansion => Self::Expansion,
            CandidateKind::Emoji => Self::Emoji,
        }
    }
}

#[cfg(feature = "chat")]
impl From<RustGenerateOptions> for GenerateOptions {
    fn from(options: RustGenerateOptions) -> Self {
        let RustGenerateOptions {
            temperature,
            top_k,
            top_p,
            min_p,
            repetition_penalty,
            repetition_window,
            seed,
            stop,
            max_tokens,
        } = options;
        let mut options = Self::default();
        options.temperature = temperature;
        options.top_k = top_k as usize;
        options.top_p = top_p;
        options.min_p = min_p;
        options.repetition_penalty = repetition_penalty;
        options.repetition_window = repetition_window as usize;
        options.seed = seed;
        options.stop = stop;
        options.max_tokens = max_tokens as usize;
        options
    }
}

#[cfg(feature = "chat")]
impl From<FinishReason> for RustFinishReason {
    fn from(reason: FinishReason) -> Self {
        match reason {
            FinishReason::EndOfTurn => Self::EndOfTurn,
            FinishReason::StopString => Self::StopString,
            FinishReason::MaxTokens => Self::MaxTokens,
            FinishReason::ContextFull => Self::ContextFull,
        }
    }
}
