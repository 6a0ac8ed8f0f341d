//! Places in a row: `3rd`, "twenty-first", "last", "next to last", `3.`, "dritte", "vorletzter".

use std::fmt;

/// A place in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ordinal {
    /// Where counting begins.
    pub from: Anchor,
    /// From the start: 1 is the first. From the end: 0 is the last, −1 the one before. From here: 1 is the next.
    pub offset: i64,
}

/// Where an ordinal counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Anchor {
    /// The beginning of the row.
    Start,
    /// The place at hand.
    Current,
    /// The end of the row.
    End,
}

impl fmt::Display for Ordinal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.from {
            Anchor::Start => write!(f, "{}", self.offset),
            Anchor::Current => write!(f, "current{:+}", self.offset),
            Anchor::End if self.offset < 0 => write!(f, "end{}", self.offset),
            Anchor::End => write!(f, "end+{}", self.offset),
        }
    }
}
