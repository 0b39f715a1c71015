//! What every column of every table means: type, unit, one sentence. Stands in `datapackage.json` in every folder (a Data
//! Package in the sense of <https://specs.frictionlessdata.io>, which readers of R and Python take types from), in the
//! metadata of Parquet files, and in `docs/tables/columns.md`.

use super::provenance::Provenance;
use super::table::{Cells, Format, Table};
use detente_model::record::series::Column;
use serde::Serialize;
use serde_json::{Value, json};

/// One quantity: every column `quantity` or `quantity.ID`.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What stands before the first point of the column's name.
    pub quantity: &'static str,
    /// Unit; empty for texts, and for daily series, whose columns carry their own.
    pub unit: &'static str,
    /// One sentence.
    pub says: &'static str,
}

const fn entry(quantity: &'static str, unit: &'static str, says: &'static str) -> Entry {
    Entry { quantity, unit, says }
}

/// `events.*`: one row per event of a recorded run.
pub const EVENTS: &[Entry] = &[
    entry(
        "event",
        "",
        "Id: d, day, e, place among that day's events. Text in every reader; `detente explain` takes it.",
    ),
    entry("day", "days", "Days since the start; the first day is 0."),
    entry("place", "1", "Place among the events of that day, from 1."),
    entry("date", "", "Date of the day."),
    entry("kind", "", "What kind of event it is."),
    entry("actor", "", "Who acts; none in an event of nobody in particular."),
    entry("opponent", "", "Against whom it is directed, or none."),
    entry("victim", "", "Who is hit, or none."),
    entry("front", "", "On which front, or none."),
    entry("agreement", "", "At which table of negotiations, or none."),
    entry("level_from", "level", "Escalation level of the front before, 0 to 6; -1 where no level moves."),
    entry("level_to", "level", "Escalation level of the front after; -1 where no level moves."),
    entry("events", "events", "Attacks of routine fire on the front on that day; 0 in other events."),
    entry("rounds", "rounds", "Missiles, drones and cruise missiles of a salvo; 0 in other events."),
    entry("arrivals", "rounds", "Of these, those that come near their targets."),
    entry("intercepted", "rounds", "Of these, those that are shot down."),
    entry("hits", "rounds", "Rounds that hit."),
    entry("deaths", "persons", "Killed by this event, by the model's count."),
    entry("votes_for", "votes", "Votes in favour; 0 where nothing is voted on."),
    entry("votes_against", "votes", "Votes against; 0 where nothing is voted on."),
    entry("votes_abstaining", "votes", "Abstentions; 0 where nothing is voted on."),
    entry(
        "step",
        "",
        "What was done: the lever that was moved, the step of a roadmap, path or nuclear programme, or the result of a vote; none in other events.",
    ),
    entry(
        "value",
        "",
        "With it, in words: the option or date that a lever was set to, or what was opened, suspended or lost; none in other events.",
    ),
    entry(
        "amount",
        "of the lever",
        "With it, as a number: the new value of a lever that takes numbers; 0 in other events.",
    ),
    entry("sentence", "", "The event in words."),
];

