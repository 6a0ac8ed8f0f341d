//! How long to wait: for the answer, and for the model.

use super::PredictError;
use crate::cancel::{CancelToken, Cancelled};

/// When to stop altogether, and when to stop asking the model and answer by what is known without it.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    cancel: CancelToken,
    /// Cancelled with `cancel`, or when the time is up.
    model: CancelToken,
}

impl Patience {
    /// Waits for the model, however long it takes.
    pub(super) fn endless(cancel: CancelToken) -> Self {
        Self { model: cancel.clone(), cancel }
    }

    /// Waits for the model until `deadline` is cancelled.
    pub(super) fn until(deadline: &CancelToken, cancel: CancelToken) -> Self {
        Self { model: cancel.or(deadline), cancel }
    }

    /// `Err` once nobody waits for the answer.
    pub(super) fn check(&self) -> Result<(), Cancelled> {
        self.cancel.check()
    }

    /// Whether the model's time is up.
    pub(super) fn is_over(&self) -> bool {
        self.model.is_cancelled()
    }

    /// The token for the model's calls.
    pub(super) fn model(&self) -> &CancelToken {
        &self.model
    }

    /// The outcome of a call with [`Patience::model`]: `None` if the model's time was up before it.
    pub(super) fn in_time<T>(&self, outcome: Result<T, PredictError>) -> Result<Option<T>, PredictError> {
        match outcome {
            Err(PredictError::Cancelled(_)) if !self.cancel.is_cancelled() => Ok(None),
            outcome => outcome.map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_ends_the_models_time_only() {
        let (cancel, deadline) = (CancelToken::new(), CancelToken::new());
        let patience = Patience::until(&deadline, cancel.clone());
        let ask = || patience.in_time(patience.model().check().map_err(Into::into));
        assert!(matches!(ask(), Ok(Some(()))));
        deadline.cancel();
        assert!(patience.is_over() && patience.check().is_ok());
        assert!(matches!(ask(), Ok(None)));
        cancel.cancel();
        assert!(matches!(ask(), Err(PredictError::Cancelled(_))));
    }
}
