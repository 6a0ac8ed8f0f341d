use crate::entity::quantity::UnitWords;

pub(super) static WORDS: UnitWords = UnitWords {
    table: include_str!("units.tsv"),
    angle: &[
        "winkel", "winkels", "drehen", "drehe", "dreh", "dreht", "drehung", "rotieren", "rotiere", "kippen", "kippe", "neigen",
        "neige", "neigung", "links", "rechts", "abbiegen", "schwenken", "schwenke", "uhrzeigersinn", "steigung",
        "breitengrad", "längengrad",
    ],
    weather: &[
        "temperatur", "temperaturen", "thermostat", "heizung", "heizen", "heize", "warm", "wärmer", "heiss", "kalt", "kälter",
        "kühl", "kühler", "backofen", "ofen", "fieber", "draussen", "wetter", "vorheizen", "klima", "klimaanlage", "celsius",
        "fahrenheit", "kocht",
    ],
    extents: &["lang", "breit", "hoch", "tief", "dick", "x", "mal"],
    clock: &["um", "bis", "ab", "von", "vor", "nach", "gegen", "seit"],
};