/// `series.*`: one row per evening of a recorded run; units stand in the columns themselves.
pub const SERIES: &[Entry] = &[
    entry("day", "", "Days since the start; the first day is 0."),
    entry("date", "", "Date of the day."),
    entry("events", "", "Attacks of routine fire of this stream on that day."),
    entry("deaths", "", "Killed by routine fire of this stream on that day."),
    entry("mean", "", "Attacks expected on that day."),
    entry("excitation", "", "Part of the expectation that earlier fire of this and other streams adds."),
    entry("level", "", "Escalation level of the front, 0 (truce) to 6."),
    entry("ledger", "", "Unanswered harm that the holder counts."),
    entry("ledger_other_count", "", "The same harm as the other side counts it."),
    entry("owed", "", "Whether an answer is owed (1) or not (0)."),
    entry(
        "forgone",
        "",
        "What the holder has let go lately through mediators: 1 on the day of a settlement, fading since.",
    ),
    entry("war", "", "Whether the pair is at war (1) or not (0)."),
    entry("exchange_gain", "", "Expected growth of unanswered harm per full round of answers; above 1 exchanges grow."),
    entry("resolve", "", "Resolve as opponents see it, 0 to 1."),
    entry("opinion", "", "Support at home for continuing, −1 to 1."),
    entry("munitions", "", "Rounds in store."),
    entry("launchers", "", "Launchers."),
    entry("interceptors", "", "Interceptors in store."),
    entry("air_defence", "", "Air defence, as a share of intact."),
    entry("shield", "", "Partner shield, as a share of that of August 2024; 1 is intact."),
    entry("decapitation", "", "Leadership lost and not replaced, 0 to 1."),
    entry("threat", "", "Threat that the first named sees in the second, 0 to 1."),
    entry("status", "", "Where the table stands, as a code."),
    entry("age", "", "Days that the agreement has been in force; 0 where none is."),
    entry(
        "collapse_chance",
        "",
        "Chance that the agreement collapses on the coming day, were nothing else to happen; 0 where none is in force.",
    ),
    entry(
        "deal_parts",
        "",
        "Parts that a collective deal in force holds: those signed that have not fallen; 0 where it is not in force.",
    ),
    entry(
        "shaken",
        "",
        "Share of the agreements it is linked with that were shaken lately: by a collapse, by a blow on their front, or by being left out of a deal with the rest.",
    ),
    entry("channel", "", "Intensity of the channel; 0 while it is suspended."),
    entry("peacekeepers", "", "Peacekeepers: strength, rules and freedom of movement together."),
    entry("national_troops", "", "National troops in the area."),
    entry("withdrawal", "", "Share of the withdrawal that is done."),
    entry("displaced", "", "Displaced persons of the territory on that evening."),
    entry(
        "killed",
        "",
        "Killed in the territory since the start, by routine fire, strikes and salvos (a running total).",
    ),
    entry("permission", "", "Permission for operations from bases on the host's soil, 0 to 1."),
    entry("threatened", "", "Whether the host stands under a warning (1) or not (0)."),
    entry(
        "exposure",
        "",
        "Chance that a base on the host's soil is struck within 30 days, were today's debts to stay.",
    ),
    entry("fear", "", "Fear of war in the host state, 0 to 1; 0 where no weight rests on it."),
    entry("sanctions", "", "Sanctions pressure in force."),
    entry("oil", "", "Oil exports."),
    entry("revenue", "", "Revenue against that of the start."),
    entry("stress", "", "Economic stress."),
    entry("funding", "", "Funding of aligned groups against that of the start."),
    entry("corridor_open", "", "Whether the supply corridor is open (1) or lost (0)."),
    entry("reformists", "", "Weight of reformists in decisions."),
    entry("patience", "", "The leader's patience."),
    entry("unrest", "", "Share of the population in unrest."),
    entry("legitimacy", "", "Legitimacy of the government at home; what it lacks is grievance, and feeds unrest."),
    entry("enriched", "", "Uranium enriched to 60 %."),
    entry("breakout", "", "Breakout time."),
    entry("access", "", "Access of inspectors."),
    entry("pace", "", "Pace of enrichment, as a code."),
    entry("weaponising", "", "Whether weaponisation has been decided (1) or not (0); other actors do not see it."),
    entry("zone", "", "Progress of talks on a zone free of such weapons."),
    entry("host_harm", "", "Harm to the host's own sites that it holds against the foe, fading."),
    entry(
        "forum",
        "",
        "Standing of a security forum of the owner and its neighbours, 0 to 1; 0 where no weight rests on it.",
    ),
    entry("phases", "", "Phases of the roadmap that are done."),
    entry("roadmap_stage", "", "Stage of the roadmap, as a code."),
    entry("suspended", "", "Whether the roadmap is suspended (1) or not (0)."),
    entry("integrated", "", "Share of the groups that is integrated."),
    entry("coalition_exit", "", "Share of the coalition's forces that has left."),
    entry("isolation", "", "Share of yes votes on the Assembly's last text."),
    entry(
        "veto_cost",
        "",
        "Cost of vetoes that the United States cast alone, fading; one costs the Assembly's yes share that day.",
    ),
    entry("aid", "", "Aid that enters, on that day."),
    entry("stages", "", "Stages of the path after a truce that are done."),
    entry(
        "trade",
        "",
        "Trade through the crossings, as a share of what they could carry: the lever as far as they are open.",
    ),
    entry("activity", "", "Economic activity; 1 is that of aid under a truce, without trade."),
    entry("governs", "", "Who governs, as a code."),
    entry("standing", "", "Legitimacy of the authority, on which elections hang."),
    entry("incorporated", "", "Share of the armed group under the political authority of its state."),
    entry(
        "seat",
        "",
        "Legitimacy that the armed group has inside the state: a seat in talks and under a constitution, or its share of the votes.",
    ),
    entry("us_consent", "", "Readiness of the US administration to consent to a preventive strike."),
];

