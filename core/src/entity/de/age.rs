use crate::entity::age::AgeWords;

pub(super) static WORDS: AgeWords = AgeWords {
    table: include_str!("units.tsv"),
    after: &["alt", "jung"],
    short: &[],
    before: &[],
    tells_after: &["her", "alte", "alter", "altes", "alten", "altem", "älter", "jünger"],
    tells_before: &["alter", "alters", "mit", "jünger", "älter"],
};
