//! The README's Kotlin and Swift are compiled and run: each block is the one between the `// README` marks of a test
//! in that language.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines between the marks, moved to the left margin.
fn marked(source: &str) -> String {
    let lines: Vec<&str> = source
        .lines()
        .skip_while(|line| line.trim() != "// README")
        .skip(1)
        .take_while(|line| line.trim() != "// README")
        .collect();
    let margin =
        lines.iter().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    lines.iter().map(|line| line.get(margin.unwrap_or(0)..).unwrap_or("").to_owned() + "\n").collect()
}

#[track_caller]
fn check(language: &str, test: &str) {
    let expected = marked(&read(test));
    assert!(expected.lines().count() >= 10, "{test} has lost its `// README` marks");
    for block in read("../README.md").split(&format!("```{language}\n")).skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        assert_eq!(block, expected, "the README's {language} differs from {test}");
    }
}

#[test]
fn kotlin_is_a_test() {
    check("kotlin", "kotlin/src/test/kotlin/dev/spatz/ReadmeTest.kt");
}

#[test]
fn swift_is_a_test() {
    check("swift", "swift/Tests/SpatzTests/ReadmeTests.swift");
}
