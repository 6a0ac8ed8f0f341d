//! What a keyboard learns, over processes, kills and broken disks: on a small random package with a list of its own.

mod common;

use common::disk::{Operation, WatchedDisk};
use common::packed;
use spatz::predict::{
    Field, LearnedPage, LearnedQuery, LearningError, PredictorOptions, SupplementaryWord, TextInput,
    TextPredictor,
};
use spatz::store::{Health, ReadOnly, StoreError};
use spatz::{CancelToken, Model};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;

const LIST: &str = "word\tcount_en\tcount_de\nthe\t50\t0\nthem\t5\t0\nsee\t9\t0\nyou\t20\t0\nim\t0\t20\nmit\t0\t9\n\
    morgen\t0\t9\nHaus\t0\t6\nkind\t4\t0\n";
const HOUR: u64 = 3600;

/// A keyboard and a folder for it.
struct Fixture {
    _package: common::TinyPackage,
    model: Model,
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let (package, model) = packed(LIST);
        Self { _package: package, model, folder: tempfile::tempdir().unwrap() }
    }

    fn keyboard(&self) -> TextPredictor {
        TextPredictor::new(&self.model, PredictorOptions::default()).unwrap()
    }

    fn attached(&self) -> TextPredictor {
        let keyboard = self.keyboard();
        let attached = keyboard.attach_store(self.folder.path()).unwrap();
        assert_eq!((attached.read_only, attached.health), (None, Health::Sound));
        keyboard
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("personal.store")
    }
}

fn texts(keyboard: &TextPredictor, context: &str, composing: &str) -> Vec<String> {
    let input = TextInput { context, composing, limit: 5, ..TextInput::default() };
    let answer = keyboard.suggest(&input, &CancelToken::new()).unwrap();
    answer.candidates.into_iter().map(|candidate| candidate.text).collect()
}

fn own(keyboard: &TextPredictor) -> Vec<(String, u32)> {
    let query = LearnedQuery { own_only: true, ..LearnedQuery::default() };
    keyboard.learned(query).words.into_iter().map(|word| (word.text, word.sent)).collect()
}

/// Whether a file below `folder` holds `text`, in whatever case.
fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = fs::read(entry.unwrap().path()).unwrap().to_ascii_lowercase();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn what_is_learned_outlives_the_process() {
    let fixture = Fixture::new();
    let keyboard = fixture.attached();
    (0..3).for_each(|at| keyboard.learn("see you im Kiez", Field::Message, at * HOUR).unwrap());
    keyboard.keep("Spatzl", HOUR).unwrap();
    let before = texts(&keyboard, "see you im ", "k");
    assert_eq!(before[0], "Kiez");
    drop(keyboard);
    let keyboard = fixture.attached();
    assert_eq!(texts(&keyboard, "see you im ", "k"), before);
    assert_eq!(texts(&keyboard, "", "spa"), ["Spatzl"]);
    assert_eq!(own(&keyboard), [("Kiez".into(), 3), ("Spatzl".into(), 0)]);
    assert!(keyboard.has_learned("kiez") && !keyboard.has_learned("kie"));
}

#[test]
fn an_autocorrection_taken_back_is_remembered() {
    let fixture = Fixture::new();
    let keyboard = fixture.attached();
    let spatzl = || vec![("Spatzl".to_owned(), 0)];
    keyboard.reject("Spatzl", HOUR);
    keyboard.reject("13:45", HOUR);
    assert_eq!(own(&keyboard), spatzl());
    assert!(!holds(fixture.folder.path(), "spatzl"), "the next keystroke does not wait for the disk");
    keyboard.save().unwrap();
    assert!(holds(fixture.folder.path(), "spatzl"));
    keyboard.reject("Spatzi", HOUR);
    keyboard.learn("im Kiez", Field::Message, HOUR).unwrap();
    assert!(holds(fixture.folder.path(), "spatzi"), "saved with the next change");
    keyboard.forget("Spatzi").unwrap();
    keyboard.forget("Kiez").unwrap();
    drop(keyboard);
    let keyboard = fixture.keyboard();
    keyboard.reject("Schnurpsel", HOUR);
    keyboard.attach_store(fixture.folder.path()).unwrap();
    assert!(holds(fixture.folder.path(), "schnurpsel"), "saved with a folder that came later");
    keyboard.forget("Schnurpsel").unwrap();
    drop(keyboard);
    let keyboard = fixture.attached();
    assert_eq!(own(&keyboard), spatzl());
    keyboard.forget_since(HOUR).unwrap();
    assert!(own(&keyboard).is_empty());
}

