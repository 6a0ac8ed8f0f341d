//! Where the parts of a set stand, and which keys nobody reads: kept of the files for what is found in the set later.

use std::collections::BTreeMap;

use super::Source;
use super::intents::INTENT_KEYS;
use super::reader::{Pairs, Reader, get};
use crate::command::error::Location;
use crate::command::yaml::{Kind, Mark, Node};

/// The parts of a set, each with the place where it stands first.
#[derive(Debug, Default)]
pub(in crate::command) struct Outline {
    pub(in crate::command) intents: BTreeMap<String, Location>,
    pub(in crate::command) languages: BTreeMap<String, Location>,
    pub(in crate::command) unread: Vec<UnreadKey>,
}

/// A key that nothing reads.
#[derive(Clone, Debug)]
pub(in crate::command) struct UnreadKey {
    pub(in crate::command) name: String,
    pub(in crate::command) at: Location,
    /// What is read in its place.
    pub(in crate::command) known: &'static [&'static str],
}

impl Reader<'_> {
    pub(super) fn note_intent(&self, source: &mut Source, name: &str, mark: Mark) {
        source.outline.intents.entry(name.to_owned()).or_insert_with(|| self.file.at(mark));
    }

    pub(super) fn note_language(&self, source: &mut Source, code: String, mark: Mark) {
        source.outline.languages.entry(code).or_insert_with(|| self.file.at(mark));
    }

    /// Notes the keys that nothing read. Files in Home Assistant's form hold keys for others, which are nobody's mistake.
    pub(super) fn note_unread(self, source: &mut Source, root: &Pairs) {
        if is_our_form(root) {
            source.outline.unread.extend(self.unread.into_inner());
        }
    }
}

/// Whether a file has anything that Home Assistant's have not.
fn is_our_form(root: &Pairs) -> bool {
    let intents = match get(root, "intents").map(|node| &node.kind) {
        Some(Kind::Mapping(intents)) => intents.as_slice(),
        _ => &[],
    };
    get(root, "languages").is_some() || intents.iter().any(|(_, intent)| is_our_intent(intent))
}

fn is_our_intent(intent: &Node) -> bool {
    match &intent.kind {
        Kind::Mapping(pairs) => {
            pairs.iter().any(|(key, _)| key.name != "data" && INTENT_KEYS.contains(&key.name.as_str()))
        }
        Kind::Sequence(_) => true,
        Kind::Scalar(..) => false,
    }
}
