//! `detente levers`, `parameters`, `columns`, `scenarios`: what there is.

use super::args::{Columns, DEFAULT_SCENARIO, Parameters, Plain};
use super::failure::Failure;
use super::output::Grid;
use super::output::{self, FAINT, HEAD, styled, wrapped};
use crate::camps::camps;
use crate::record::series;
use crate::scenario::{builtin_names, load, toml_path};
use crate::sim::rules::Rules;
use crate::symbols::Evidence;
use crate::symbols::levers::{Kind, Lever};
use crate::symbols::parameters::ROWS;
use crate::symbols::reached::reached;
use crate::tables::dictionary::LISTED;
use crate::tables::provenance::{Versions, stated};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What is listed, and the versions it is of.
#[derive(Serialize)]
struct Listed<T> {
    versions: Versions,
    #[serde(flatten)]
    list: T,
}

/// Prints a list as JSON.
fn listed(list: impl Serialize) -> Result<(), Failure> {
    output::json(&Listed { versions: Versions::here(), list })
}

#[derive(Serialize)]
struct LeverJson {
    id: &'static str,
    name: &'static str,
    owner: &'static str,
    kind: &'static str,
    unit: &'static str,
    /// Low and high of a number, the options of a choice, null for a date.
    range: Value,
    default: Value,
    touches: &'static str,
    /// What makes it act, where it moves nothing in a year of the default scenario; else null.
    acts_only: Option<&'static str>,
    essay: &'static str,
    claims: &'static [&'static str],
    source: &'static str,
    tag: Evidence,
}

impl LeverJson {
    fn of(lever: Lever) -> Self {
        let row = lever.row();
        let (kind, range) = match row.kind {
            Kind::Number => ("number", json!([row.low, row.high])),
            Kind::Choice(options) => ("choice", json!(options)),
            Kind::Date => ("date", Value::Null),
        };
        Self {
            id: row.id,
            name: row.name,
            owner: row.owner,
            kind,
            unit: row.unit,
            range,
            // The default of a date is `off`, whatever the start.
            default: stated(lever, row.default, jiff::civil::Date::default()),
            touches: row.touches,
            acts_only: lever.acts_only(),
            essay: row.essay,
            claims: row.claims,
            source: row.source,
            tag: row.tag,
        }
    }
}

pub(super) fn levers(args: &Plain) -> Result<(), Failure> {
    let all: Vec<LeverJson> = Lever::ALL.iter().map(|&lever| LeverJson::of(lever)).collect();
    if args.json {
        return listed(json!({ "levers": all }));
    }
    output::text(&said_of_levers(&all))
}

/// Levers by who holds them, as text.
fn said_of_levers(all: &[LeverJson]) -> String {
    let mut owners: Vec<&str> = Vec::new();
    for lever in all {
        if !owners.contains(&lever.owner) {
            owners.push(lever.owner);
        }
    }
    let mut text = String::new();
    for owner in owners {
        let _ = writeln!(text, "{}", styled(HEAD, owner));
        let mut grid = Grid::new(&["lever", "takes", "default", "acts on"]);
        for lever in all.iter().filter(|lever| lever.owner == owner) {
            let row_kind = match &lever.range {
                Value::Array(options) if lever.kind == "choice" => {
                    let options: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
                    options.join(" | ")
                }
                Value::Array(bounds) => {
                    let bounds: Vec<String> = bounds.iter().filter_map(Value::as_f64).map(|b| b.to_string()).collect();
                    format!("{} ({})", bounds.join(" to "), lever.unit)
                }
                _ => "a date, or off".to_owned(),
            };
            let default = lever
                .default
                .as_str()
                .map_or_else(|| lever.default.as_f64().unwrap_or_default().to_string(), str::to_owned);
            let touches = lever.touches.to_owned();
            grid.row([lever.id.to_owned(), row_kind, default, touches]);
            if let Some(when) = lever.acts_only {
                grid.row([String::new(), String::new(), String::new(), format!("acts only {when}")]);
            }
        }
        let _ = writeln!(text, "{}", grid.text());
    }
    let _ = writeln!(
        text,
        "{} levers. Move one with --set LEVER=VALUE[@DAY], as in `detente run --set unifil.troops=15000@60`.",
        all.len()
    );
    text
}

