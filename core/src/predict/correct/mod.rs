//! Typing errors: what the letters typed were meant to be, and whether to put that in their place.

mod keys;

pub(super) use keys::Keyboard;
pub use keys::{Key, Touch};
