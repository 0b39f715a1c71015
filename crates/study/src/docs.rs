//! Tables of the model document, rendered from the code that the model runs on.
//!
//! The pages stand in `docs/tables/`; a test compares them with what [`pages`] renders now, so they cannot drift from
//! the rows, descriptors and scenario they describe.

use crate::tables::dictionary::LISTED;
use detente_model::scenario::{self, Errors};
use detente_model::sim::mechanisms::{MECHANISMS, Mechanism, parameters_of};
use detente_model::sim::rules::{Estimate, Rules};
use detente_model::symbols::claims::{CLAIMS, Way};
use detente_model::symbols::essay::{Held, PASSAGES, Passage};
use detente_model::symbols::families::{FAMILIES, Spread};
use detente_model::symbols::levers::{Kind, Lever, OFF};
use detente_model::symbols::parameters::{ROWS, Row};
use detente_model::symbols::reached::reached;
use std::fmt::Write as _;

/// The scenario whose estimates are listed.
const SCENARIO: &str = "november-2024";

/// One generated page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// File name in `docs/tables/`.
    pub file: &'static str,
    /// Markdown.
    pub text: String,
}

/// Every generated page, in reading order.
///
/// # Errors
/// The mistakes in the built-in scenario, should it have any.
pub fn pages() -> Result<Vec<Page>, Errors> {
    let rules = Rules::new(&scenario::load(SCENARIO)?);
    Ok(vec![
        Page { file: "parameters.md", text: parameters() },
        Page { file: "families.md", text: families() },
        Page { file: "levers.md", text: levers() },
        Page { file: "mechanisms.md", text: mechanisms() },
        Page { file: "essay.md", text: essay() },
        Page { file: "estimates-november-2024.md", text: estimates(&rules.frame.estimates) },
        Page { file: "columns.md", text: columns(&rules) },
    ])
}

