//! Voice commands.

use crate::error::{SpatzError, catching};
use crate::lifetime::Closable;
use crate::records::{RustParse, RustParseContext};
use spatz::command::{CommandParser, CommandSet};
use std::sync::Arc;

/// Turns utterances into the commands of one set.
#[derive(Debug, uniffi::Object)]
pub struct RustCommandParser(Closable<CommandParser>);

#[uniffi::export]
impl RustCommandParser {
    /// Compiles the command file `text`; `name` is what errors call it.
    #[uniffi::constructor]
    pub fn from_yaml(name: String, text: String) -> Result<Arc<Self>, SpatzError> {
        catching(|| {
            Ok(Arc::new(Self(Closable::new(CommandParser::new(CommandSet::from_yaml(&name, &text)?)))))
        })
    }

    /// A parser that knows other entries of a list of the set: contacts, rooms, songs.
    pub fn with_list(&self, name: String, values: Vec<String>) -> Result<Arc<Self>, SpatzError> {
        self.0.with(|parser| Ok(Arc::new(Self(Closable::new(parser.with_list(&name, values)?)))))
    }

    /// What `utterance` means.
    pub fn parse(&self, utterance: String, context: RustParseContext) -> Result<RustParse, SpatzError> {
        self.0.with(|parser| Ok(parser.parse(&utterance, &context.into()).into()))
    }

    /// Lets go of the compiled set.
    pub fn release(&self) -> Result<(), SpatzError> {
        self.0.close();
        Ok(())
    }
}
