//! A conversation and what it runs on.

use super::GenerateError;
use super::generation::Generation;
use super::options::GenerateOptions;
use super::template::{self, Message, Role};
use crate::cancel::CancelToken;
use crate::engine::{Context, Engine, EngineOptions};
use crate::model::Model;
use crate::model::tokenizer::{ChatTokenizer, SpecialTokens, Vocabulary};

/// A conversation on one model.
///
/// The conversation stays in the key-value cache: the next turn runs only its own tokens.
#[derive(Debug)]
pub struct Session {
    model: Model,
    tokenizer: ChatTokenizer,
    context: Context,
    /// Tokens that fit into the model's context.
    limit: usize,
    messages: Vec<Message>,
}

impl Session {
    /// A session without instructions; the model needs no chat template until [`respond`](Self::respond) is called.
    ///
    /// # Errors
    ///
    /// If the model's tokenizer is not supported, or the engine cannot run the model.
    pub fn new(model: &Model) -> Result<Self, GenerateError> {
        let tokenizer = ChatTokenizer::new(model)?;
        let engine = Engine::new(model, EngineOptions::default())?;
        let (context, limit) = (engine.context(), engine.max_context());
        Ok(Self { model: model.clone(), tokenizer, context, limit, messages: Vec::new() })
    }

    /// Sets the system message of the conversation. Without one, the model's template may bring its own.
    pub fn with_instructions(mut self, instructions: &str) -> Self {
        self.messages.retain(|message| message.role != Role::System);
        self.messages.insert(0, Message { role: Role::System, content: instructions.to_owned() });
        self
    }

    /// Answers `prompt` as the next user turn; the answer becomes part of the conversation as far as it was pulled.
    ///
    /// Names of control tokens in `prompt` (`<|im_end|>`) are text: a user cannot end a turn or start another role's.
    ///
    /// # Errors
    ///
    /// If an option is outside its range, if there is no chat template or it fails, or if the conversation no longer
    /// fits; it is then as it was before.
    pub fn respond(
        &mut self,
        prompt: &str,
        options: GenerateOptions,
    ) -> Result<Generation<'_>, GenerateError> {
        options.validate()?;
        self.messages.push(Message { role: Role::User, content: prompt.to_owned() });
        match self.conversation_tokens() {
            Ok(tokens) => {
                self.messages.push(Message { role: Role::Assistant, content: String::new() });
                Ok(Generation::new(self, tokens, options, true))
            }
            Err(error) => {
                self.messages.pop();
                Err(error)
            }
        }
    }

    /// Continues `text` as it stands, outside the conversation. Names of control tokens in it stand for these tokens,
    /// so that a prompt in the model's own format can be given.
    ///
    /// # Errors
    ///
    /// If an option is outside its range, or if `text` does not fit.
    pub fn complete(
        &mut self,
        text: &str,
        options: GenerateOptions,
    ) -> Result<Generation<'_>, GenerateError> {
        options.validate()?;
        let mut tokens = Vec::new();
        self.tokenizer.encode(text, SpecialTokens::Parse, &mut tokens)?;
        self.begin_document(&mut tokens);
        if tokens.is_empty() {
            tokens.extend(self.vocabulary().bos());
        }
        if tokens.is_empty() {
            return Err(GenerateError::EmptyPrompt);
        }
        self.check_length(&tokens)?;
        Ok(Generation::new(self, tokens, options, false))
    }

    fn conversation_tokens(&self) -> Result<Vec<u32>, GenerateError> {
        let source = self.model.chat_template().ok_or(GenerateError::NoChatTemplate)?;
        let mut tokens = template::encode(source, &self.messages, &self.tokenizer, self.vocabulary())?;
        self.begin_document(&mut tokens);
        self.check_length(&tokens)?;
        Ok(tokens)
    }

    /// Puts the token that begins a document in front where the model wants one and there is none (some templates write
    /// it, some leave it to the tokenizer).
    fn begin_document(&self, tokens: &mut Vec<u32>) {
        if let Some(bos) = self.vocabulary().bos()
            && self.vocabulary().adds_bos()
            && tokens.first() != Some(&bos)
        {
            tokens.insert(0, bos);
        }
    }

    fn check_length(&self, tokens: &[u32]) -> Result<(), GenerateError> {
        match tokens.len() < self.limit() {
            true => Ok(()),
            false => Err(GenerateError::ContextTooLong { tokens: tokens.len(), limit: self.limit() }),
        }
    }

    pub(super) fn vocabulary(&self) -> &Vocabulary {
        self.model.vocabulary()
    }

    /// Tokens that fit into the model's context.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    /// The logits after `tokens`.
    pub(super) fn run(&mut self, tokens: &[u32], cancel: &CancelToken) -> Result<&[f32], GenerateError> {
        Ok(self.context.sync(tokens, cancel)?)
    }

    #[cfg(test)]
    pub(super) fn cached_tokens(&self) -> &[u32] {
        self.context.tokens()
    }

    /// Makes `piece` part of the answer in progress.
    pub(super) fn append_to_answer(&mut self, piece: &str) {
        if let Some(answer) = self.messages.last_mut() {
            answer.content.push_str(piece);
        }
    }
}
