//! Which numbers are reached: every scalar parameter, and every number of a family (one for each stream, ledger, table or actor), at
//! either end of its range, against the default year and against years with levers moved. `docs/reached.md` says it of each; this test
//! holds the document against runs.
//!
//! "Reached" means that some number of the state at the end of a year differs. The document keeps a future and an end of the
//! range in which it does, so that one pair of runs a row is enough to hold it. Written anew by
//! `UPDATE_DOCS=1 cargo test --test reached`: rows that are new or no longer hold; `UPDATE_DOCS=all` looks at every row again (some
//! minutes on two cores).

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

use detente_model::sim::course::Course;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Snapshot};
use detente_model::symbols::parameters::ROWS;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

const YEAR: u32 = 365;
/// Futures tried for the default year, and for each set of levers.
const FUTURES: [u64; 2] = [100, 8];
/// Futures in which a row that says "never" is tried again.
const AGAIN: u64 = 1;

/// Years with levers moved, by what they are about.
const THEMES: &[(&str, &str)] = &[
    ("the default year", ""),
    (
        "an open Muscat channel and a nuclear agreement",
        "iran.suspend_muscat = \"off\"\nus.sanctions_relief = 1\niran.enrichment_cap = \"3.67\"\ndeal.guarantee = 1\n\
         us.regional_role = 1\nchannel.oman = 1\nchannel.swiss = 1\n",
    ),
    (
        "the same with a cap at 20 %",
        "iran.suspend_muscat = \"off\"\nus.sanctions_relief = 1\niran.enrichment_cap = \"20\"\ndeal.guarantee = 1\nus.regional_role = 1\n",
    ),
    (
        "one table for all",
        "iran.suspend_muscat = \"off\"\ndeal.architecture = \"collective\"\ndeal.guarantee = 1\nus.regional_role = 1\n\
         us.group_talks = 1\nchannel.oman = 1\nchannel.qatar = 1\nchannel.swiss = 1\nchannel.cairo = 1\nchannel.berri_hochstein = 1\n",
    ),
    (
        "one table without a party",
        "iran.suspend_muscat = \"off\"\ndeal.architecture = \"collective\"\ndeal.left_out = \"HAM\"\ndeal.guarantee = 1\n\
         us.regional_role = 1\nus.group_talks = 1\nchannel.oman = 1\nchannel.qatar = 1\nchannel.swiss = 1\nchannel.cairo = 1\n",
    ),
    ("the roadmap signed", "saudi.sign_roadmap = 2024-11-15\nus.roadmap_acquiescence = 1\niran.directive.hou = 1\n"),
    (
        "the Palestinian track",
        "palestine.election_date = 2025-03-01\npalestine.unified_administration = 1\npalestine.reconstruction_funds = 1\n\
         gaza.aid_access = 1000\ndeal.guarantee = 1\nchannel.qatar = 1\nchannel.cairo = 1\n",
    ),
    ("all disputed areas returned", "israel.disputed_areas = \"all\"\n"),
    ("Ghajar returned", "israel.disputed_areas = \"ghajar\"\n"),
    ("cease-fire first", "deal.sequencing = \"cease-fire-first\"\n"),
    ("restraint bought and returned", "exchange.restraint = 1\niran.suspend_muscat = \"off\"\nrestraint.irn = 1\n"),
    ("settlements frozen", "israel.settlements = \"freeze\"\n"),
    ("a withdrawal from settlements", "israel.settlements = \"withdrawal\"\n"),
    ("the coalition's exit", "us.coalition_exit_date = 2025-02-01\niran.directive.iri = 0\n"),
    ("zone talks", "region.zone_talks = 1\n"),
    ("full sanctions pressure", "us.sanctions_pressure = 1\n"),
    ("a drive at the UN", "iran.un_cost_drive = 1\nun.suspension_drive = \"credentials\"\nus.unsc_posture = 1.5\n"),
    ("US sorties from host bases", "us.base_sorties = 1\nus.scale_veto = 0\nhosts.assurances = 0\n"),
    ("restraint on all sides", "restraint.isr_gaz = 1\nrestraint.isr_leb = 1\nrestraint.ham = 1\nrestraint.hzb = 1\n"),
    ("no deterrent presence", "us.deterrent_presence = 0\niran.response_scale = 1.5\n"),
    ("the region incorporated", ""),
    ("every target in Iran open", "israel.target_set = \"military+energy+nuclear\"\nisrael.proportionality = 2\n"),
    (
        "parts that need each other",
        "deal.interdependence = 1\niran.suspend_muscat = \"off\"\ndeal.architecture = \"hybrid\"\ndeal.guarantee = 1\n\
         us.group_talks = 1\nchannel.oman = 1\nchannel.qatar = 1\nchannel.swiss = 1\nchannel.cairo = 1\n",
    ),
    (
        "votes that cost and texts that act",
        "council.consequences = 1\niran.un_cost_drive = 1\nun.suspension_drive = \"credentials\"\nus.unsc_posture = 1.5\n",
    ),
    (
        "hosts' fear of war",
        "hosts.fear_of_war = 1\nus.base_sorties = 1\nhosts.assurances = 1\nus.scale_veto = 0\nregion.zone_talks = 1\n\
         iran.suspend_muscat = \"off\"\nchannel.oman = 1\nchannel.qatar = 1\n",
    ),
    (
        "fire held back by Iran's directives",
        "iran.directive.hzb = 0.5\niran.directive.ham = 0.5\niran.directive.wbg = 0.5\niran.directive.pij = 0.5\n",
    ),
    (
        "a deal-seeking Washington",
        "us.administration = \"deal_seeker\"\niran.suspend_muscat = \"off\"\nchannel.oman = 1\n",
    ),
    ("US leverage on Israel", "us.leverage = 1\nus.administration = \"continuity\"\n"),
    (
        "large debts and pledges on both sides",
        "exchange.restraint = 1\niran.suspend_muscat = \"off\"\nchannel.oman = 1\nchannel.qatar = 1\nchannel.swiss = 1\n\
         restraint.isr_irn = 1\nrestraint.irn = 1\n[ledgers.\"IRN|ISR\"]\nblows = 7\n[ledgers.\"ISR|IRN\"]\nblows = 4\n",
    ),
    ("hosts' fear while the talks in Muscat are halted", "hosts.fear_of_war = 1\nus.scale_veto = 0\n"),
    (
        "hosts' fear, frequent preventive strikes and a debt of Israel's",
        "hosts.fear_of_war = 1\nus.base_sorties = 1\nhosts.assurances = 0\nus.scale_veto = 0\nregion.zone_talks = 1\n\
         [initiatives.\"ISR>IRN\"]\npreventive_rate = { value = 0.01, high = 0.02 }\n[ledgers.\"ISR|IRN\"]\nblows = 6\n",
    ),
    // A posture of 1.5 leaves nobody to lobby.
    (
        "texts on credentials that Washington lobbies against",
        "council.consequences = 1\niran.un_cost_drive = 1\nun.suspension_drive = \"credentials\"\n",
    ),
    (
        "two years of drafts on membership before elections",
        "council.consequences = 1\niran.un_cost_drive = 1\nun.suspension_drive = \"debate\"\nus.unsc_posture = 1.5\n\
         us.administration = \"deal_seeker\"\npalestine.election_date = 2025-10-01\nchannel.qatar = 0\nchannel.cairo = 0\n",
    ),
    (
        "two years of the region incorporated, unpaid and with elections late",
        "unami.extension_months = 0\nisrael.settlements = \"withdrawal\"\npalestine.election_date = 2025-10-01\n\
         palestine.unified_administration = 1\ngaza.aid_access = 1000\nchannel.qatar = 1\nchannel.cairo = 1\ndeal.guarantee = 1\n\
         iran.axis_funding = 0.2\n",
    ),
];

