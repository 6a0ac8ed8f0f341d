//! Command sets: reading, compiling, loading from a path.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::automaton::{List, Program};
use super::compile::{RuntimeValue, compile, value_list};
use super::error::{CommandError, Location, did_you_mean};
use super::example::{self, Example};
use super::source::{IntentDeclaration, Outline, Requirement, Role, SlotDeclaration, Source, Texts};
use super::template::Template;
use super::value::SlotValue;
use super::yaml::{File, Kind};

/// What an app can do, compiled. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CommandSet {
    pub(super) languages: BTreeMap<String, Language>,
    pub(super) intents: Arc<BTreeMap<String, Intent>>,
    pub(super) examples: Arc<Vec<Example>>,
    pub(super) outline: Arc<Outline>,
}

/// A language of a set: its automaton, and its lists apart, because they are exchanged at run time.
#[derive(Clone, Debug)]
pub(super) struct Language {
    pub(super) program: Arc<Program>,
    pub(super) lists: Vec<Arc<List>>,
    /// Where the lists that have names stand.
    pub(super) places: Arc<BTreeMap<String, Location>>,
}

/// What a set declares of an intent, as far as parsing and conversation need it.
#[derive(Debug)]
pub(super) struct Intent {
    pub(super) slots: Vec<DeclaredSlot>,
    pub(super) destructive: bool,
    pub(super) confirm: Texts,
    pub(super) response: Texts,
}

/// A slot that an intent declares.
#[derive(Debug)]
pub(super) struct DeclaredSlot {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) prompt: Texts,
    pub(super) at: Location,
}

impl From<IntentDeclaration> for Intent {
    fn from(IntentDeclaration { slots, destructive, confirm, response }: IntentDeclaration) -> Self {
        let slots = slots.into_iter().map(|SlotDeclaration { name, required, prompt, at, .. }| {
            DeclaredSlot { name, required, prompt, at }
        });
        Self { slots: slots.collect(), destructive, confirm, response }
    }
}

/// An entry of a list that an app gives at run time.
#[derive(Clone, Debug, PartialEq)]
pub struct ListValue {
    text: String,
    value: Option<SlotValue>,
    context: Vec<(String, SlotValue)>,
    is_template: bool,
}

impl ListValue {
    /// An entry that is said as `text`; this is its value, too.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { value: Some(SlotValue::Text(text.clone())), text, context: Vec::new(), is_template: false }
    }

    /// An entry said in several ways, in template syntax without lists and rules: `Trader Joe[']s`. Its value is what
    /// was said, unless [`with_value`](Self::with_value) sets one.
    pub fn template(template: impl Into<String>) -> Self {
        Self { text: template.into(), value: None, context: Vec::new(), is_template: true }
    }

    /// Sets what the slot receives.
    pub fn with_value(mut self, value: impl Into<SlotValue>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// Adds what is known once this entry was said, for `requires_context`.
    pub fn with_context(mut self, key: impl Into<String>, value: impl Into<SlotValue>) -> Self {
        self.context.push((key.into(), value.into()));
        self
    }
}

impl From<&str> for ListValue {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for ListValue {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Language {
    /// What the slot of the intent may be.
    pub(super) fn lists_of<'a>(&'a self, intent: &'a str, slot: &'a str) -> impl Iterator<Item = &'a List> {
        let answers = self.program.answers.iter().filter(move |answer| {
            let name = self.program.slots.get(answer.slot as usize);
            answer.intent == intent && name.is_some_and(|name| name == slot)
        });
        answers.filter_map(|answer| self.lists.get(answer.list as usize).map(AsRef::as_ref))
    }

    /// Whether any words fill the slot of the intent.
    pub(super) fn is_open(&self, intent: &str, slot: &str) -> bool {
        self.lists_of(intent, slot).any(|list| matches!(list, List::Wildcard))
    }
}

