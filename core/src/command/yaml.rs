//! YAML with the place of every key and value, on `saphyr-parser`'s events.
//!
//! Unlike a general loader this one keeps positions, refuses duplicate keys, bounds depth and the growth of aliases
//! ("billion laughs"), and leaves scalars as written: `on`, `off` and `no` are words here, as in YAML 1.2.

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle};

use super::error::{CommandError, Location};
use super::value::SlotValue;

/// Deeper nesting than any command file has.
const MAX_DEPTH: usize = 64;
/// Nodes of a file, aliases counted as often as they are used.
const MAX_NODES: usize = 2_000_000;

/// A YAML value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Line and column from 1, and the index in code points.
    pub(super) mark: Mark,
    size: usize,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    pub(super) line: usize,
    pub(super) column: usize,
    index: usize,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Text and whether it was quoted or a block.
    Scalar(String, bool),
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<(Key, Rc<Node>)>),
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) mark: Mark,
}

/// A file's text with its name, for errors.
#[derive(Debug)]
pub(super) struct File {
    pub(super) name: String,
    text: String,
}

impl File {
    pub(super) fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }

    pub(super) fn at(&self, mark: Mark) -> Location {
        Location { file: self.name.clone(), line: mark.line, column: mark.column }
    }

    /// The place of code point `offset` of the scalar `value` at `mark`: exact where the file spells it as it reads.
    pub(super) fn inside(&self, mark: Mark, value: &str, offset: usize) -> Location {
        let mut source = self.text.chars().skip(mark.index).peekable();
        let quote = usize::from(source.next_if(|c| matches!(c, '"' | '\'')).is_some());
        let same = source.zip(value.chars()).take(offset).take_while(|(a, b)| a == b && *a != '\n').count();
        let column = if same == offset { mark.column + quote + offset } else { mark.column };
        Location { file: self.name.clone(), line: mark.line, column }
    }

    fn error(&self, marker: Marker, found: impl Into<String>, mend: impl Into<String>) -> CommandError {
        CommandError::Yaml { at: self.at(mark(marker)), found: found.into(), mend: mend.into() }
    }

    /// The document; `None` for an empty file.
    pub(super) fn parse(&self) -> Result<Option<Rc<Node>>, CommandError> {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text);
        let mut loader =
            Loader { file: self, open: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => loader.event(event, span.start)?,
                Err(error) => return Err(self.scan_error(*error.marker(), error.info())),
            }
        }
        Ok(loader.root)
    }

    fn scan_error(&self, marker: Marker, info: &str) -> CommandError {
        // The scanner may see a tab only in the line after, or tell the end of what stood before it.
        let first = marker.line().saturating_sub(1);
        let tab = self.text.lines().enumerate().skip(first).take(2).find_map(|(line, text)| {
            let column = text.chars().take_while(|c| c.is_whitespace()).position(|c| c == '\t')?;
            Some((line + 1, column + 1))
        });
        if let Some((line, column)) = tab {
            let at = Location { file: self.name.clone(), line, column };
            return CommandError::Yaml {
                at,
                found: "a tab indents this line".into(),
                mend: "YAML wants spaces: replace the tab by spaces".into(),
            };
        }
        let mend = if info.contains("escape") {
            "in double quotes write `\\\\` for `\\`, or use single quotes"
        } else if info.contains("quot") || info.contains("unexpected end") {
            "close the quote, or put the whole text into double quotes"
        } else if info.contains("mapping values") {
            "put text that holds `: ` into quotes"
        } else {
            "check the indentation, and put text with one of : # [ ] { } , & * ! | > % @ at its start into quotes"
        };
        self.error(marker, format!("not YAML: {info}"), mend)
    }
}

fn mark(marker: Marker) -> Mark {
    Mark { line: marker.line(), column: marker.col() + 1, index: marker.index() }
}

struct Loader<'a> {
    file: &'a File,
    open: Vec<Open>,
    anchors: HashMap<usize, Rc<Node>>,
    nodes: usize,
    root: Option<Rc<Node>>,
}

