use crate::entity::phone::PhoneWords;

pub(super) static WORDS: PhoneWords = PhoneWords {
    plus: &["plus"],
    repeats: &[("doppel", 2), ("zweimal", 2), ("dreimal", 3)],
    articles: &["ein", "eine", "einen", "einem", "einer", "eines"],
};
