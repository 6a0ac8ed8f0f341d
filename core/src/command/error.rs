//! What can be wrong with a command file.

use std::fmt;

use super::distance::distance;

/// A place in a file; line and column count from 1, columns in Unicode code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The file as the caller named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why a command set could not be loaded. Every message reads `file:line:column: what was found; how to mend it`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The file or directory cannot be read.
    #[error("{path}: {reason}")]
    Read {
        /// The path.
        path: String,
        /// What the system said, and how to mend it.
        reason: String,
    },
    /// The text is not YAML.
    #[error("{at}: {found}; {mend}")]
    Yaml {
        /// Where.
        at: Location,
        /// What was found.
        found: String,
        /// How to mend it.
        mend: String,
    },
    /// The YAML does not have the form of a command file.
    #[error("{at}: {found}; {mend}")]
    Form {
        /// Where.
        at: Location,
        /// What was found.
        found: String,
        /// How to mend it.
        mend: String,
    },
    /// A sentence template is not well formed.
    #[error("{at}: {found}; {mend}")]
    Template {
        /// Where, inside the template if the file's quoting lets it be told.
        at: Location,
        /// What was found.
        found: String,
        /// How to mend it.
        mend: String,
    },
    /// A template names a list or rule that is not there, or that leads back to itself.
    #[error("{at}: {found}; {mend}")]
    Reference {
        /// Where.
        at: Location,
        /// What was found.
        found: String,
        /// How to mend it.
        mend: String,
    },
    /// A list that is given at run time is not part of the set, or one of its values cannot be read.
    #[error("the list `{name}`: {found}; {mend}")]
    List {
        /// The list.
        name: String,
        /// What was found.
        found: String,
        /// How to mend it.
        mend: String,
    },
    /// Bytes that are no fitted parser for this set; fit it anew.
    #[error("the saved parser is {reason}; fit it anew")]
    Saved {
        /// What is wrong with it.
        reason: String,
    },
    /// A text that is no saved conversation. The message quotes nothing of it: it holds what a person said.
    #[error(
        "the saved conversation is damaged at line {line}, column {column}, or of another version; begin a new one"
    )]
    Conversation {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
    },
    /// The encoder cannot be used.
    #[error(transparent)]
    Encoder(#[from] crate::engine::EngineError),
    /// A template stands for more sentences than can be compiled.
    #[error("{at}: {found}; {mend}")]
    TooLarge {
        /// Where.
        at: Location,
        /// What was found.
        found: String,
        /// How to mend it.
        mend: String,
    },
}

impl From<super::learned::StoreError> for CommandError {
    fn from(error: super::learned::StoreError) -> Self {
        Self::Saved { reason: error.to_string() }
    }
}

impl CommandError {
    /// The place in the file, where there is one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            Self::Read { .. }
            | Self::List { .. }
            | Self::Encoder(_)
            | Self::Saved { .. }
            | Self::Conversation { .. } => None,
            Self::Yaml { at, .. }
            | Self::Form { at, .. }
            | Self::Template { at, .. }
            | Self::Reference { at, .. }
            | Self::TooLarge { at, .. } => Some(at),
        }
    }

    pub(super) fn form(at: Location, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Form { at, found: found.into(), mend: mend.into() }
    }

    pub(super) fn reference(at: Location, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Reference { at, found: found.into(), mend: mend.into() }
    }
}

/// Letters of a name that are compared: a hostile file's names may be of any length.
const MAX_COMPARED: usize = 100;

/// The name in `known` that `name` was probably meant to be.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + name.to_lowercase().chars().count() / 4;
    let compared = |name: &str| -> Vec<char> { name.to_lowercase().chars().take(MAX_COMPARED).collect() };
    let name = compared(name);
    let distances = known.into_iter().map(|candidate| (distance(&name, &compared(candidate)), candidate));
    distances.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}

/// `; did you mean …` for a message, or what else to do.
pub(super) fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    nearest(name, known).map_or_else(|| otherwise.to_owned(), |known| format!("did you mean `{known}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_only_what_is_near() {
        let known = ["kitchen", "brightness", "room"];
        assert_eq!(nearest("kichen", known), Some("kitchen"));
        assert_eq!(nearest("Brigthness", known), Some("brightness"));
        assert_eq!(nearest("color", known), None);
    }
}
