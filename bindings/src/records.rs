//! The values of models, prediction and generation that cross the language border: core's own, mirrored. `convert.rs`
//! fills them.

/// Mirrors [`spatz::model::ModelInfo`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustModelInfo {
    /// `general.name`, or the file's name.
    pub name: String,
    /// `general.architecture`.
    pub architecture: String,
    /// SPDX licence expression.
    pub license: Option<String>,
    /// ISO 639-1 codes.
    pub languages: Vec<String>,
    /// Number of weights.
    pub parameters: u64,
    /// Size of the package in bytes.
    pub file_bytes: u64,
    /// `None` for a GGUF that Spatz did not make.
    pub format_version: Option<u32>,
    /// Names of the sections behind the tensors.
    pub sections: Vec<String>,
}

/// Mirrors [`spatz::predict::PredictorOptions`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustPredictorOptions {
    /// Languages to suggest words of.
    pub languages: Vec<String>,
    /// Tokens of context the model sees at most.
    pub context_tokens: u32,
    /// How many emoji to offer at most, beyond the limit.
    pub emoji: u32,
}

/// Mirrors [`spatz::predict::TextInput`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustTextInput {
    /// The text left of the word being typed.
    pub context: String,
    /// The letters already typed of the current word.
    pub composing: String,
    /// How many candidates to return at most.
    pub limit: u32,
    /// Where each letter of `composing` was tapped; empty if that is not known.
    pub touches: Vec<RustTouch>,
}

/// Mirrors [`spatz::predict::Touch`].
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct RustTouch {
    /// To the right, in the unit of the keys.
    pub x: f32,
    /// Down, in the unit of the keys.
    pub y: f32,
}

/// Mirrors [`spatz::predict::Key`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustKey {
    /// What the key types.
    pub letters: String,
    /// The centre, to the right.
    pub x: f32,
    /// The centre, down.
    pub y: f32,
    /// How wide the key is.
    pub width: f32,
    /// How high the key is.
    pub height: f32,
}

/// Mirrors [`spatz::predict::Suggestions`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustSuggestions {
    /// Best first.
    pub candidates: Vec<RustCandidate>,
    /// Whether the composing text is a word as it stands.
    pub typed_is_known: bool,
    /// What to put in place of the composing text if the word ends here.
    pub autocorrection: Option<RustCandidate>,
    /// Whether time was up before the model had its say.
    pub is_early: bool,
}

/// Mirrors [`spatz::predict::Phrase`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustPhrase {
    /// Whole words; the first takes the place of the composing text.
    pub text: String,
    /// What of `text` comes after the letters typed.
    pub rest: String,
    /// Natural logarithm of the probability of the first word, of the first two, and so on.
    pub scores: Vec<f32>,
}

/// Mirrors [`spatz::predict::Candidate`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustCandidate {
    /// The whole word.
    pub text: String,
    /// Natural logarithm of its probability.
    pub score: f32,
    /// How it came about.
    pub kind: RustCandidateKind,
}

/// Mirrors [`spatz::predict::CandidateKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustCandidateKind {
    /// The letters as typed.
    Typed,
    /// A word that begins with the letters typed.
    Completion,
    /// What the letters typed were meant to be.
    Correction,
    /// The next word.
    Prediction,
    /// What a shortcut stands for.
    Expansion,
    /// An emoji for the word typed, or for the one before the cursor.
    Emoji,
}

/// Mirrors [`spatz::generate::GenerateOptions`].
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct RustGenerateOptions {
    /// 0 is greedy.
    pub temperature: f32,
    /// 0 keeps all.
    pub top_k: u32,
    /// 1 keeps all.
    pub top_p: f32,
    /// 0 keeps all.
    pub min_p: f32,
    /// 1 is off.
    pub repetition_penalty: f32,
    /// Tokens that the penalty looks back over.
    pub repetition_window: u32,
    /// Same seed, same text.
    pub seed: u64,
    /// Generation ends before one of these would appear.
    pub stop: Vec<String>,
    /// Tokens to generate at most.
    pub max_tokens: u32,
}

/// Mirrors [`spatz::generate::FinishReason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RustFinishReason {
    /// The model ended its turn.
    EndOfTurn,
    /// A stop string was reached.
    StopString,
    /// `max_tokens` were generated.
    MaxTokens,
    /// The context is full.
    ContextFull,
}
