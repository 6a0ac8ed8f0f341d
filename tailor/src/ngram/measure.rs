//! How good an n-gram is by itself, on text that was not counted.

use anyhow::{Context, Result};
use spatz::predict::lexicon::{Lexicon, shares_of_costs};
use spatz::predict::ngram::text::{Token, form, tokens};
use spatz::predict::ngram::{Layout, Ngram};

/// Measured words at most.
const WORDS: usize = 5_000;

/// What was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measures {
    /// Words, those that the lexicon does not have left out.
    pub words: usize,
    /// Bits per such word.
    pub bits: f64,
    /// Share of them that was the likeliest.
    pub first: f64,
    /// Share of them among the three likeliest.
    pub among_three: f64,
}

/// Measures the n-gram section `section` on a text in `language`, a message a line.
///
/// # Errors
///
/// If the section is not sound for the lexicon, or if the lexicon does not have the language.
pub fn measure_text(lexicon: &Lexicon<'_>, section: &[u8], language: &str, text: &str) -> Result<Measures> {
    let layout = Layout::check(section, lexicon)?;
    let place = lexicon.language_names().iter().position(|known| known == language);
    let place = place.with_context(|| format!("the lexicon has no words of the language {language:?}"))?;
    Ok(measure(lexicon, &layout, section, place, text.lines()))
}

/// Measures the n-gram of `language` on lines spread over `lines`, knowing the language and nothing of what was typed.
pub(super) fn measure<'t>(
    lexicon: &Lexicon<'_>,
    layout: &Layout,
    section: &[u8],
    language: usize,
    lines: impl Iterator<Item = &'t str> + Clone,
) -> Measures {
    let (ngram, shares) = (Ngram::new(layout, section), shares_of_costs());
    let words = |line| tokens(line).filter(|token| matches!(token, Token::Word { .. })).count();
    let every = lines.clone().map(words).sum::<usize>().div_ceil(WORDS).max(1);
    let mut out = vec![0.0; lexicon.len() as usize];
    let (mut bits, mut first, mut among_three, mut count) = (0.0, 0, 0, 0);
    for line in lines.step_by(every) {
        for token in tokens(line) {
            let Token::Word { text, first: opens } = token else { continue };
            let Some(word) = form(lexicon, language, text, opens) else { continue };
            let place = text.as_ptr() as usize - line.as_ptr() as usize;
            let before = line.get(..place).unwrap_or_default();
            out.fill(0.0);
            ngram.add(lexicon, language, &ngram.history(lexicon, before), &shares, 1.0, &mut out);
            let sum: f32 = out.iter().sum();
            let found = out[word as usize];
            let better = out.iter().filter(|other| **other > found).count();
            bits -= f64::from(found / sum).log2();
            first += usize::from(better < 1);
            among_three += usize::from(better < 3);
            count += 1;
        }
    }
    let share = |hits: usize| hits as f64 / count.max(1) as f64;
    Measures {
        words: count,
        bits: bits / count.max(1) as f64,
        first: share(first),
        among_three: share(among_three),
    }
}
