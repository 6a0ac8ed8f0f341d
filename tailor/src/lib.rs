//! Makes model packages on a developer machine.

pub mod package;