impl CommandSet {
    /// The intents that have templates.
    pub(super) fn templated(&self) -> BTreeSet<&str> {
        let blocks = self.languages.values().flat_map(|language| &language.program.blocks);
        blocks.map(|block| block.intent.as_str()).collect()
    }

    /// Whether the intent has templates, which show all the ways in which it is meant.
    pub(super) fn has_templates(&self, intent: &str) -> bool {
        let blocks = self.languages.values().flat_map(|language| &language.program.blocks);
        blocks.into_iter().any(|block| block.intent == intent)
    }

    /// Reads a command file. `name` is what errors call the file.
    ///
    /// # Errors
    ///
    /// [`CommandError`] gives file, line, column, the text and how to mend it.
    pub fn from_yaml(name: &str, text: &str) -> Result<Self, CommandError> {
        let mut source = Source::default();
        source.add(File::new(name, text), Role::Main, None)?;
        Self::compile(source, name)
    }

    /// Reads the files of a set, each a name, which is what errors call it, and a text. A name that ends with `.jsonl` has
    /// labelled examples, every other is a command file in YAML or JSON.
    ///
    /// # Errors
    ///
    /// As [`from_yaml`](Self::from_yaml).
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, CommandError> {
        let mut source = Source::default();
        let mut first = None;
        for (name, text) in files {
            if Path::new(name).extension().is_some_and(|end| end == "jsonl") {
                source.examples.extend(example::read_lines(name, text)?);
            } else {
                source.add(File::new(name, text), Role::Main, None)?;
            }
            first.get_or_insert(name);
        }
        Self::compile(source, first.unwrap_or("the command set"))
    }

    /// Reads a set of labelled examples, a JSON object a line: `{"text", "intent", "slots": [{"name", "start", "end"}]}`.
    /// It has no templates, so only a parser [with an encoder](super::CommandParser::with_encoder) understands anything.
    ///
    /// # Errors
    ///
    /// [`CommandError`] gives file, line and how to mend it.
    pub fn from_jsonl(name: &str, text: &str) -> Result<Self, CommandError> {
        let examples = example::read_lines(name, text)?;
        Ok(Self {
            languages: BTreeMap::new(),
            intents: Arc::default(),
            examples: Arc::new(examples),
            outline: Arc::default(),
        })
    }