/// Columns of every table that the program writes.
#[must_use]
pub fn columns(rules: &Rules) -> String {
    let mut text = heading("Columns", "`crates/study/src/tables/dictionary.rs` and the columns of the daily series");
    text.push_str(
        "A column is named by its quantity, or by quantity and id (`killed.LEB`). In CSV an empty cell is a missing value; types \
         stand in `datapackage.json` beside the tables, and in Parquet in the file itself, so that they do not depend on what a \
         column holds. Quantiles of counts above 1,023 are exact to 0.1 %.\n\n",
    );
    let series = detente_model::record::series::columns(rules);
    for table in &LISTED {
        let _ = writeln!(text, "## `{}`: {}\n", table.name, table.rows);
        let rows = table
            .entries
            .iter()
            .map(|entry| vec![code(entry.quantity), or_dash(table.unit(entry, &series)), entry.says.to_owned()]);
        text.push_str(&grid(&["quantity", "unit", "meaning"], rows));
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Scalar parameters, one row each.
#[must_use]
pub fn parameters() -> String {
    let rows = ROWS.iter().map(|row| {
        vec![
            code(row.id),
            row.meaning.to_owned(),
            row.unit.to_owned(),
            number(row.default),
            range(row.low, row.high),
            drawn(row.low, row.high, row.log()).to_owned(),
            format!("{:?}", row.tag),
            row.source.to_owned(),
            users(row).join(", "),
            reached(row.id).unwrap_or("–").to_owned(),
        ]
    });
    let mut text = heading("Parameters", "`crates/model/src/symbols/parameters.rs`");
    text.push_str(
        "One value for the whole model. \"Drawn\" says how `--params prior` takes a value from the range. A scenario may \
         set a value under `[parameters]`; a value that is set is not drawn. \"Used by\" names mechanisms \
         (`crates/model/src/sim/NAME.rs`); *rules* stands for what is derived once per run, *start* for the state of the first day, *summary* \
         for the report at the end. \"Acts\" says whether an end of the range changes anything in a year of `november-2024` \
         ([which are reached](../reached.md)).\n\n",
    );
    text.push_str(TAGS);
    text.push_str(&grid(
        &["id", "meaning", "unit", "default", "range", "drawn", "tag", "source", "used by", "acts"],
        rows,
    ));
    text
}

/// Parameter families, one row each.
#[must_use]
pub fn families() -> String {
    let rows = FAMILIES.iter().map(|family| {
        vec![
            code(family.id),
            family.meaning.to_owned(),
            family.unit.to_owned(),
            range(family.low, family.high),
            match family.spread {
                Spread::Times(low, high) => format!("× {} to {}, log-uniform", number(low), number(high)),
                Spread::PlusMinus(by) => format!("± {}, uniform", number(by)),
                Spread::Fixed => "not drawn".to_owned(),
            },
            format!("{:?}", family.tag),
            family.source.to_owned(),
        ]
    });
    let mut text = heading("Parameter families", "`crates/model/src/symbols/families.rs`");
    text.push_str(
        "One value per stream, ledger, initiative, table, actor or territory; the values stand in the scenario. \"Range\" \
         is what `--params prior` draws from where the scenario states no range of its own, relative to the value and \
         clipped to the bounds. Tag and source hold for values that carry none. A bare 0 has no range.\n\n",
    );
    text.push_str(TAGS);
    text.push_str(&grid(&["family", "meaning", "unit", "bounds", "range", "tag", "source"], rows));
    text
}

/// What a cell says that has nothing to say.
fn or_dash(text: &str) -> String {
    if text.is_empty() { "—".to_owned() } else { text.to_owned() }
}

/// Levers.
#[must_use]
pub fn levers() -> String {
    let rows = Lever::ALL.iter().map(|&lever| {
        let row = lever.row();
        let readers = MECHANISMS.iter().filter(|m| m.levers.contains(&lever)).map(|m| m.id);
        vec![
            code(row.id),
            row.name.to_owned(),
            row.owner.to_owned(),
            takes(lever),
            default_of(lever),
            row.touches.to_owned(),
            or_dash(lever.acts_only().unwrap_or_default()),
            row.essay.to_owned(),
            or_dash(&row.claims.join(", ")),
            format!("{:?}", row.tag),
            or_dash(row.source),
            readers.collect::<Vec<_>>().join(", "),
        ]
    });
    let mut text = heading("Levers", "`crates/model/src/symbols/levers.rs`");
    text.push_str(
        "\"Essay\" names the passage a lever belongs to, in our words, and \"tests\" the claims that moving it puts to the test; tag \
         and source are those of the default, and no source means an assumption. \
         \"Only\" says what makes a lever act that moves nothing in a year of `november-2024` as it stands.\n\n",
    );
    text.push_str(TAGS);
    text.push_str(&grid(
        &["id", "lever", "owner", "takes", "default", "acts on", "only", "essay", "tests", "tag", "source", "read by"],
        rows,
    ));
    text
}

/// Mechanisms in the order of the day.
#[must_use]
pub fn mechanisms() -> String {
    let mut text = heading("Mechanisms", "`crates/model/src/sim/mechanisms.rs` and the files it describes");
    text.push_str(
        "One file per mechanism, in the order of the day. \"Section\" is that of the specification. `caution` and `target` \
         are rules that others call; they have no state of their own.\n\n",
    );
    let rows = MECHANISMS.iter().map(|m| {
        vec![
            m.phase.to_string(),
            code(m.id),
            m.title.to_owned(),
            m.section.to_owned(),
            code(&format!("crates/model/src/sim/{}.rs", m.id)),
        ]
    });
    text.push_str(&grid(&["phase", "id", "what it does", "section", "file"], rows));
    for m in MECHANISMS {
        let levers: Vec<&str> = m.levers.iter().map(|lever| lever.id()).collect();
        let events: Vec<&str> = m.events.iter().map(|event| event.name()).collect();
        let _ = write!(text, "\n## {}: {}\n\n", m.phase, m.id);
        for (name, items) in [
            ("Reads", m.reads.to_vec()),
            ("Writes", m.writes.to_vec()),
            ("Levers", levers),
            ("Events", events),
            ("Parameters", parameters_of(m)),
        ] {
            let list: Vec<String> = items.into_iter().map(code).collect();
            let _ = writeln!(text, "- {name}: {}", if list.is_empty() { "none".to_owned() } else { list.join(", ") });
        }
    }
    text
}

/// The essay, passage by passage, and where each stands in the model.
#[must_use]
pub fn essay() -> String {
    let mut text = heading("Essay and model", "`crates/model/src/symbols/essay.rs`");
    let count = |held| PASSAGES.iter().filter(|passage| passage.held == held).count();
    let _ = write!(
        text,
        "Of {} passages {} are modelled, {} in part and {} absent.\n\n",
        PASSAGES.len(),
        count(Held::Modelled),
        count(Held::InPart),
        count(Held::Absent)
    );
    text.push_str(
        "The essay that the project started from, told passage by passage in our words and in its order. *Modelled*: what a passage \
         says can come about and bears on something, by default or where a number named in its row is moved. *In part*: some of it \
         has no place, or by default the model goes against it. *Absent*: no equation stands for it. A passage that is in the model is \
         not thereby true: sizes are put in, and those that stand at 0 by default do nothing there.\n\n\
         Numbers behind levers and parameters are their defaults. \"Shows in\" names quantities of the daily series, kinds of events and \
         columns of a batch ([columns](columns.md)); \"cause\" kinds of event whose causes show it (`detente run --out DIR`, then \
         `detente explain DIR EVENT`); \"claims\" those that a lever of the row tests or a parameter switches off \
         ([claims](../claims.md)). `detente essay` prints the same, or what has a word in it. What the model leaves out for other reasons: [model](../model.md#what-is-not-in-the-model).\n\n",
    );
    let list = |ids: &[&str]| or_dash(&ids.iter().map(|id| code(id)).collect::<Vec<_>>().join(", "));
    let valued = |ids: &[&str], default: &dyn Fn(&str) -> Option<String>| {
        let one = |id: &&str| format!("{} {}", code(id), default(id).unwrap_or_default());
        or_dash(&ids.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    let rows = PASSAGES.iter().map(|passage| {
        let claims: Vec<&str> = passage.claims().map(|claim| claim.id).collect();
        vec![
            passage.number.to_string(),
            passage.says.to_owned(),
            passage.held.words().to_owned(),
            list(passage.mechanisms),
            valued(passage.levers, &|id| Lever::from_id(id).map(default_of)),
            valued(passage.parameters, &|id| Some(number(ROWS.iter().find(|row| row.id == id)?.default))),
            list(passage.measures),
            or_dash(&passage.shown.iter().map(|shown| shown.words()).collect::<Vec<_>>().join("; ")),
            list(passage.causes),
            or_dash(&claims.join(", ")),
            or_dash(passage.lacks),
        ]
    });
    text.push_str(&grid(
        &[
            "no.",
            "the essay, in our words",
            "in the model",
            "mechanisms",
            "levers",
            "parameters",
            "shows in",
            "map or panel",
            "cause",
            "claims",
            "what is missing",
        ],
        rows,
    ));
    text.push_str("\n## Claims and their passages\n\n");
    let rows = CLAIMS.iter().map(|claim| {
        let of = |passage: &&Passage| passage.claims().any(|other| other.id == claim.id);
        let numbers: Vec<String> = PASSAGES.iter().filter(of).map(|passage| passage.number.to_string()).collect();
        let shows = claim.shows.iter().map(|(shows, way)| match way {
            Way::Either => shows.words(),
            way => format!("{}: {}", way.word(), shows.words()),
        });
        vec![
            claim.id.to_owned(),
            claim.says.to_owned(),
            shows.collect::<Vec<_>>().join("; "),
            code(claim.stage),
            or_dash(&numbers.join(", ")),
        ]
    });
    text.push_str(&grid(&["claim", "in our words", "should show, on minus off", "in the scenario", "passages"], rows));
    text
}

/// The estimates of the default scenario, by family.
#[must_use]
pub fn estimates(list: &[Estimate]) -> String {
    let mut text = heading("Estimates of november-2024", "`scenarios/november-2024.toml`");
    text.push_str(
        "Every number of the default scenario that `--params prior` may draw, with the range it is drawn from. What a family \
         means: [families](families.md).\n\n",
    );
    text.push_str(TAGS);
    for family in FAMILIES {
        let rows: Vec<Vec<String>> = list
            .iter()
            .filter(|estimate| estimate.family.id == family.id)
            .map(|e| {
                let instance = e.id.strip_prefix(family.id).unwrap_or(&e.id).trim_matches(['[', ']']);
                vec![
                    code(instance),
                    number(e.value),
                    range(e.low, e.high),
                    drawn(e.low, e.high, e.log).to_owned(),
                    format!("{:?}", e.tag),
                    e.source.clone(),
                ]
            })
            .collect();
        if !rows.is_empty() {
            let _ = write!(text, "## `{}` ({})\n\n{}\n\n", family.id, family.unit, family.meaning);
            text.push_str(&grid(&["of", "value", "range", "drawn", "tag", "source"], rows.into_iter()));
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

const TAGS: &str = "Tags: S sourced, L literature from memory, C calibrated on an observed magnitude, A assumption, H assumption \
                    with hindsight.\n\n";

fn heading(title: &str, from: &str) -> String {
    format!("# {title}\n\nGenerated from {from}; `UPDATE_DOCS=1 cargo test --test docs` writes it anew.\n\n")
}

/// Which mechanisms use a parameter, and what is derived from it outside of them.
fn users(row: &Row) -> Vec<&'static str> {
    let elsewhere = |id, source| Mechanism { id, source, ..MECHANISMS[0] };
    let others = [
        elsewhere("rules", include_str!("../../model/src/sim/rules/derive.rs")),
        elsewhere("fire", include_str!("../../model/src/sim/rules/mod.rs")),
        elsewhere("start", include_str!("../../model/src/sim/start.rs")),
        elsewhere("summary", include_str!("../../model/src/record/summary.rs")),
    ];
    MECHANISMS.iter().chain(&others).filter(|m| parameters_of(m).contains(&row.id)).map(|m| m.id).collect()
}

/// What a lever takes, in words.
fn takes(lever: Lever) -> String {
    let row = lever.row();
    match row.kind {
        Kind::Number => format!("{} ({})", range(row.low, row.high), row.unit),
        Kind::Choice(options) => options.join(", "),
        Kind::Date => "a date, or off".to_owned(),
    }
}

fn default_of(lever: Lever) -> String {
    let row = lever.row();
    match row.kind {
        Kind::Number => number(row.default),
        Kind::Choice(options) => options.get(row.default as usize).copied().unwrap_or("?").to_owned(),
        Kind::Date if row.default <= OFF => "off".to_owned(),
        Kind::Date => number(row.default),
    }
}

fn drawn(low: f64, high: f64, log: bool) -> &'static str {
    match log {
        _ if high <= low => "fixed",
        true => "log-uniform",
        false => "uniform",
    }
}

fn range(low: f64, high: f64) -> String {
    if high <= low { number(low) } else { format!("{} to {}", number(low), number(high)) }
}

/// Four significant digits: ranges follow from values by multiplication, and the last bit means nothing to a reader.
fn number(value: f64) -> String {
    format!("{value:.3e}").parse::<f64>().unwrap_or(value).to_string()
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

/// A Markdown table. A bar inside a cell would end it, in code too.
fn grid(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: Vec<String>| {
        let cells: Vec<String> = cells.into_iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(head.iter().map(|&cell| cell.to_owned()).collect());
    let _ = writeln!(text, "|{}", "---|".repeat(head.len()));
    rows.for_each(|row| text.push_str(&line(row)));
    text
}
