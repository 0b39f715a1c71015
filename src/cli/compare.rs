//! `detente compare`: how each of several scenarios ends, one row each.

use super::args::{Compare, Params};
use super::batch::InAFuture;
use super::failure::Failure;
use super::origin::from;
use super::output::{self, CAVEAT, Grid, HEAD, styled, thousands};
use super::prepared::NOWCAST;
use super::prepared::load;
use super::progress::watched;
use super::threads::threads;
use crate::futures::accumulate::{Accumulator, Share, share};
use crate::futures::ensemble::{Plan, ensemble};
use crate::futures::posterior;
use crate::record::outcome::{EnduringPeace, Headline, levers_on};
use crate::scenario::{Errors, Loaded, builtin_names};
use crate::sim::rules::Rules;
use crate::tables::provenance::{ScenarioPart, Versions};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

pub(super) fn compare(args: &Compare) -> Result<(), Failure> {
    let mut scenarios = loaded(&args.scenarios, &args.param)?;
    if args.params == Params::Posterior {
        for (_, rules) in &mut scenarios {
            *rules = posterior::learn(rules.clone()).map_err(Failure::refused)?;
        }
    }
    let origins: Vec<_> = scenarios
        .iter()
        .map(|(_, rules)| Ok(from(&args.from, rules)?.map(|start| start.origin())))
        .collect::<Result<_, Failure>>()?;
    let total = args.runs * scenarios.len() as u64;
    let rows = watched(total, |progress| {
        let mut rows = Vec::new();
        for ((loaded, rules), origin) in scenarios.iter().zip(&origins) {
            let days = args.days.unwrap_or(rules.frame.days);
            let plan =
                Plan { seed: args.seed, days, prior: args.params.draws(), log: Vec::new(), from: origin.clone() };
            let Some(whole) = ensemble(rules, &plan, 0..args.runs, threads(args.jobs), progress) else { break };
            rows.push(Row::of(loaded, rules, &whole));
        }
        rows
    })?;
    let (done, asked) = (rows.len(), scenarios.len());
    let stopped = done < asked;
    if done > 0 {
        let table = Table {
            versions: Versions::here(),
            runs: args.runs,
            seed: args.seed,
            params: if args.from.from.is_some() { "nowcast" } else { args.params.name() },
            partial: stopped,
            rows,
        };
        if args.json {
            output::json(&table)?;
        } else if args.markdown {
            output::text(&table.markdown(args))?;
        } else {
            output::text(&table.text())?;
        }
    }
    if stopped {
        return Err(Failure::Interrupted(format!("interrupted: {done} of {asked} scenarios are finished")));
    }
    Ok(())
}

/// Every scenario asked for, or every mistake in any of them.
fn loaded(asked: &[String], params: &[String]) -> Result<Vec<(Loaded, Rules)>, Failure> {
    let all: Vec<&str> = match asked {
        [] => builtin_names().to_vec(),
        asked => asked.iter().map(String::as_str).collect(),
    };
    let (mut fit, mut errors) = (Vec::new(), Vec::new());
    for name in all {
        match load(name, params) {
            Ok(loaded) => {
                let rules = Rules::new(&loaded);
                fit.push((loaded, rules));
            }
            Err(Failure::Scenario(wrong)) => errors.extend(wrong.0),
            Err(other) => return Err(other),
        }
    }
    if errors.is_empty() { Ok(fit) } else { Err(Errors(errors).into()) }
}

#[derive(Serialize)]
struct Table {
    versions: Versions,
    /// Futures of each scenario.
    runs: u64,
    seed: u64,
    params: &'static str,
    /// Whether scenarios are missing because somebody stopped the run.
    partial: bool,
    #[serde(rename = "scenarios")]
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    scenario: ScenarioPart,
    start: Date,
    days: u32,
    outcomes: Outcomes,
    /// Killed in a future, in all places, as `batch` has it.
    killed_in_all: InAFuture,
    enduring_peace: EnduringPeace,
    /// What to set these outcomes beside, where that is not the scenario it extends.
    #[serde(skip_serializing_if = "String::is_empty")]
    beside: String,
}

#[derive(Serialize)]
struct Outcomes {
    headline: BTreeMap<&'static str, Interval>,
}

/// A share with its 90 % interval.
#[derive(Clone, Copy, Serialize)]
struct Interval {
    p: f64,
    low: f64,
    high: f64,
}

impl From<Share> for Interval {
    fn from(Share { p, low, high }: Share) -> Self {
        Self { p, low, high }
    }
}

impl Row {
    fn of(loaded: &Loaded, rules: &Rules, whole: &Accumulator) -> Self {
        let interval = |headline: Headline| share(whole.headline(headline), whole.runs).into();
        let headline = Headline::ALL.iter().map(|&headline| (headline.name(), interval(headline))).collect();
        let last = whole.days as i32 - 1;
        Self {
            scenario: ScenarioPart::of(loaded),
            start: rules.frame.start,
            days: whole.days,
            outcomes: Outcomes { headline },
            killed_in_all: InAFuture::of(&whole.killed_in_all),
            enduring_peace: EnduringPeace::of(&levers_on(&rules.frame, &[], last)),
            beside: loaded.scenario.beside.clone(),
        }
    }

