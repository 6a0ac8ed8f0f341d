//! Packing: what `spatz-tailor` writes is what `spatz` reads.

mod common;

use common::TinyPackage;
use spatz::Model;
use spatz::command::{CommandParser, CommandSet, LEARNED_SECTION, ParseContext};
use spatz::model::gguf::Layout;
use spatz_tailor::package::pack;
use std::fs;

/// The metadata entries of `file` that are not Spatz's own, byte for byte.
fn foreign_entries(file: &[u8]) -> Vec<&[u8]> {
    let layout = Layout::read(file, "test").unwrap();
    let entries = layout.entries.iter().filter(|entry| !entry.key.starts_with("spatz."));
    entries.filter(|entry| entry.key != "general.alignment").map(|entry| entry.raw).collect()
}

#[test]
fn a_package_holds_the_plain_model_and_its_sections() {
    let package = TinyPackage::new();
    let plain = Model::open(package.path("plain.gguf")).unwrap();
    let packed = Model::open(package.path("package.gguf")).unwrap();
    assert_eq!(packed.architecture(), plain.architecture());
    assert_eq!(packed.info().format_version, Some(1));
    assert_eq!(packed.info().sections, ["lexicon", "empty"]);
    assert_eq!(packed.section("lexicon"), Some(&[7; 1000][..]));
    assert_eq!(packed.section("empty"), Some(&[][..]));
    assert_eq!(packed.section("other"), None);

    let bytes = package.bytes();
    let layout = Layout::read(&bytes, "test").unwrap();
    assert_eq!(layout.alignment, 64);
    for tensor in &layout.tensors {
        let (there, here) = (plain.tensor(tensor.name).unwrap(), packed.tensor(tensor.name).unwrap());
        assert_eq!(
            (there.shape, there.dtype, there.bytes),
            (here.shape, here.dtype, here.bytes),
            "{}",
            tensor.name
        );
    }
    let verified = packed.verify().unwrap();
    assert!(verified.checked_bytes == verified.read_bytes && verified.checked_bytes > 1000);
    assert_eq!(foreign_entries(&bytes), foreign_entries(&package.plain_bytes()));
}

#[test]
fn packing_a_package_again_replaces_its_sections() {
    let package = TinyPackage::new();
    let (once, again) = (package.path("package.gguf"), package.path("again.gguf"));
    pack(&once, &[("words", vec![1, 2, 3])], &again).unwrap();
    let model = Model::open(&again).unwrap();
    assert_eq!(model.info().sections, ["words"]);
    assert_eq!(model.section("words"), Some(&[1, 2, 3][..]));

    // With the same sections it is the same file, and it may replace itself.
    pack(&again, &[("lexicon", vec![7; 1000]), ("empty", vec![])], &again).unwrap();
    assert_eq!(fs::read(&again).unwrap(), package.bytes());
    assert_eq!(
        model.section("words"),
        Some(&[1, 2, 3][..]),
        "an open model keeps the file that it has mapped"
    );
}

#[test]
fn without_sections_there_are_still_checksums() {
    let package = TinyPackage::new();
    let bare = package.path("bare.gguf");
    pack(&package.path("plain.gguf"), &[], &bare).unwrap();
    let verified = Model::open(&bare).unwrap().verify().unwrap();
    assert_eq!(verified.checked_bytes, verified.read_bytes);
    let mut bytes = fs::read(&bare).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&bare, bytes).unwrap();
    let error = Model::open(&bare).unwrap().verify().unwrap_err().to_string();
    assert!(
        error.contains("the tensor data has the checksum") || error.contains("the tensor data: has"),
        "{error}"
    );
}

#[test]
fn what_cannot_be_packed_leaves_the_old_package_and_no_litter() {
    let package = TinyPackage::new();
    let (plain, out) = (package.path("plain.gguf"), package.path("package.gguf"));
    let old = package.bytes();
    let twice = [("a", vec![1]), ("a", vec![2])];
    assert!(pack(&plain, &twice, &out).unwrap_err().to_string().contains("section a is there twice"));
    assert!(pack(&plain, &[("", vec![1])], &out).is_err());
    fs::write(package.path("broken.gguf"), &old[..old.len() / 2]).unwrap();
    assert!(pack(&package.path("broken.gguf"), &[], &out).is_err());
    assert_eq!(package.bytes(), old);
    let mut names: Vec<_> =
        fs::read_dir(out.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["broken.gguf", "package.gguf", "plain.gguf"]);
}

#[test]
fn what_was_fitted_ahead_is_taken_from_the_package_and_not_learned_again() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let encoder = root.join("models/spatz-sentence.gguf");
    let lines = |jazz: &str| {
        let line = |text: &str, intent: &str| format!(r#"{{"text": "{text}", "intent": "{intent}"}}"#);
        [
            line(&format!("play {jazz}"), "Play"),
            line("some music please", "Play"),
            line("stop it", "Stop"),
            line("be quiet", "Stop"),
        ]
        .join("\n")
    };
    let set = |jazz| CommandSet::from_jsonl("x.jsonl", &lines(jazz)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("own.gguf");
    let added = spatz_tailor::commands::fit(set("jazz"), &encoder, &out).unwrap();

    let (shipped, own) = (Model::open(&encoder).unwrap(), Model::open(&out).unwrap());
    let section = own.section(LEARNED_SECTION).unwrap();
    assert_eq!((section.len(), own.fingerprint()), (added, shipped.fingerprint()));
    assert_eq!(own.architecture(), shipped.architecture(), "what describes the encoder is kept");
    let fitted = CommandParser::with_encoder(set("jazz"), &shipped).unwrap();
    // Bytes that were made for another encoder or set would be refused here.
    let saved = CommandParser::with_saved(set("jazz"), &own, section).unwrap();
    let opened = CommandParser::with_encoder(set("jazz"), &own).unwrap();
    for text in ["play blues", "quiet please", "what is the capital of France"] {
        let context = ParseContext::default();
        assert_eq!(opened.parse(text, &context), fitted.parse(text, &context));
        assert_eq!(saved.parse(text, &context), fitted.parse(text, &context));
    }
    assert!(CommandParser::with_saved(set("blues"), &own, section).is_err());
    assert!(CommandParser::with_encoder(set("blues"), &own).is_ok(), "a changed set is learned anew");
}
