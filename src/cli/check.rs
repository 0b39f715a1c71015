//! `detente check`.

use super::args::Check;
use super::failure::Failure;
use super::lists::meant;
use super::output::{self, thousands, wrapped};
use crate::camps::{Camp, is_camp_shaped};
use crate::scenario::{Error, Errors, builtin, idle, load, read_whole};
use crate::sim::rules::Rules;
use crate::symbols::parameters::ROWS;
use crate::tables::provenance::Versions;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;

/// What is fit to run, and every mistake, for scripts.
#[derive(Serialize)]
struct Json<'a> {
    versions: Versions,
    fit: Vec<Fit<'a>>,
    mistakes: Vec<Error>,
}

#[derive(Serialize)]
struct Fit<'a> {
    file: &'a str,
    name: String,
    hash: String,
    start: jiff::civil::Date,
    days: u32,
    actors: usize,
    fronts: usize,
    streams: usize,
    tables: usize,
    /// What it says to no effect.
    idle: Vec<String>,
    /// What it is as a camp, where it sets parameters and nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    camp: Option<AsCamp>,
}

/// A file that may be meant as a camp.
#[derive(Serialize)]
#[serde(untagged)]
enum AsCamp {
    Fit {
        title: String,
        description: String,
        sets: Vec<Number>,
    },
    /// It is fit to run and not to be a camp yet.
    Lacks {
        lacks: Vec<Error>,
    },
}

/// A number of a camp.
#[derive(Serialize)]
struct Number {
    id: String,
    value: f64,
    /// What may be said of it.
    low: f64,
    high: f64,
    unit: &'static str,
    meaning: &'static str,
    source: String,
}

impl AsCamp {
    /// What a file is as a camp; none where it is not meant as one, so far as can be seen and unless that is asked, or is not read
    /// from a file.
    fn of(file: &str, rules: &Rules, asked: bool) -> Option<Self> {
        let text = read_whole(Path::new(file), 1 << 20).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        if builtin(file).is_some() || !text.is_some_and(|text| asked || is_camp_shaped(&text)) {
            return None;
        }
        let camp = match Camp::from_file(file) {
            Ok(camp) => camp,
            Err(Errors(lacks)) => return Some(Self::Lacks { lacks }),
        };
        let number = |set: crate::camps::Setting| {
            let row = ROWS.iter().find(|row| row.id == set.id);
            let row = row.map(|row| (row.low, row.high, row.unit, row.meaning)).or_else(|| {
                let estimate = rules.frame.estimates.iter().find(|estimate| estimate.id == set.id)?;
                Some((estimate.low, estimate.high, estimate.family.unit, estimate.family.meaning))
            });
            let (low, high, unit, meaning) = row?;
            Some(Number { id: set.id, value: set.value, low, high, unit, meaning, source: set.source })
        };
        let sets = camp.sets.into_iter().filter_map(number).collect();
        Some(Self::Fit { title: camp.title, description: camp.description, sets })
    }

    /// The same in lines.
    fn lines(&self) -> Vec<String> {
        match self {
            Self::Lacks { lacks } => {
                let first = "  fit to run, and not yet a camp for `detente contested --camp`:".to_owned();
                std::iter::once(first).chain(lacks.iter().map(|error| format!("  {error}"))).collect()
            }
            Self::Fit { title, sets, .. } => {
                let first = format!("  fit as a camp, for `detente contested --camp`: {title}");
                let say = |n: &Number| {
                    let Number { id, value, low, high, meaning, source, .. } = n;
                    wrapped(
                        &format!("{id} = {value}, of {} to {}. {meaning} Why: {source}", meant(*low), meant(*high)),
                        98,
                    )
                };
                std::iter::once(first).chain(sets.iter().map(say)).collect()
            }
        }
    }
}

/// Validates files and reports every mistake in any of them.
pub(super) fn check(args: &Check) -> Result<(), Failure> {
    let (mut fit, mut mistakes) = (Vec::new(), Vec::new());
    for file in &args.files {
        match load(file) {
            Ok(loaded) => {
                let rules = Rules::new(&loaded);
                fit.push(Fit {
                    file,
                    start: rules.frame.start,
                    days: rules.frame.days,
                    actors: rules.actors.len(),
                    fronts: rules.fronts.len(),
                    streams: rules.streams.len(),
                    tables: rules.tables.len(),
                    idle: idle(&loaded),
                    camp: AsCamp::of(file, &rules, args.camp),
                    name: loaded.name,
                    hash: loaded.hash,
                });
            }
            Err(Errors(wrong)) => mistakes.extend(wrong),
        }
    }
    if args.json {
        let wrong = !mistakes.is_empty();
        output::json(&Json { versions: Versions::here(), fit, mistakes })?;
        // They are all said already, on standard output.
        return if wrong { Err(Failure::Refused(Vec::new())) } else { Ok(()) };
    }
    let mut text = String::new();
    for Fit { file, name, hash, start, days, actors, fronts, streams, tables, idle, camp } in fit {
        let (days, start) = (thousands(days.into()), output::date(start));
        let _ = writeln!(
            text,
            "{file}: fit to run ({name}, hash {hash}: {days} days from {start}, {actors} actors, {fronts} fronts, {streams} \
             streams, {tables} tables)"
        );
        for sentence in idle {
            let _ = writeln!(text, "{file}: note: {sentence}");
        }
        for line in camp.iter().flat_map(AsCamp::lines) {
            let _ = writeln!(text, "{line}");
        }
    }
    output::text(&text)?;
    if mistakes.is_empty() { Ok(()) } else { Err(Errors(mistakes).into()) }
}
