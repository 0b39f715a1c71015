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
    /// There is no such series, outcome, column or event.
    Name,
    /// A seed, a future or a number of days that there is not.
    Bound,
    /// A row of futures that says nothing of what it is of, or is of another scenario.
    Row,
    /// The work was stopped.
    Stopped,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 7] =
        [Self::Scenario, Self::Order, Self::Point, Self::Name, Self::Bound, Self::Row, Self::Stopped];

    /// As a word, for other languages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scenario => "scenario",
            Self::Order => "order",
            Self::Point => "point",
            Self::Name => "name",
            Self::Bound => "bound",
            Self::Row => "row",
            Self::Stopped => "stopped",
        }
    }
}

/// Where something is wrong in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file as it was named, or `built-in NAME`.
    pub file: String,
    /// Line, from 1; 0 if the mistake is the file as a whole.
    pub line: u64,
    /// Column in characters, from 1; 0 if the mistake is the file as a whole.
    pub column: u64,
    /// Dotted path of the key; empty if there is none.
    pub key: String,
}

/// Everything that is wrong with what was asked, each in a sentence with a way out. Shown with a line for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Kind.
    pub code: Code,
    /// Sentences; never empty.
    pub sentences: Vec<String>,
    /// Places of what is wrong in a scenario; else empty.
    pub places: Vec<Place>,
}

impl Error {
    pub(crate) fn new(code: Code, sentences: impl IntoIterator<Item = String>) -> Self {
        Self { code, sentences: sentences.into_iter().collect(), places: Vec::new() }
    }

    /// The same with words before each sentence.
    pub(crate) fn before(self, words: &str) -> Self {
        let sentences = self.sentences.into_iter().map(|sentence| format!("{words}{sentence}")).collect();
        Self { sentences, ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences.join("\n"))
    }
}

impl std::error::Error for Error {}
