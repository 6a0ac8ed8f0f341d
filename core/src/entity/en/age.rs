use crate::entity::age::AgeWords;

pub(super) static WORDS: AgeWords = AgeWords {
    table: include_str!("units.tsv"),
    after: &["old", "of age"],
    short: &["yo", "y . o .", "y / o", "yr old", "yrs old", "y . o", "yrs of age"],
    before: &["age", "aged", "age of"],
    tells_after: &[],
    tells_before: &[],
};