#[test]
fn only_messages_are_learned_from() {
    let fixture = Fixture::new();
    let keyboard = fixture.attached();
    keyboard.learn("see you", Field::Message, HOUR).unwrap();
    for field in [Field::Password, Field::Email, Field::Url, Field::Number, Field::Private] {
        keyboard.learn("geheim", field, HOUR).unwrap();
        keyboard.learn("geheim", field, HOUR).unwrap();
    }
    assert!(own(&keyboard).is_empty() && texts(&keyboard, "", "gehei").is_empty());
    assert!(!holds(fixture.folder.path(), "geheim"));
}

#[test]
fn a_folder_can_come_later() {
    let fixture = Fixture::new();
    let keyboard = fixture.attached();
    ["im Kiez", "im Kiez", "mit Anna", "mit Anna"]
        .iter()
        .for_each(|text| keyboard.learn(text, Field::Message, HOUR).unwrap());
    drop(keyboard);
    let keyboard = fixture.keyboard();
    keyboard.learn("mit Otto", Field::Message, 2 * HOUR).unwrap();
    keyboard.learn("mit Otto", Field::Message, 2 * HOUR).unwrap();
    keyboard.forget("Anna").unwrap();
    keyboard.attach_store(fixture.folder.path()).unwrap();
    assert_eq!(own(&keyboard), [("Kiez".into(), 2), ("Otto".into(), 2)]);
    assert!(!holds(fixture.folder.path(), "anna") && holds(fixture.folder.path(), "otto"));
    assert!(matches!(keyboard.attach_store(fixture.folder.path()), Err(LearningError::Attached)));
    drop(keyboard);
    let keyboard = fixture.keyboard();
    keyboard.learn("old Eva", Field::Message, HOUR).unwrap();
    keyboard.erase().unwrap();
    keyboard.learn("new Eva", Field::Message, HOUR).unwrap();
    keyboard.attach_store(fixture.folder.path()).unwrap();
    assert_eq!(own(&keyboard), [("Eva".into(), 1), ("new".into(), 1)]);
    assert!(!holds(fixture.folder.path(), "otto"), "erased before the folder was at hand");
}

#[test]
fn forgotten_words_are_nowhere() {
    let fixture = Fixture::new();
    fs::write(fixture.file(), "damaged, with Kiez and Anna in it").unwrap();
    let keyboard = fixture.keyboard();
    let kept = fixture.folder.path().join("personal.store.corrupt-1");
    let attached = keyboard.attach_store(fixture.folder.path()).unwrap();
    assert_eq!(attached.health, Health::Damaged { kept: Some(kept) });
    for at in 0..3 {
        keyboard.learn("im Kiez mit Anna und Otto", Field::Message, at * HOUR).unwrap();
    }
    assert!(holds(fixture.folder.path(), "kiez") && holds(fixture.folder.path(), "damaged"));
    keyboard.forget("KIEZ").unwrap();
    assert!(!holds(fixture.folder.path(), "kiez"));
    keyboard.learn("im Kiez", Field::Message, 3 * HOUR).unwrap();
    assert!(!holds(fixture.folder.path(), "kiez") && !holds(fixture.folder.path(), "damaged"));
    drop(keyboard);
    let keyboard = fixture.attached();
    assert!(texts(&keyboard, "im ", "ki").iter().all(|word| word != "Kiez"), "forgotten stays forgotten");
    keyboard.learn("mit Eva", Field::Message, 100 * HOUR).unwrap();
    keyboard.forget_since(99 * HOUR).unwrap();
    assert!(!holds(fixture.folder.path(), "eva") && holds(fixture.folder.path(), "anna"));
    keyboard.erase().unwrap();
    assert!(!holds(fixture.folder.path(), "anna"));
    assert_eq!(fs::read_dir(fixture.folder.path()).unwrap().count(), 1, "the empty file of the lock");
    assert_eq!(keyboard.learned(LearnedQuery::default()), LearnedPage::default());
    keyboard.learn("im Kiez", Field::Message, HOUR).unwrap();
    assert!(holds(fixture.folder.path(), "kiez"), "nothing is left of what was forgotten either");
}

