//! Words that no list has and that are words all the same: compounds and inflected forms.

use crate::predict::distribution::World;
use crate::predict::lexicon::{COST_STEP, NO_WORD};

/// What German puts between the parts of a compound.
const JOINTS: [&str; 7] = ["", "s", "es", "n", "en", "er", "-"];
/// Letters of a part at least; shorter ones only from this list.
const SHORTEST_PART: usize = 4;
const SHORT_PARTS: [&str; 32] = [
    "eis", "rad", "tee", "see", "uhr", "tag", "weg", "ort", "bus", "zug", "tor", "tür", "öl", "ei", "rat",
    "amt", "not", "art", "arm", "bad", "bau", "hof", "hut", "kuh", "lob", "mut", "rot", "typ", "ulk", "zoo",
    "ohr", "los",
];
/// A compound has at least so many letters.
const SHORTEST: usize = 8;
/// Parts of a compound at most.
const MOST_PARTS: usize = 4;
/// The rarest word that is a part, in nats.
const RAREST: f32 = 14.5;

/// Endings that make a form of a listed word, by language.
const ENDINGS: [(&str, &[&str]); 2] = [
    ("en", &["s", "es", "ed", "d", "ing", "r", "rs", "er", "ers", "ly", "ness", "less", "like", "able"]),
    ("de", &["e", "en", "er", "es", "em", "s", "n", "in", "innen", "st", "t", "te", "ten", "chen"]),
];
/// Endings that may stand in the place of another.
const EXCHANGED: [(&str, &[&str]); 2] =
    [("en", &[]), ("de", &["e", "en", "er", "es", "em", "n", "s", "t", "st", "te", "ten"])];
/// Letters of the rest at least, and of a rest that is no word itself.
const SHORTEST_STEM: usize = 4;
const SHORTEST_EXCHANGED: usize = 5;
/// What stands before listed words.
const BEGINNINGS: [(&str, &[&str]); 2] = [
    ("en", &["re", "un", "non", "over", "under", "out", "pre", "anti", "super", "counter", "inter"]),
    (
        "de",
        &[
            "un", "ab", "an", "auf", "aus", "bei", "ein", "vor", "zu", "um", "über", "unter", "durch", "mit",
            "nach", "weg", "her", "hin", "los", "wieder", "zurück", "zusammen", "ver", "zer", "ent", "er",
        ],
    ),
];

/// Why a string of letters that is not listed is a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Derived {
    /// Nouns in a row.
    Compound,
    /// A listed word with an apostrophe and `s`.
    Possessive,
    /// A listed word with an ending or beginning.
    Form,
}

/// How the lower-case `letters` come from listed words of the languages that are on, if they do.
pub(super) fn derived(world: &World<'_>, letters: &str) -> Option<Derived> {
    let names = world.lexicon.language_names();
    for (language, name) in names.iter().enumerate().filter(|(language, _)| world.languages[*language]) {
        let is_listed = |word: &str| common(world, language, word, false);
        let stem = letters.strip_suffix("'s").or_else(|| letters.strip_suffix("s'"));
        if stem.is_some_and(is_listed) {
            return Some(Derived::Possessive);
        }
        if name == "de"
            && letters.chars().count() >= SHORTEST
            && is_compound(world, language, letters, MOST_PARTS)
        {
            return Some(Derived::Compound);
        }
        let of = |table: &[(&str, &'static [&'static str])]| {
            table.iter().find(|(code, _)| code == name).map_or(&[][..], |(_, parts)| *parts)
        };
        let long_enough = |stem: &&str| stem.chars().count() >= SHORTEST_STEM;
        let is_form = of(&ENDINGS)
            .iter()
            .filter_map(|ending| letters.strip_suffix(ending))
            .chain(of(&BEGINNINGS).iter().filter_map(|beginning| letters.strip_prefix(beginning)))
            .filter(long_enough)
            .any(is_listed);
        if is_form || is_exchanged(&is_listed, of(&ENDINGS), of(&EXCHANGED), letters) {
            return Some(Derived::Form);
        }
    }
    None
}

/// Whether another ending makes a listed word of `letters`.
fn is_exchanged(is_listed: &impl Fn(&str) -> bool, endings: &[&str], others: &[&str], letters: &str) -> bool {
    let stems = endings.iter().filter_map(|ending| letters.strip_suffix(ending));
    let mut stems = stems.filter(|stem| stem.chars().count() >= SHORTEST_EXCHANGED);
    stems.any(|stem| others.iter().any(|other| is_listed(&format!("{stem}{other}"))))
}

/// Whether `letters` are listed nouns with joints between, and a listed word at the end.
fn is_compound(world: &World<'_>, language: usize, letters: &str, parts: usize) -> bool {
    let places = letters.char_indices().map(|(place, _)| place).skip(2);
    for place in places {
        let (first, rest) = letters.split_at(place);
        if !is_part(first) || rest.len() < 3 || !common(world, language, first, true) {
            continue;
        }
        for joint in JOINTS {
            let Some(rest) = rest.strip_prefix(joint) else { continue };
            if is_part(rest) && common(world, language, rest, false) {
                return true;
            }
            if parts > 2 && rest.len() >= SHORTEST && is_compound(world, language, rest, parts - 1) {
                return true;
            }
        }
    }
    false
}

fn is_part(letters: &str) -> bool {
    letters.chars().count() >= SHORTEST_PART || SHORT_PARTS.contains(&letters)
}

/// Whether the lower-case `letters` are a word of the language that is no rarity; with `noun`, one that has a capital.
fn common(world: &World<'_>, language: usize, letters: &str, noun: bool) -> bool {
    let lexicon = &world.lexicon;
    let mut buffer = Vec::new();
    lexicon.same_letters(letters).any(|word| {
        let cost = lexicon.cost(language, word);
        cost != NO_WORD
            && f32::from(cost) * COST_STEP < RAREST
            && !lexicon.is_sentence_form(word)
            && (!noun || lexicon.text(word, &mut buffer).starts_with(char::is_uppercase))
    })
}
