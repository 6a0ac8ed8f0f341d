use crate::entity::duration::DurationWords;

pub(super) static WORDS: DurationWords = DurationWords {
    units: &[
        ("sekunde", 1),
        ("sekunden", 1),
        ("sek", 1),
        ("minute", 60),
        ("minuten", 60),
        ("min", 60),
        ("stunde", 3_600),
        ("stunden", 3_600),
        ("std", 3_600),
        ("tag", 86_400),
        ("tage", 86_400),
        ("tagen", 86_400),
        ("tages", 86_400),
        ("woche", 604_800),
        ("wochen", 604_800),
    ],
    short_units: &[("s", 1), ("m", 60), ("h", 3_600)],
    articles: &["eine", "einer"],
    fillers: &["einer", "eines"],
    links: &["und"],
};