    /// Reads a set of labelled examples (`.jsonl`), a YAML file or a directory of them, such as Home Assistant's `sentences/en`, as one set. Lists and rules in
    /// the folders `lists` and `rules` beside `sentences` are read with it.
    ///
    /// # Errors
    ///
    /// As [`from_yaml`](Self::from_yaml), and [`CommandError::Read`] for what cannot be read.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, CommandError> {
        Self::load_where(path, |_| true)
    }

    /// As [`load`](Self::load), of a directory only those files of sentences that `wanted` accepts.
    ///
    /// # Errors
    ///
    /// As [`load`](Self::load).
    pub fn load_where(path: impl AsRef<Path>, wanted: impl Fn(&Path) -> bool) -> Result<Self, CommandError> {
        let path = path.as_ref();
        if path.extension().is_some_and(|end| end == "jsonl") {
            let (name, text) = read_text(path)?;
            return Self::from_jsonl(&name, &text);
        }
        let mut source = Source::default();
        if path.is_dir() {
            Directory::at(path).load(&mut source, &wanted)?;
        } else {
            add_file(&mut source, path, Role::Main)?;
        }
        Self::compile(source, &path.display().to_string())
    }

    fn compile(source: Source, name: &str) -> Result<Self, CommandError> {
        let mut languages = BTreeMap::new();
        for (code, language) in &source.languages {
            let program = compile(&source, code, language)?;
            let lists = program.lists.clone();
            let places = source.shared.scope.lists.iter().chain(&language.scope.lists);
            let places = places.map(|(name, list)| (name.clone(), list.at.clone())).collect();
            let language = Language { program: Arc::new(program), lists, places: Arc::new(places) };
            languages.insert(code.clone(), language);
        }
        let no_templates = languages.values().all(|language| language.program.sentences.is_empty());
        if no_templates && source.examples.is_empty() {
            return Err(CommandError::Read {
                path: name.to_owned(),
                reason: "no sentences in it; write `language: en` and `intents:` with your sentences".into(),
            });
        }
        let intents = source.declarations.into_iter().map(|(name, declared)| (name, declared.into()));
        let intents = Arc::new(intents.collect());
        let (examples, outline) = (Arc::new(source.examples), Arc::new(source.outline));
        Ok(Self { languages, intents, examples, outline })
    }

    /// The languages that the set has sentences in (ISO 639-1), in alphabetical order.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.keys().map(String::as_str)
    }

    /// The intents that the set has sentences or examples for, each once, in the order of the file.
    pub fn intents(&self) -> Vec<&str> {
        let blocks = self.languages.values().flat_map(|language| &language.program.blocks);
        let named =
            blocks.map(|block| &block.intent).chain(self.examples.iter().map(|example| &example.intent));
        let mut seen = HashSet::new();
        named.map(String::as_str).filter(|intent| seen.insert(*intent)).collect()
    }

    /// The lists that [`with_list`](Self::with_list) may fill, in alphabetical order.
    pub fn lists(&self) -> Vec<&str> {
        let mut lists: Vec<_> =
            self.languages.values().flat_map(|language| language.program.named_lists.keys()).collect();
        lists.sort();
        lists.dedup();
        lists.into_iter().map(String::as_str).collect()
    }

    /// The same set with other entries in a list, in all languages that have it: contacts, rooms, songs.
    ///
    /// # Errors
    ///
    /// [`CommandError::List`] if no language has the list or a template among the values is not well formed.
    pub fn with_list<V: Into<ListValue>>(
        &self,
        name: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Result<Self, CommandError> {
        let wrong = |found: String, mend: String| CommandError::List { name: name.to_owned(), found, mend };
        if !self.lists().contains(&name) {
            let mend = did_you_mean(
                name,
                self.lists(),
                "add it to the command file under `lists:` with `values: []`",
            );
            return Err(wrong("not in this set".into(), mend));
        }
        let mut compiled = Vec::new();
        for ListValue { text, value, context, is_template } in values.into_iter().map(Into::into) {
            let template = if is_template { Template::parse(&text) } else { Ok(Template::literal(&text)) };
            let template =
                template.map_err(|error| wrong(format!("{} in \"{text}\"", error.found), error.mend))?;
            compiled.push(RuntimeValue { template, value, context });
        }
        let mut set = self.clone();
        for (code, language) in &mut set.languages {
            let Some(number) = language.program.named_lists.get(name) else { continue };
            let list = value_list(&compiled, !language.program.ignore_whitespace, code).ok_or_else(|| {
                wrong("a value with `{list}`, `<rule>` or `;`".into(), "write the words out".into())
            })?;
            if let Some(slot) = language.lists.get_mut(*number as usize) {
                *slot = Arc::new(list);
            }
        }
        Ok(set)
    }
}

fn read(path: &Path) -> Result<File, CommandError> {
    read_text(path).map(|(name, text)| File::new(&name, &text))
}

/// The file's name for errors, and what it holds.
fn read_text(path: &Path) -> Result<(String, String), CommandError> {
    let name = path.display().to_string();
    let error = |reason: String| CommandError::Read { path: name.clone(), reason };
    let bytes = fs::read(path).map_err(|e| error(e.to_string()))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        error(format!("not UTF-8 at byte {}; save the file in UTF-8", e.utf8_error().valid_up_to()))
    })?;
    Ok((name, text))
}

/// `<intent>/<slot combination>.yaml` holds `data:` only: the folder names the intent.
fn add_file(source: &mut Source, path: &Path, role: Role) -> Result<(), CommandError> {
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    source.add(read(path)?, role, folder)
}

/// Where the files of a set are, seen from the path that was given.
struct Directory {
    sentences: PathBuf,
    /// The folder that holds `sentences`, `lists` and `rules`, if there is one.
    home: Option<PathBuf>,
    /// The language, if the path is the folder of one.
    language: Option<String>,
}

