//! The public Kotlin and Swift declarations, as snapshots: nobody changes what apps compile against by accident.
//!
//! `INSTA_UPDATE=always cargo test -p spatz-bindings --test api` accepts a change that is meant.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

use std::fs;
use std::path::Path;

/// The public declarations below `folder`, a line each, file by file. Bodies, comments and what is hidden are left out.
fn declarations(folder: &str, extension: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    let mut out = String::new();
    for file in files {
        let found = of_source(&fs::read_to_string(&file).unwrap());
        if !found.is_empty() {
            out += &format!("{}\n{found}\n", file.file_name().unwrap().to_string_lossy());
        }
    }
    out
}

fn of_source(source: &str) -> String {
    let mut out = String::new();
    let mut in_public_enum = false;
    let mut lines = source.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        let is_public =
            ["public ", "override fun close", "override val "].iter().any(|word| code.starts_with(word));
        if code.contains("enum ") {
            in_public_enum = is_public;
        }
        if !(is_public || in_public_enum && is_variant(code)) {
            continue;
        }
        let mut declaration = line.to_owned();
        while open(&declaration) > 0 {
            let Some(next) = lines.next() else { break };
            declaration += next.trim();
            declaration.push(' ');
        }
        out += &signature(&declaration).replace(", )", ")");
        out.push('\n');
    }
    out
}

/// A variant of a Swift or Kotlin enum, which carries no `public` of its own.
fn is_variant(code: &str) -> bool {
    let swift = code.strip_prefix("case ").is_some_and(|rest| !rest.starts_with('.'));
    let kotlin = code.ends_with(',')
        && code.len() > 3
        && code.chars().all(|c| c.is_ascii_uppercase() || "_,".contains(c));
    swift || kotlin
}

/// Parentheses that are still open.
fn open(text: &str) -> i32 {
    text.chars().map(|c| i32::from(c == '(') - i32::from(c == ')')).sum()
}

/// A declaration without its body.
fn signature(declaration: &str) -> &str {
    let mut depth = 0;
    let bytes = declaration.as_bytes();
    for (at, c) in declaration.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '{' if depth == 0 => return declaration.get(..at).unwrap_or_default().trim_end(),
            '=' if depth == 0
                && at > 0
                && bytes.get(at - 1) == Some(&b' ')
                && bytes.get(at + 1) != Some(&b'=') =>
            {
                return declaration.get(..at).unwrap_or_default().trim_end();
            }
            _ => {}
        }
    }
    declaration.trim_end()
}

#[test]
fn kotlin() {
    insta::assert_snapshot!(declarations("kotlin/src/main/kotlin/dev/spatz", "kt"));
}

#[test]
fn swift() {
    insta::assert_snapshot!(declarations("swift/Sources/Spatz", "swift"));
}

/// Lines of code in the source files of `folder` and below: no blank ones, no comments.
fn code_lines(folder: &Path) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            out.extend(code_lines(&path));
            continue;
        }
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        if !["kt", "rs", "swift"].contains(&extension.as_ref()) {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let lines = source.lines().map(str::trim_start).filter(|line| !line.is_empty());
        let code = lines.filter(|line| !["//", "/*", "* ", "*/"].iter().any(|mark| line.starts_with(mark)));
        out.push((path.display().to_string(), code.count()));
    }
    out
}

/// The wrappers add what their language expects, and no more.
#[test]
fn wrappers_stay_thin() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["kotlin/src/main/kotlin/dev/spatz", "swift/Sources/Spatz"] {
        let lines: usize = code_lines(&root.join(folder)).iter().map(|(_, lines)| lines).sum();
        assert!(lines <= 1500, "{folder} has {lines} lines of code");
    }
    for (file, lines) in code_lines(&root.join("src")) {
        assert!(lines <= 300, "{file} has {lines} lines of code");
    }
}
