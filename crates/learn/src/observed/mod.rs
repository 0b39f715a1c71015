//! Observations: what was counted, from when to when, and by whom.
//!
//! A folder of tidy CSV: every file `*.csv` has the header `series,from,to,value,vintage,source`, but for `events.csv`
//! (`date,kind,id,source`) and `sources.csv` (`source,title,address,licence`). Lines that begin with `#` are remarks.
//!
//! * `from` and `to` are dates, both included: days, weeks, months and irregular reports are one form. Days that no period
//!   covers are gaps and mean that nothing is known.
//! * `value` is at least 0: a whole number for what is counted, a real number for a stock at the end of `to`.
//! * `vintage` is the day from which the value was known. Empty: from `to` on. Later vintages of the same days replace earlier ones.
//!
//! What ships is built into the program: [`Observed::embedded`].

mod kinds;
mod read;
mod series;

pub use kinds::Kind;
pub use series::{Measure, SERIES, Series, series};

use detente_model::scenario::Errors;
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Days after its period from which on a vintage is that of a table made afterwards and not the day on which the value came out.
const AFTERWARDS: i32 = 90;

/// One value of one series.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Observation {
    /// First day of the period.
    pub from: Date,
    /// Last day of the period.
    pub to: Date,
    /// A count over the period, or a stock at its end, in the unit of its series; at least 0.
    pub value: f64,
    /// Day from which the value was known, if that is another than `to`.
    pub vintage: Option<Date>,
    /// Who counted: an id in `sources.csv`, or words.
    pub source: String,
}

impl Observation {
    /// Days of the period, at least 1.
    #[must_use]
    pub fn days(&self) -> i32 {
        days_between(self.from, self.to) + 1
    }

    /// Whether both say something of the same day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// Day from which it was known where nothing earlier was said of these days. A vintage of months later is that of a
    /// table made afterwards, whose values were out when their periods ended.
    fn first_known(&self) -> Date {
        match self.vintage {
            Some(vintage) if days_between(self.to, vintage) <= AFTERWARDS => vintage.max(self.to),
            _ => self.to,
        }
    }

    /// Day from which it replaced what was said before.
    fn revised(&self) -> Date {
        self.vintage.unwrap_or(self.to)
    }
}

/// A documented event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Documented {
    /// Day.
    pub date: Date,
    /// What happened.
    pub kind: Kind,
    /// To whom: the id that the scenario gives to table, initiative, ledger …
    pub id: String,
    /// Who says so.
    pub source: String,
    /// Line of `events.csv`.
    pub line: usize,
}

/// Where values come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Id, as in the column `source` of observations.
    pub source: String,
    /// Name.
    pub title: String,
    /// Where it is.
    pub address: String,
    /// On which terms.
    pub licence: String,
}

/// A folder of observations.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// The folder as it was named, or `built-in`.
    pub name: String,
    /// Every value of every vintage, by series, in order of `from`, then vintage.
    rows: BTreeMap<&'static str, Vec<Observation>>,
    /// The values that stand: newest vintages, periods in order, none overlapping.
    standing: BTreeMap<&'static str, Vec<Observation>>,
    /// Documented events in order of dates; `None` if the folder has no `events.csv`.
    events: Option<Vec<Documented>>,
    /// What `sources.csv` says.
    sources: Vec<Source>,
    /// SHA-256 of everything that is in it, however it is spread over files.
    digest: String,
}

impl Observed {
    /// What ships with the program, to 7 November 2024.
    ///
    /// # Panics
    /// Never: a test reads it.
    #[must_use]
    pub fn embedded() -> Self {
        read::embedded().expect("what ships is read by a test")
    }

    /// Reads a folder.
    ///
    /// # Errors
    /// Every mistake in any of its files, with file, line, column and a way out.
    pub fn read(folder: &Path) -> Result<Self, Errors> {
        read::folder(folder)
    }

    /// Observations made by a program, each series in order and without overlaps.
    #[must_use]
    pub fn made(name: String, rows: BTreeMap<&'static str, Vec<Observation>>, events: Option<Vec<Documented>>) -> Self {
        Self::new(name, rows, events, Vec::new())
    }

    fn new(
        name: String,
        mut rows: BTreeMap<&'static str, Vec<Observation>>,
        events: Option<Vec<Documented>>,
        sources: Vec<Source>,
    ) -> Self {
        rows.retain(|_, list| !list.is_empty());
        for list in rows.values_mut() {
            list.sort_by_key(|of| (of.from, of.revised(), of.to));
        }
        let standing = rows.iter().map(|(&id, list)| (id, newest(list.clone()))).collect();
        // Serialising plain data into memory cannot fail.
        let whole = serde_json::to_string(&(&rows, &events)).unwrap_or_default();
        let digest = detente_model::record::digest::of_text(&whole);
        Self { name, rows, standing, events, sources, digest }
    }

    /// Series that have values, in the order of [`SERIES`].
    pub fn series(&self) -> impl Iterator<Item = &'static Series> + '_ {
        SERIES.iter().filter(|series| self.standing.contains_key(series.id))
    }

