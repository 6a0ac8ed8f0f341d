use crate::entity::currency::CurrencyWords;

pub(super) static WORDS: CurrencyWords = CurrencyWords {
    table: include_str!("currencies.tsv"),
    word_codes: &[
        "ALL", "AMD", "BAM", "BOB", "COP", "CUP", "FOK", "GEL", "GIP", "IMP", "KID", "MAD", "MOP", "MUR",
        "NAD", "PAB", "PEN", "RON", "RUB", "SAR", "SOS", "TOP", "TRY", "WST", "LAK", "MGA", "ISK", "SHP",
    ],
};
