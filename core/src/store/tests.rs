use super::simulated::{Fault, LEFT, Simulated};
use super::*;
use proptest::prelude::*;
use std::fs;

const KIND: Kind = Kind { name: "test", number: 7, version: 2 };

fn open(folder: &Path) -> (Store, Found) {
    Store::open(folder, KIND).unwrap()
}

/// A store with a snapshot and three records; its file.
fn filled(folder: &Path) -> PathBuf {
    let (mut store, _) = open(folder);
    store.replace(b"snapshot").unwrap();
    ["one", "", "three"].iter().for_each(|record| store.append(record.as_bytes()).unwrap());
    store.path()
}

fn texts(found: &Found) -> Vec<String> {
    let parts = std::iter::once(&found.snapshot).chain(&found.records);
    parts.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
}

/// Whether `all` begins with what was found.
fn begins(all: &[&str], found: &[String]) -> bool {
    found.len() <= all.len() && all.iter().zip(found).all(|(all, found)| all == found)
}

fn files(folder: &Path) -> Vec<String> {
    let mut names = System::default().names(folder).unwrap();
    names.sort();
    names
}

#[test]
fn the_first_change_needs_a_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, found) = open(&folder.path().join("a/b"));
    assert_eq!(found, Found::default());
    assert!(store.is_snapshot_due());
    assert!(matches!(store.append(b"x"), Err(StoreError::SnapshotDue)));
    store.replace(b"").unwrap();
    assert!(!store.is_snapshot_due());
    store.append(b"x").unwrap();
}

#[test]
fn what_was_saved_is_found_in_order() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let (mut store, found) = open(folder.path());
    assert_eq!(
        (texts(&found), found.health),
        (vec!["snapshot".into(), "one".into(), "".into(), "three".into()], Health::Sound)
    );
    store.append(b"four").unwrap();
    store.replace(b"all").unwrap();
    store.append(b"five").unwrap();
    drop(store);
    assert_eq!(texts(&open(folder.path()).1), ["all", "five"]);
    assert_eq!(files(folder.path()), ["test.lock", "test.store"]);
}

#[test]
fn a_snapshot_is_due_after_many_records() {
    let folder = tempfile::tempdir().unwrap();
    let (mut store, _) = open(folder.path());
    store.replace(b"").unwrap();
    for _ in 0..MOST_RECORDS {
        assert!(!store.is_snapshot_due());
        store.append(b"x").unwrap();
    }
    assert!(store.is_snapshot_due());
    drop(store);
    assert!(open(folder.path()).0.is_snapshot_due(), "also when opened again");
    let (mut store, _) = open(folder.path());
    store.replace(b"").unwrap();
    store.append(&vec![0; MOST_TAIL]).unwrap();
    assert!(store.is_snapshot_due());
}

#[test]
fn a_file_cut_anywhere_loses_only_its_last_record() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(filled(folder.path())).unwrap();
    let ends = [(3, bytes.len()), (2, bytes.len() - 13), (1, bytes.len() - 21), (0, bytes.len() - 32)];
    for length in 0..=bytes.len() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("test.store"), &bytes[..length]).unwrap();
        let (mut store, found) = open(folder.path());
        match ends.iter().find(|(_, end)| *end <= length) {
            Some(&(records, end)) => {
                assert_eq!(found.records.len(), records, "at {length}");
                let lost = length - end;
                let health = if lost == 0 { Health::Sound } else { Health::TailCut { bytes: lost } };
                assert_eq!(found.health, health);
                assert_eq!(store.disk.read(&store.path()).unwrap().len(), end, "the tail is gone");
                store.append(b"more").unwrap();
            }
            None => {
                let kept = folder.path().join("test.store.corrupt-1");
                assert_eq!(found.health, Health::Damaged { kept: Some(kept.clone()) }, "at {length}");
                assert_eq!(fs::read(kept).unwrap(), &bytes[..length]);
                store.replace(b"more").unwrap();
            }
        }
        drop(store);
        let (_, found) = open(folder.path());
        assert_eq!(
            (texts(&found).pop().unwrap(), found.health),
            ("more".into(), Health::Sound),
            "reported once"
        );
    }
}

#[test]
fn a_changed_byte_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(filled(folder.path())).unwrap();
    for place in 0..bytes.len() {
        let folder = tempfile::tempdir().unwrap();
        let mut changed = bytes.clone();
        changed[place] ^= 0x10;
        fs::write(folder.path().join("test.store"), &changed).unwrap();
        let (_, found) = open(folder.path());
        assert_ne!(found.health, Health::Sound, "byte {place}");
        assert!(begins(&["snapshot", "one", "", "three"], &texts(&found)) || found.snapshot.is_empty());
    }
}

