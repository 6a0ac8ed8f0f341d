//! Weighted text as numbers: the lexicon's words behind the marks.

use anyhow::{Context, Result, ensure};
use spatz::predict::lexicon::Lexicon;
use spatz::predict::ngram::text::{MARKS, START, Token, UNKNOWN, form, tokens};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines that are held out together, and of how many such blocks one is.
const BLOCK: usize = 20;
const HELD_OUT: usize = 50;
/// What the beginning of a line of prose counts beside that of a message: next to nothing, but not nothing, since Kneser-Ney
/// counts a word by what was seen before it.
const PROSE_OPENINGS: f32 = 0.02;

/// A text file, a message or paragraph a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// ISO 639-1.
    pub language: String,
    /// Its share of the language's text, of the sum of all shares.
    pub share: f64,
    /// Whether its lines are paragraphs of a longer text: how they begin tells nothing of how messages do.
    pub prose: bool,
    /// The file.
    pub path: PathBuf,
}

/// Reads a table of sources: `language<TAB>share<TAB>file` a line, and `<TAB>prose` behind books and the like; files are looked
/// for beside the table.
///
/// # Errors
///
/// Names the line that cannot be read.
pub fn sources(table: &Path) -> Result<Vec<Source>> {
    let text = fs::read_to_string(table).with_context(|| format!("cannot read {}", table.display()))?;
    let folder = table.parent().unwrap_or(Path::new(""));
    let lines = text.lines().enumerate().filter(|(_, line)| !line.is_empty());
    let source = |(number, line): (usize, &str)| {
        let place = || format!("{}, line {}: {line:?}", table.display(), number + 1);
        let columns: Vec<&str> = line.split('\t').collect();
        let prose = columns.get(3).is_some_and(|kind| *kind == "prose");
        ensure!(
            columns.len() == 3 + usize::from(prose),
            "{} is not language, share, file (and prose)",
            place()
        );
        let share: f64 =
            columns[1].parse().with_context(|| format!("{}: the share is no number", place()))?;
        ensure!(share.is_finite() && share > 0.0, "{}: the share must be above 0", place());
        Ok(Source { language: columns[0].to_owned(), share, prose, path: folder.join(columns[2]) })
    };
    lines.map(source).collect()
}

/// A language's text.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    /// Marks, and words behind them by their place in the lexicon; each line begins with [`START`].
    pub(super) tokens: Vec<u32>,
    /// The sources, one behind the other.
    pub(super) parts: Vec<Part>,
    /// Lines that were not counted.
    pub(super) held_out: Vec<String>,
}

/// The tokens of a source.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) end: usize,
    /// Of each token: 1 on average over all sources.
    pub(super) weight: f32,
    /// Of each n-gram that begins a line.
    pub(super) opening_weight: f32,
}

impl Corpus {
    pub(super) fn read(lexicon: &Lexicon<'_>, language: usize, sources: &[&Source]) -> Result<Self> {
        let mut corpus = Self::default();
        let mut numbers = Numbers { lexicon: *lexicon, language, known: HashMap::new() };
        let mut ends = Vec::new();
        for source in sources {
            let path = source.path.display();
            let text = fs::read_to_string(&source.path).with_context(|| format!("cannot read {path}"))?;
            let begin = corpus.tokens.len();
            for (number, line) in text.lines().filter(|line| !line.is_empty()).enumerate() {
                if number / BLOCK % HELD_OUT == HELD_OUT - 1 {
                    corpus.held_out.push(line.to_owned());
                    continue;
                }
                corpus.tokens.push(START);
                corpus.tokens.extend(tokens(line).map(|token| numbers.number(&token)));
            }
            let count = corpus.tokens.len() - begin;
            ensure!(count > 0, "{path} has no text to count");
            ends.push((corpus.tokens.len(), source.share / count as f64, source.prose));
        }
        let sum: f64 = sources.iter().map(|source| source.share).sum();
        let scale = corpus.tokens.len() as f64 / sum;
        let part = |(end, share, prose): (usize, f64, bool)| {
            let weight = (share * scale) as f32;
            Part { end, weight, opening_weight: if prose { weight * PROSE_OPENINGS } else { weight } }
        };
        corpus.parts = ends.into_iter().map(part).collect();
        Ok(corpus)
    }
}

/// Words as numbers, each looked up once.
struct Numbers<'a> {
    lexicon: Lexicon<'a>,
    language: usize,
    known: HashMap<String, [u32; 2]>,
}

impl Numbers<'_> {
    fn number(&mut self, token: &Token<'_>) -> u32 {
        let (text, first) = match *token {
            Token::Mark(mark) => return mark,
            Token::Word { text, first } => (text, usize::from(first)),
        };
        if let Some(known) = self.known.get(text) {
            return known[first];
        }
        let numbers = [false, true].map(|first| {
            form(&self.lexicon, self.language, text, first).map_or(UNKNOWN, |word| word + MARKS)
        });
        self.known.insert(text.to_owned(), numbers);
        numbers[first]
    }
}
