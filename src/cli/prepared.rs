//! A scenario as the commands begin with it: loaded, with parameters and levers as the command line sets them.

use super::args::{FromNow, Many, Params, What};
use super::failure::Failure;
use super::origin;
use super::{output, setting};
use crate::chance::Key;
use crate::futures::ensemble::{Origin, Plan};
use crate::futures::posterior;
use crate::learn::now::Start;
use crate::scenario::{self, Loaded};
use crate::sim::rules::Rules;
use crate::sim::world::Fate;
use crate::symbols::levers::LeverChange;
use crate::tables::provenance::Provenance;
use std::path::Path;

/// A scenario ready to run, with the user's levers.
pub(super) struct Prepared {
    pub(super) loaded: Loaded,
    pub(super) rules: Rules,
    pub(super) days: u32,
    pub(super) log: Vec<LeverChange>,
    /// A nowcast from which its futures start.
    pub(super) from: Option<Start>,
}

impl Prepared {
    /// The scenario of a command, with what its settings say.
    pub(super) fn new(what: &What, settings: &[String]) -> Result<Self, Failure> {
        let loaded = load(&what.scenario, &what.param)?;
        let rules = Rules::new(&loaded);
        let days = what.days.unwrap_or(rules.frame.days);
        let log = setting::read(settings, rules.frame.start, days).map_err(Failure::Refused)?;
        Ok(Self { loaded, rules, days, log, from: None })
    }

    /// The scenario and the levers that the manifest of a folder keeps.
    pub(super) fn kept(folder: &Path, of: &Provenance) -> Result<Self, Failure> {
        if of.from.is_some() {
            return Err(Failure::refused(format!(
                "{} starts from a nowcast, which it does not hold; repeat its command with --from",
                folder.display()
            )));
        }
        let loaded = scenario::reload(&of.scenario.content)?;
        let rules = Rules::new(&loaded);
        let log = of.lever_log.iter().map(|line| line.read(rules.frame.start)).collect::<Result<_, _>>();
        let log = log.map_err(|why| {
            Failure::refused(format!(
                "the manifest of {} is damaged: {why}; take the folder from a copy",
                folder.display()
            ))
        })?;
        let mut loaded = loaded;
        // A name is no part of the content: a file may be called otherwise than what it says.
        loaded.name.clone_from(&of.scenario.name);
        Self { loaded, rules, days: of.days, log, from: None }.with(Params::of(&of.params))
    }

    /// The same with draws that follow the posterior that ships, where the parameters are to.
    pub(super) fn with(mut self, params: Params) -> Result<Self, Failure> {
        if params == Params::Posterior {
            self.rules = posterior::learn(self.rules).map_err(Failure::refused)?;
        }
        Ok(self)
    }

    /// The same with its futures starting from where `--from` says.
    pub(super) fn starting(mut self, from: &FromNow) -> Result<Self, Failure> {
        self.from = origin::from(from, &self.rules)?;
        Ok(self)
    }

    /// Many futures of it.
    pub(super) fn plan(&self, what: &What, many: &Many, log: Vec<LeverChange>) -> Plan {
        Plan { seed: what.seed, days: self.days, prior: many.params.draws(), log, from: self.origin() }
    }

    /// Where its futures start, if not at day 0 of the scenario.
    pub(super) fn origin(&self) -> Option<Origin> {
        self.from.as_ref().map(Start::origin)
    }

    /// The rules of one future: with the parameters that it draws, if it draws any.
    pub(super) fn own(&self, fate: Fate) -> Rules {
        if let Some(start) = &self.from {
            return start.own(&self.rules, fate.future);
        }
        let mut own = self.rules.clone();
        if fate.prior {
            own.redraw(Key::new(fate.seed, fate.future));
        }
        own
    }

    /// Which numbers its futures have, in words.
    pub(super) fn numbers(&self, params: Params) -> &'static str {
        if self.from.is_some() { NOWCAST } else { params.words() }
    }

    /// What a result of it is of.
    pub(super) fn provenance(&self, seed: u64, params: &str) -> Provenance {
        let from = self.from.as_ref().map(|start| start.digest.clone());
        // The numbers are then those of the particles.
        let params = if from.is_some() { "nowcast" } else { params };
        let of = Provenance::of(&self.loaded, &self.rules, self.days, seed, params, &self.log);
        Provenance { from, ..of }
    }

    /// "november-2024 · 8 November 2024 to 7 November 2025 (365 days)".
    pub(super) fn title(&self) -> String {
        let last = self.rules.date(self.days as i32 - 1);
        let (from, to) = (output::date(self.rules.frame.start), output::date(last));
        let start = if self.from.is_some() { " · from a nowcast" } else { "" };
        format!("{} · {from} to {to} ({}){start}", self.loaded.name, output::counted(self.days.into(), "day"))
    }
}

/// Numbers of futures that start from a nowcast, in words.
pub(super) const NOWCAST: &str = "parameters of the nowcast's particles";

/// Loads a scenario with what `--param` says laid over it.
pub(super) fn load(scenario: &str, params: &[String]) -> Result<Loaded, Failure> {
    let mut read: Vec<(String, f64)> = Vec::new();
    let mut wrong = Vec::new();
    for text in params {
        match setting::param(text) {
            Ok((id, _)) if read.iter().any(|(other, _)| *other == id) => {
                wrong.push(format!("--param {text}: {id} is set twice; keep one"));
            }
            Ok(param) => read.push(param),
            Err(why) => wrong.push(format!("--param {text}: {why}")),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Refused(wrong));
    }
    scenario::load_with(scenario, &read).map_err(|errors| {
        // Mistakes in the command line are said of the command line, unless the file has some too.
        let of = |error: &scenario::Error| {
            let param = error.line.checked_sub(PARAM_LINES).and_then(|i| params.get(i));
            let param = param.filter(|_| error.file == scenario::PARAM)?;
            let help = error.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
            Some(format!("--param {param}: {}{help}", error.message))
        };
        match errors.0.iter().map(of).collect::<Option<Vec<String>>>() {
            Some(sentences) => Failure::Refused(sentences),
            None => Failure::Scenario(errors),
        }
    })
}

/// The line on which the first parameter of the command line counts.
const PARAM_LINES: usize = 3;

/// An actor's name without what stands in brackets, for tables.
pub(super) fn short_name(rules: &Rules, actor: usize) -> &str {
    let name = rules.actors[actor].name.as_str();
    name.split_once(" (").map_or(name, |(short, _)| short)
}
