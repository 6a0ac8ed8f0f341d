use crate::entity::currency::CurrencyWords;

pub(super) static WORDS: CurrencyWords = CurrencyWords {
    table: include_str!("currencies.tsv"),
    word_codes: &[
        "ALL", "BAM", "BOB", "CUP", "GEL", "GIP", "IMP", "KID", "MAD", "MOP", "MUR", "PEN", "RON", "RUB",
        "SEK", "SOS", "TOP", "TRY",
    ],
};