/// Days of a theme: some things take two years.
fn days(theme: usize) -> u32 {
    if THEMES[theme].0.starts_with("two years") { 2 * YEAR } else { YEAR }
}

/// A number with a range.
#[derive(Clone, Debug)]
struct Number {
    id: String,
    default: f64,
    low: f64,
    high: f64,
}

/// What came of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// Moves a run of a theme: (theme, future, whether at the high end).
    In(usize, u64, bool),
    /// Moves none of those tried.
    Never,
}

fn rules(theme: usize, parameter: Option<(&Number, f64)>) -> Rules {
    let (name, levers) = THEMES[theme];
    // Some numbers stand beside others that are 0 at the start: for these a scenario of the library is the year.
    let base = if name.contains("the region incorporated") { "the-region-incorporated" } else { "november-2024" };
    let set = parameter.map_or(String::new(), |(row, value)| format!("[parameters]\n{:?} = {value:?}\n", row.id));
    let overlay = format!("format = 1\nextends = \"{base}\"\nname = \"reached\"\n{set}[levers]\n{levers}");
    Rules::new(&detente_model::scenario::load_text("reached", &overlay).unwrap_or_else(|errors| panic!("{errors}")))
}

fn end_of(rules: &Rules, days: u32, future: u64) -> Snapshot {
    let mut course: Course = Course::new(rules, Fate { seed: 1, future, prior: false }, Vec::new());
    course.run(days);
    course.snapshot()
}

/// Ends of years with every number at its default, run once.
#[derive(Default)]
struct Plain(BTreeMap<(usize, u64), Snapshot>);