#[test]
fn zeros_behind_the_end_are_no_records() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    fs::OpenOptions::new()
        .append(true)
        .open(&path)
        .and_then(|mut file| io::Write::write_all(&mut file, &[0; 64]))
        .unwrap();
    let (_, found) = open(folder.path());
    assert_eq!((found.records.len(), found.health), (3, Health::TailCut { bytes: 64 }));
}

#[test]
fn damaged_files_are_kept_aside_three_at_most_until_a_purge() {
    let folder = tempfile::tempdir().unwrap();
    for number in 1..=5 {
        fs::write(folder.path().join("test.store"), format!("secret {number}")).unwrap();
        open(folder.path());
    }
    let aside = ["test.lock", "test.store.corrupt-1", "test.store.corrupt-2", "test.store.corrupt-3"];
    assert_eq!(files(folder.path()), aside);
    assert_eq!(fs::read(folder.path().join(aside[3])).unwrap(), b"secret 5");
    fs::write(folder.path().join("test.store.new"), "left by a kill").unwrap();
    let (mut store, _) = open(folder.path());
    assert_eq!(files(folder.path()), aside, "a file that never took its place goes at once");
    store.purge(b"clean").unwrap();
    assert_eq!(files(folder.path()), ["test.lock", "test.store"]);
    store.erase().unwrap();
    assert_eq!(files(folder.path()), ["test.lock"]);
    store.replace(b"new life").unwrap();
    store.append(b"x").unwrap();
}

#[test]
fn a_second_one_may_read() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, _) = open(folder.path());
    first.replace(b"snapshot").unwrap();
    let (mut second, found) = open(folder.path());
    assert_eq!(found.snapshot, b"snapshot");
    assert_eq!(second.read_only(), Some(ReadOnly::InUse));
    let refused = |outcome| matches!(outcome, Err(StoreError::ReadOnly(ReadOnly::InUse)));
    assert!(refused(second.append(b"x")) && refused(second.replace(b"x")) && refused(second.purge(b"x")));
    assert!(refused(second.erase()));
    first.append(b"the first goes on").unwrap();
    drop(first);
    assert_eq!(open(folder.path()).0.read_only(), None);
}

#[test]
fn a_reader_leaves_a_damaged_or_torn_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = filled(folder.path());
    let _first = open(folder.path());
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(open(folder.path()).1.health, Health::TailCut { bytes: 12 });
    fs::write(&path, b"junk").unwrap();
    assert_eq!(open(folder.path()).1.health, Health::Damaged { kept: None });
    assert_eq!(files(folder.path()), ["test.lock", "test.store"]);
}

#[test]
fn a_newer_file_is_never_touched() {
    let newer_kind = format::file(Kind { version: 3, ..KIND }, b"from the future");
    let mut newer_format = format::file(KIND, b"from the future");
    newer_format[8] = 2;
    let crc = crc32fast::hash(&newer_format[..28]).to_le_bytes();
    newer_format[28..32].copy_from_slice(&crc);
    for bytes in [newer_kind, newer_format] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.store");
        fs::write(&path, &bytes).unwrap();
        let (mut store, found) = open(folder.path());
        assert_eq!(found, Found::default());
        let refused = |outcome| matches!(outcome, Err(StoreError::ReadOnly(ReadOnly::Newer)));
        assert!(refused(store.append(b"x")) && refused(store.replace(b"x")) && refused(store.erase()));
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn another_kind_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path());
    let other = Store::open(folder.path(), Kind { number: 8, ..KIND });
    assert!(matches!(other, Err(StoreError::OtherKind { .. })));
}