    /// Name, days, five shares, the killed, two conditions.
    fn cells(&self) -> Vec<String> {
        let mut cells = vec![self.scenario.name.clone(), self.days.to_string()];
        for headline in Headline::ALL {
            cells.push(self.outcomes.headline.get(headline.name()).map_or_else(String::new, short_share));
        }
        cells.push(self.killed_in_all.mean.short_words());
        let EnduringPeace { settlements_not_growing, no_funding_of_armed_groups } = self.enduring_peace;
        cells.extend([settlements_not_growing, no_funding_of_armed_groups].map(|met| met_or_not(met).to_owned()));
        cells
    }
}

/// "33.1 ± 2.4", in per cent: the share and the longer arm of its 90 % interval, which is lopsided near 0 and 100.
fn short_share(Interval { p, low, high }: &Interval) -> String {
    format!("{:.1} ± {:.1}", 100.0 * p, 100.0 * (high - p).max(p - low))
}

/// Whether a condition is met, in words.
pub(super) fn met_or_not(met: bool) -> &'static str {
    if met { "met" } else { "not met" }
}

/// What beside the outcomes the two last columns say.
const CONDITIONS: &str = "Freeze, funding: the essay's two conditions of an enduring peace (settlements in the West \
Bank do not grow; Iran funds no armed group), as the levers stand at the end. Preventing war is not making peace: no \
outcome stands for peace.";

fn drawn(params: &str) -> &'static str {
    if params == "nowcast" { NOWCAST } else { Params::of(params).words() }
}

impl Table {
    fn conditions_of_the_run(&self) -> String {
        format!("{} futures of each · seed {} · {}", thousands(self.runs), self.seed, drawn(self.params))
    }

    /// How many days each runs: one number, or the most common with those that differ.
    fn lengths(&self) -> String {
        let most = self.rows.iter().map(|row| row.days).max_by_key(|most| {
            let same = self.rows.iter().filter(|row| row.days == *most).count();
            (same, std::cmp::Reverse(*most))
        });
        let most = most.unwrap_or_default();
        let others = self.rows.iter().filter(|row| row.days != most);
        let others: Vec<String> = others.map(|row| format!("{} {}", row.scenario.name, row.days)).collect();
        let rest = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
        format!("{most} days{rest}")
    }

    /// Scenarios whose outcomes are to be set beside others than those of the scenario they extend.
    fn set_beside(&self) -> impl Iterator<Item = String> {
        let named = self.rows.iter().filter(|row| !row.beside.is_empty());
        named.map(|row| format!("{}: set beside {}.", row.scenario.name, row.beside))
    }

    fn text(&self) -> String {
        let mut text = styled(HEAD, "Outcomes, % of futures");
        let _ = writeln!(text, "\n{} · {}\n", self.conditions_of_the_run(), self.lengths());
        let mut grid = Grid::new(&[
            "scenario",
            ">regional",
            ">collective",
            ">piecemeal",
            ">contained",
            ">unsettled",
            ">killed",
            "freeze",
            "funding",
        ]);
        for row in &self.rows {
            // Closer than in a document, so that a row has room in a terminal.
            let mut cells: Vec<String> = row.cells().iter().map(|cell| cell.replace("± ", "±")).collect();
            // Their days stand above.
            cells.remove(1);
            grid.row(cells);
        }
        text.push_str(&grid.text());
        let words = Headline::ALL.map(Headline::words).join(", ");
        let _ = writeln!(
            text,
            "\n{}",
            output::wrapped(
                &format!("Columns: {words}; killed in a future, in the mean. ± is the longer arm of a 90 % interval."),
                98
            )
        );
        let _ = writeln!(text, "{}", output::wrapped(CONDITIONS, 98));
        for line in self.set_beside() {
            let _ = writeln!(text, "{}", output::wrapped(&line, 98));
        }
        if self.partial {
            let _ = writeln!(text, "{}", output::wrapped("Partial: the scenarios that follow had not finished.", 98));
        }
        let _ = writeln!(text, "\n{CAVEAT}");
        text
    }

    fn markdown(&self, args: &Compare) -> String {
        let mut text = format!("`{}`\n\n{CAVEAT}\n\n", command(args));
        let _ = writeln!(
            text,
            "{}; % of futures, and killed, ± the longer arm of a 90 % interval.\n",
            self.conditions_of_the_run()
        );
        let mut heads = vec!["Scenario", "Days"];
        heads.extend(Headline::ALL.map(Headline::words));
        heads.extend(["killed, mean of a future", "settlements not growing", "no funding of armed groups"]);
        let _ = writeln!(text, "| {} |", heads.join(" | "));
        let _ = writeln!(text, "|---|{}", "--:|".repeat(heads.len() - 3) + "---|---|");
        for row in &self.rows {
            let mut cells = row.cells();
            cells[0] = format!("`{}`", cells[0]);
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        for line in self.set_beside() {
            let _ = writeln!(text, "\n{line}");
        }
        if self.partial {
            text.push_str("\nPartial: the scenarios that follow had not finished.\n");
        }
        text
    }
}

/// The command that makes the same table: everything but the number of threads, which does not show.
fn command(args: &Compare) -> String {
    let mut command = "detente compare".to_owned();
    for scenario in &args.scenarios {
        let _ = write!(command, " {scenario}");
    }
    let _ = write!(command, " --runs {} --seed {} --params {}", args.runs, args.seed, args.params.name());
    if let Some(days) = args.days {
        let _ = write!(command, " --days {days}");
    }
    command + " --markdown"
}
