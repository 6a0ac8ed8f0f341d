//! Generation: a conversation, and the text that is being generated in it.
//!
//! Core's [`Generation`] borrows its [`Session`]. Across the border both are objects with lives of their own, so a
//! generation takes the session out of its [`Home`] and brings it back when it ends, is closed or is dropped.

use crate::cancel::RustCancelToken;
use crate::error::{SpatzError, catching};
use crate::lifetime::Closable;
use crate::model::RustModel;
use crate::records::{RustFinishReason, RustGenerateOptions};
use self_cell::{MutBorrow, self_cell};
use spatz::generate::{FinishReason, GenerateError, GenerateOptions, Generation, Session};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// A conversation on one model. It gives one answer at a time: until an answer ends or is closed, asking again is
/// [`SpatzError::SessionBusy`].
#[derive(Debug, uniffi::Object)]
pub struct RustSession(Arc<Home>);

/// Text being generated; pull it with [`next`](Self::next).
#[derive(Debug, uniffi::Object)]
pub struct RustGeneration {
    answer: Arc<Answer>,
    finish: Mutex<Option<FinishReason>>,
}

/// A generation in progress, closed from either object. `None` inside once it has ended.
type Answer = Closable<Mutex<Option<Running>>>;

#[uniffi::export]
impl RustSession {
    /// A conversation on `model`.
    #[uniffi::constructor]
    pub fn new(model: Arc<RustModel>, instructions: Option<String>) -> Result<Arc<Self>, SpatzError> {
        let model = model.core()?;
        catching(|| {
            let mut session = Session::new(&model)?;
            if let Some(instructions) = instructions {
                session = session.with_instructions(&instructions);
            }
            Ok(Arc::new(Self(Arc::new(Home(Mutex::new(Place::Home(session)))))))
        })
    }

    /// Answers `prompt` as the next user turn.
    pub fn respond(
        &self,
        prompt: String,
        options: RustGenerateOptions,
    ) -> Result<Arc<RustGeneration>, SpatzError> {
        self.start(options, |session, options| session.respond(&prompt, options))
    }

    /// Continues `text` as it stands, outside the conversation.
    pub fn complete(
        &self,
        text: String,
        options: RustGenerateOptions,
    ) -> Result<Arc<RustGeneration>, SpatzError> {
        self.start(options, |session, options| session.complete(&text, options))
    }

    /// Ends an answer in progress and lets go of the conversation.
    pub fn release(&self) -> Result<(), SpatzError> {
        self.0.close();
        Ok(())
    }
}

impl RustSession {
    fn start(
        &self,
        options: RustGenerateOptions,
        ask: impl for<'s> FnOnce(&'s mut Session, GenerateOptions) -> Result<Generation<'s>, GenerateError>,
    ) -> Result<Arc<RustGeneration>, SpatzError> {
        let session = self.0.lend()?;
        let running =
            catching(|| Running::start(session, Arc::clone(&self.0), |session| ask(session, options.into())));
        let running = running.inspect_err(|error| {
            if matches!(error, SpatzError::Internal(_)) {
                self.0.close();
            }
        })?;
        let answer = Arc::new(Closable::new(Mutex::new(Some(running))));
        self.0.lent_to(&answer);
        Ok(Arc::new(RustGeneration { answer, finish: Mutex::new(None) }))
    }
}

#[uniffi::export]
impl RustGeneration {
    /// The next piece of text, or `None` at the end. After [`SpatzError::Cancelled`] it may be asked again.
    pub fn next(&self, cancel: Arc<RustCancelToken>) -> Result<Option<String>, SpatzError> {
        self.answer.run(cancel.core(), |running| {
            let mut slot = running.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(running) = slot.as_mut() else { return Ok(None) };
            let (piece, finish) = running.with_generation(|generation| {
                let piece = generation.next_piece(cancel.core());
                (piece, generation.finish_reason())
            });
            let goes_on = matches!(piece, Ok(Some(_)) | Err(GenerateError::Cancelled(_)));
            if !goes_on {
                *self.finish.lock().unwrap_or_else(PoisonError::into_inner) = finish;
                *slot = None;
            }
            Ok(piece?)
        })
    }

    /// Why it ended; `None` while it runs, and if it was closed before its end.
    pub fn finish_reason(&self) -> Result<Option<RustFinishReason>, SpatzError> {
        Ok(self.finish.lock().unwrap_or_else(PoisonError::into_inner).map(Into::into))
    }

    /// Stops generating and frees the session for the next question.
    pub fn release(&self) -> Result<(), SpatzError> {
        self.answer.close();
        Ok(())
    }
}

/// Where a session is found while nothing is generated.
#[derive(Debug)]
struct Home(Mutex<Place>);

#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "one per session; the large variant is the usual one")]
enum Place {
    Home(Session),
    /// With a generation, so that closing the session can end it.
    Lent(Weak<Answer>),
    Closed,
}

impl Home {
    fn lend(&self) -> Result<Session, SpatzError> {
        let mut place = self.place();
        match std::mem::replace(&mut *place, Place::Lent(Weak::new())) {
            Place::Home(session) => Ok(session),
            Place::Lent(answer) => {
                *place = Place::Lent(answer);
                Err(SpatzError::SessionBusy)
            }
            Place::Closed => {
                *place = Place::Closed;
                Err(SpatzError::Closed)
            }
        }
    }

    fn lent_to(&self, answer: &Arc<Answer>) {
        let mut place = self.place();
        match &mut *place {
            Place::Lent(to) => *to = Arc::downgrade(answer),
            Place::Closed => {
                drop(place);
                answer.close();
            }
            Place::Home(_) => {}
        }
    }

    fn give_back(&self, session: Session) {
        let mut place = self.place();
        if matches!(*place, Place::Lent(_)) {
            *place = Place::Home(session);
        }
    }

    fn close(&self) {
        let place = std::mem::replace(&mut *self.place(), Place::Closed);
        if let Place::Lent(answer) = place
            && let Some(answer) = answer.upgrade()
        {
            answer.close();
        }
    }

    /// Each critical section above replaces the place as a whole, so a poisoned lock still guards a valid one.
    fn place(&self) -> MutexGuard<'_, Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

self_cell!(
    /// A session together with the generation that borrows it.
    struct Borrowed {
        owner: MutBorrow<Session>,
        #[covariant]
        dependent: Generation,
    }
);

/// A generation with the session it has taken; dropping it brings the session home.
struct Running {
    borrowed: Option<Borrowed>,
    home: Arc<Home>,
}

impl Running {
    fn start(
        session: Session,
        home: Arc<Home>,
        ask: impl for<'s> FnOnce(&'s mut Session) -> Result<Generation<'s>, GenerateError>,
    ) -> Result<Self, SpatzError> {
        match Borrowed::try_new_or_recover(MutBorrow::new(session), |session| ask(session.borrow_mut())) {
            Ok(borrowed) => Ok(Self { borrowed: Some(borrowed), home }),
            Err((session, error)) => {
                home.give_back(session.into_inner());
                Err(error.into())
            }
        }
    }

    fn with_generation<R>(&mut self, work: impl FnOnce(&mut Generation<'_>) -> R) -> R {
        let borrowed = self.borrowed.as_mut();
        #[expect(clippy::expect_used, reason = "only drop takes it")]
        let borrowed = borrowed.expect("a running generation has its session");
        borrowed.with_dependent_mut(|_, generation| work(generation))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(borrowed) = self.borrowed.take() {
            self.home.give_back(borrowed.into_owner().into_inner());
        }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}