#[test]
#[cfg(unix)]
fn files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = filled(&folder.path().join("store"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
}

/// What a user of the room does with one change.
fn save(store: &mut Store, all: &mut Vec<String>, change: &str) -> Result<(), StoreError> {
    all.push(change.to_owned());
    let snapshot = all.join(",");
    if change.starts_with("purge") {
        store.purge(snapshot.as_bytes())
    } else if store.is_snapshot_due() || change.starts_with("whole") {
        store.replace(snapshot.as_bytes())
    } else {
        store.append(change.as_bytes())
    }
}

fn saved(disk: &Simulated) -> Vec<String> {
    let (_, found) = Store::open_on(Box::new(disk.clone()), Path::new("folder"), KIND).unwrap();
    texts(&found)
        .iter()
        .flat_map(|text| text.split(','))
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

const CHANGES: [&str; 9] = ["a", "b", "c", "whole d", "e", "f", "purge g", "h", "i"];

/// Every operation fails once, in every way; after it the store goes on, and after a power cut at any later change at
/// most the change that was being saved is missing.
#[test]
fn any_failure_costs_at_most_the_last_change() {
    let count = {
        let disk = Simulated::default();
        run(&disk, CHANGES.len()).unwrap();
        disk.operations()
    };
    assert!(count > 25, "{count}");
    for at in 1..=count {
        for fault in [Fault::Refused, Fault::Half, Fault::Down] {
            for until in 1..=CHANGES.len() {
                let disk = Simulated::default();
                disk.fail(at, fault);
                let Some(acknowledged) = run(&disk, until) else { continue };
                for (bytes, names) in LEFT.iter().flat_map(|bytes| LEFT.map(|names| (*bytes, names))) {
                    let found = saved(&disk.after_power_cut(bytes, names));
                    let told = format!("{fault:?} at {at} of {until}, left {bytes:?} {names:?}: {found:?}");
                    assert!(found.len() >= acknowledged, "less than {acknowledged} acknowledged: {told}");
                    assert!(begins(&CHANGES, &found), "{told}");
                }
            }
        }
    }
}

/// Saves the first `until` changes. The last change that was acknowledged; `None` if the store could not even be
/// opened.
fn run(disk: &Simulated, until: usize) -> Option<usize> {
    let (mut store, _) = Store::open_on(Box::new(disk.clone()), Path::new("folder"), KIND).ok()?;
    let mut all = Vec::new();
    let mut acknowledged = 0;
    for (number, change) in CHANGES[..until].iter().enumerate() {
        if save(&mut store, &mut all, change).is_ok() {
            acknowledged = number + 1;
        }
    }
    Some(acknowledged)
}

#[test]
fn a_snapshot_that_failed_leaves_nothing_behind() {
    let disk = Simulated::default();
    let (mut store, _) = Store::open_on(Box::new(disk.clone()), Path::new("folder"), KIND).unwrap();
    for operation in 1..=2 {
        disk.fail(operation, Fault::Half);
        assert!(matches!(store.replace(b"half of it"), Err(StoreError::Io { .. })));
        assert!(!disk.holds(b"SPATZST"));
    }
    assert!(store.is_snapshot_due());
}

/// Once a purge is acknowledged, nothing on the disk holds what was taken out, whatever failed before.
#[test]
fn purged_is_purged() {
    for at in 1..40 {
        for fault in [Fault::Refused, Fault::Half] {
            let disk = Simulated::default();
            disk.fail(at, fault);
            let Ok((mut store, _)) = Store::open_on(Box::new(disk.clone()), Path::new("folder"), KIND) else {
                continue;
            };
            let _ = store.replace(b"the secret");
            let _ = store.append(b"another secret").or_else(|_| store.replace(b"another secret"));
            let _ = store.set_aside();
            let _ = store.replace(b"the secret again");
            let purged = store.purge(b"clean").or_else(|_| store.purge(b"clean"));
            purged.unwrap();
            assert!(!disk.holds(b"secret"), "{fault:?} at {at}");
            store.erase().or_else(|_| store.erase()).unwrap();
            assert!(!disk.holds(b"clean"), "{fault:?} at {at}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_can_be_opened(bytes in prop::collection::vec(any::<u8>(), 0..200), framed: bool) {
        let mut disk = Simulated::default();
        let bytes = if framed { [format::file(KIND, &bytes[..bytes.len() / 2]), bytes].concat() } else { bytes };
        disk.write(Path::new("folder/test.store"), &bytes).unwrap();
        let (mut store, _) = Store::open_on(Box::new(disk), Path::new("folder"), KIND).unwrap();
        store.replace(b"goes on").unwrap();
    }

    #[test]
    fn what_is_saved_is_read_back(snapshot: Vec<u8>, records: Vec<Vec<u8>>) {
        let disk = Simulated::default();
        let open = || Store::open_on(Box::new(disk.clone()), Path::new("folder"), KIND).unwrap();
        let (mut store, _) = open();
        store.replace(&snapshot).unwrap();
        records.iter().for_each(|record| store.append(record).unwrap());
        drop(store);
        prop_assert_eq!(open().1, Found { snapshot, records, health: Health::Sound });
    }
}