    /// The values of a series by their newest vintage: in order of days, none overlapping. Empty for a series without.
    #[must_use]
    pub fn of(&self, id: &str) -> &[Observation] {
        self.standing.get(id).map_or(&[], Vec::as_slice)
    }

    /// Documented events in order of dates; `None` if the folder does not document any.
    #[must_use]
    pub fn events(&self) -> Option<&[Documented]> {
        self.events.as_deref()
    }

    /// What the folder says about a source.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.source == id)
    }

    /// SHA-256 of values and events, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What was known on the evening of `date`: nothing of later days, nothing that came out later, and no later vintage.
    #[must_use]
    pub fn as_of(&self, date: Date) -> Self {
        let mut rows = BTreeMap::new();
        for (&id, list) in &self.rows {
            let mut known: Vec<Observation> = Vec::new();
            // A value of days of which something was said before is a revision, known from its vintage on.
            for (i, row) in list.iter().enumerate() {
                let first = !list
                    .iter()
                    .enumerate()
                    .any(|(j, other)| j != i && row.overlaps(other) && (other.revised(), j) < (row.revised(), i));
                if row.to <= date && (if first { row.first_known() } else { row.revised() }) <= date {
                    known.push(row.clone());
                }
            }
            rows.insert(id, known);
        }
        let events = self.events.as_ref().map(|events| events.iter().filter(|e| e.date <= date).cloned().collect());
        Self::new(self.name.clone(), rows, events, self.sources.clone())
    }

    /// What was known of each period on the first of some dates (in order) that does not lie before its end; what came out later
    /// is left out, and nothing is revised. Events as they are.
    #[must_use]
    pub fn as_it_came(&self, dates: &[Date]) -> Self {
        let mut rows: BTreeMap<&'static str, Vec<Observation>> = BTreeMap::new();
        let mut before = None;
        for &date in dates {
            let known = self.as_of(date);
            for (&id, list) in &known.standing {
                let rows = rows.entry(id).or_default();
                let there = rows.len();
                let new = list.iter().filter(|row| before.is_none_or(|before| row.to > before));
                let new: Vec<Observation> =
                    new.filter(|row| !rows[..there].iter().any(|other| other.overlaps(row))).cloned().collect();
                rows.extend(new.into_iter().map(|row| Observation { vintage: None, ..row }));
            }
            before = Some(date);
        }
        Self::new(self.name.clone(), rows, self.events.clone(), self.sources.clone())
    }

    /// Values by week from `first` on: the sum over the 7 days of each of `weeks` weeks (of a stock, the last value in
    /// it). `None` where periods do not cover the week exactly, be it that a day is missing or that a period reaches beyond
    /// it.
    #[must_use]
    pub fn weekly(&self, id: &str, first: Date, weeks: usize) -> Vec<Option<f64>> {
        let list = self.of(id);
        let stock = series(id).is_some_and(|series| series.measure == Measure::Stock);
        (0..weeks)
            .map(|week| {
                let from = later(first, 7 * week as i32);
                let to = later(from, 6);
                let inside = || list.iter().filter(move |row| row.from >= from && row.to <= to);
                if stock {
                    return inside().next_back().map(|row| row.value);
                }
                let days: i32 = inside().map(Observation::days).sum();
                (days == 7).then(|| inside().map(|row| row.value).sum())
            })
            .collect()
    }

    /// Days between the first and the last of a series that no period covers, as spans of days, both ends included.
    #[must_use]
    pub fn gaps(&self, id: &str) -> Vec<[Date; 2]> {
        let between = |pair: &[Observation]| {
            let gap = [later(pair[0].to, 1), later(pair[1].from, -1)];
            (gap[0] <= gap[1]).then_some(gap)
        };
        self.of(id).windows(2).filter_map(between).collect()
    }

    /// The last day of which anything was counted.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.standing.values().filter_map(|list| list.last()).map(|row| row.to).max()
    }

    /// First and last day of a series.
    #[must_use]
    pub fn range(&self, id: &str) -> Option<[Date; 2]> {
        let list = self.of(id);
        Some([list.first()?.from, list.last()?.to])
    }
}

/// The newest of what was said of the same days: whatever overlaps a later vintage gives way to it. In order of days.
fn newest(mut list: Vec<Observation>) -> Vec<Observation> {
    list.sort_by(|a, b| (b.revised(), a.from).cmp(&(a.revised(), b.from)));
    let mut standing: BTreeMap<Date, Observation> = BTreeMap::new();
    for row in list {
        // Standing periods do not overlap, so the one that begins last before `to` is the only one that can.
        if !standing.range(..=row.to).next_back().is_some_and(|(_, other)| other.overlaps(&row)) {
            standing.insert(row.from, row);
        }
    }
    standing.into_values().collect()
}

/// Days from `a` to `b`.
#[must_use]
pub fn days_between(a: Date, b: Date) -> i32 {
    // Two civil dates are less than 20,000 years apart.
    a.until(b).map_or(0, |span: Span| span.get_days())
}

/// The date `days` after `date`; the last there is, if there is none.
#[must_use]
pub fn later(date: Date, days: i32) -> Date {
    date.checked_add(days.days()).unwrap_or(if days < 0 { Date::MIN } else { Date::MAX })
}
