//! Sentence templates: hassil's syntax to a tree.
//!
//! | write | it matches |
//! |---|---|
//! | `turn on` | these words |
//! | `[please]`, `[the\|my]` | these words or nothing |
//! | `(on\|off)` | one of them |
//! | `(on;in here)` | all of them, in any order |
//! | `{area}`, `{minutes:duration}` | an entry of the list `area`; of `minutes` for the slot `duration` |
//! | `<name>` | what the expansion rule `name` matches |
//! | `light[s]`, `(an\|aus)schalten` | groups work inside words |
//! | `\[`, `\{` … | the sign itself |

/// A parsed template. Offsets are code points of the template.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Template {
    /// Words as written; spaces at its ends count.
    Text(String),
    /// One after the other.
    Sequence(Vec<Template>),
    /// One of them. `[x]` is one of `x` and nothing.
    Alternative(Vec<Template>),
    /// All of them in any order.
    Permutation(Vec<Template>, usize),
    /// `{list:slot}`.
    List { list: String, slot: String, offset: usize },
    /// `<rule>`.
    Rule { name: String, offset: usize },
}

/// What is wrong with a template, and where.
#[derive(Debug, PartialEq)]
pub(super) struct TemplateError {
    pub(super) offset: usize,
    pub(super) found: String,
    pub(super) mend: String,
}

/// Deeper groups than any sentence has. The compiler recurses over groups and rules on stacks as small as a phone's.
const MAX_DEPTH: usize = 16;
/// n items have n! orders; the automaton needs n·2ⁿ⁻¹ copies, so seven are still small and eight not needed.
pub(super) const MAX_PERMUTATION: usize = 7;

impl Template {
    pub(super) fn parse(text: &str) -> Result<Self, TemplateError> {
        let chars: Vec<char> = text.chars().collect();
        let mut parser = Parser { chars: &chars, at: 0 };
        let template = parser.group(None, 0)?;
        Ok(template)
    }

    /// A template that matches `text` and nothing else, whatever signs it holds.
    pub(super) fn literal(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// Whether `text` holds template syntax.
    pub(super) fn is_in(text: &str) -> bool {
        text.contains(['(', '[', '{', '<', '|', '\\'])
    }
}

struct Parser<'a> {
    chars: &'a [char],
    at: usize,
}

fn wrong<T>(offset: usize, found: impl Into<String>, mend: impl Into<String>) -> Result<T, TemplateError> {
    Err(TemplateError { offset, found: found.into(), mend: mend.into() })
}

impl Parser<'_> {
    /// Items up to the sign that closes the group opened at `open`, or to the end.
    fn group(&mut self, open: Option<(char, usize)>, depth: usize) -> Result<Template, TemplateError> {
        if depth > MAX_DEPTH {
            return wrong(
                self.at,
                format!("groups nested more than {MAX_DEPTH} deep"),
                "move parts into expansion rules",
            );
        }
        let close = open.map(|(sign, _)| if sign == '(' { ')' } else { ']' });
        let mut items = vec![Vec::new()];
        let mut separator: Option<char> = None;
        let mut text = String::new();
        loop {
            let Some(&sign) = self.chars.get(self.at) else {
                if let (Some((sign, offset)), Some(close)) = (open, close) {
                    return wrong(
                        offset,
                        format!("`{sign}` is never closed"),
                        format!("add `{close}`, or write `\\{sign}` for the sign itself"),
                    );
                }
                break;
            };
            let offset = self.at;
            self.at += 1;
            match sign {
                '\\' => match self.chars.get(self.at) {
                    Some(&escaped) => {
                        self.at += 1;
                        text.push(escaped);
                    }
                    None => return wrong(offset, "`\\` at the end", "write `\\\\` for the sign itself"),
                },
                '(' | '[' => {
                    flush(&mut text, &mut items);
                    let group = self.group(Some((sign, offset)), depth + 1)?;
                    let group = if sign == '[' { optional(group) } else { group };
                    push(&mut items, group);
                }
                '{' => {
                    flush(&mut text, &mut items);
                    let item = self.list(offset)?;
                    push(&mut items, item);
                }
                '<' => {
                    flush(&mut text, &mut items);
                    let name = self.name('<', '>', offset)?;
                    push(&mut items, Template::Rule { name, offset });
                }
                '|' | ';' => {
                    if separator.is_some_and(|other| other != sign) {
                        return wrong(offset, "`|` and `;` in one group", "put one of the parts into ( )");
                    }
                    separator = Some(sign);
                    flush(&mut text, &mut items);
                    items.push(Vec::new());
                }
                sign if Some(sign) == close => break,
                ')' | ']' | '}' | '>' => {
                    let mend = format!("remove it, or write `\\{sign}` for the sign itself");
                    return wrong(offset, format!("`{sign}` closes nothing that is open"), mend);
                }
                sign => text.push(sign),
            }
        }
        flush(&mut text, &mut items);
        let mut items: Vec<Template> = items.into_iter().map(sequence).collect();
        Ok(match separator {
            Some(';') if items.len() > MAX_PERMUTATION => {
                return wrong(
                    open.map_or(0, |(_, offset)| offset),
                    format!("{} parts in any order", items.len()),
                    format!("at most {MAX_PERMUTATION} work: write the usual orders as sentences"),
                );
            }
            Some(';') => Template::Permutation(items, open.map_or(0, |(_, offset)| offset)),
            Some(_) => Template::Alternative(items),
            None => items.pop().unwrap_or(Template::Sequence(Vec::new())),
        })
    }

    fn list(&mut self, offset: usize) -> Result<Template, TemplateError> {
        let name = self.name('{', '}', offset)?;
        let (list, slot) = name.split_once(':').unwrap_or((&name, &name));
        let (list, slot) = (list.trim().to_owned(), slot.trim().to_owned());
        if list.is_empty() || slot.is_empty() {
            return wrong(offset, format!("`{{{name}}}` lacks a name"), "write {list} or {list:slot}");
        }
        Ok(Template::List { list, slot, offset })
    }

    fn name(&mut self, open: char, close: char, offset: usize) -> Result<String, TemplateError> {
        let rest = self.chars.get(self.at..).unwrap_or_default();
        let Some(length) = rest.iter().position(|c| *c == close) else {
            let mend = format!("add `{close}`, or write `\\{open}` for the sign itself");
            return wrong(offset, format!("`{open}` is never closed"), mend);
        };
        let name: String = rest.iter().take(length).collect();
        if let Some(sign) = name.chars().find(|c| "()[]{}<>|;".contains(*c)) {
            let mend = format!("close it with `{close}` before, or write `\\{open}` for the sign itself");
            return wrong(offset, format!("`{sign}` inside the name that `{open}` opens"), mend);
        }
        self.at += length + 1;
        let name = name.trim();
        if name.is_empty() {
            return wrong(
                offset,
                format!("`{open}{close}` has no name"),
                "write the name of a list or rule between them",
            );
        }
        Ok(name.to_owned())
    }
}