#[derive(Serialize)]
struct ParameterJson<'a> {
    id: &'a str,
    /// Where it stands in a scenario file, as a dotted key of TOML.
    path: Option<String>,
    unit: &'static str,
    /// Value in this scenario.
    default: f64,
    range: [f64; 2],
    /// How `--params prior` draws it: `uniform`, `log`, or `fixed`.
    drawn: &'static str,
    tag: Evidence,
    /// Whether it acts in the default year, only with a lever moved, or in none of the years tried; null without a range.
    acts: Option<&'static str>,
    meaning: &'static str,
    source: &'a str,
}

/// Where a number acts, in a word.
fn said_of_acting(acts: &'static str) -> &'static str {
    match acts {
        "in the default year" => "yes",
        "in none of the years tried" => "not seen",
        only => only,
    }
}

fn drawn(low: f64, high: f64, log: bool) -> &'static str {
    match log {
        _ if high <= low => "fixed",
        true => "log",
        false => "uniform",
    }
}

pub(super) fn parameters(args: &Parameters) -> Result<(), Failure> {
    let loaded = super::prepared::load(&args.scenario, &args.param)?;
    let rules = Rules::new(&loaded);
    let scalars = ROWS.iter().map(|row| ParameterJson {
        id: row.id,
        path: toml_path(row.id),
        unit: row.unit,
        default: rules.frame.parameters.get(row.id).unwrap_or(row.default),
        range: [row.low, row.high],
        drawn: drawn(row.low, row.high, row.log()),
        tag: row.tag,
        acts: reached(row.id),
        meaning: row.meaning,
        source: row.source,
    });
    let estimates = rules.frame.estimates.iter().map(|estimate| ParameterJson {
        id: &estimate.id,
        path: toml_path(&estimate.id),
        unit: estimate.family.unit,
        default: estimate.value,
        range: [estimate.low, estimate.high].map(meant),
        drawn: drawn(estimate.low, estimate.high, estimate.log),
        tag: estimate.tag,
        acts: reached(&estimate.id),
        meaning: estimate.family.meaning,
        source: &estimate.source,
    });
    let all: Vec<ParameterJson<'_>> = scalars.chain(estimates).collect();
    if args.json {
        let of = json!({ "scenario": loaded.name, "scenario_hash": loaded.hash, "parameters": all });
        return listed(of);
    }
    let mut text = String::new();
    let mut section = |title: &str, rows: &[ParameterJson<'_>], meaning: bool| {
        let last = if meaning { "what it is" } else { "source" };
        let mut grid = Grid::new(&["id", ">default", ">low", ">high", "unit", "tag", "acts", last]);
        for row in rows {
            let number = |value: f64| value.to_string();
            let last = if meaning { format!("{} [{}]", row.meaning, row.source) } else { row.source.to_owned() };
            grid.row([
                row.id.to_owned(),
                number(row.default),
                rounded(row.range[0]),
                rounded(row.range[1]),
                row.unit.to_owned(),
                format!("{:?}", row.tag),
                row.acts.map_or("–", said_of_acting).to_owned(),
                last,
            ]);
        }
        let _ = writeln!(text, "{}\n{}", styled(HEAD, title), grid.text());
    };
    let (scalars, estimates) = all.split_at(ROWS.len());
    section("Parameters of the model", scalars, true);
    section(&format!("Estimates of {}", loaded.name), estimates, false);

    let mut tags: BTreeMap<String, (Evidence, usize)> = BTreeMap::new();
    for row in &all {
        tags.entry(format!("{:?}", row.tag)).or_insert((row.tag, 0)).1 += 1;
    }
    let tags: Vec<String> =
        tags.iter().map(|(letter, (tag, count))| format!("{count} {letter} ({})", tag.words())).collect();
    text.push_str(
        "Acts: whether an end of its range changes anything in a year of november-2024, or only with a lever moved (docs/reached.md); –: it has \
         no range.\n",
    );
    let _ = writeln!(
        text,
        "{} rows: {}. Set one with --param ID=VALUE, or under [parameters] in a file; what is set is fixed.",
        all.len(),
        tags.join(", ")
    );
    output::text(&text)
}

