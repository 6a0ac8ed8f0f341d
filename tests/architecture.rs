//! The rules of `ARCHITECTURE.md`, held against the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Edges = BTreeMap<String, BTreeSet<String>>;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The rows of the table under "Who may use whom".
fn allowed() -> Edges {
    let text = fs::read_to_string(repository().join("ARCHITECTURE.md")).unwrap();
    let (_, section) = text.split_once("## Who may use whom").expect("the section is there");
    section
        .lines()
        .take_while(|line| !line.starts_with("## "))
        .filter_map(|line| {
            let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
            let (room, uses) = (cells.next()?, cells.next()?);
            let is_room = !matches!(room, "room" | "---");
            let uses = uses.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
            is_room.then(|| (room.to_owned(), uses.collect()))
        })
        .collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The rooms that the text mentions as `crate::ROOM`, also inside `use crate::{a, b::c}`.
fn mentioned(text: &str, rooms: &BTreeSet<String>) -> BTreeSet<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let names = match rest.strip_prefix('{') {
            Some(group) => group.split_once("};").map_or(group, |(inside, _)| inside),
            None => rest.split([';', '(', ' ', ')', '>', ',']).next().unwrap_or(""),
        };
        let mut depth = 0;
        let mut start = 0;
        for (i, c) in names.char_indices().chain([(names.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    let first = names[start..i].trim().split("::").next().unwrap_or("").trim();
                    if rooms.contains(first) {
                        found.insert(first.to_owned());
                    }
                    start = i + 1;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn rooms_use_only_what_the_table_allows() {
    let allowed = allowed();
    let rooms: BTreeSet<String> = allowed.keys().cloned().collect();
    let source = repository().join("core/src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in files {
        let relative = path.strip_prefix(&source).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_string_lossy();
        let room = first.trim_end_matches(".rs").to_owned();
        if room == "lib" {
            continue;
        }
        let Some(may) = allowed.get(&room) else {
            wrong.push(format!("{room} has no row in the table"));
            continue;
        };
        seen.insert(room.clone());
        for used in mentioned(&fs::read_to_string(&path).unwrap(), &rooms) {
            if used != room && !may.contains(&used) {
                wrong.push(format!("{}: {room} may not use {used}", relative.display()));
            }
        }
    }
    wrong.extend(rooms.difference(&seen).map(|room| format!("the table has {room}, the code has not")));
    assert!(wrong.is_empty(), "ARCHITECTURE.md does not allow:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_allows_no_circles() {
    let mut left = allowed();
    while !left.is_empty() {
        let free: Vec<String> =
            left.iter().filter(|(_, uses)| uses.is_empty()).map(|(room, _)| room.clone()).collect();
        assert!(!free.is_empty(), "these rooms use each other in a circle: {:?}", left.keys());
        for room in free {
            left.remove(&room);
            left.values_mut().for_each(|uses| {
                uses.remove(&room);
            });
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    let rooms: BTreeSet<String> = ["model", "engine", "cancel"].map(String::from).into();
    let check = |text: &str, expected: &[&str]| {
        let expected: BTreeSet<String> = expected.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(mentioned(text, &rooms), expected, "{text}");
    };
    check("use crate::model::Model;", &["model"]);
    check("use crate::{cancel::Cancelled, engine::{Engine, Context}};", &["cancel", "engine"]);
    check("fn f(m: &crate::model::Model) {}", &["model"]);
    check("// crate::model is only mentioned", &[]);
    check("use crate::{\n    model::{Model, ModelError},\n    other,\n};", &["model"]);
}

/// `unsafe` belongs to the kernels, to the place where the file is mapped, and to the one where Android hands over a
/// file descriptor as a number.
#[test]
fn unsafe_stands_only_where_it_may() {
    let root = repository();
    let mut files = Vec::new();
    for folder in ["core/src", "cli/src", "tailor/src", "bindings/src", "xtask/src"] {
        rust_files(&root.join(folder), &mut files);
    }
    let allowed = ["core/src/engine/kernels", "core/src/model/map.rs", "bindings/src/model.rs"];
    let outside: Vec<String> = files
        .iter()
        .filter(|path| {
            let relative = path.strip_prefix(&root).unwrap();
            !allowed.iter().any(|place| relative.starts_with(place))
        })
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            text.lines().any(|line| {
                let code = line.split("//").next().unwrap_or("");
                code.contains("unsafe ") && !code.contains("\"")
            })
        })
        .map(|path| path.display().to_string())
        .collect();
    assert!(outside.is_empty(), "unsafe outside {allowed:?}: {outside:?}");
}