fn push(items: &mut [Vec<Template>], item: Template) {
    if let Some(last) = items.last_mut() {
        last.push(item);
    }
}

fn flush(text: &mut String, items: &mut [Vec<Template>]) {
    if !text.is_empty() {
        push(items, Template::Text(std::mem::take(text)));
    }
}

fn sequence(mut items: Vec<Template>) -> Template {
    match items.len() {
        1 => items.remove(0),
        _ => Template::Sequence(items),
    }
}

fn optional(group: Template) -> Template {
    let nothing = Template::Sequence(Vec::new());
    match group {
        Template::Alternative(mut items) => {
            items.push(nothing);
            Template::Alternative(items)
        }
        group => Template::Alternative(vec![group, nothing]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(show(&Template::parse(text).unwrap()), expected, "{text}");
    }

    fn show(template: &Template) -> String {
        let join = |items: &[Template], sign: &str| items.iter().map(show).collect::<Vec<_>>().join(sign);
        match template {
            Template::Text(text) => format!("'{text}'"),
            Template::Sequence(items) => format!("({})", join(items, " ")),
            Template::Alternative(items) => format!("({})", join(items, " | ")),
            Template::Permutation(items, _) => format!("({})", join(items, " ; ")),
            Template::List { list, slot, .. } => format!("{{{list}:{slot}}}"),
            Template::Rule { name, .. } => format!("<{name}>"),
        }
    }

    #[test]
    fn syntax() {
        check("turn on", "'turn on'");
        check("[please] go", "(('please' | ()) ' go')");
        check("[the|my] timer", "(('the' | 'my' | ()) ' timer')");
        check("a|b c", "('a' | 'b c')");
        check("licht[er] (an|aus)schalten", "('licht' ('er' | ()) ' ' ('an' | 'aus') 'schalten')");
        check("(on;<here>)", "('on' ; <here>)");
        check("{minutes:duration} {area}", "({minutes:duration} ' ' {area:area})");
        check("a \\[b\\] \\\\", "'a [b] \\'");
        check("", "()");
        check("(|a)", "(() | 'a')");
        check("[[a] b]", "((('a' | ()) ' b') | ())");
    }

    #[test]
    fn errors() {
        let check = |text: &str, offset: usize, found: &str| {
            let error = Template::parse(text).unwrap_err();
            assert_eq!((error.offset, error.found.as_str()), (offset, found), "{text}");
        };
        check("turn [on", 5, "`[` is never closed");
        check("turn on]", 7, "`]` closes nothing that is open");
        check("(a]", 2, "`]` closes nothing that is open");
        check("x {area", 2, "`{` is never closed");
        check("x {area [the] }", 2, "`[` inside the name that `{` opens");
        check("x {}", 2, "`{}` has no name");
        check("x {a:}", 2, "`{a:}` lacks a name");
        check("<>", 0, "`<>` has no name");
        check("(a|b;c)", 4, "`|` and `;` in one group");
        check("a\\", 1, "`\\` at the end");
        check("(1;2;3;4;5;6;7;8)", 0, "8 parts in any order");
        assert!(Template::parse(&"[".repeat(100_000)).unwrap_err().found.contains("nested"));
    }
}
