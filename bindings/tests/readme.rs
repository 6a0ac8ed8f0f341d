//! The Kotlin and Swift of the READMEs are compiled and run: each block is the one between the marks of a test in that
//! language.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines between the two marks, moved to the left margin.
fn marked(source: &str, mark: &str) -> String {
    let lines: Vec<&str> = source
        .lines()
        .skip_while(|line| line.trim() != mark)
        .skip(1)
        .take_while(|line| line.trim() != mark)
        .collect();
    let margin =
        lines.iter().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    lines.iter().map(|line| line.get(margin.unwrap_or(0)..).unwrap_or("").to_owned() + "\n").collect()
}

#[track_caller]
fn check(page: &str, language: &str, test: &str, mark: &str) {
    let expected = marked(&read(test), mark);
    assert!(expected.lines().count() >= 10, "{test} has lost its `{mark}` marks");
    let page_text = read(page);
    let blocks: Vec<_> = page_text.split(&format!("```{language}\n")).skip(1).collect();
    assert!(!blocks.is_empty(), "{page} has no {language}");
    for block in blocks {
        let block = block.split("```").next().unwrap_or_default();
        assert_eq!(block, expected, "the {language} of {page} differs from {test}");
    }
}

#[test]
fn kotlin_is_a_test() {
    let test = "kotlin/src/test/kotlin/dev/spatz/ReadmeTest.kt";
    check("../README.md", "kotlin", test, "// README");
    check("kotlin/README.md", "kotlin", test, "// COMMANDS");
}

#[test]
fn swift_is_a_test() {
    let test = "swift/Tests/SpatzTests/ReadmeTests.swift";
    check("../README.md", "swift", test, "// README");
    check("swift/README.md", "swift", test, "// COMMANDS");
}
