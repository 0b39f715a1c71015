//! Levers of a scenario: from nested tables to ids, and from what is written to stored values.

use super::raw::{LeverNode, LeverValue, Scenario};
use crate::symbols::levers::{Kind, Lever, LeverChange, LeverSet};
use jiff::civil::Date;
use noisy_float::prelude::R64;
use std::collections::BTreeMap;

/// A lever value as written, in either place where one can be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Written<'a> {
    Number(f64),
    Text(&'a str),
}

impl<'a> From<&'a LeverValue> for Written<'a> {
    fn from(value: &'a LeverValue) -> Self {
        match value {
            LeverValue::Number(number) => Self::Number(*number),
            LeverValue::Text(text) => Self::Text(text),
        }
    }
}

impl Written<'_> {
    /// The stored value.
    ///
    /// # Errors
    /// One sentence that says what the lever takes.
    pub(super) fn read(self, lever: Lever, start: Date) -> Result<f64, String> {
        match (lever.row().kind, self) {
            (Kind::Number, Self::Number(number)) => lever.admit(number),
            (Kind::Number, Self::Text(text)) if text.parse::<f64>().is_ok() => {
                Err(format!("{} takes a number: write {text} without quotes", lever.id()))
            }
            (_, Self::Number(number)) => lever.parse(&number.to_string(), start),
            (_, Self::Text(text)) => lever.parse(text, start),
        }
    }
}

/// Levers as `[levers]` holds them, by dotted id.
pub(super) fn flatten(levers: &BTreeMap<String, LeverNode>) -> Vec<(String, Written<'_>)> {
    fn walk<'a>(prefix: &str, levers: &'a BTreeMap<String, LeverNode>, flat: &mut Vec<(String, Written<'a>)>) {
        for (key, node) in levers {
            let id = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match node {
                LeverNode::Number(number) => flat.push((id, Written::Number(*number))),
                LeverNode::Text(text) => flat.push((id, Written::Text(text))),
                LeverNode::Group(group) => walk(&id, group, flat),
            }
        }
    }
    let mut flat = Vec::new();
    walk("", levers, &mut flat);
    flat
}

/// The changes of a scenario, in the order of their days; changes of one day keep the order in which they are written.
fn changes(scenario: &Scenario) -> Vec<LeverChange> {
    let Some(start) = scenario.start else { return Vec::new() };
    let change = |entry: &super::raw::LeverEntry| {
        let lever = Lever::from_id(&entry.lever)?;
        let value = R64::try_new(Written::from(&entry.value).read(lever, start).ok()?)?;
        Some(LeverChange { day: (entry.date - start).get_days(), lever, value })
    };
    let mut changes: Vec<LeverChange> = scenario.lever_changes.iter().filter_map(change).collect();
    changes.sort_by_key(|change| change.day);
    changes
}

/// The levers on the first day of a loaded scenario: defaults, overlaid by `[levers]` and by what `lever_changes` says of
/// the start or earlier. Entries that validation refuses are left out.
#[must_use]
pub fn levers_at_start(scenario: &Scenario) -> LeverSet {
    let mut set = LeverSet::default();
    if let Some(start) = scenario.start {
        for (id, written) in flatten(&scenario.levers) {
            if let Some(lever) = Lever::from_id(&id)
                && let Ok(value) = written.read(lever, start)
            {
                set.set(lever, value);
            }
        }
    }
    for change in changes(scenario).into_iter().filter(|change| change.day <= 0) {
        set.set(change.lever, change.value.raw());
    }
    set
}

/// The lever changes of a loaded scenario after its first day, by day.
#[must_use]
pub fn lever_log(scenario: &Scenario) -> Vec<LeverChange> {
    changes(scenario).into_iter().filter(|change| change.day > 0).collect()
}

/// Whether a loaded scenario sets a lever itself, at the start or later.
#[must_use]
pub fn sets(scenario: &Scenario, lever: Lever) -> bool {
    flatten(&scenario.levers).iter().any(|(id, _)| id == lever.id())
        || scenario.lever_changes.iter().any(|entry| entry.lever == lever.id())
}
