//! Cancellation across the language border.

use spatz::CancelToken;

/// Asks a running call to stop. One token serves one call; the wrapper cancels it when the coroutine or task that
/// waits for the call is cancelled.
#[derive(Debug, Default, uniffi::Object)]
pub struct RustCancelToken(CancelToken);

impl RustCancelToken {
    pub(crate) fn core(&self) -> &CancelToken {
        &self.0
    }
}

#[uniffi::export]
impl RustCancelToken {
    /// A token that is not cancelled yet.
    #[uniffi::constructor]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the call to stop; returns at once, from any thread, any number of times.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}
