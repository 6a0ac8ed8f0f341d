//! Typing errors: what the letters typed were meant to be, and whether to put that in their place.
//!
//! A noisy channel: the score of a word is λ·ln P(word | context), from the same mixture that suggests words, less what
//! its slips cost ([`channel`]). The letters as typed are one hypothesis among the others: a listed word by its own
//! probability, anything else by how much it looks like a word ([`wordlike`], [`compound`]). Replacing what was right costs
//! a person ten times what a fix saves, so the replacement must win by odds that were measured ([`decide`]).
//!
//! | file | does |
//! |---|---|
//! | `keys` | key centres of the host's layout, taps |
//! | `literal` | what the letters look like; numbers, addresses and tags are left alone |
//! | `channel` | what each slip costs |
//! | `spelling` | all words' letters, and the walk that finds what is near |
//! | `wordlike`, `compound` | words that no list has |
//! | `split` | two words run together |
//! | `hypotheses` | words that may be meant, with their scores |
//! | `beginnings` | completions of a beginning with a slip |
//! | `decide` | the odds |

mod beginnings;
mod channel;
mod compound;
mod decide;
mod hypotheses;
mod keys;
mod literal;
mod spelling;
mod split;
mod wordlike;

pub(super) use beginnings::complete_corrected;
pub(super) use decide::{Verdict, decide};
pub(super) use hypotheses::{Hypotheses, Reach, Scales, Typed};
pub(super) use keys::Keyboard;
pub use keys::{Key, Touch};

use super::lexicon::Lexicon;
use spelling::Spelling;
use wordlike::Wordlike;

/// What correction needs of a lexicon, made once. Heap: some 8 bytes a word.
#[derive(Debug)]
pub(super) struct Corrector {
    spelling: Spelling,
    wordlike: Wordlike,
    /// The usual layout of each of the lexicon's languages.
    keyboards: Vec<Keyboard>,
}

impl Corrector {
    pub(super) fn new(lexicon: &Lexicon<'_>) -> Self {
        let spelling = Spelling::new(lexicon);
        let keyboards = lexicon.language_names().iter().map(|name| Keyboard::of_language(name)).collect();
        Self { wordlike: Wordlike::new(&spelling), spelling, keyboards }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.spelling.heap_bytes() + self.wordlike.heap_bytes()
    }
}
