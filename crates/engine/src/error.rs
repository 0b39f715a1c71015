//! What can be wrong, in one type.

use std::fmt;

/// What kind of thing is wrong: stays from version to version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// The scenario is unknown, unreadable or says what it must not.
    Scenario,
    /// There is no such lever, or it does not take the value, or the day is none of the run's.
    Order,
    /// There is no such free number, or the value lies outside its range.
    Point,
    /// There is no such series or outcome.
    Name,
    /// The work was stopped.
    Stopped,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 5] = [Self::Scenario, Self::Order, Self::Point, Self::Name, Self::Stopped];

    /// As a word, for other languages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Order => "order",
            Self::Point => "point",
            Self::Name => "name",
            Self::Stopped => "stopped",
        }
    }
}

/// Everything that is wrong with what was asked, each in a sentence with a way out. Shown with a line for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Kind.
    pub code: Code,
    /// Sentences; never empty.
    pub sentences: Vec<String>,
}

impl Error {
    pub(crate) fn new(code: Code, sentences: impl IntoIterator<Item = String>) -> Self {
        Self { code, sentences: sentences.into_iter().collect() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences.join("\n"))
    }
}

impl std::error::Error for Error {}
