use crate::entity::quantity::UnitWords;

pub(super) static WORDS: UnitWords = UnitWords {
    table: include_str!("units.tsv"),
    angle: &[
        "angle", "angles", "rotate", "rotates", "rotated", "rotating", "rotation", "tilt", "tilted", "spin", "clockwise",
        "counterclockwise", "anticlockwise", "left", "right", "slope", "corner", "bend", "pivot", "inclination", "latitude",
        "longitude",
    ],
    weather: &[
        "temperature", "temperatures", "temp", "thermostat", "weather", "heat", "heater", "heating", "cool", "cooler", "cooling",
        "warm", "warmer", "hot", "cold", "colder", "oven", "preheat", "fever", "outside", "freezing", "boil", "boils", "ac",
        "celsius", "fahrenheit", "climate",
    ],
    extents: &[
        "long", "wide", "tall", "high", "deep", "thick", "across", "length", "width", "height", "depth", "diameter", "x", "by",
    ],
    clock: &["at", "until", "till", "by", "from", "to", "before", "after", "around", "since", "about"],
};