#[test]
fn a_second_keyboard_reads() {
    let fixture = Fixture::new();
    let first = fixture.attached();
    (0..2).for_each(|_| first.learn("im Kiez", Field::Message, HOUR).unwrap());
    let second = fixture.keyboard();
    let attached = second.attach_store(fixture.folder.path()).unwrap();
    assert_eq!(attached.read_only, Some(ReadOnly::InUse));
    assert!(second.has_learned("Kiez"));
    second.learn("mit Otto", Field::Message, HOUR).unwrap();
    let refused = |outcome: Result<(), LearningError>| {
        matches!(outcome, Err(LearningError::Store(StoreError::ReadOnly(ReadOnly::InUse))))
    };
    assert!(refused(second.forget("Kiez")) && refused(second.keep("Otto", HOUR)) && refused(second.erase()));
    assert!(refused(second.forget_since(0)) && refused(second.import("dictionary=\n", HOUR).map(drop)));
    assert!(second.has_learned("Kiez"), "what cannot be saved is not done");
    (0..2).for_each(|_| first.learn("mit Eva", Field::Message, HOUR).unwrap());
    second.attach_store(fixture.folder.path()).unwrap();
    assert_eq!(
        own(&second),
        [("Eva".into(), 2), ("Kiez".into(), 2)],
        "attached again, it reads what is there by now"
    );
    drop(first);
    assert_eq!(second.attach_store(fixture.folder.path()).unwrap().read_only, None);
    second.forget("Kiez").unwrap();
}

#[test]
fn a_newer_file_is_left_alone() {
    let fixture = Fixture::new();
    fixture.attached().keep("Kiez", HOUR).unwrap();
    let mut bytes = fs::read(fixture.file()).unwrap();
    bytes[12] += 1;
    let crc = crc32fast::hash(&bytes[..28]).to_le_bytes();
    bytes[28..32].copy_from_slice(&crc);
    fs::write(fixture.file(), &bytes).unwrap();
    let keyboard = fixture.keyboard();
    let attached = keyboard.attach_store(fixture.folder.path()).unwrap();
    assert_eq!((attached.read_only, attached.health), (Some(ReadOnly::Newer), Health::Sound));
    keyboard.learn("mit Otto", Field::Message, HOUR).unwrap();
    assert!(keyboard.forget("Kiez").is_err() && keyboard.erase().is_err());
    assert_eq!(fs::read(fixture.file()).unwrap(), bytes);
}

/// Killed at any byte of any change, at most the last message is missing.
#[test]
fn a_kill_at_any_byte_costs_at_most_the_last_message() {
    let fixture = Fixture::new();
    let keyboard = fixture.attached();
    let mut lengths = Vec::new();
    for at in 0..4 {
        keyboard
            .learn(&format!("im Kiez {}", ["a", "b", "c", "d"][at]), Field::Message, at as u64 * HOUR)
            .unwrap();
        lengths.push(fs::metadata(fixture.file()).unwrap().len() as usize);
    }
    drop(keyboard);
    let bytes = fs::read(fixture.file()).unwrap();
    for length in lengths[0]..=bytes.len() {
        fs::write(fixture.file(), &bytes[..length]).unwrap();
        let keyboard = fixture.keyboard();
        let attached = keyboard.attach_store(fixture.folder.path()).unwrap();
        let messages = lengths.iter().filter(|&&end| end <= length).count();
        assert_eq!(own(&keyboard).iter().find(|(word, _)| word == "Kiez").unwrap().1 as usize, messages);
        let cut = length - lengths[messages - 1];
        assert_eq!(attached.health, if cut == 0 { Health::Sound } else { Health::TailCut { bytes: cut } });
    }
}

