//! Why a command did not end well.

use crate::futures::blocks::Stop;
use crate::scenario;
use crate::tables::designs;
use crate::tables::folder::Trouble;

/// Why a command did not end well.
#[derive(Debug)]
pub(super) enum Failure {
    /// Something asked for cannot be done: one line per mistake.
    Refused(Vec<String>),
    /// Mistakes in a scenario: lines that start with file, line and column, as editors read them.
    Scenario(scenario::Errors),
    /// Told to stop.
    Interrupted(String),
    /// Whoever read the output has gone away.
    NobodyReads,
}

impl Failure {
    /// Refused for one reason.
    pub(super) fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(vec![sentence.into()])
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::refused(trouble.to_string())
    }
}

impl From<scenario::Errors> for Failure {
    fn from(errors: scenario::Errors) -> Self {
        Self::Scenario(errors)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Asked => Self::Interrupted("interrupted".to_owned()),
            Stop::Refused(sentence) => Self::refused(sentence),
            Stop::Trouble(trouble) => trouble.into(),
        }
    }
}

impl From<designs::Stop> for Failure {
    fn from(stop: designs::Stop) -> Self {
        match stop {
            designs::Stop::Refused(sentence) => Self::refused(sentence),
            designs::Stop::Trouble(trouble) => trouble.into(),
        }
    }
}
