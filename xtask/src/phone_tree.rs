//! What would ship inside an app: no crate that compiles C, none that opens a connection.

use crate::step;
use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

const TARGETS: [&str; 2] = ["aarch64-linux-android", "aarch64-apple-ios"];

/// Crates whose presence means C code or a network, with the reason.
const FORBIDDEN: [(&str, &str); 12] = [
    ("cc", "compiles C"),
    ("cmake", "compiles C"),
    ("bindgen", "needs a C compiler"),
    ("onig_sys", "is C"),
    ("openssl-sys", "is C and talks to a network"),
    ("ring", "is C"),
    ("reqwest", "talks to a network"),
    ("ureq", "talks to a network"),
    ("hyper", "talks to a network"),
    ("hf-hub", "talks to a network"),
    ("tokio", "brings a runtime and sockets"),
    ("socket2", "opens sockets"),
];

/// Fails if a forbidden crate is in the tree of the library for a phone.
pub(crate) fn check(shell: &Shell) -> Result<()> {
    step("the phone's dependency tree");
    for target in TARGETS {
        let tree =
            cmd!(shell, "cargo tree --locked --package spatz-bindings --edges normal,build --prefix none")
                .args(["--target", target])
                .quiet()
                .read()?;
        let found: Vec<String> = tree
            .lines()
            .filter_map(|line| line.split_whitespace().next())
            .filter_map(|name| FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == name))
            .map(|(name, why)| format!("{name} ({why})"))
            .collect();
        ensure!(found.is_empty(), "{target} would ship {}; see: cargo tree -i CRATE", found.join(", "));
    }
    Ok(())
}
