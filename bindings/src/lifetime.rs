//! Closing something that another thread is using.
//!
//! [`Closable::close`] never waits: it cancels the calls that are running and lets go. The value is dropped by
//! whoever holds it last, so a running call keeps what it works on.

use crate::error::{SpatzError, catching};
use spatz::CancelToken;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A value that calls share until it is closed.
#[derive(Debug)]
pub(crate) struct Closable<T>(Mutex<State<T>>);

#[derive(Debug)]
struct State<T> {
    value: Option<Arc<T>>,
    /// The calls in progress, to be cancelled on close.
    calls: Vec<(u64, CancelToken)>,
    next_call: u64,
}

impl<T> Closable<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Mutex::new(State { value: Some(Arc::new(value)), calls: Vec::new(), next_call: 0 }))
    }

    /// Runs `work` on the value. A close during the call cancels `cancel` and turns the outcome into
    /// [`SpatzError::Closed`]; a panic closes the value, since nothing can be said of its state any more.
    pub(crate) fn run<R>(
        &self,
        cancel: &CancelToken,
        work: impl FnOnce(&T) -> Result<R, SpatzError>,
    ) -> Result<R, SpatzError> {
        let (value, call) = self.enter(cancel)?;
        let outcome = catching(|| work(&value));
        drop(value);
        if matches!(outcome, Err(SpatzError::Internal(_))) {
            self.close();
            return outcome;
        }
        let closed = self.leave(call);
        match outcome {
            Err(SpatzError::Cancelled) if closed => Err(SpatzError::Closed),
            outcome => outcome,
        }
    }

    /// Runs a short `work` that cannot be cancelled.
    pub(crate) fn with<R>(&self, work: impl FnOnce(&T) -> Result<R, SpatzError>) -> Result<R, SpatzError> {
        self.run(&CancelToken::new(), work)
    }

    /// Cancels what is running and lets go of the value. Later calls get [`SpatzError::Closed`]; closing again does
    /// nothing.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        let value = state.value.take();
        for (_, cancel) in state.calls.drain(..) {
            cancel.cancel();
        }
        drop(state);
        drop(value);
    }

    fn enter(&self, cancel: &CancelToken) -> Result<(Arc<T>, u64), SpatzError> {
        let mut state = self.state();
        let value = state.value.clone().ok_or(SpatzError::Closed)?;
        let call = state.next_call;
        state.next_call += 1;
        state.calls.push((call, cancel.clone()));
        Ok((value, call))
    }

    /// Forgets `call`; whether the value was closed meanwhile.
    fn leave(&self, call: u64) -> bool {
        let mut state = self.state();
        state.calls.retain(|(id, _)| *id != call);
        state.value.is_none()
    }

    /// The critical sections above cannot panic half-way, so a poisoned lock still guards a whole state.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::thread::scope;

    fn cancelled_when(cancel: &CancelToken) -> Result<(), SpatzError> {
        while !cancel.is_cancelled() {
            std::thread::yield_now();
        }
        Err(SpatzError::Cancelled)
    }

    #[test]
    fn close_during_a_call_ends_it_as_closed() {
        let closable = Closable::new(7);
        let (entered, has_entered) = channel();
        scope(|threads| {
            let call = threads.spawn(|| {
                let cancel = CancelToken::new();
                closable.run(&cancel, |_| {
                    entered.send(()).unwrap();
                    cancelled_when(&cancel)
                })
            });
            has_entered.recv().unwrap();
            closable.close();
            assert!(matches!(call.join().unwrap(), Err(SpatzError::Closed)));
        });
    }

    #[test]
    fn closing_twice_is_closing_once() {
        let closable = Closable::new(7);
        closable.close();
        closable.close();
        assert!(matches!(closable.with(|_| Ok(())), Err(SpatzError::Closed)));
    }

    #[test]
    fn a_panic_becomes_an_internal_error_and_closes() {
        let closable = Closable::new(7);
        let outcome: Result<(), _> = closable.with(|_| panic!("Bis morgen im Kiez"));
        let Err(SpatzError::Internal(message)) = outcome else {
            panic!("expected Internal, got {outcome:?}")
        };
        assert!(message.contains("please report"), "{message}");
        assert!(!message.contains("Kiez"), "a panic's text may quote the user: {message}");
        assert!(matches!(closable.with(|_| Ok(())), Err(SpatzError::Closed)));
    }

    #[test]
    fn a_running_call_keeps_its_value() {
        struct Noisy<'a>(&'a CancelToken);
        impl Drop for Noisy<'_> {
            fn drop(&mut self) {
                self.0.cancel();
            }
        }
        let dropped = CancelToken::new();
        let closable = Closable::new(Noisy(&dropped));
        closable
            .with(|_| {
                closable.close();
                assert!(!dropped.is_cancelled());
                Ok(())
            })
            .unwrap();
        assert!(dropped.is_cancelled());
    }
}