/// Ranges follow from values by multiplication: what is meant, not the last bit. Twelve digits are more than any estimate
/// has, and few enough to read.
pub(super) fn meant(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// The same in a table.
fn rounded(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[derive(Serialize)]
struct ColumnJson {
    table: &'static str,
    quantity: &'static str,
    unit: &'static str,
    description: &'static str,
}

pub(super) fn columns(args: &Columns) -> Result<(), Failure> {
    // Units of daily series stand with their columns, and those with a scenario.
    let series = series::columns(&Rules::new(&load(DEFAULT_SCENARIO)?));
    let wanted = LISTED.iter().filter(|table| args.table.as_ref().is_none_or(|name| name == table.name));
    if args.json {
        let of = |table: &'static crate::tables::dictionary::Listed| {
            let series = &series;
            table.entries.iter().map(move |entry| ColumnJson {
                table: table.name,
                quantity: entry.quantity,
                unit: table.unit(entry, series),
                description: entry.says,
            })
        };
        return output::json(&wanted.flat_map(of).collect::<Vec<_>>());
    }
    let mut text = String::new();
    for table in wanted {
        let _ = writeln!(text, "{}: {}", styled(HEAD, table.name), table.rows);
        let mut grid = Grid::new(&["quantity", "unit", "meaning"]);
        for entry in table.entries {
            grid.row([entry.quantity, table.unit(entry, &series), entry.says].map(str::to_owned));
        }
        let _ = writeln!(text, "{}", grid.text());
    }
    text.push_str("A column is named by its quantity, or by quantity and id, like killed.LEB.\n");
    output::text(&text)
}

#[derive(Serialize)]
struct ScenarioJson {
    name: String,
    hash: String,
    title: String,
    description: String,
    start: String,
    days: u32,
}

pub(super) fn scenarios(args: &Plain) -> Result<(), Failure> {
    let mut all = Vec::new();
    for name in builtin_names() {
        let loaded = load(name)?;
        let scenario = &loaded.scenario;
        all.push(ScenarioJson {
            name: loaded.name.clone(),
            hash: loaded.hash.clone(),
            title: scenario.title.clone(),
            description: scenario.description.trim().to_owned(),
            start: scenario.start.unwrap_or_default().to_string(),
            days: scenario.days,
        });
    }
    if args.json {
        return listed(json!({ "scenarios": all }));
    }
    let mut text = String::new();
    for scenario in &all {
        let ScenarioJson { name, title, description, start, days, .. } = scenario;
        let _ = writeln!(text, "{}  {title}", styled(HEAD, name));
        let _ = writeln!(text, "{}", styled(FAINT, format!("  {days} days from {start}")));
        let _ = writeln!(text, "{}\n", wrapped(description, 98));
    }
    text.push_str("Run one with `detente run NAME`; a file of your own can extend one.\n\n");
    let _ = writeln!(text, "{}", styled(HEAD, "Camps: the sides of contested questions, for `detente contested`"));
    for camp in camps() {
        let _ = writeln!(text, "\n{}  {}", styled(HEAD, &camp.name), camp.title);
        let _ = writeln!(text, "{}", styled(FAINT, format!("  {}", camp.question_words())));
        let _ = writeln!(text, "{}", wrapped(&camp.description, 98));
        for set in &camp.sets {
            let _ = writeln!(text, "{}", wrapped(&format!("{} = {}: {}", set.id, set.value, set.source), 98));
        }
    }
    output::text(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Below the row of a lever that moves nothing in a year of the default scenario stands what makes it act.
    #[test]
    fn levers_that_wait_for_another_say_so_below_their_row() {
        let all: Vec<LeverJson> = Lever::ALL.iter().map(|&lever| LeverJson::of(lever)).collect();
        let text = said_of_levers(&all);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let mut waiting = 0;
        for lever in &all {
            let at = lines.iter().position(|line| line.split(' ').next() == Some(lever.id)).unwrap_or(usize::MAX);
            let below = lines.get(at + 1).and_then(|line| line.strip_prefix("acts only "));
            assert_eq!(below, lever.acts_only, "{}", lever.id);
            waiting += usize::from(below.is_some());
        }
        assert!(waiting > 3, "{waiting}");
    }
}
