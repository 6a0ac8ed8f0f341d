use crate::entity::address::AddressWords;

pub(super) static WORDS: AddressWords = AddressWords {
    at: &["at"],
    dot: &["dot"],
    slash: &["slash", "forward slash"],
    inner: &[("underscore", '_'), ("dash", '-'), ("hyphen", '-'), ("minus", '-')],
    colon: &["colon"],
};
