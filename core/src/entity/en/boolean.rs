use crate::entity::boolean::BooleanWords;

pub(super) const WORDS: BooleanWords = BooleanWords {
    yes: &["yes", "yeah", "yep", "sure", "of course", "okay", "ok", "true", "on", "enabled"],
    no: &["no", "nope", "nah", "not", "never", "false", "off", "disabled"],
};
