//! What a folder of observations holds, for people and scripts.

use crate::link::{LINKS, Link, Noise, Signal};
use crate::observed::{Documented, Observed, days_between};
use jiff::civil::Date;
use serde::Serialize;

/// One series of a folder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct About {
    /// Id.
    pub series: &'static str,
    /// What is counted.
    pub what: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Periods.
    pub periods: usize,
    /// Longest period, days.
    pub longest: i32,
    /// Spans of days between them of which nothing is known.
    pub gaps: Vec<[Date; 2]>,
    /// Sum of the values; of a stock its last.
    pub total: f64,
    /// Sources, each with its licence if the folder says.
    pub sources: Vec<Cited>,
    /// What of the model it can be compared with.
    pub compared_with: String,
    /// What to know about how it is kept.
    pub bookkeeping: &'static str,
    /// Days on which reports stood still, and which are not compared.
    pub pauses: &'static [(Date, Date)],
}

/// A source with its licence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cited {
    /// Id, or words.
    pub source: String,
    /// Name, if the folder says.
    pub title: Option<String>,
    /// Terms, if the folder says.
    pub licence: Option<String>,
}

/// A folder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contents {
    /// As it was named.
    pub folder: String,
    /// Digest of values and events.
    pub digest: String,
    /// Series that have values.
    pub series: Vec<About>,
    /// Series that have none.
    pub without: Vec<&'static str>,
    /// Documented events.
    pub events: Vec<Documented>,
}

/// What a folder holds.
#[must_use]
pub fn contents(observed: &Observed) -> Contents {
    let without = LINKS.iter().map(|link| link.series).filter(|id| observed.of(id).is_empty()).collect();
    Contents {
        folder: observed.name.clone(),
        digest: observed.digest().to_owned(),
        series: LINKS.iter().filter_map(|link| about(observed, link)).collect(),
        without,
        events: observed.events().unwrap_or_default().to_vec(),
    }
}

fn about(observed: &Observed, link: &'static Link) -> Option<About> {
    let series = crate::observed::series(link.series)?;
    let list = observed.of(series.id);
    let [from, to] = observed.range(series.id)?;
    let mut sources: Vec<Cited> = list
        .iter()
        .map(|row| {
            let known = observed.source(&row.source);
            Cited {
                source: row.source.clone(),
                title: known.map(|source| source.title.clone()),
                licence: known.map(|source| source.licence.clone()),
            }
        })
        .collect();
    sources.sort();
    sources.dedup();
    let stock = matches!(link.signal, Signal::Stock(_));
    Some(About {
        series: series.id,
        what: series.what,
        unit: series.unit,
        from,
        to,
        periods: list.len(),
        longest: list.iter().map(|row| row.days()).max().unwrap_or(0),
        gaps: if stock { Vec::new() } else { observed.gaps(series.id) },
        total: if stock { list.last().map_or(0.0, |row| row.value) } else { list.iter().map(|row| row.value).sum() },
        sources,
        compared_with: compared(link),
        bookkeeping: link.bookkeeping,
        pauses: link.pauses,
    })
}

/// A row of the table of links in words.
#[must_use]
pub fn compared(link: &Link) -> String {
    let signal = match link.signal {
        Signal::Events(id) => format!("events of {id}"),
        Signal::Killed(id) => format!("killed in {id}"),
        Signal::Rounds(id) => format!("rounds in the answers of {id}"),
        Signal::Stock(id) => format!("stock of {id}"),
    };
    let scale = match link.reference {
        Some((front, level)) => format!("{} each at level {level} of {front}, more above", link.scale.0),
        None => format!("{} each", link.scale.0),
    };
    let noise = match link.noise {
        Noise::NegativeBinomial(size, _) => format!("negative binomial, size {size}"),
        Noise::LogNormal(sd) => format!("log-normal, {sd}"),
    };
    format!("{signal}, {scale}; {noise}")
}

/// Days of a span, both ends included.
#[must_use]
pub fn length(span: [Date; 2]) -> i32 {
    days_between(span[0], span[1]) + 1
}
