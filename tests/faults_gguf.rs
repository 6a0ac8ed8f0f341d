//! Damaged and hostile GGUF files: an error each, never a panic, a hang, or an allocation beyond the file's size.
//!
//! The allocator of this program counts, which is why these tests have a program of their own.

mod common;

use common::TinyPackage;
use spatz::Model;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::path::Path;

/// Counts what this thread holds, and the most that it held.
struct Counting;

thread_local! {
    static HELD: Cell<usize> = const { Cell::new(0) };
    static MOST: Cell<usize> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: everything is passed on to the system's allocator as it came; the counters are thread-local cells without
// destructors, which may be touched at any time.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.get().wrapping_add(layout.size());
        HELD.set(held);
        MOST.set(MOST.get().max(held));
        // SAFETY: the caller's promise about the layout is handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // Saturating, since what another thread had allocated may be freed here.
        HELD.set(HELD.get().saturating_sub(layout.size()));
        // SAFETY: the caller's promise about pointer and layout is handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

/// What opening may hold beyond the file's size: error messages, paths, and hash tables' smallest sizes.
const SLACK: usize = 64 << 10;

/// Opens and verifies `bytes`; the message if that fails. Checks that memory stays within the file's size.
fn open(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).unwrap();
    let before = HELD.get();
    MOST.set(before);
    let result =
        Model::open(path).and_then(|model| model.verify().map(drop)).map_err(|error| error.to_string());
    let most = MOST.get() - before;
    assert!(most <= bytes.len() + SLACK, "held {most} bytes for a file of {}: {result:?}", bytes.len());
    if let Err(message) = &result {
        assert!(message.contains(&*path.to_string_lossy()), "{message}");
    }
    result
}

fn with_package(test: impl FnOnce(&Path, &[u8])) {
    let package = TinyPackage::new();
    let bytes = package.bytes();
    let damaged = package.path("damaged.gguf");
    open(&damaged, &bytes).unwrap();
    test(&damaged, &bytes);
}

#[test]
fn truncated_at_any_length() {
    with_package(|path, bytes| {
        let header = bytes.len().min(16_000);
        let lengths = (0..header).step_by(7).chain((header..bytes.len()).step_by(997));
        for length in lengths {
            open(path, &bytes[..length])
                .expect_err(&format!("opened with {length} of {} bytes", bytes.len()));
        }
    });
}

#[test]
fn one_bit_flipped_anywhere() {
    with_package(|path, bytes| {
        let mut damaged = bytes.to_vec();
        for index in 0..2000usize {
            // A stride that is prime to the size visits header, tensors and sections alike.
            let bit = index * 7919 % (bytes.len() * 8);
            damaged[bit / 8] ^= 1 << (bit % 8);
            open(path, &damaged).expect_err(&format!("opened with bit {bit} of {} flipped", bytes.len() * 8));
            damaged[bit / 8] ^= 1 << (bit % 8);
        }
    });
}

/// Without checksums, as in files that Spatz did not make, a flipped bit may give another sound model; the rest holds.
#[test]
fn one_bit_flipped_in_a_plain_file() {
    let package = TinyPackage::new();
    let bytes = package.plain_bytes();
    let path = package.path("damaged.gguf");
    open(&path, &bytes).unwrap();
    let mut damaged = bytes.clone();
    let header = bytes.len().min(12_000);
    let mut refused = 0;
    for bit in (0..header * 8).step_by(29) {
        damaged[bit / 8] ^= 1 << (bit % 8);
        refused += usize::from(open(&path, &damaged).is_err());
        damaged[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(refused > 200, "only {refused} flips were noticed");
}

/// Every number of the header in turn made huge: counts, lengths, dimensions, offsets, types.
#[test]
fn hostile_numbers_anywhere_in_the_header() {
    let package = TinyPackage::new();
    let bytes = package.plain_bytes();
    let path = package.path("hostile.gguf");
    let header = bytes.len().min(12_000);
    for value in [u64::MAX, 1 << 63, 1 << 32, 1 << 24] {
        for at in (8..header - 8).step_by(11) {
            let mut hostile = bytes.clone();
            hostile[at..at + 8].copy_from_slice(&value.to_le_bytes());
            // A name or a float may swallow the number; what counts is that nothing breaks.
            let _ = open(&path, &hostile);
        }
    }
}

/// Arrays of one-byte elements, which a reader that boxes each element makes 32 times as large.
#[test]
fn arrays_are_not_blown_up() {
    let package = TinyPackage::new();
    let path = package.path("hostile.gguf");
    let mut file = b"GGUF\x03\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0".to_vec();
    file.extend_from_slice(&1u64.to_le_bytes());
    file.extend_from_slice(b"k\x09\0\0\0\0\0\0\0");
    file.extend_from_slice(&4_000_000u64.to_le_bytes());
    file.resize(file.len() + 4_000_000, 0);
    let error = open(&path, &file).unwrap_err();
    assert!(error.contains("general.architecture"), "{error}");
}
