use crate::entity::percent::PercentWords;

pub(super) static WORDS: PercentWords = PercentWords {
    units: &[
        "percent",
        "percents",
        "per cent",
        "per cents",
        "percentage",
        "percentages",
        "percentage point",
        "percentage points",
        "pct",
    ],
    before: &["percent of", "percents of", "per cent of", "per cents of", "percentage of"],
};