/// Deeper folders are links that lead in a circle.
const MAX_FOLDERS: usize = 12;

impl Directory {
    fn at(path: &Path) -> Self {
        let sentences = path.join("sentences");
        if sentences.is_dir() {
            return Self { sentences, home: Some(path.to_owned()), language: None };
        }
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let parent = path.parent().map(Path::to_owned);
        let is_sentences = |path: &Path| name(path).as_deref() == Some("sentences");
        if is_sentences(&path) {
            return Self { home: parent, sentences: path, language: None };
        }
        match parent.filter(|parent| is_sentences(parent)) {
            Some(parent) => {
                Self { home: parent.parent().map(Path::to_owned), language: name(&path), sentences: path }
            }
            None => Self { sentences: path, home: None, language: None },
        }
    }

    fn load(&self, source: &mut Source, wanted: &dyn Fn(&Path) -> bool) -> Result<(), CommandError> {
        let mut files = Vec::new();
        collect(&self.sentences, MAX_FOLDERS, &mut files)?;
        for file in files.iter().filter(|file| wanted(file)) {
            let main = file.strip_prefix(&self.sentences).unwrap_or(file);
            let is_library =
                main.components().any(|part| matches!(part.as_os_str().to_str(), Some("lists" | "rules")));
            add_file(source, file, if is_library { Role::Library } else { Role::Main })?;
        }
        let Some(home) = &self.home else { return Ok(()) };
        for folder in ["lists", "rules"].map(|name| home.join(name)).iter().filter(|folder| folder.is_dir()) {
            let mut files = Vec::new();
            collect(folder, MAX_FOLDERS, &mut files)?;
            for file in files {
                let inside = file.strip_prefix(folder).unwrap_or(&file);
                let language = inside.parent().and_then(|parent| parent.components().next());
                let language = language.and_then(|part| part.as_os_str().to_str());
                let wanted = match (language, &self.language) {
                    (Some(found), Some(wanted)) => found == wanted,
                    _ => true,
                };
                if wanted {
                    add_file(source, &file, Role::Library)?;
                }
            }
        }
        self.context_areas(source, home)
    }

    /// Home Assistant says in `intents.yaml` which slot combinations need the area that the speaker is in.
    fn context_areas(&self, source: &mut Source, home: &Path) -> Result<(), CommandError> {
        let path = home.join("intents.yaml");
        if !path.is_file() {
            return Ok(());
        }
        let Some(root) = read(&path)?.parse()? else { return Ok(()) };
        let Kind::Mapping(intents) = &root.kind else { return Ok(()) };
        for block in source.languages.values_mut().flat_map(|language| &mut language.blocks) {
            let intent = intents.iter().find(|(key, _)| key.name == block.intent);
            let Some(combination) = &block.combination else { continue };
            let needs_area = intent
                .and_then(|(_, intent)| {
                    intent.get("slot_combinations")?.get(combination)?.get("context_area")
                })
                .is_some_and(|node| node.value() == Some(SlotValue::Boolean(true)));
            if needs_area {
                block.requires.push(Requirement {
                    key: "area".into(),
                    values: None,
                    slot: Some("area".into()),
                });
            }
        }
        Ok(())
    }
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), CommandError> {
    let error = |reason: String| CommandError::Read { path: folder.display().to_string(), reason };
    if depth == 0 {
        return Err(error("folders nested too deep; is there a link in a circle?".into()));
    }
    let entries = fs::read_dir(folder).map_err(|e| error(e.to_string()))?;
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(|e| error(e.to_string()))?.path());
    }
    paths.sort_by_key(|path| (path.is_dir(), path.clone()));
    for path in paths {
        if path.is_dir() {
            collect(&path, depth - 1, files)?;
        } else if matches!(path.extension().and_then(|end| end.to_str()), Some("yaml" | "yml")) {
            files.push(path);
        }
    }
    Ok(())
}