/// Each operation fails once; whatever was said to be saved is saved, and whatever was said to be forgotten is gone.
#[test]
fn any_operation_may_fail() {
    let count = Arc::new(AtomicUsize::new(0));
    let mut at = 0;
    loop {
        count.store(0, Ordering::Relaxed);
        let fixture = Fixture::new();
        let keyboard = fixture.keyboard();
        let disk = || {
            let count = count.clone();
            WatchedDisk::boxed(move |_| match count.fetch_add(1, Ordering::Relaxed) {
                number if number == at => Err(io::Error::other("no space")),
                _ => Ok(()),
            })
        };
        let attach = || keyboard.attach_store_on(disk(), fixture.folder.path());
        attach().or_else(|_| attach()).unwrap();
        let mut saved = 0;
        for at in 1..=3 {
            // A change that failed is saved with the next one.
            if keyboard.learn("im Kiez mit Anna", Field::Message, HOUR).is_ok() {
                saved = at;
            }
        }
        keyboard.forget("Anna").or_else(|_| keyboard.forget("Anna")).unwrap();
        assert!(!holds(fixture.folder.path(), "anna"), "at {at}");
        let last = keyboard.learn("im Kiez", Field::Message, HOUR).is_ok();
        drop(keyboard);
        let keyboard = fixture.attached_after_faults();
        let sent = own(&keyboard).iter().find(|(word, _)| word == "Kiez").map_or(0, |(_, sent)| *sent);
        assert!(sent >= if last { 4 } else { saved.max(3) }, "{sent} at {at}");
        if count.load(Ordering::Relaxed) <= at {
            break;
        }
        at += 1;
    }
    assert!(at > 15, "{at} operations");
}

impl Fixture {
    fn attached_after_faults(&self) -> TextPredictor {
        let keyboard = self.keyboard();
        assert_eq!(keyboard.attach_store(self.folder.path()).unwrap().read_only, None);
        keyboard
    }
}

#[test]
fn no_keystroke_waits_for_the_disk() {
    let fixture = Fixture::new();
    let keyboard = fixture.keyboard();
    let (reached, is_reached) = channel();
    let (go_on, may_go_on) = channel::<()>();
    // Does not come back from a sync until it may.
    let may_go_on = Mutex::new(may_go_on);
    let disk = WatchedDisk::boxed(move |operation| {
        if operation == Operation::Sync {
            let _ = reached.send(());
            let _ = may_go_on.lock().unwrap().recv();
        }
        Ok(())
    });
    keyboard.attach_store_on(disk, fixture.folder.path()).unwrap();
    thread::scope(|scope| {
        let learning = scope.spawn(|| keyboard.learn("im Kiez", Field::Message, HOUR));
        is_reached.recv().unwrap();
        assert!(!texts(&keyboard, "im ", "").is_empty());
        assert_eq!(own(&keyboard), [("Kiez".into(), 1)]);
        drop(go_on);
        learning.join().unwrap().unwrap();
    });
}

#[test]
fn a_list_has_pages() {
    let fixture = Fixture::new();
    let keyboard = fixture.keyboard();
    keyboard.learn("the Kiez mit Anna und Otto", Field::Message, HOUR).unwrap();
    let page = |own_only, offset, limit| {
        let page = keyboard.learned(LearnedQuery { own_only, offset, limit });
        (page.words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" "), page.total)
    };
    assert_eq!(page(false, 0, 3), ("Anna Kiez mit".into(), 6));
    assert_eq!(page(false, 3, 9), ("Otto the und".into(), 6));
    assert_eq!(page(true, 1, 2), ("Kiez Otto".into(), 4));
    assert_eq!(page(true, 9, 2), ("".into(), 4));
    let words = keyboard.learned(LearnedQuery::default()).words;
    assert!(words.iter().find(|word| word.text == "the").unwrap().listed);
}

