use crate::entity::duration::DurationWords;

pub(super) static WORDS: DurationWords = DurationWords {
    units: &[
        ("second", 1),
        ("seconds", 1),
        ("sec", 1),
        ("secs", 1),
        ("minute", 60),
        ("minutes", 60),
        ("min", 60),
        ("mins", 60),
        ("hour", 3_600),
        ("hours", 3_600),
        ("hr", 3_600),
        ("hrs", 3_600),
        ("day", 86_400),
        ("days", 86_400),
        ("week", 604_800),
        ("weeks", 604_800),
        ("fortnight", 1_209_600),
    ],
    short_units: &[("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400), ("w", 604_800)],
    articles: &["a", "an"],
    fillers: &["a", "an", "of a", "of an", "of"],
    adjectives: &["more", "extra", "additional", "further", "whole", "full"],
    links: &["and"],
};
