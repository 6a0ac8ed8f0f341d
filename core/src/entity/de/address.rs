use crate::entity::address::AddressWords;

pub(super) static WORDS: AddressWords = AddressWords {
    at: &["at", "ät", "klammeraffe"],
    dot: &["punkt", "dot"],
    slash: &["slash", "schrägstrich"],
    inner: &[("unterstrich", '_'), ("bindestrich", '-'), ("minus", '-'), ("strich", '-')],
    colon: &["doppelpunkt"],
};
