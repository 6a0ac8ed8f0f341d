//! The chain on a toy text.

use super::corpus::Corpus;
use super::estimate::Estimate;
use super::trie::Trie;
use super::{NgramOptions, Source, compile, measure_text, prune, quantised, sources};
use spatz::predict::lexicon::{Entry, Layout, Lexicon, NO_WORD, Pieces, shares_of_costs, write};
use spatz::predict::ngram::text::MARKS;
use spatz::predict::ngram::{self, Ngram};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const WORDS: [&str; 12] =
    ["the", "cat", "dog", "sat", "on", "mat", "is", "here", "die", "Katze", "ist", "hier"];

/// Every word is one piece.
#[derive(Debug)]
struct Whole;

impl Pieces for Whole {
    fn count(&self) -> usize {
        WORDS.len()
    }

    fn piece(&self, id: u32) -> &[u8] {
        const SPACED: [&str; 12] = [
            " the", " cat", " dog", " sat", " on", " mat", " is", " here", " die", " Katze", " ist", " hier",
        ];
        SPACED[id as usize].as_bytes()
    }
}

fn with_lexicon(test: impl FnOnce(&Lexicon<'_>)) {
    let entry = |id: usize| Entry {
        tokens: vec![id as u16],
        flags: 0,
        costs: if id < 8 { vec![30, NO_WORD] } else { vec![NO_WORD, 20] },
    };
    let bytes = write(&(0..WORDS.len()).map(entry).collect::<Vec<_>>(), &["en", "de"], &Whole);
    let layout = Layout::check(&bytes, &Whole).unwrap();
    test(&Lexicon::new(&layout, &bytes, &Whole));
}

fn word(lexicon: &Lexicon<'_>, text: &str) -> usize {
    lexicon.same_letters(text).next().unwrap() as usize
}

fn source(folder: &TempDir, name: &str, language: &str, share: f64, text: &str) -> Source {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    Source { language: language.into(), share, prose: false, path }
}

fn toy(folder: &TempDir) -> Vec<Source> {
    let english =
        "the cat sat on the mat\nthe dog sat on the mat\nThe dog is here.\nis the cat here?\n".repeat(9);
    let german = "die Katze ist hier\nist die Katze hier?\n".repeat(9);
    vec![source(folder, "en.txt", "en", 1.0, &english), source(folder, "de.txt", "de", 1.0, &german)]
}

/// Probabilities after `text`.
fn after(lexicon: &Lexicon<'_>, section: &[u8], language: usize, text: &str) -> Vec<f32> {
    let layout = ngram::Layout::check(section, lexicon).unwrap();
    let ngram = Ngram::new(&layout, section);
    let mut out = vec![0.0; lexicon.len() as usize];
    let history = ngram.history(lexicon, text);
    ngram.add(lexicon, language, &history, &shares_of_costs(), 1.0, &mut out);
    out
}

fn likeliest(probabilities: &[f32]) -> usize {
    (0..probabilities.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap()
}

#[test]
fn what_follows_often_is_likely() {
    with_lexicon(|lexicon| {
        let folder = TempDir::new().unwrap();
        let compiled = compile(lexicon, &toy(&folder), NgramOptions::default()).unwrap();
        let check = |language, text, expected: &str| {
            let out = after(lexicon, &compiled.bytes, language, text);
            assert_eq!(likeliest(&out), word(lexicon, expected), "{text:?}: {out:?}");
        };
        check(0, "", "the");
        check(0, "the cat sat ", "on");
        check(0, "The mat sat on the ", "mat");
        check(0, "Is the ", "cat");
        check(1, "die ", "Katze");
        check(1, "Ist die Katze ", "hier");
        assert_eq!(compiled.languages.len(), 2);
        assert!(compiled.languages.iter().all(|report| report.kept > 10 && report.kept <= report.seen));
    });
}

#[test]
fn it_is_the_same_every_time_and_keeps_to_its_bytes() {
    with_lexicon(|lexicon| {
        let folder = TempDir::new().unwrap();
        let options = NgramOptions { order: 3, bytes: 260 };
        let [first, second] = [0, 1].map(|_| compile(lexicon, &toy(&folder), options).unwrap().bytes);
        assert_eq!(first, second);
        assert!(first.len() <= 260, "{} bytes", first.len());
        let all = compile(lexicon, &toy(&folder), NgramOptions::default()).unwrap();
        let text = "the cat sat on the mat\n";
        let bits = |section: &[u8]| measure_text(lexicon, section, "en", text).unwrap().bits;
        assert!(bits(&all.bytes) < bits(&first), "less is worse");
    });
}

#[test]
fn shares_count_and_not_sizes() {
    with_lexicon(|lexicon| {
        let folder = TempDir::new().unwrap();
        let large = source(&folder, "large.txt", "en", 1.0, &"the cat\n".repeat(90));
        let small = source(&folder, "small.txt", "en", 3.0, &"the dog\n".repeat(9));
        let compiled = compile(lexicon, &[large, small], NgramOptions::default()).unwrap();
        let out = after(lexicon, &compiled.bytes, 0, "the ");
        assert!(out[word(lexicon, "dog")] > 2.0 * out[word(lexicon, "cat")], "{out:?}");
    });
}

#[test]
fn estimates_are_probabilities_and_worth_is_their_loss() {
    with_lexicon(|lexicon| {
        let folder = TempDir::new().unwrap();
        let all = toy(&folder);
        let corpus = Corpus::read(lexicon, 0, &[&all[0]]).unwrap();
        let trie = Trie::count(&corpus, 3);
        let shares = quantised::shares(lexicon, 0);
        let estimate = Estimate::new(&trie, &shares, None);
        for depth in 1..3 {
            for context in 0..trie.levels[depth - 1].len() {
                let following = trie.levels[depth - 1].children(context);
                let sum: f32 = following.map(|place| estimate.probabilities[depth][place]).sum();
                assert!((0.0..1.0).contains(&sum), "{sum}");
            }
        }
        let worth = prune::worth(&trie, &estimate, usize::MAX);
        assert!(worth.iter().flatten().all(|worth| worth.is_finite() && *worth >= 0.0));
        // `the` and `cat` are the commonest.
        let few = prune::worth(&trie, &estimate, 2);
        let has = |place: usize, word_of: &str| {
            let number = trie.levels[1].numbers[place];
            number == MARKS + word(lexicon, word_of) as u32
        };
        let places = || 0..trie.levels[1].len();
        assert!(places().any(|place| has(place, "cat") && few[0][place] > 0.0));
        assert!(places().filter(|&place| has(place, "mat")).all(|place| few[0][place] == 0.0));
        assert!(places().any(|place| has(place, "mat") && worth[0][place] > 0.0));
        let parents = trie.levels[2].parents.iter().zip(&worth[1]);
        assert!(parents.into_iter().all(|(&parent, &worth_below)| worth[0][parent as usize] >= worth_below));
    });
}

#[test]
fn one_block_of_lines_in_fifty_is_held_out() {
    with_lexicon(|lexicon| {
        let folder = TempDir::new().unwrap();
        let text = source(&folder, "text.txt", "en", 1.0, &"the cat\n".repeat(1000));
        let corpus = Corpus::read(lexicon, 0, &[&text]).unwrap();
        assert_eq!(corpus.held_out.len(), 20);
        assert_eq!(corpus.tokens.len(), 980 * 3);
    });
}

#[test]
fn lines_of_prose_hardly_tell_how_messages_begin() {
    with_lexicon(|lexicon| {
        let folder = TempDir::new().unwrap();
        let messages = source(&folder, "messages.txt", "en", 1.0, &"cat is here\n".repeat(100));
        let novel = source(&folder, "novel.txt", "en", 1.0, &"the cat is here\n".repeat(300));
        let first = |novel: Source| {
            let sources = [messages.clone(), novel];
            let compiled = compile(lexicon, &sources, NgramOptions::default()).unwrap();
            likeliest(&after(lexicon, &compiled.bytes, 0, ""))
        };
        assert_eq!(first(Source { share: 3.0, ..novel.clone() }), word(lexicon, "the"));
        assert_eq!(first(Source { share: 3.0, prose: true, ..novel }), word(lexicon, "cat"));
    });
}

#[test]
fn a_table_names_sources() {
    let folder = TempDir::new().unwrap();
    let table = folder.path().join("sources.tsv");
    let read = |text: &str| {
        fs::write(&table, text).unwrap();
        sources(&table)
    };
    let found = read("en\t0.5\ttasks.txt\nde\t1\t/elsewhere/plays.txt\n").unwrap();
    let tasks = folder.path().join("tasks.txt");
    assert_eq!(found[0], Source { language: "en".into(), share: 0.5, prose: false, path: tasks });
    assert_eq!(found[1].path, Path::new("/elsewhere/plays.txt"));
    assert!(read("en\t0.5\tnovels.txt\tprose\n").unwrap()[0].prose);
    for (wrong, hint) in [
        ("en\t0.5\n", "line 1"),
        ("en\tmuch\tx\n", "no number"),
        ("en\t-1\tx\n", "above 0"),
        ("en\t1\tx\tpoem\n", "prose"),
    ] {
        let error = format!("{:#}", read(wrong).unwrap_err());
        assert!(error.contains(hint), "{error}");
    }
}

#[test]
fn what_cannot_be_counted_is_said() {
    with_lexicon(|lexicon| {
        let folder = TempDir::new().unwrap();
        let check = |sources: &[Source], options: NgramOptions, hint: &str| {
            let error = format!("{:#}", compile(lexicon, sources, options).unwrap_err());
            assert!(error.contains(hint), "{error}");
        };
        let lines = "the cat sat\nthe dog is here\n".repeat(50);
        let text = |language| source(&folder, "text.txt", language, 1.0, &lines);
        check(&[text("fr")], NgramOptions::default(), "fr");
        check(&[text("en")], NgramOptions { order: 9, bytes: 100 }, "order");
        check(&[text("en")], NgramOptions { order: 3, bytes: 10 }, "too few");
        check(&[], NgramOptions::default(), "no sources");
        let path = folder.path().join("missing.txt");
        let missing = Source { language: "en".into(), share: 1.0, prose: false, path };
        check(&[missing], NgramOptions::default(), "missing.txt");
    });
}
