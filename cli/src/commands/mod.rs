//! The subcommands, one file each.

pub(crate) mod bench;
pub(crate) mod chat;
pub(crate) mod complete;
pub(crate) mod entities;
pub(crate) mod eval;
pub(crate) mod info;
mod jsonl;
pub(crate) mod models;
pub(crate) mod pack;
pub(crate) mod parse;
pub(crate) mod phrases;
pub(crate) mod predict;
pub(crate) mod sets;
pub(crate) mod tailor;
pub(crate) mod try_it;
pub(crate) mod verify;