/// `runs.*` of a batch: one row per future. Nothing in it is ever missing: where something did not come about, the days until
/// it are the days run, and the column beside it says 0.
pub const RUNS: &[Entry] = &[
    entry("future", "1", "Number of the future; with the seed it decides everything that chance decides."),
    entry("escalation", "", "How far direct fire between states went: none, contained or regional."),
    entry("settlement", "", "What was settled: none, piecemeal or collective."),
    entry("headline", "", "The class that sums both up."),
    entry("blows", "blows", "Strikes at leadership, commanders and the like, outside answers."),
    entry("war_days", "days", "Days on which a pair was at war, summed over pairs."),
    entry(
        "has",
        "0 or 1",
        "Whether it came about: regional_war, and that after a preventive strike of the fortnight before (regional_after_preventive) or without (regional_by_answers); direct_fire (Iran with Israel or the United States); collapse (of any agreement).",
    ),
    entry("days_to", "days", "Days from the start until it first came about; the days run, where it did not."),
    entry("killed", "persons", "Killed in the territory, by routine fire, strikes and salvos."),
    entry("events", "events", "Attacks of routine fire of the stream."),
    entry("deaths", "persons", "Killed by routine fire of the stream."),
    entry("salvos", "salvos", "Salvos in this direction."),
    entry("rounds", "rounds", "Missiles, drones and cruise missiles in them."),
    entry("hits", "rounds", "Rounds that hit."),
    entry("air_strikes", "strikes", "Air strikes in this direction, preventive ones among them."),
    entry("settled", "answers", "Answers owed in this direction that were settled through mediators and not given."),
    entry(
        "parts_fallen",
        "parts",
        "Parts that fell from a collective deal in force, by its own giving way or with a truce of their own.",
    ),
    entry("ever_signed", "0 or 1", "Whether the agreement was signed in this future."),
    entry("days_to_signing", "days", "Days from the start until it was first signed; the days run, where it was not."),
    entry("in_force", "0 or 1", "Whether it was in force at the end."),
];

/// `agreements.*` of a batch: one row per agreement that was signed.
pub const AGREEMENTS: &[Entry] = &[
    entry("future", "1", "Number of the future."),
    entry("table", "", "Id of the table of negotiations."),
    entry("signed", "days", "Days from the start until it was signed."),
    entry("ended", "days", "Days from the start until it collapsed; the days run, where it was still in force."),
    entry(
        "lasted",
        "days",
        "Days in force; where it was still in force, up to the last day on which it could have collapsed.",
    ),
    entry("collapsed", "0 or 1", "Whether it ended in collapse; 0 is censored, as estimates of survival need it."),
    entry("cause", "", "Why it ended: collapse (by its own hazard), in_force (not ended)."),
];

/// `hazards.*` of a batch or report: one row per month of 30 days of each of the things that can begin.
pub const HAZARDS: &[Entry] = &[
    entry("arm", "", "In a report: `baseline` and `policy`, or the two branches that are compared."),
    entry(
        "what",
        "",
        "What begins: regional_war, and that after a preventive strike of the fortnight before (regional_after_preventive) or without (regional_by_answers); direct_fire (Iran with Israel or the United States); collapse (of any agreement).",
    ),
    entry("from_day", "days", "First day of the month, from the start of the scenario."),
    entry("to_day", "days", "Its last day."),
    entry(
        "at_risk",
        "futures",
        "Futures in which it had not begun before; for the two roads to a regional war, those without a regional war.",
    ),
    entry("began", "futures", "Of these, futures in which it began in the month."),
    entry("hazard", "share", "Their share of those at risk."),
    entry("low_90", "share", "Low end of its 90 % interval."),
    entry("high_90", "share", "High end of its 90 % interval."),
];

