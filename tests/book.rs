//! The book for app developers says what is so: its pages and links exist, its YAML loads and means what stands beside it, and
//! its Kotlin and Swift are parts of tests and samples in those languages, which `cargo xtask kotlin` and `swift` compile.

mod common;

use common::shown;
use spatz::command::{CommandParser, CommandSet, Parse, ParseContext};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const BOOK: &str = "docs/book";
const ARTICLES: &str = "bindings/swift/Sources/Spatz/Spatz.docc";
/// Where the blocks of each language are compiled, or, if they need Apple's frameworks, parsed.
const SOURCES: [(&str, &[&str]); 2] = [
    (
        "kotlin",
        &[
            "bindings/kotlin/src/test/kotlin/dev/spatz/BookTest.kt",
            "bindings/kotlin/src/test/kotlin/BookMain.kt",
            "android/spatz/src/test/kotlin/dev/spatz/android/BookSamples.kt",
        ],
    ),
    (
        "swift",
        &[
            "bindings/swift/Tests/SpatzTests/BookTests.swift",
            "docs/book/examples/NoteView.swift",
            "docs/book/examples/Manifest.swift",
        ],
    ),
];
/// Blocks that are looked at elsewhere or by a person: what is typed, what Gradle reads, and Maven's, which `BookTest` reads.
const OTHERS: [&str; 3] = ["sh", "kts", "xml"];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The pages below `folder`, by their path in the repository.
fn pages(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(repository().join(folder)).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<_> =
        names.filter(|name| name.ends_with(".md")).map(|name| format!("{folder}/{name}")).collect();
    pages.sort();
    pages
}

/// The blocks of a page: language and text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let text = read(page);
    let mut parts = text.split("```");
    let mut found = Vec::new();
    while let (Some(_), Some(block)) = (parts.next(), parts.next()) {
        let (language, text) =
            block.split_once('\n').unwrap_or_else(|| panic!("{page}: a block without a line"));
        found.push((language.to_owned(), text.to_owned()));
    }
    found
}

/// The regions between lines `// BOOK`, moved to the left margin.
fn regions(source: &str) -> Vec<String> {
    let mut regions = Vec::new();
    let mut open: Option<Vec<&str>> = None;
    for line in source.lines() {
        match (line.trim() == "// BOOK", open.take()) {
            (true, None) => open = Some(Vec::new()),
            (true, Some(lines)) => regions.push(at_margin(&lines)),
            (false, Some(mut lines)) => {
                lines.push(line);
                open = Some(lines);
            }
            (false, None) => {}
        }
    }
    assert!(open.is_none(), "a region is not closed");
    regions
}

fn at_margin(lines: &[&str]) -> String {
    let margin =
        lines.iter().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len());
    let margin = margin.min().unwrap_or(0);
    lines.iter().map(|line| line.get(margin..).unwrap_or("").to_owned() + "\n").collect()
}

#[test]
fn the_summary_names_every_page_and_no_other() {
    let summary = read(&format!("{BOOK}/SUMMARY.md"));
    let named: BTreeSet<String> = links(&summary).into_iter().map(|link| format!("{BOOK}/{link}")).collect();
    let there: BTreeSet<String> =
        pages(BOOK).into_iter().filter(|page| !page.ends_with("/SUMMARY.md")).collect();
    assert_eq!(named, there);
}

/// The targets of a page's links, without what is elsewhere on the web.
fn links(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://")).map(str::to_owned).collect()
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for page in pages(BOOK) {
        for link in links(&read(&page)) {
            count += 1;
            let file = link.split('#').next().unwrap();
            let path = repository().join(BOOK).join(file);
            assert!(path.exists(), "{page}: there is no {link}");
        }
    }
    assert!(count > 8, "{count} links: are they still found?");
}

#[test]
fn kotlin_and_swift_are_compiled() {
    for (language, sources) in SOURCES {
        let compiled: BTreeSet<String> = sources.iter().flat_map(|path| regions(&read(path))).collect();
        let mut shown = BTreeSet::new();
        for page in pages(BOOK).into_iter().chain(pages(ARTICLES)) {
            for (_, block) in blocks(&page).into_iter().filter(|(found, _)| found == language) {
                assert!(
                    compiled.contains(&block),
                    "{page}: this {language} is in none of {sources:?}:\n{block}"
                );
                shown.insert(block);
            }
        }
        let stale: Vec<_> = compiled.difference(&shown).collect();
        assert!(stale.is_empty(), "{language} that no page shows: {stale:?}");
        assert!(shown.len() >= 8, "{} blocks of {language}", shown.len());
    }
}

#[test]
fn blocks_have_a_language_that_is_looked_at() {
    for page in pages(BOOK) {
        for (language, block) in blocks(&page) {
            let mut known = SOURCES.iter().map(|(name, _)| *name).chain(OTHERS).chain(["yaml", "parse"]);
            assert!(known.any(|name| name == language), "{page}: a block of {language:?}:\n{block}");
        }
    }
}

/// Lines "utterance → meaning" behind a command set.
#[test]
fn command_files_load_and_mean_what_the_page_says() {
    let (mut sets, mut utterances) = (0, 0);
    for page in pages(BOOK) {
        let mut parser = None;
        for (language, block) in blocks(&page) {
            if language == "yaml" {
                sets += 1;
                let set = CommandSet::from_yaml(&page, &block);
                parser =
                    Some(CommandParser::new(set.unwrap_or_else(|error| panic!("{page}: {error}\n{block}"))));
            } else if language == "parse" {
                let parser = parser.as_ref().unwrap_or_else(|| panic!("{page}: no set before {block}"));
                for line in block.lines() {
                    utterances += 1;
                    let (utterance, expected) =
                        line.split_once(" → ").unwrap_or_else(|| panic!("{page}: {line}"));
                    assert_eq!(meaning(parser, utterance), expected, "{page}: {utterance}");
                }
            }
        }
    }
    assert!(sets >= 6 && utterances >= 6, "{sets} sets, {utterances} utterances");
}

fn meaning(parser: &CommandParser, utterance: &str) -> String {
    let parse = parser.parse(utterance, &ParseContext::default());
    match &parse {
        Parse::Command(_) => shown::parse(&parse),
        Parse::NeedsValue { command, prompt, .. } => {
            format!("{}, asks: {prompt}", shown::parse(&Parse::Command(command.clone())))
        }
        Parse::OutOfScope { .. } => "out of scope".to_owned(),
    }
}

#[test]
fn shell_blocks_name_chores_that_exist() {
    let chores = read("xtask/src/main.rs");
    let mut count = 0;
    for page in pages(BOOK) {
        for (_, block) in blocks(&page).into_iter().filter(|(language, _)| language == "sh") {
            for rest in block.split("cargo xtask ").skip(1) {
                count += 1;
                let name = rest.split_whitespace().next().unwrap();
                // Clap makes `phone-tree` of `PhoneTree`.
                let variant: String =
                    name.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
                assert!(
                    chores.contains(&format!("    {variant}")),
                    "{page}: there is no `cargo xtask {name}`"
                );
            }
        }
    }
    assert!(count >= 3, "{count} chores");
}
