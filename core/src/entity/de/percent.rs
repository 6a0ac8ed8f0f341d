use crate::entity::percent::PercentWords;

pub(super) static WORDS: PercentWords = PercentWords {
    units: &["prozent", "prozente", "prozenten", "prozentpunkt", "prozentpunkte", "prozentpunkten"],
    before: &["prozent von"],
};
