//! Voice commands.

mod convert;
mod records;

pub use records::{
    RustCommand, RustCommandFile, RustCommandSetInfo, RustHeard, RustHypothesis, RustListEntry, RustParse,
    RustParseContext, RustReply, RustSlot, RustSpan, RustTurn,
};

use crate::error::{SpatzError, catching};
use crate::lifetime::Closable;
use crate::model::RustModel;
use spatz::command::{CommandParser, CommandSet, Conversation, Hypothesis};
use std::sync::Arc;

/// Turns utterances into the commands of one set.
#[derive(Debug, uniffi::Object)]
pub struct RustCommandParser(Closable<CommandParser>);

impl RustCommandParser {
    fn new(parser: CommandParser) -> Arc<Self> {
        Arc::new(Self(Closable::new(parser)))
    }
}

#[uniffi::export]
impl RustCommandParser {
    /// Compiles a command set. With `encoder`, a sentence package, it is also understood by examples, which takes a
    /// second or two of fitting unless `saved` is what [`save`](Self::save) gave for the same set and encoder.
    #[uniffi::constructor]
    pub fn open(
        files: Vec<RustCommandFile>,
        encoder: Option<Arc<RustModel>>,
        saved: Option<Vec<u8>>,
    ) -> Result<Arc<Self>, SpatzError> {
        let encoder = encoder.map(|model| model.core()).transpose()?;
        catching(|| {
            let files = files.iter().map(|file| (file.name.as_str(), file.text.as_str()));
            let set = CommandSet::from_files(files)?;
            Ok(Self::new(CommandParser::open(set, encoder.as_ref(), saved.as_deref())?))
        })
    }

    /// What was fitted, to be given to [`open`](Self::open) next time; `None` without an encoder.
    pub fn save(&self) -> Result<Option<Vec<u8>>, SpatzError> {
        self.0.with(|parser| Ok(parser.save()))
    }

    /// What the set has.
    pub fn info(&self) -> Result<RustCommandSetInfo, SpatzError> {
        self.0.with(|parser| Ok(parser.set().into()))
    }

    /// What is well formed in the set and probably not meant, a sentence each.
    pub fn check(&self) -> Result<Vec<String>, SpatzError> {
        self.0.with(|parser| Ok(parser.set().check().iter().map(ToString::to_string).collect()))
    }

    /// A parser that knows other entries of a list of the set: contacts, rooms, songs.
    pub fn with_list(&self, name: String, entries: Vec<RustListEntry>) -> Result<Arc<Self>, SpatzError> {
        self.0.with(|parser| Ok(Self::new(parser.with_list(&name, entries)?)))
    }

    /// What `utterance` means.
    pub fn parse(&self, utterance: String, context: RustParseContext) -> Result<RustParse, SpatzError> {
        self.0.with(|parser| {
            let parse = parser.parse(&utterance, &context.try_into()?);
            Ok(RustParse::new(parse, parser))
        })
    }

    /// Up to `limit` commands that `utterance` may mean, the most probable first, even if it is out of scope.
    pub fn parse_alternatives(
        &self,
        utterance: String,
        context: RustParseContext,
        limit: u32,
    ) -> Result<Vec<RustCommand>, SpatzError> {
        self.0.with(|parser| {
            let commands = parser.parse_alternatives(&utterance, &context.try_into()?, limit as usize);
            Ok(commands.into_iter().map(|command| RustCommand::new(command, parser)).collect())
        })
    }

    /// What was most probably said of what a recogniser may have heard, and what it means.
    pub fn parse_n_best(
        &self,
        hypotheses: Vec<RustHypothesis>,
        context: RustParseContext,
    ) -> Result<RustHeard, SpatzError> {
        self.0.with(|parser| {
            let (index, parse) = parser.best_hypothesis(&as_core(&hypotheses), &context.try_into()?);
            Ok(RustHeard { text: text(index, hypotheses), parse: RustParse::new(parse, parser) })
        })
    }

    /// What comes of an utterance after what was said before. `conversation` is the one of the last reply; `None` begins
    /// a new one.
    pub fn converse(
        &self,
        hypotheses: Vec<RustHypothesis>,
        conversation: Option<String>,
        context: RustParseContext,
    ) -> Result<RustReply, SpatzError> {
        self.0.with(|parser| {
            let before = conversation.as_deref().map(Conversation::restore).transpose()?;
            let mut state = before.unwrap_or_default();
            let context = context.try_into()?;
            let (index, turns) = parser.converse_n_best(&as_core(&hypotheses), &mut state, &context);
            Ok(RustReply {
                heard: text(index, hypotheses),
                turns: turns.into_iter().map(|turn| RustTurn::new(turn, parser)).collect(),
                conversation: state.save(),
                is_open: state.is_open(),
            })
        })
    }

    /// Lets go of the compiled set.
    pub fn release(&self) -> Result<(), SpatzError> {
        self.0.close();
        Ok(())
    }
}

/// Whether the next utterance of a conversation that was stored is expected to answer a question.
#[uniffi::export]
pub fn is_conversation_open(conversation: String) -> Result<bool, SpatzError> {
    catching(|| Ok(Conversation::restore(&conversation)?.is_open()))
}

fn as_core(hypotheses: &[RustHypothesis]) -> Vec<Hypothesis<'_>> {
    hypotheses.iter().map(|RustHypothesis { text, score }| (text.as_str(), *score)).collect()
}

/// The words of the hypothesis that was taken; empty if there was none.
fn text(taken: Option<usize>, hypotheses: Vec<RustHypothesis>) -> String {
    taken.and_then(|index| hypotheses.into_iter().nth(index)).map(|taken| taken.text).unwrap_or_default()
}
