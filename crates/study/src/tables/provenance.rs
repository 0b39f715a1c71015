//! What a result is of: stands in every JSON object and in every folder that the program writes.

use super::write::{LeverLine, ScenarioPart, Versions};
use detente_model::scenario::Loaded;
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::LeverChange;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Everything that decides a result but the futures run: with it, it can be had again to the last bit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Versions of scenario format and model.
    pub versions: Versions,
    /// The scenario: name, hash and content.
    pub scenario: ScenarioPart,
    /// The first day, day 0.
    pub start: Date,
    /// Days run.
    pub days: u32,
    /// Seed.
    pub seed: u64,
    /// Parameters: `default`, `prior` (drawn from their ranges for every future), or `default and prior`.
    pub params: String,
    /// The user's lever changes.
    pub lever_log: Vec<LeverLine>,
    /// Number of the future, where it is of one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub future: Option<u64>,
}

impl Provenance {
    /// Of what this program is about to run.
    #[must_use]
    pub fn of(loaded: &Loaded, rules: &Rules, days: u32, seed: u64, params: &str, log: &[LeverChange]) -> Self {
        Self {
            versions: Versions::here(),
            scenario: ScenarioPart::of(loaded),
            start: rules.frame.start,
            days,
            seed,
            params: params.to_owned(),
            lever_log: log.iter().map(|change| LeverLine::of(change, rules)).collect(),
            future: None,
        }
    }

    /// The same of one future alone.
    #[must_use]
    pub fn of_future(self, future: u64) -> Self {
        Self { future: Some(future), ..self }
    }

    /// In what this differs from what was there before, in words; empty if in nothing.
    #[must_use]
    pub fn differences(&self, there: &Self) -> Vec<String> {
        let levers = |of: &Self| {
            let said = of.lever_log.iter().map(|line| format!("{}={}@{}", line.lever, line.value, line.day));
            let said: Vec<String> = said.collect();
            if said.is_empty() { "none".to_owned() } else { said.join(" ") }
        };
        let rows = [
            ("program version", there.versions.model.clone(), self.versions.model.clone()),
            ("scenario format", there.versions.format.to_string(), self.versions.format.to_string()),
            ("scenario", there.scenario.name.clone(), self.scenario.name.clone()),
            ("scenario content", there.scenario.hash.clone(), self.scenario.hash.clone()),
            ("start", there.start.to_string(), self.start.to_string()),
            ("days", there.days.to_string(), self.days.to_string()),
            ("seed", there.seed.to_string(), self.seed.to_string()),
            ("params", there.params.clone(), self.params.clone()),
            ("lever changes", levers(there), levers(self)),
        ];
        let differing = rows.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        differing.map(|(name, theirs, ours)| format!("{name} {theirs} there, {ours} now")).collect()
    }

    /// The same in short texts, for the metadata of a file: all but the scenario's content.
    #[must_use]
    pub fn metadata(&self) -> Vec<(String, String)> {
        // Serialising plain data into memory cannot fail.
        let levers = serde_json::to_string(&self.lever_log).unwrap_or_default();
        let pairs = [
            ("model", self.versions.model.clone()),
            ("scenario_format", self.versions.format.to_string()),
            ("scenario", self.scenario.name.clone()),
            ("scenario_hash", self.scenario.hash.clone()),
            ("start", self.start.to_string()),
            ("days", self.days.to_string()),
            ("seed", self.seed.to_string()),
            ("params", self.params.clone()),
            ("lever_log", levers),
        ];
        let future = self.future.map(|future| ("future", future.to_string()));
        pairs.into_iter().chain(future).map(|(key, value)| (format!("detente.{key}"), value)).collect()
    }
}
