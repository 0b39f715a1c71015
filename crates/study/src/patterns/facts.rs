//! What was observed: `assets/observed/facts.toml`.

use detente_model::sim::event::Vote;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Last day that may be fitted.
pub const TRAIN_ENDS: Date = date(2024, 8, 31);
/// Last day before the start of the default scenario.
pub const VALIDATE_ENDS: Date = date(2024, 11, 7);

const FACTS: &str = include_str!("../../../../assets/observed/facts.toml");

/// A file of this package that cannot be used; its text says which, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable(pub String);

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unusable {}

/// What of a stream is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    /// Events.
    Events,
    /// Deaths.
    Deaths,
}

/// How a future is measured; ids as in scenario files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// Events of a stream in the window.
    Events {
        /// Stream.
        stream: String,
    },
    /// Deaths of a stream in the window.
    Deaths {
        /// Stream.
        stream: String,
    },
    /// Events of a stream per day of the window at a level of a front, if there are enough such days.
    RateAtLevel {
        /// Stream.
        stream: String,
        /// Front.
        front: String,
        /// Level.
        level: u8,
        /// Fewest days at that level.
        least_days: u32,
    },
    /// Daily events from a date on as a multiple of those before it.
    RateRatio {
        /// Stream.
        stream: String,
        /// First day after.
        split: Date,
    },
    /// Answers of a ledger's holder in the window.
    Answers {
        /// Ledger.
        ledger: String,
    },
    /// Blows of an initiative in the window.
    Blows {
        /// Initiative.
        initiative: String,
    },
    /// Days in war mode in the window.
    WarDays {
        /// Pair.
        pair: String,
    },
    /// Days from an answer becoming owed to the answer, for the nth time it became owed.
    AnswerLag {
        /// Ledger.
        ledger: String,
        /// Which time, from 1.
        nth: usize,
        /// Days followed; a later answer, or none, counts as one day more.
        follow: u32,
    },
    /// Days from the nth salvo outside war mode to the other side's next strike.
    ReplyLag {
        /// Ledger answered by the salvo.
        to: String,
        /// Ledger answered by the reply.
        by: String,
        /// Which salvo, from 1.
        nth: usize,
        /// Days followed; a later reply, or none, counts as one day more.
        follow: u32,
    },
    /// Direct strikes of either side in the days after the reply to the first salvo.
    StrikesAfterReply {
        /// Ledger answered by the salvo.
        to: String,
        /// Ledger answered by the reply.
        by: String,
        /// Days counted.
        days: u32,
        /// Days that the run goes on after the window.
        follow: u32,
    },
    /// Ballistic missiles of the nth salvo outside war mode.
    Missiles {
        /// Ledger.
        ledger: String,
        /// Which salvo, from 1.
        nth: usize,
    },
    /// Days of the window at a level.
    DaysAtLevel {
        /// Front.
        front: String,
        /// Level.
        level: u8,
    },
    /// Day of the first rise above a level; one more than the days run if there is none.
    FirstStepAbove {
        /// Front.
        front: String,
        /// Level.
        level: u8,
        /// Days that the run goes on after the window.
        follow: u32,
    },
    /// US votes of a kind on a council's drafts in the window.
    UsVotes {
        /// Council.
        council: String,
        /// Vote.
        vote: Vote,
    },
    /// 60 % uranium on the last day of the window, kg.
    Enriched {
        /// Programme.
        programme: String,
    },
    /// Rise of the 60 % uranium over the window, kg.
    EnrichedRise {
        /// Programme.
        programme: String,
    },
    /// Signings at a table in the window.
    Signings {
        /// Table.
        table: String,
    },
    /// Days of the window with the agreement in force.
    TruceDays {
        /// Table.
        table: String,
    },
    /// Daily events in the first week of another front's truce, as a share of the fortnight before.
    PauseShare {
        /// Stream.
        stream: String,
        /// Table of the truce.
        table: String,
    },
    /// Daily events in the first days of a truce signed in the window that lasts that long.
    Violations {
        /// Stream.
        stream: String,
        /// Table of the truce.
        table: String,
        /// Days.
        days: u32,
    },
    /// Variance over mean of weekly counts.
    WeeklyDispersion {
        /// Stream.
        stream: String,
        /// What is counted.
        count: Count,
    },
    /// Correlation of weekly counts with the week before.
    WeeklyAutocorrelation {
        /// Stream.
        stream: String,
        /// What is counted.
        count: Count,
    },
}