#[test]
fn what_is_exported_goes_to_another_phone() {
    let old = Fixture::new();
    let keyboard = old.attached();
    (0..3).for_each(|_| keyboard.learn("see you im Kiez mit Anna", Field::Message, HOUR).unwrap());
    keyboard.forget("Anna").unwrap();
    let text = keyboard.export();
    assert!(!text.contains("Anna"));
    let new = Fixture::new();
    let other = new.attached();
    let imported = other.import(&text, 2 * HOUR).unwrap();
    assert_eq!((imported.words, imported.left_out), (5, 0));
    assert_eq!(texts(&other, "see you im ", "k")[0], "Kiez");
    drop(other);
    let other = new.attached();
    other.learn("mit Anna", Field::Message, 3 * HOUR).unwrap();
    other.learn("mit Anna", Field::Message, 3 * HOUR).unwrap();
    assert!(!other.has_learned("Anna"), "what was forgotten there stays forgotten here");
    assert_eq!(own(&other), [("Kiez".into(), 3)]);
    let before = other.export();
    let error = other.import("# Spatz learned words 1\nword\tOtto\t2\noops\n", HOUR).unwrap_err();
    assert!(error.to_string().starts_with("line 3: "), "{error}");
    assert_eq!(other.export(), before, "nothing was taken");
    other.forget_since(2 * HOUR).unwrap();
    assert!(own(&other).is_empty(), "an import can be taken back");
}

#[test]
fn a_word_list_brings_what_the_package_lacks() {
    let fixture = Fixture::new();
    let mut options = PredictorOptions::default();
    options.blocked = vec!["Kieznix".into()];
    let keyboard = TextPredictor::new(&fixture.model, options).unwrap();
    keyboard.attach_store(fixture.folder.path()).unwrap();
    keyboard.forget("Kiosk").unwrap();
    let list = "dictionary=main:de,locale=de\n word=the,f=222\n word=Kiez,f=100\n word=Kiosk,f=90\n word=Kieznix,f=80\n word=Kita,f=120\n";
    let imported = keyboard.import(list, HOUR).unwrap();
    assert_eq!((imported.words, imported.left_out), (2, 3));
    let mut found = texts(&keyboard, "im ", "ki");
    found.retain(|word| !word.eq_ignore_ascii_case("kind"));
    assert_eq!(found, ["Kita", "Kiez"]);
    keyboard.set_supplementary(vec![SupplementaryWord { text: "Kirsten".into(), expansion: None }]);
    assert!(texts(&keyboard, "im ", "ki").contains(&"Kirsten".to_owned()));
    assert!(
        own(&keyboard).iter().all(|(word, _)| word != "Kirsten") && !keyboard.export().contains("Kirsten")
    );
    assert!(!holds(fixture.folder.path(), "kirsten"));
    keyboard.set_supplementary(Vec::new());
    assert!(!texts(&keyboard, "im ", "ki").contains(&"Kirsten".to_owned()));
    assert!(matches!(keyboard.keep("two words", HOUR), Err(LearningError::NoWord)));
}

/// Sixty messages of somebody with ways of their own: what they write next is among three far more often, and a restart costs
/// nothing of it.
#[test]
fn sixty_messages_help_and_outlive_a_restart() {
    let places = ["Kiez", "Park", "Hof", "Bad", "Club", "Zoo"];
    let names = ["Anna", "Otto", "Eva", "Kim"];
    let message = |number: usize| {
        let (place, name) = (places[number * 7 % 6], names[number * 5 % 4]);
        [
            format!("see you im {place} mit {name}"),
            format!("morgen im {place}"),
            format!("mit {name} im {place}"),
        ][number % 3]
            .clone()
    };
    let fixture = Fixture::new();
    let hits = |keyboard: &TextPredictor| {
        let mut hits = 0;
        for number in 60..90 {
            let text = message(number);
            for (place, _) in text.match_indices(' ') {
                let (context, word) = text.split_at(place + 1);
                let word = word.split(' ').next().unwrap();
                hits += usize::from(texts(keyboard, context, "").iter().take(3).any(|found| found == word));
            }
        }
        hits
    };
    let keyboard = fixture.attached();
    let before = hits(&keyboard);
    (0..60)
        .for_each(|number| keyboard.learn(&message(number), Field::Message, number as u64 * HOUR).unwrap());
    let after = hits(&keyboard);
    assert!(after > before + 40, "{before} before, {after} after");
    keyboard.forget("nothing that was ever sent").unwrap();
    drop(keyboard);
    let again = hits(&fixture.attached());
    assert!(again.abs_diff(after) <= 2, "{after} before the restart, {again} after it");
}
