use crate::entity::ordinal::Anchor::{Current, End, Start};
use crate::entity::ordinal::OrdinalWords;

pub(super) static WORDS: OrdinalWords = OrdinalWords {
    suffixes: &["te", "ter", "ten", "tes", "tem", "ste", "ster", "sten", "stes", "stem"],
    dot: true,
    stems: &[
        ("letzt", End, 0),
        ("vorletzt", End, -1),
        ("zweitletzt", End, -1),
        ("vorvorletzt", End, -2),
        ("drittletzt", End, -2),
        ("viertletzt", End, -3),
        ("nächst", Current, 1),
        ("naechst", Current, 1),
        ("übernächst", Current, 2),
        ("aktuell", Current, 0),
        ("momentan", Current, 0),
        ("derzeitig", Current, 0),
        ("gegenwärtig", Current, 0),
        ("vorherig", Current, -1),
        ("vorig", Current, -1),
        ("vorhergehend", Current, -1),
        ("vorangegangen", Current, -1),
    ],
    phrases: &[("zuerst", Start, 1), ("zuletzt", End, 0)],
    before_stems: &["zu"],
};
