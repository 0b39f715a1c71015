//! Why something was not done: a status, a code for programs, a sentence for people.

use serde::Serialize;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Status of HTTP.
    #[serde(skip)]
    pub status: u16,
    /// Code that stays as it is.
    pub code: &'static str,
    /// One sentence with a way out.
    pub message: String,
}

impl Refused {
    /// A refusal.
    #[must_use]
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }
}

/// Nobody is known by the token that came, if one did.
#[must_use]
pub fn no_token() -> Refused {
    Refused::new(
        401,
        "no_token",
        "Join first with POST /api/join, and send the token as `Authorization: Bearer TOKEN`.",
    )
}

/// Only the facilitator may do it.
#[must_use]
pub fn host_only() -> Refused {
    Refused::new(403, "facilitator_only", "Only the facilitator may do this, with the key that the server printed.")
}

/// Too much, too fast.
#[must_use]
pub fn slow_down() -> Refused {
    Refused::new(429, "slow_down", "That was too much at once; wait a few seconds, then try again.")
}

/// All that there is room for: waiting does not help, and the sentence says what does.
#[must_use]
pub fn full(message: impl Into<String>) -> Refused {
    Refused::new(409, "full", message)
}
