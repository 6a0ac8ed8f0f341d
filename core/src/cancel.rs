//! Stopping work that is no longer wanted.
//!
//! Long calls take a [`CancelToken`] and look at it between layers, so they return within a millisecond or two of
//! [`CancelToken::cancel`]. [`Epoch`] is the same idea for a keyboard: the newest keystroke wins.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A flag shared between the caller who may lose interest and the work that should then stop.
///
/// Clones share the flag. A cancelled token stays cancelled.
#[derive(Clone, Debug, Default)]
pub struct CancelToken(Arc<AtomicBool>);

/// The work stopped because its [`CancelToken`] was cancelled; nothing it had changed is left half done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the call was cancelled")]
pub struct Cancelled;

impl CancelToken {
    /// A token that is not cancelled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the work to stop. May be called from any thread, any number of times.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// `Err` once the token is cancelled, so that loops can write `cancel.check()?`.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.is_cancelled() { Err(Cancelled) } else { Ok(()) }
    }
}

/// Counts requests so that an older one can see that a newer one has arrived.
#[derive(Debug, Default)]
pub struct Epoch(AtomicU64);

/// A request's place in the order of an [`Epoch`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(u64);

impl Epoch {
    /// Announces a request; every earlier ticket is outdated from now on.
    pub fn ticket(&self) -> Ticket {
        Ticket(self.0.fetch_add(1, Ordering::AcqRel) + 1)
    }

    /// Whether no newer request has been announced since `ticket`.
    pub fn is_newest(&self, ticket: Ticket) -> bool {
        self.0.load(Ordering::Acquire) == ticket.0
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
    fn only_the_newest_ticket_is_newest() {
        let epoch = Epoch::default();
        let first = epoch.ticket();
        assert!(epoch.is_newest(first));
        let second = epoch.ticket();
        assert!(!epoch.is_newest(first));
        assert!(epoch.is_newest(second));
    }
}
