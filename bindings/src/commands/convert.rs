//! Core's parses and turns to the ones that cross the border, and contexts back.

use super::records::{
    RustCommand, RustCommandSetInfo, RustListEntry, RustParse, RustParseContext, RustSlot, RustSpan, RustTurn,
};
use crate::entities::local_time;
use crate::error::SpatzError;
use spatz::command::{Command, CommandParser, CommandSet, ListValue, Parse, ParseContext, Slot, Turn};

impl From<&CommandSet> for RustCommandSetInfo {
    fn from(set: &CommandSet) -> Self {
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        Self {
            languages: owned(set.languages().collect()),
            intents: owned(set.intents()),
            lists: owned(set.lists()),
        }
    }
}

impl From<RustListEntry> for ListValue {
    fn from(RustListEntry { text, is_template, value, context }: RustListEntry) -> Self {
        let mut entry = if is_template { Self::template(text) } else { Self::new(text) };
        if let Some(value) = value {
            entry = entry.with_value(value);
        }
        context.into_iter().fold(entry, |entry, (key, value)| entry.with_context(key, value))
    }
}

impl TryFrom<RustParseContext> for ParseContext {
    type Error = SpatzError;

    fn try_from(context: RustParseContext) -> Result<Self, SpatzError> {
        let RustParseContext { language, context, preferred_slot, reference } = context;
        let mut parse_context = Self::default();
        parse_context.language = language;
        parse_context.context = context.into_iter().map(|(key, value)| (key, value.into())).collect();
        parse_context.preferred_slot = preferred_slot;
        parse_context.reference = reference.map(local_time).transpose()?;
        Ok(parse_context)
    }
}

impl RustParse {
    pub(super) fn new(parse: Parse, parser: &CommandParser) -> Self {
        match parse {
            Parse::Command(command) => Self::Command { command: RustCommand::new(command, parser) },
            Parse::NeedsValue { command, slot, prompt } => {
                Self::NeedsValue { command: RustCommand::new(command, parser), slot, prompt }
            }
            Parse::OutOfScope { confidence } => Self::OutOfScope { confidence },
        }
    }
}

impl RustCommand {
    pub(super) fn new(command: Command, parser: &CommandParser) -> Self {
        let response = parser.response(&command);
        let Command { intent, language, confidence, slots } = command;
        Self { intent, language, confidence, slots: slots.into_iter().map(Into::into).collect(), response }
    }
}

impl From<Slot> for RustSlot {
    fn from(Slot { name, value, text, span, alternatives }: Slot) -> Self {
        Self {
            name,
            value: value.into(),
            text,
            span: span.map(Into::into),
            alternatives: alternatives.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<(usize, usize)> for RustSpan {
    fn from((start, end): (usize, usize)) -> Self {
        // A count of code points in a text that crossed the border fits: UniFFI's buffers end at 2 GiB.
        let saturating = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Self { start: saturating(start), end: saturating(end) }
    }
}

impl RustTurn {
    pub(super) fn new(turn: Turn, parser: &CommandParser) -> Self {
        match turn {
            Turn::Run { command, corrects } => {
                Self::Run { command: RustCommand::new(command, parser), corrects }
            }
            Turn::Ask { command, slot, prompt } => {
                Self::Ask { command: RustCommand::new(command, parser), slot, prompt }
            }
            Turn::Confirm { command, prompt } => {
                Self::Confirm { command: RustCommand::new(command, parser), prompt }
            }
            Turn::Cancelled => Self::Cancelled,
            Turn::NotUnderstood => Self::NotUnderstood,
        }
    }
}