/// `effect.csv` of an effect: one row per measure.
pub const EFFECT: &[Entry] = &[
    entry(
        "measure",
        "",
        "What is measured, as in the tables of a batch: outcome (by headline), ever_signed, days_to_signing, in_force and lasting_30, _90, _180 (by table; of the agreements signed, those that last longer), events and deaths (by stream), killed (by territory), killed_in_all, blows, strikes and settled (by who owes the answer to whom), parts_fallen.",
    ),
    entry("unit", "", "Its unit."),
    entry("baseline", "", "Mean without the change, in the unit of the row."),
    entry("changed", "", "Mean with the change."),
    entry("difference", "", "Mean of the paired differences, with the change minus without."),
    entry(
        "low_90",
        "",
        "Low end of its 90 % interval; of a count that differs in no pair 0, for how far unseen pairs could differ nobody knows.",
    ),
    entry("high_90", "", "High end; likewise."),
    entry("pairs", "pairs", "Pairs of futures on the same random numbers."),
    entry("pairs_that_differ", "pairs", "Those of them in which the two futures differ."),
];

/// One table of a run or batch.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Name of its file, without the ending.
    pub name: &'static str,
    /// What has a row.
    pub rows: &'static str,
    /// Its quantities.
    pub entries: &'static [Entry],
}

const fn listed(name: &'static str, rows: &'static str, entries: &'static [Entry]) -> Listed {
    Listed { name, rows, entries }
}

/// The tables of runs and batches, as the documents and `detente columns` list them.
pub const LISTED: [Listed; 6] = [
    listed("events", "one row per event of a run", EVENTS),
    listed("series", "one row per evening of a run", SERIES),
    listed("runs", "one row per future of a batch", RUNS),
    listed("agreements", "one row per agreement signed in a batch", AGREEMENTS),
    listed("hazards", "one row per month of a batch or report, and thing that can begin", HAZARDS),
    listed("effect", "one row per measure of an effect", EFFECT),
];

impl Listed {
    /// Unit of a quantity; those of daily series stand with their columns.
    #[must_use]
    pub fn unit(&self, entry: &Entry, series: &[Column]) -> &'static str {
        if self.name != "series" {
            return entry.unit;
        }
        let of = series.iter().find(|c| entry_of(SERIES, &c.name).is_some_and(|e| e.quantity == entry.quantity));
        of.map_or(if entry.quantity == "day" { "days" } else { "" }, |column| column.unit)
    }
}

/// The entry of a column in a list.
#[must_use]
pub fn entry_of(list: &'static [Entry], column: &str) -> Option<&'static Entry> {
    let quantity = column.split('.').next().unwrap_or(column);
    list.iter().find(|entry| entry.quantity == column || entry.quantity == quantity)
}

/// Where the meaning of columns stands.
pub trait Meaning {
    /// Unit and sentence of a column.
    fn of(&self, column: &str) -> (&str, &'static str);
}

impl Meaning for &'static [Entry] {
    fn of(&self, column: &str) -> (&str, &'static str) {
        entry_of(self, column).map_or(("", ""), |entry| (entry.unit, entry.says))
    }
}

impl Meaning for Vec<Column> {
    fn of(&self, column: &str) -> (&str, &'static str) {
        let says = entry_of(SERIES, column).map_or("", |entry| entry.says);
        let unit = self.iter().find(|c| c.name == column).map_or("", |c| c.unit);
        (if column == "day" { "days" } else { unit }, says)
    }
}

/// Tables of a report's futures: `futures.*`, `differences.*`, `outcomes.*`.
pub const FUTURES: &[Entry] = &[
    entry("track", "", "What is counted: the name of a chart."),
    entry("unit", "", "Its unit."),
    entry("arm", "", "`baseline` and `policy`, or the two branches that are compared."),
    entry("days_run", "days", "Days from the start of the scenario to the evening."),
    entry("evening", "", "Date of the evening."),
    entry(
        "q05",
        "",
        "5 % of the futures lie below, in the unit of the row; for a share of futures, the low end of its 90 % interval.",
    ),
    entry("q25", "", "A quarter of the futures lies below; for a share, the low end of its 90 % interval."),
    entry("q50", "", "Half of the futures lie below; for a share, the share itself."),
    entry("q75", "", "Three quarters of the futures lie below; for a share, the high end of its 90 % interval."),
    entry("q95", "", "95 % of the futures lie below; for a share, the high end of its 90 % interval."),
    entry("futures", "futures", "Futures that have come, or that ended so."),
    entry("difference", "", "Mean of the paired differences, second arm minus first, in the unit of the row."),
    entry(
        "low_90",
        "",
        "Low end of the 90 % interval; of a count that differs in no pair 0, for how far unseen pairs could differ nobody knows.",
    ),
    entry("high_90", "", "High end of the 90 % interval; likewise."),
    entry("pairs", "pairs", "Pairs of futures on the same random numbers."),
    entry("pairs_that_differ", "pairs", "Those of them in which the two arms differ."),
    entry("escalation", "", "`none`, `contained` or `regional`."),
    entry("settlement", "", "`none`, `piecemeal` or `collective`."),
    entry("headline", "", "The class that sums up both."),
    entry("share", "share", "Share of the futures of the arm."),
];

/// One column, described.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// Name in the table.
    pub name: String,
    /// `integer`, `number`, `string` or `date`.
    #[serde(rename = "type")]
    pub of_type: &'static str,
    /// Unit; empty for texts and dates.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// One sentence.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub description: &'static str,
}