impl Plain {
    fn differs(&mut self, theme: usize, row: &Number, future: u64, high: bool) -> bool {
        let value = if high { row.high } else { row.low };
        if value.to_bits() == row.default.to_bits() {
            return false;
        }
        let plain = self.0.entry((theme, future)).or_insert_with(|| end_of(&rules(theme, None), days(theme), future));
        let other = end_of(&rules(theme, Some((row, value))), days(theme), future);
        plain.columns != other.columns || plain.tally != other.tally
    }

    /// What is wrong with what the document says of a row.
    fn wrong(&mut self, row: &Number, reach: Reach) -> Vec<String> {
        let mut wrong = Vec::new();
        match reach {
            Reach::In(theme, future, high) => {
                if !self.differs(theme, row, future, high) {
                    wrong.push(format!("{}: not reached in {}", row.id, THEMES[theme].0));
                }
                // What is said to wait for a lever is not reached without it.
                if theme > 0 && [false, true].iter().any(|&high| self.differs(0, row, 0, high)) {
                    wrong.push(format!("{}: reached in the default year", row.id));
                }
            }
            Reach::Never => {
                for (theme, future) in (0..THEMES.len()).flat_map(|t| (0..AGAIN).map(move |f| (t, f))) {
                    if [false, true].iter().any(|&high| self.differs(theme, row, future, high)) {
                        wrong.push(format!("{}: reached in {}", row.id, THEMES[theme].0));
                    }
                }
            }
        }
        wrong
    }

    /// Where a number is reached first: the default year before all others, and in each the lowest future.
    fn search(&mut self, row: &Number) -> Reach {
        for theme in 0..THEMES.len() {
            let ends = [(false, row.low), (true, row.high)];
            let ends = ends.into_iter().filter(|(_, value)| value.to_bits() != row.default.to_bits());
            let ends: Vec<(bool, Rules)> = ends.map(|(high, value)| (high, rules(theme, Some((row, value))))).collect();
            let own = rules(theme, None);
            for future in 0..FUTURES[usize::from(theme > 0)] {
                for (high, moved) in &ends {
                    let plain = self.0.entry((theme, future)).or_insert_with(|| end_of(&own, days(theme), future));
                    let other = end_of(moved, days(theme), future);
                    if plain.columns != other.columns || plain.tally != other.tally {
                        return Reach::In(theme, future, *high);
                    }
                }
            }
        }
        Reach::Never
    }
}

/// Does so many things on all cores, each hand with what it keeps by the way; what came of them, in order.
fn spread<Kept, Came: Send>(
    things: usize,
    keep: impl Fn() -> Kept + Sync,
    each: impl Fn(&mut Kept, usize) -> Came + Sync,
) -> Vec<Came> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut kept, mut mine) = (keep(), Vec::new());
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            if i >= things {
                return mine;
            }
            mine.push((i, each(&mut kept, i)));
        }
    };
    let mut all: Vec<(usize, Came)> = std::thread::scope(|scope| {
        let hired: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        hired.into_iter().flat_map(|hand| hand.join().unwrap()).collect()
    });
    all.sort_unstable_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, came)| came).collect()
}

/// Looks at numbers. What a number is told to be is kept where it holds.
fn found(numbers: &[Number], told: &BTreeMap<String, Reach>) -> Vec<(Number, Reach)> {
    let reached = spread(numbers.len(), Plain::default, |plain, i| {
        let kept = told.get(&numbers[i].id).copied().filter(|reach| plain.wrong(&numbers[i], *reach).is_empty());
        kept.unwrap_or_else(|| plain.search(&numbers[i]))
    });
    numbers.iter().cloned().zip(reached).collect()
}

/// Scalar parameters with a range; the others are fixed by definition.
fn scalars() -> Vec<Number> {
    let free = ROWS.iter().filter(|row| row.low < row.high);
    free.map(|row| Number { id: row.id.to_owned(), default: row.default, low: row.low, high: row.high }).collect()
}

/// Numbers of families with a range, in the default scenario.
fn families() -> Vec<Number> {
    let rules = rules(0, None);
    let free = rules.frame.estimates.iter().filter(|e| e.low < e.high);
    free.map(|e| Number { id: e.id.clone(), default: e.value, low: e.low, high: e.high }).collect()
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reached.md")
}

/// The same for programs, which `symbols::reached` reads.
fn list_path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../assets/reached.tsv")
}

/// Where a number is reached, in words.
fn words(reach: Reach) -> String {
    match reach {
        Reach::In(0, ..) => format!("in {}", THEMES[0].0),
        Reach::In(theme, ..) => format!("only with {}", THEMES[theme].0),
        Reach::Never => "in none of the years tried".to_owned(),
    }
}

fn list(found: impl Iterator<Item = (String, Reach)>) -> String {
    let mut text = String::new();
    for (id, reach) in found {
        let _ = writeln!(text, "{id}\t{}", words(reach));
    }
    text
}

