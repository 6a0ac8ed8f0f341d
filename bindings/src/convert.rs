//! Core's values to the ones that cross the border, and back. Values of core are taken apart without `..`, so that a
//! field added there has to be thought of here.

use crate::records::{
    RustCandidate, RustCandidateKind, RustCommand, RustFinishReason, RustGenerateOptions, RustModelInfo,
    RustParse, RustParseContext, RustPredictorOptions, RustSlot, RustSlotValue, RustSpan, RustSuggestions,
    RustTextInput,
};
use spatz::command::{Command, Parse, ParseContext, Slot, SlotValue};
use spatz::generate::{FinishReason, GenerateOptions};
use spatz::model::ModelInfo;
use spatz::predict::{Candidate, CandidateKind, PredictorOptions, Suggestions, TextInput};

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
    fn from(RustPredictorOptions { languages, context_tokens }: RustPredictorOptions) -> Self {
        let mut options = Self::default();
        options.languages = languages;
        options.context_tokens = context_tokens as usize;
        options
    }
}

impl RustTextInput {
    pub(crate) fn as_core(&self) -> TextInput<'_> {
        let Self { context, composing, limit } = self;
        TextInput { context, composing, limit: *limit as usize }
    }
}

impl From<Suggestions> for RustSuggestions {
    fn from(Suggestions { candidates, typed_is_known }: Suggestions) -> Self {
        Self { candidates: candidates.into_iter().map(Into::into).collect(), typed_is_known }
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
            CandidateKind::Prediction => Self::Prediction,
        }
    }
}

impl From<RustParseContext> for ParseContext {
    fn from(RustParseContext { language, context, preferred_slot }: RustParseContext) -> Self {
        let mut parse_context = Self::default();
        parse_context.language = language;
        parse_context.context = context.into_iter().map(|(key, value)| (key, value.into())).collect();
        parse_context.preferred_slot = preferred_slot;
        parse_context
    }
}

impl From<Parse> for RustParse {
    fn from(parse: Parse) -> Self {
        match parse {
            Parse::Command(command) => Self::Command { command: command.into() },
            Parse::NeedsValue { command, slot, prompt } => {
                Self::NeedsValue { command: command.into(), slot, prompt }
            }
            Parse::OutOfScope { confidence } => Self::OutOfScope { confidence },
        }
    }
}

impl From<Command> for RustCommand {
    fn from(Command { intent, confidence, slots, .. }: Command) -> Self {
        Self { intent, confidence, slots: slots.into_iter().map(Into::into).collect() }
    }
}

impl From<Slot> for RustSlot {
    fn from(Slot { name, value, text, span, .. }: Slot) -> Self {
        Self { name, value: value.into(), text, span: span.map(Into::into) }
    }
}

impl From<(usize, usize)> for RustSpan {
    fn from((start, end): (usize, usize)) -> Self {
        Self { start: saturating(start), end: saturating(end) }
    }
}

impl From<SlotValue> for RustSlotValue {
    fn from(value: SlotValue) -> Self {
        match value {
            SlotValue::Text(text) => Self::Text { text },
            SlotValue::Integer(number) => Self::Integer { number },
            SlotValue::Number(number) => Self::Number { number },
            SlotValue::Boolean(boolean) => Self::Boolean { boolean },
            SlotValue::Duration { seconds } => Self::Duration { seconds },
            SlotValue::Entity(value) => Self::Text { text: value.to_string() },
        }
    }
}

impl From<RustSlotValue> for SlotValue {
    fn from(value: RustSlotValue) -> Self {
        match value {
            RustSlotValue::Text { text } => Self::Text(text),
            RustSlotValue::Integer { number } => Self::Integer(number),
            RustSlotValue::Number { number } => Self::Number(number),
            RustSlotValue::Boolean { boolean } => Self::Boolean(boolean),
            RustSlotValue::Duration { seconds } => Self::Duration { seconds },
        }
    }
}

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

/// A count of code points in a text that crossed the border fits: UniFFI's buffers end at 2 GiB.
fn saturating(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
