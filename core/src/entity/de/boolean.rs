use crate::entity::boolean::BooleanWords;

pub(super) const WORDS: BooleanWords = BooleanWords {
    yes: &["ja", "jawohl", "jep", "klar", "na klar", "natürlich", "gerne", "okay", "ok", "wahr", "an", "ein"],
    no: &["nein", "nee", "nö", "nicht", "niemals", "auf keinen fall", "falsch", "aus"],
};