fn table(found: &[(Number, Reach)]) -> String {
    let count = |f: &dyn Fn(&Reach) -> bool| found.iter().filter(|(_, reach)| f(reach)).count();
    let mut text = format!(
        "Reached in the default year: {}; only with levers: {}; in none of the years tried: {}.\n\n\
         | Parameter | Reached | Future | End |\n|---|---|---|---|\n",
        count(&|r| matches!(r, Reach::In(0, ..))),
        count(&|r| matches!(r, Reach::In(1.., ..))),
        count(&|r| *r == Reach::Never),
    );
    for (row, reach) in found {
        let (future, end) = match *reach {
            Reach::In(_, future, high) => (future.to_string(), if high { "high" } else { "low" }),
            Reach::Never => ("–".to_owned(), "–"),
        };
        let words = words(*reach);
        let _ = writeln!(text, "| `{}` | {words} | {future} | {end} |", row.id.replace('|', "\\|"));
    }
    text
}

fn page(scalars: &[(Number, Reach)], families: &[(Number, Reach)]) -> String {
    format!(
        "# Which numbers are reached\n\n\
         Every parameter that has a range, at either end of it, against `november-2024` over a year: whether any number of the\n\
         state or of the totals at the end differs (votes of the United States in the Council among them; counts as either side would publish\n\
         them are no state, so `reporting_sd` and its like read as never), in up to {} futures of the default year, or else in up to {} of a\n\
         year (or two, where it says so) with levers moved. What is reached in the default year need not matter much there; what is reached only under levers does\n\
         nothing until they are moved; what is never reached in those tried is listed as that. Future and end say where to look. Written by\n\
         `UPDATE_DOCS=1 cargo test -p detente-model --test reached`; the test runs one pair a row.\n\n\
         ## Scalar parameters\n\n{}\n\
         ## Numbers of families\n\n\
         One for each stream, ledger, table, actor and so on ([families](tables/families.md); values, ranges and sources stand in the\n\
         [estimates](tables/estimates-november-2024.md)).\n\n{}",
        FUTURES[0],
        FUTURES[1],
        table(scalars),
        table(families),
    )
}

/// What the document says of each row.
fn told(text: &str) -> BTreeMap<String, Reach> {
    let row = |line: &str| {
        // A bar in an id is written with a stroke before it.
        let line = line.replace("\\|", "\u{0}");
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let theme = THEMES.iter().position(|(name, _)| cells[2].ends_with(name));
        let reach = theme.map_or(Reach::Never, |t| Reach::In(t, cells[3].parse().unwrap(), cells[4] == "high"));
        (cells[1].trim_matches('`').replace('\u{0}', "|"), reach)
    };
    text.lines().filter(|line| line.starts_with("| `")).map(row).collect()
}

#[test]
fn the_document_says_which_numbers_are_reached() {
    let [scalars, families] = [scalars(), families()];
    if let Some(which) = std::env::var_os("UPDATE_DOCS") {
        let before = if which == "all" { String::new() } else { std::fs::read_to_string(path()).unwrap() };
        let told = told(&before);
        let (scalars, families) = (found(&scalars, &told), found(&families, &told));
        let all = scalars.iter().chain(&families).map(|(row, reach)| (row.id.clone(), *reach));
        std::fs::write(list_path(), list(all)).unwrap();
        std::fs::write(path(), page(&scalars, &families)).unwrap();
    }
    let text = std::fs::read_to_string(path()).unwrap();
    let told = told(&text);
    assert!(families.len() > 300, "{} numbers of families", families.len());
    assert_eq!(
        told.len(),
        scalars.len() + families.len(),
        "docs/reached.md is stale: run UPDATE_DOCS=1 cargo test -p detente-model --test reached"
    );
    let in_order = scalars.iter().chain(&families).filter_map(|row| Some((row.id.clone(), *told.get(&row.id)?)));
    assert_eq!(
        std::fs::read_to_string(list_path()).unwrap(),
        list(in_order),
        "assets/reached.tsv says something else than docs/reached.md: run UPDATE_DOCS=1 cargo test -p detente-model --test reached"
    );
    let rows: Vec<&Number> = scalars.iter().chain(&families).collect();
    let wrong = spread(rows.len(), Plain::default, |plain, i| match told.get(&rows[i].id) {
        Some(reach) => plain.wrong(rows[i], *reach),
        None => vec![format!("{}: not in the document", rows[i].id)],
    });
    let wrong = wrong.concat();
    assert!(
        wrong.is_empty(),
        "docs/reached.md is stale: run UPDATE_DOCS=1 cargo test -p detente-model --test reached\n{}",
        wrong.join("\n")
    );
}
