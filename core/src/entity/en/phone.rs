use crate::entity::phone::PhoneWords;

pub(super) static WORDS: PhoneWords =
    PhoneWords { plus: &["plus"], repeats: &[("double", 2), ("triple", 3)], articles: &[] };
