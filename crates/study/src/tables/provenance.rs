//! What a result is of: stands in every JSON object and in every folder that the program writes.

use detente_model::scenario::{Loaded, raw};
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{Kind, Lever, LeverChange};
use jiff::civil::Date;
use noisy_float::prelude::R64;
use serde::{Deserialize, Serialize};

/// Version of the model: outputs of equal versions are equal bit for bit. Behind the `+` stands a digest of what numbers come
/// from (`build.rs`), so that builds that may give others never share a version.
pub const MODEL: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("DETENTE_SOURCES"));

/// Version of the folders and manifests written here.
pub const FILES: u32 = 1;

/// Versions that decide whether a folder can be read and a run repeated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Of the scenario file format.
    pub format: u32,
    /// Of the model.
    pub model: String,
}

impl Versions {
    /// Those of this program.
    #[must_use]
    pub fn here() -> Self {
        Self { format: raw::FORMAT, model: MODEL.to_owned() }
    }
}

/// One lever change as files and screens show it: numbers as numbers, choices and dates in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeverLine {
    /// Day since the start.
    pub day: i32,
    /// Date of that day.
    pub date: Date,
    /// Id of the lever.
    pub lever: String,
    /// The value from then on.
    pub value: serde_json::Value,
}

impl LeverLine {
    /// A change in words.
    #[must_use]
    pub fn of(change: &LeverChange, rules: &Rules) -> Self {
        Self {
            day: change.day,
            date: rules.date(change.day),
            lever: change.lever.id().to_owned(),
            value: stated(change.lever, change.value.raw(), rules.frame.start),
        }
    }

    /// The change it stands for.
    ///
    /// # Errors
    /// One sentence, where a manifest was changed by hand.
    pub fn read(&self, start: Date) -> Result<LeverChange, String> {
        let lever = Lever::try_from(self.lever.clone())?;
        let Self { day, date, .. } = self;
        let meant = jiff::Span::new().try_days(*day).and_then(|days| start.checked_add(days)).ok();
        if meant != Some(*date) {
            let on = meant.map_or_else(|| "no date".to_owned(), |date| date.to_string());
            return Err(format!(
                "the move of {} stands on day {day}, which is {on}, and on {date}; write the date of that day",
                self.lever
            ));
        }
        let value = match &self.value {
            serde_json::Value::Number(number) => lever.admit(number.as_f64().unwrap_or(f64::NAN))?,
            serde_json::Value::String(text) => lever.parse(text, start)?,
            other => return Err(format!("{} takes a number or a word, not {other}", self.lever)),
        };
        match R64::try_new(value) {
            Some(value) => Ok(LeverChange { day: self.day, lever, value }),
            None => Err(format!("{} takes a finite number", self.lever)),
        }
    }
}

/// A lever's stored value as JSON states it: numbers as numbers, choices and dates in words.
#[must_use]
pub fn stated(lever: Lever, value: f64, start: Date) -> serde_json::Value {
    match lever.row().kind {
        Kind::Number => value.into(),
        _ => lever.say(value, start).into(),
    }
}

/// The scenario of a run, whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioPart {
    /// Name.
    pub name: String,
    /// Hash of the content.
    pub hash: String,
    /// Everything it says, overlays merged.
    pub content: raw::Scenario,
}

impl ScenarioPart {
    /// The scenario as it was loaded.
    #[must_use]
    pub fn of(loaded: &Loaded) -> Self {
        Self { name: loaded.name.clone(), hash: loaded.hash.clone(), content: loaded.scenario.clone() }
    }
}

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
    /// The day from which on it is that future, where it is not from the first: before it the history is that of future 0 at the
    /// scenario's parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_day: Option<i32>,
    /// Digest of the nowcast from which futures start, where they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
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
            from_day: None,
            from: None,
        }
    }

    /// The same of one future alone.
    #[must_use]
    pub fn of_future(self, future: u64) -> Self {
        Self { future: Some(future), ..self }
    }

    /// The same of a future that fans out from a day.
    #[must_use]
    pub fn from_day(self, day: Option<i32>) -> Self {
        Self { from_day: day, ..self }
    }

    /// In what this differs from what was there before, in words; empty if in nothing.
    #[must_use]
    pub fn differences(&self, there: &Self) -> Vec<String> {
        let levers = |of: &Self| {
            let said = of.lever_log.iter().map(|line| format!("{}={}@{}", line.lever, line.value, line.day));
            let said: Vec<String> = said.collect();
            if said.is_empty() { "none".to_owned() } else { said.join(" ") }
        };
        let from = |of: &Self| of.from.clone().unwrap_or_else(|| "none".to_owned());
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
            ("nowcast", from(there), from(self)),
        ];
        let differing = rows.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        // A damaged manifest may hold anything: what it says stays on its line.
        let plain = |text: String| text.escape_debug().to_string().replace("\\\"", "\"").replace("\\\\", "\\");
        differing.map(|(name, theirs, ours)| format!("{name} {} there, {} now", plain(theirs), plain(ours))).collect()
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
        let from_day = self.from_day.map(|day| ("from_day", day.to_string()));
        let from = self.from.clone().map(|from| ("from", from));
        pairs
            .into_iter()
            .chain(future)
            .chain(from_day)
            .chain(from)
            .map(|(key, value)| (format!("detente.{key}"), value))
            .collect()
    }
}
