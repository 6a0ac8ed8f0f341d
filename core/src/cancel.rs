//! Stopping work that is no longer wanted.
//!
//! Long calls take a [`CancelToken`] and look at it between layers, so they return within a millisecond or two of
//! [`CancelToken::cancel`]. [`Epoch`] is the same idea for a keyboard: the newest keystroke wins.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A flag shared between the caller who may lose interest and the work that should then stop.
///
/// Clones share the flag. A cancelled token stays cancelled.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<Flag>);

#[derive(Debug, Default)]
struct Flag {
    raised: AtomicBool,
    parents: [Option<CancelToken>; 2],
}

/// The work stopped because its [`CancelToken`] was cancelled; nothing it had changed is left half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the call was cancelled")]
pub struct Cancelled;

impl CancelToken {
    /// A token that is not cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A token that is cancelled with this one, and can be cancelled by itself.
    pub fn child(&self) -> Self {
        Self(Arc::new(Flag { parents: [Some(self.clone()), None], ..Flag::default() }))
    }

    /// A token that is cancelled with this one and with `other`, and can be cancelled by itself.
    pub fn or(&self, other: &Self) -> Self {
        Self(Arc::new(Flag { parents: [Some(self.clone()), Some(other.clone())], ..Flag::default() }))
    }

    /// Asks the work to stop. May be called from any thread, any number of times.
    pub fn cancel(&self) {
        self.0.raised.store(true, Ordering::Relaxed);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.raised.load(Ordering::Relaxed) || self.0.parents.iter().flatten().any(Self::is_cancelled)
    }

    /// `Err` once the token is cancelled, so that loops can write `cancel.check()?`.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// Lets the newest of several requests win.
#[derive(Debug, Default)]
pub struct Epoch(Mutex<CancelToken>);

impl Epoch {
    /// Begins a request: the one before it is cancelled. The token returned is also cancelled with the caller's.
    ///
    /// A caller that has given up cancels none: it may come after the one that took its place.
    pub fn begin(&self, caller: &CancelToken) -> CancelToken {
        let token = caller.child();
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !caller.is_cancelled() {
            std::mem::replace(&mut *newest, token.clone()).cancel();
        }
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_flag() {
        let token = CancelToken::new();
        let other = token.clone();
        assert_eq!(other.check(), Ok(()));
        token.cancel();
        assert_eq!(other.check(), Err(Cancelled));
    }

    #[test]
    fn a_child_is_cancelled_with_its_parent_but_not_the_other_way() {
        let parent = CancelToken::new();
        let (child, other) = (parent.child(), parent.child());
        child.cancel();
        assert!(child.is_cancelled() && !parent.is_cancelled() && !other.is_cancelled());
        parent.cancel();
        assert!(other.is_cancelled());
    }

    #[test]
    fn a_token_of_two_is_cancelled_with_either() {
        for number in 0..2 {
            let both = [CancelToken::new(), CancelToken::new()];
            let token = both[0].or(&both[1]);
            assert!(!token.is_cancelled());
            both[number].cancel();
            assert!(token.is_cancelled() && !both[1 - number].is_cancelled());
        }
    }

    #[test]
    fn only_the_newest_request_goes_on() {
        let (epoch, caller) = (Epoch::default(), CancelToken::new());
        let first = epoch.begin(&caller);
        assert!(!first.is_cancelled());
        let second = epoch.begin(&caller);
        assert!(first.is_cancelled() && !second.is_cancelled() && !caller.is_cancelled());
        caller.cancel();
        assert!(second.is_cancelled());
    }

    #[test]
    fn a_request_given_up_before_it_began_ends_none() {
        let (epoch, given_up) = (Epoch::default(), CancelToken::new());
        let newest = epoch.begin(&CancelToken::new());
        given_up.cancel();
        assert!(epoch.begin(&given_up).is_cancelled() && !newest.is_cancelled());
    }
}