struct Open {
    mark: Mark,
    anchor: usize,
    items: Items,
}

enum Items {
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<(Key, Rc<Node>)>, HashMap<String, usize>, Option<Key>),
}

impl Loader<'_> {
    fn event(&mut self, event: Event<'_>, start: Marker) -> Result<(), CommandError> {
        let at = mark(start);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let node = Node {
                    kind: Kind::Scalar(text.into_owned(), style != ScalarStyle::Plain),
                    mark: at,
                    size: 1,
                };
                self.add(node, anchor, start)
            }
            Event::SequenceStart(anchor, _) => self.open(Items::Sequence(Vec::new()), anchor, at, start),
            Event::MappingStart(anchor, _) => {
                self.open(Items::Mapping(Vec::new(), HashMap::new(), None), anchor, at, start)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                let kind = match open.items {
                    Items::Sequence(items) => Kind::Sequence(items),
                    Items::Mapping(items, ..) => Kind::Mapping(items),
                };
                let size = 1 + match &kind {
                    Kind::Scalar(..) => 0,
                    Kind::Sequence(items) => items.iter().map(|item| item.size).sum::<usize>(),
                    Kind::Mapping(items) => items.iter().map(|(_, item)| item.size).sum::<usize>(),
                };
                self.add(Node { kind, mark: open.mark, size }, open.anchor, start)
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return Err(self.file.error(
                        start,
                        "an alias inside its own anchor",
                        "write the value out",
                    ));
                };
                self.nodes = self.nodes.saturating_add(node.size);
                self.insert(node, start)
            }
            Event::DocumentStart(_) if self.root.is_some() => Err(self.file.error(
                start,
                "a second YAML document (`---`)",
                "put each command set into a file of its own",
            )),
            _ => Ok(()),
        }
    }

    fn open(&mut self, items: Items, anchor: usize, at: Mark, start: Marker) -> Result<(), CommandError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(self.file.error(
                start,
                format!("nesting deeper than {MAX_DEPTH} levels"),
                "a sentence that begins with [ or { needs quotes",
            ));
        }
        if let Some(Open { items: Items::Mapping(_, _, key @ None), .. }) = self.open.last_mut() {
            let _ = key;
            return Err(self.file.error(
                start,
                "a list or mapping as a key",
                "a key is plain text; put a template that begins with [ or { into quotes",
            ));
        }
        self.open.push(Open { mark: at, anchor, items });
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize, start: Marker) -> Result<(), CommandError> {
        self.nodes = self.nodes.saturating_add(1);
        let node = Rc::new(node);
        if anchor > 0 {
            self.anchors.insert(anchor, Rc::clone(&node));
        }
        self.insert(node, start)
    }

    fn insert(&mut self, node: Rc<Node>, start: Marker) -> Result<(), CommandError> {
        if self.nodes > MAX_NODES {
            return Err(self.file.error(
                start,
                format!("aliases make more than {MAX_NODES} values of this file"),
                "write the values out",
            ));
        }
        match self.open.last_mut().map(|open| &mut open.items) {
            None => self.root = Some(node),
            Some(Items::Sequence(items)) => items.push(node),
            Some(Items::Mapping(items, lines, key)) => match key.take() {
                Some(key) => items.push((key, node)),
                None => {
                    let Kind::Scalar(name, _) = &node.kind else {
                        return Err(self.file.error(
                            start,
                            "a list or mapping as a key",
                            "a key is plain text",
                        ));
                    };
                    if name == "<<" {
                        return Err(self.file.error(
                            start,
                            "`<<`, which merges mappings in YAML 1.1 only",
                            "write its keys out; `key: *anchor` is read",
                        ));
                    }
                    if let Some(line) = lines.insert(name.clone(), start.line()) {
                        return Err(self.file.error(
                            start,
                            format!("`{name}` stands here a second time, first in line {line}"),
                            "keep one of them, or merge what is under them",
                        ));
                    }
                    *key = Some(Key { name: name.clone(), mark: mark(start) });
                }
            },
        }
        Ok(())
    }
}