/// Every column of a table, described.
#[must_use]
pub fn fields_of(table: &Table, meaning: &dyn Meaning) -> Vec<Field> {
    let field = |(name, cells): &(String, Cells)| {
        let (unit, description) = meaning.of(name);
        let of_type = match cells {
            Cells::Date(_) => "date",
            Cells::Whole(_) => "integer",
            Cells::Real(_) => "number",
            Cells::Text(_) => "string",
        };
        Field { name: name.clone(), of_type, unit: unit.to_owned(), description }
    };
    table.0.iter().map(field).collect()
}

/// `datapackage.json`: the tables of a folder and what is in them.
#[derive(Clone, Debug, Serialize)]
pub struct Package {
    profile: &'static str,
    name: String,
    description: String,
    resources: Vec<Value>,
}

impl Package {
    /// Name of its file.
    pub const NAME: &'static str = "datapackage.json";

    /// An empty package of a scenario.
    #[must_use]
    pub fn new(of: &Provenance) -> Self {
        let letters =
            of.scenario.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
        let future = of.future.map_or_else(String::new, |future| format!(" (future {future})"));
        Self {
            profile: "data-package",
            name: format!("detente-{}", letters.collect::<String>()),
            description: format!(
                "Output of detente {} for the scenario {} ({}), seed {}{}, {} days from {}. A what-if tool: outputs are \
                 conditional on assumptions and are not predictions of real events.",
                of.versions.model, of.scenario.name, of.scenario.hash, of.seed, future, of.days, of.start
            ),
            resources: Vec::new(),
        }
    }

    /// Adds a table.
    pub fn add(&mut self, name: &str, file: String, format: Format, fields: Vec<Field>) {
        self.add_as(name, file, format, json!(fields));
    }

    /// Adds a table whose columns are described in JSON.
    pub fn add_as(&mut self, name: &str, file: String, format: Format, fields: Value) {
        let (profile, kind) = match format {
            Format::Csv => ("tabular-data-resource", "text/csv"),
            Format::Parquet => ("data-resource", "application/vnd.apache.parquet"),
        };
        self.resources.push(json!({
            "profile": profile,
            "name": name,
            "path": file,
            "format": format.extension(),
            "mediatype": kind,
            "encoding": "utf-8",
            "schema": { "fields": fields, "missingValues": [""] },
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_model::record::series::columns;
    use detente_model::sim::rules::Rules;

    #[test]
    fn every_series_has_a_meaning_and_a_unit() {
        for name in detente_model::scenario::builtin_names() {
            let rules = Rules::new(&detente_model::scenario::load(name).unwrap());
            let columns = columns(&rules);
            for column in &columns {
                let (unit, says) = columns.of(&column.name);
                assert!(!says.is_empty(), "{}: write a sentence in SERIES", column.name);
                assert!(!unit.is_empty(), "{}", column.name);
            }
        }
    }

    #[test]
    fn quantities_stand_once() {
        for list in [EVENTS, SERIES, RUNS, AGREEMENTS, EFFECT] {
            for (i, entry) in list.iter().enumerate() {
                assert!(list[..i].iter().all(|other| other.quantity != entry.quantity), "{}", entry.quantity);
                assert!(entry.says.ends_with('.'), "{}", entry.quantity);
            }
        }
    }
}
