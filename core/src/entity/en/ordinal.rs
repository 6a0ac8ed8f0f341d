use crate::entity::ordinal::Anchor::{Current, End};
use crate::entity::ordinal::OrdinalWords;

pub(super) static WORDS: OrdinalWords = OrdinalWords {
    suffixes: &["st", "nd", "rd", "th"],
    dot: false,
    stems: &[
        ("last", End, 0),
        ("penultimate", End, -1),
        ("antepenultimate", End, -2),
        ("next", Current, 1),
        ("current", Current, 0),
        ("previous", Current, -1),
    ],
    phrases: &[
        ("next to last", End, -1),
        ("second to last", End, -1),
        ("the second to last", End, -1),
        ("second last", End, -1),
        ("last but one", End, -1),
        ("the last but one", End, -1),
        ("third to last", End, -2),
        ("the third to last", End, -2),
        ("third last", End, -2),
        ("last but two", End, -2),
        ("the one before the last", End, -1),
        ("the one before the last one", End, -1),
        ("next one", Current, 1),
        ("current one", Current, 0),
        ("previous one", Current, -1),
    ],
    before_stems: &[],
};
