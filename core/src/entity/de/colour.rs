use crate::entity::colour::ColourWords;

pub(super) static WORDS: ColourWords = ColourWords {
    table: include_str!("colours.tsv"),
    light: &[
        "hell", "helle", "heller", "hellen", "helles", "hellem", "blass", "blasse", "blassen", "blasses",
    ],
    dark: &["dunkel", "dunkle", "dunkler", "dunklen", "dunkles", "dunklem", "tief", "tiefes"],
};
