use crate::entity::colour::ColourWords;

pub(super) static WORDS: ColourWords = ColourWords {
    table: include_str!("colours.tsv"),
    light: &["light", "pale", "bright", "pastel"],
    dark: &["dark", "deep"],
};
