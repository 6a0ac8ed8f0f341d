//! A vocabulary and a lexicon small enough to read in a test.

use super::{COST_STEP, Entry, Layout, Lexicon, NO_WORD, Pieces, SENTENCE_FORM, write};

/// Pieces as a list; longest match spells words.
#[derive(Debug)]
pub(crate) struct ToyPieces(pub(crate) Vec<&'static str>);

impl Pieces for ToyPieces {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn piece(&self, id: u32) -> &[u8] {
        self.0[id as usize].as_bytes()
    }
}

impl ToyPieces {
    pub(crate) fn id(&self, piece: &str) -> u32 {
        self.0.iter().position(|known| *known == piece).unwrap() as u32
    }

    pub(crate) fn spell(&self, text: &str) -> Vec<u32> {
        let mut rest = text;
        let mut ids = Vec::new();
        while !rest.is_empty() {
            let piece = self.0.iter().filter(|piece| !piece.is_empty() && rest.starts_with(**piece));
            let piece =
                piece.max_by_key(|piece| piece.len()).unwrap_or_else(|| panic!("no piece for {rest:?}"));
            ids.push(self.id(piece));
            rest = rest.get(piece.len()..).unwrap();
        }
        ids
    }
}

/// Piece 0 begins a document.
pub(crate) fn pieces() -> ToyPieces {
    ToyPieces(vec![
        "", "\n", ".", ",", "\"", "-", "'", "'m", "'s", "'t", " the", " there", " they", " The", " I", " is",
        " a", " and", " Haus", " Essen", " essen", " Mor", " mor", "gen", "auf", "gabe", "gaben", "tür",
        " sch", "ön", "on", "re", "y", " don", " ver", "stehen", "gehen", "lieren", " E", "-", "Mail", " S",
        "tra", "ße", "n", "the", "Haus", "essen", " ", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k",
        "l", "m", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "z", "M", "E", "H", "S", "I", "T", "A",
        "W", "ä", "ö", "ü", "ß", "!", "?", ":", "(",
    ])
}

/// Word, per mille of English text, per mille of German text.
pub(crate) const WORDS: [(&str, f32, f32); 22] = [
    ("the", 60.0, 0.0),
    ("there", 5.0, 0.0),
    ("they", 7.0, 0.0),
    ("I", 40.0, 0.0),
    ("I'm", 8.0, 0.0),
    ("is", 20.0, 0.0),
    ("a", 30.0, 0.0),
    ("and", 25.0, 0.0),
    ("don't", 4.0, 0.0),
    ("Haus", 0.0, 3.0),
    ("Hausaufgabe", 0.0, 0.2),
    ("Hausaufgaben", 0.0, 0.6),
    ("Haustür", 0.0, 0.4),
    ("Essen", 0.0, 2.0),
    ("essen", 0.0, 3.0),
    ("Morgen", 0.0, 1.0),
    ("morgen", 0.0, 4.0),
    ("schön", 0.0, 5.0),
    ("schon", 0.0, 9.0),
    ("verstehen", 0.0, 2.0),
    ("vergehen", 0.0, 0.3),
    ("E-Mail", 1.0, 1.0),
];

pub(crate) fn section() -> Vec<u8> {
    let pieces = pieces();
    let cost = |per_mille: f32| match per_mille {
        0.0 => NO_WORD,
        share => (-(share / 1000.0).ln() / COST_STEP).round() as u8,
    };
    let entry = |word: &str, en: f32, de: f32, flags: u8| Entry {
        tokens: pieces.spell(&format!(" {word}")).into_iter().map(|id| id as u16).collect(),
        flags,
        costs: vec![cost(en), cost(de)],
    };
    let mut entries: Vec<Entry> = WORDS.iter().map(|&(word, en, de)| entry(word, en, de, 0)).collect();
    entries.push(entry("The", 6.0, 0.0, SENTENCE_FORM));
    write(&entries, &["en", "de"], &pieces)
}

/// Runs `test` on the small lexicon.
pub(crate) fn with_lexicon(test: impl FnOnce(&Lexicon<'_>, &ToyPieces)) {
    let (pieces, bytes) = (pieces(), section());
    let layout = Layout::check(&bytes, &pieces).unwrap();
    test(&Lexicon::new(&layout, &bytes, &pieces), &pieces);
}
