//! `cargo xtask size`: what the library adds to an app on a 64-bit phone.

use super::library::{Contents, Toolchain, size};
use super::{ABIS, elf, megabytes};
use crate::step;
use anyhow::{Result, ensure};
use xshell::Shell;

/// What a library holds, and the most that it may have.
const ROWS: [(&str, Contents, u64); 2] = [
    ("prediction and commands", Contents::Keyboard, 4_000_000),
    ("everything, with chat", Contents::Everything, 8_000_000),
];

/// Links, prints a table and fails over the limit.
pub(crate) fn check(shell: &Shell) -> Result<()> {
    let [arm, ..] = ABIS;
    let toolchain = Toolchain::ready(shell)?;
    let mut lines = Vec::new();
    let mut over = Vec::new();
    for (name, contents, limit) in ROWS {
        let library = toolchain.link(shell, arm, contents)?.stripped;
        let bytes = size(&library)?;
        lines.push(format!("{name:<24} {:>8}   at most {:>8}", megabytes(bytes), megabytes(limit)));
        for (section, bytes) in elf::sections(&library)?.into_iter().take(6) {
            lines.push(format!("    {section:<20} {:>8}", megabytes(bytes)));
        }
        if bytes > limit {
            over.push(name);
        }
    }
    step(&format!("stripped library for {}", arm.name));
    print(&lines.join("\n"));
    ensure!(
        over.is_empty(),
        "too large: {}; `cargo bloat` and `cargo tree --edges normal` show what of",
        over.join(", ")
    );
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is what was asked for")]
fn print(table: &str) {
    println!("{table}");
}