impl Node {
    /// The scalar's text.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The value of a key of a mapping.
    pub(super) fn get(&self, name: &str) -> Option<&Rc<Self>> {
        match &self.kind {
            Kind::Mapping(pairs) => pairs.iter().find(|(key, _)| key.name == name).map(|(_, node)| node),
            _ => None,
        }
    }

    /// Whether there is no value: nothing, `~` or `null`.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(text, false) if matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// The scalar as a typed value; quoted is always text. `None` for null, lists and mappings.
    pub(super) fn value(&self) -> Option<SlotValue> {
        match &self.kind {
            Kind::Scalar(text, true) => Some(SlotValue::Text(text.clone())),
            Kind::Scalar(_, false) if self.is_null() => None,
            Kind::Scalar(text, false) => Some(match text.as_str() {
                "true" | "True" | "TRUE" => SlotValue::Boolean(true),
                "false" | "False" | "FALSE" => SlotValue::Boolean(false),
                _ => plain_number(text).unwrap_or_else(|| SlotValue::Text(text.clone())),
            }),
            _ => None,
        }
    }

    /// What to call it in an error.
    pub(super) fn describe(&self) -> String {
        match &self.kind {
            Kind::Scalar(..) if self.is_null() => "nothing".into(),
            Kind::Scalar(text, _) => format!("`{}`", text.chars().take(40).collect::<String>()),
            Kind::Sequence(_) => "a list".into(),
            Kind::Mapping(_) => "a mapping".into(),
        }
    }
}

fn plain_number(text: &str) -> Option<SlotValue> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(SlotValue::Integer(integer));
    }
    let digits = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    text.parse::<f64>().ok().filter(|value| digits && value.is_finite()).map(SlotValue::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        File::new("x.yaml", text).parse().map(|_| ()).unwrap_err().to_string()
    }

    fn check(text: &str, expected: &str) {
        let error = error(text);
        assert!(error.starts_with(expected), "{error}");
    }

    #[test]
    fn errors_name_the_place() {
        check("a:\n  b: 1\n\tc: 2\n", "x.yaml:3:1: a tab indents this line");
        check("a: 1\nb: 2\na: 3\n", "x.yaml:3:1: `a` stands here a second time, first in line 1");
        check("a: \"open\n", "x.yaml:");
        check("- [a]: b\n", "x.yaml:1:3: a list or mapping as a key");
        check("a: 1\n---\nb: 2\n", "x.yaml:2:1: a second YAML document");
        check(&"[".repeat(1_000_000), "x.yaml:1:");
        check(&"{".repeat(1_000_000), "x.yaml:1:");
        check("a: &a [*a]\n", "x.yaml:1:8: ");
        check("a: &d { n: 1 }\nb: { <<: *d }\n", "x.yaml:2:6: `<<`, which merges mappings");
        assert!(error("a: \"set \\[ now\"\n").contains("single quotes"));
    }

    #[test]
    fn aliases_do_not_explode() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..10 {
            let row = vec![format!("*a{}", level - 1); 10].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{row}]\n"));
        }
        assert!(error(&text).contains("aliases make more than"));
    }

    #[test]
    fn scalars_are_yaml_1_2() {
        let file = File::new("x.yaml", "- on\n- no\n- 1\n- 1.5\n- true\n- \"1\"\n- ~\n- inf\n- 12:30\n");
        let root = file.parse().unwrap().unwrap();
        let Kind::Sequence(items) = &root.kind else { panic!("{root:?}") };
        let values: Vec<_> = items.iter().map(|item| item.value()).collect();
        assert_eq!(
            values,
            [
                Some("on".into()),
                Some("no".into()),
                Some(1.into()),
                Some(1.5.into()),
                Some(true.into()),
                Some("1".into()),
                None,
                Some("inf".into()),
                Some("12:30".into()),
            ]
        );
    }
}