/// Whether a fact may be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// Observed to 31 August 2024: may be fitted.
    Train,
    /// Observed to 7 November 2024: may not.
    Validate,
    /// Observed later: known to whoever set the defaults, so no test of skill either.
    KnownLater,
}

impl Label {
    /// The label of a fact whose last observed day is this.
    #[must_use]
    pub fn of(last: Date) -> Self {
        match last {
            day if day <= TRAIN_ENDS => Self::Train,
            day if day <= VALIDATE_ENDS => Self::Validate,
            _ => Self::KnownLater,
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validate => "validate",
            Self::KnownLater => "known later",
        }
    }
}

/// How well an observed value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// A public source says so.
    Sourced,
    /// Computed from a series in `assets/observed`.
    Derived,
    /// General knowledge, or counted in rows that are.
    Unverified,
}

impl Mark {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Sourced => "sourced",
            Self::Derived => "derived",
            Self::Unverified => "unverified",
        }
    }
}

/// An observed value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// The value, in the fact's unit.
    pub value: f64,
    /// Who says so.
    pub source: String,
    /// How well it is known.
    pub mark: Mark,
}

/// A fact, and what in a simulated future answers to it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Id in the model document; `D…` stands beside its list.
    pub id: String,
    /// Unique key.
    pub key: String,
    /// What is counted.
    pub what: String,
    /// Unit.
    pub unit: String,
    /// Built-in scenario from whose first day futures run.
    pub start: String,
    /// First and last day observed.
    pub window: [Date; 2],
    /// Days of the simulated future that answer to them, where they differ.
    #[serde(default)]
    pub simulated: Option<[Date; 2]>,
    /// Label; follows from the window.
    pub label: Label,
    /// How a future is measured.
    pub measure: Measure,
    /// What a future must show to be compared, in words.
    #[serde(default)]
    pub condition: Option<String>,
    /// What to bear in mind.
    #[serde(default)]
    pub note: Option<String>,
    /// Difference that a reader would care about, in the fact's unit.
    pub scale: f64,
    /// What was observed; more than one value where counts disagree.
    pub observed: Vec<Observed>,
}

/// A fact that is not evaluated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotCovered {
    /// Id in the model document.
    pub id: String,
    /// What was observed.
    pub what: String,
    /// Why it is not evaluated.
    pub why: String,
}

/// All facts.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Evaluated.
    pub facts: Vec<Fact>,
    /// Not evaluated.
    pub not_covered: Vec<NotCovered>,
}

/// Reads the facts of this package.
///
/// # Errors
/// If the file does not hold facts.
pub fn book() -> Result<Book, Unusable> {
    toml::from_str(FACTS).map_err(|error| Unusable(format!("The file of observed facts cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn labels_agree_with_windows_and_keys_are_unique() {
        let book = book().unwrap();
        let mut keys = BTreeSet::new();
        for fact in &book.facts {
            assert_eq!(fact.label, Label::of(fact.window[1]), "{}", fact.key);
            assert!(fact.window[0] <= fact.window[1], "{}", fact.key);
            assert!(fact.scale > 0.0 && !fact.observed.is_empty(), "{}", fact.key);
            assert!(keys.insert(&fact.key), "{} twice", fact.key);
        }
        assert_eq!(Label::of(date(2024, 9, 1)), Label::Validate);
        assert_eq!(Label::of(date(2024, 11, 8)), Label::KnownLater);
    }

    #[test]
    fn every_pattern_of_the_model_document_is_covered_or_listed_as_not() {
        let book = book().unwrap();
        for n in 1..=15 {
            let id = format!("P{n}");
            let covered = book.facts.iter().any(|f| f.id == id);
            let listed = book.not_covered.iter().any(|f| f.id == id);
            assert!(covered != listed, "{id}");
        }
    }
}
