//! `detente claims`: what each claim of the essay changes, beside how much of that was put in.

use super::args::Claims;
use super::compare::met_or_not;
use super::effect::{Change, Lasting, interval, points};
use super::failure::Failure;
use super::output::{self, CAVEAT, FAINT, Grid, HEAD, short, styled, thousands, wrapped};
use super::prepared::Prepared;
use super::progress::watched;
use super::threads::threads;
use crate::futures::claims::{
    ClaimEffect, ClaimEffects, Worlds, claim_effects, effects_of_some, futures_needed, paired, stages,
};
use crate::futures::effect::{Difference, Effect, Paired};
use crate::futures::ensemble::{Plan, Progress};
use crate::futures::pairs::Store;
use crate::record::outcome::{EnduringPeace, Headline, levers_on};
use crate::scenario::load;
use crate::sim::mechanisms::{MECHANISMS, parameters_of};
use crate::sim::rules::Rules;
use crate::symbols::Evidence;
use crate::symbols::claims::{CLAIMS, Claim, Shows, Way};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Row;
use crate::tables::provenance::Provenance;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What parameters claims are tried with, as a result says it.
const PARAMS: &str = "default and prior";
/// Width of prose.
const WIDTH: usize = 98;

pub(super) fn claims(args: &Claims) -> Result<(), Failure> {
    if args.evidence {
        return super::evidence::evidence(args);
    }
    claims_of(&Prepared::new(&args.what(), &[])?, args).map(|_| ())
}

/// Runs and shows what claims change, and gives the result as its file holds it.
pub(super) fn claims_of(prepared: &Prepared, args: &Claims) -> Result<Vec<u8>, Failure> {
    let plan = Plan { seed: args.seed, days: prepared.days, prior: false, log: Vec::new(), from: None };
    let (runs, jobs) = (args.runs, threads(args.jobs));
    let (loaded, rules) = (&prepared.loaded, &prepared.rules);
    let beside = staged_futures(args, prepared);
    let whole = |effects: &ClaimEffects| effects.runs() == runs;
    let (effects, staged) = match &args.out {
        None => watched(futures_needed(runs) + beside, |progress| {
            let effects = claim_effects(loaded, rules, &plan, runs, jobs, progress);
            let staged = if whole(&effects) { on_stages(args, prepared, jobs, progress) } else { Ok(Vec::new()) };
            staged.map(|staged| (effects, staged))
        })??,
        Some(folder) => {
            let store = Store::open(folder, prepared.provenance(args.seed, PARAMS), runs, args.resume)?;
            let there = store.there(ClaimEffects::new(rules));
            let rest = futures_needed(runs - there.0.runs()) + beside;
            let worlds = Worlds::of(loaded, rules);
            let (effects, staged) = watched(rest, |progress| {
                let effects = store.run(there, |block| worlds.block(&plan, block, jobs, progress))?;
                let staged = if whole(&effects) { on_stages(args, prepared, jobs, progress)? } else { Vec::new() };
                Ok::<_, Failure>((effects, staged))
            })??;
            if whole(&effects) {
                store.finish(&effects, &Report::of(args, prepared, &effects, &staged), &[])?;
            }
            (effects, staged)
        }
    };
    shown_and_said(args, prepared, &effects, &staged)
}

/// A scenario in which claims should show: run for them alone.
struct Staged {
    name: &'static str,
    hash: String,
    rules: Rules,
    days: u32,
    /// Positions of the claims, and what each changes there.
    claims: Vec<(usize, ClaimEffect)>,
}

/// Futures that are run in the scenarios which claims name.
fn staged_futures(args: &Claims, prepared: &Prepared) -> u64 {
    let stages = stages(&prepared.rules.frame.name);
    stages.iter().map(|(_, claims)| 2 * staged_pairs(args.runs) * (claims.len() as u64 + 1)).sum()
}

/// Runs what claims are about in the scenarios that they name, with half as many pairs, unless it is this one. They are taken as they
/// ship, whatever is set here, so that a folder gives the same again.
fn on_stages(args: &Claims, prepared: &Prepared, jobs: usize, progress: &Progress) -> Result<Vec<Staged>, Failure> {
    let own = prepared.rules.frame.days;
    let mut staged = Vec::new();
    for (name, claims) in stages(&prepared.rules.frame.name) {
        let loaded = load(name)?;
        let rules = Rules::new(&loaded);
        // A length that was asked for holds there, too.
        let days = if prepared.days == own { rules.frame.days } else { prepared.days };
        let plan = Plan { seed: args.seed, days, prior: false, log: Vec::new(), from: None };
        let pairs = staged_pairs(args.runs);
        let Some(effects) = effects_of_some(&loaded, &rules, &claims, &plan, pairs, jobs, progress) else {
            let why = "interrupted in the scenarios in which claims should show; what was run of those is lost";
            return Err(Failure::Interrupted(why.to_owned()));
        };
        let claims = claims.into_iter().zip(effects).collect();
        staged.push(Staged { name, hash: loaded.hash, rules, days, claims });
    }
    Ok(staged)
}

/// Pairs that a claim is tried with in the scenario that it names.
fn staged_pairs(runs: u64) -> u64 {
    runs.div_ceil(2)
}

/// Shows what claims change, and gives the result as its file holds it.
fn shown_and_said(
    args: &Claims,
    prepared: &Prepared,
    effects: &ClaimEffects,
    staged: &[Staged],
) -> Result<Vec<u8>, Failure> {
    let runs = args.runs;
    let (pairs, report) = (effects.runs(), Report::of(args, prepared, effects, staged));
    if pairs > 0 {
        if args.json {
            output::json(&report)?;
        } else {
            output::text(&text(args, prepared, effects, staged, &report))?;
        }
    }
    if pairs < runs {
        let shown = if pairs > 0 { "what they show is printed" } else { "too early for results" };
        let kept = args.out.as_ref().map_or_else(
            || "with --out DIR claims can be resumed".to_owned(),
            |folder| format!("they are kept in {}; go on with the same command and --resume", folder.display()),
        );
        return Err(Failure::Interrupted(format!(
            "interrupted after {} of {} pairs of futures for each claim; {shown} ({kept})",
            thousands(pairs),
            thousands(runs)
        )));
    }
    let mut bytes = Vec::new();
    // Serialising plain data into memory cannot fail.
    let _ = crate::tables::folder::json(&mut bytes, &report);
    Ok(bytes)
}

#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    of: Provenance,
    /// Pairs asked for.
    runs: u64,
    /// Whether fewer were run because somebody stopped the run.
    partial: bool,
    claims: Vec<ClaimJson>,
    /// Every claim on against every claim off.
    all: BothEffects,
    enduring_peace: EnduringPeace,
}

#[derive(Serialize)]
struct ClaimJson {
    id: &'static str,
    name: &'static str,
    says: &'static str,
    caveat: &'static str,
    switches: Vec<Switch>,
    effect: BothEffects,
    /// Quantities in which the claim should show, beside how futures end.
    shows: Vec<ShownJson>,
    /// Agreements that should last otherwise: shares of those signed that last 90 days.
    lasting: Vec<LastingJson>,
    /// The built-in scenario in which it should show more.
    stage: &'static str,
    /// The same quantities there; null in that scenario itself, and where a run was stopped.
    in_stage: Option<InStage>,
}

/// What a claim changes in the scenario that it names.
#[derive(Serialize)]
struct InStage {
    hash: String,
    days: u32,
    runs: u64,
    shows: Vec<ShownJson>,
    lasting: Vec<LastingJson>,
}

#[derive(Serialize)]
struct LastingJson {
    table: String,
    /// Which way on minus off goes where the claim holds: `more`, `less`, or `either`.
    claimed: &'static str,
    /// Null where too few are signed to say.
    default: Option<Lasting>,
    prior: Option<Lasting>,
}

#[derive(Serialize)]
struct ShownJson {
    quantity: String,
    /// Which way on minus off goes where the claim holds: `more`, `less`, or `either`.
    claimed: &'static str,
    unit: &'static str,
    default: Change,
    prior: Change,
}

/// A quantity in which a claim should show: its name, which way, its unit, and paired counts, so many of which are one unit.
struct Shown<'a> {
    name: String,
    way: Way,
    unit: &'static str,
    paired: &'a Paired,
    units: f64,
}

/// The quantities in which a claim should show that a scenario has.
fn shown<'a>(rules: &Rules, claim: &Claim, effect: &'a Effect) -> Vec<Shown<'a>> {
    let of = |(shows, way): &(Shows, Way)| {
        let (unit, units) = match shows {
            Shows::Blows | Shows::Events(_) | Shows::Answers(_) | Shows::Against | Shows::NotAgainst => {
                ("a future", 1.0)
            }
            Shows::Size(_) | Shows::OwnSites => ("blows", 100.0),
            Shows::Integrated(_) | Shows::Permission | Shows::Forum => ("%", 10.0),
            Shows::Signing(_) => ("days", 1.0),
            Shows::Aid => ("a day", 10.0),
            Shows::Lasting(_) => return None,
        };
        Some(Shown { name: shows.words(), way: *way, unit, paired: paired(rules, shows, effect)?, units })
    };
    claim.shows.iter().filter_map(of).collect()
}

/// Days after which it is asked whether an agreement still stands.
const LASTING_DAYS: i32 = 90;

/// The tables whose agreements should last otherwise, by position, each with the way.
fn lasting(rules: &Rules, claim: &Claim) -> Vec<(usize, Way)> {
    let of = |(shows, way): &(Shows, Way)| match shows {
        Shows::Lasting(id) => Some((rules.table(id)?, *way)),
        _ => None,
    };
    claim.shows.iter().filter_map(of).collect()
}

/// The quantities in which a claim should show whose difference is clear of zero, each with the way it goes.
fn beyond_chance(rules: &Rules, claim: &Claim, effect: &Effect) -> Vec<String> {
    let way = |name: String, claimed: Way, d: Difference| {
        Way::Either.held(d.low, d.high).then(|| {
            let found = if d.low > 0.0 { Way::More } else { Way::Less };
            let against = if claimed.held(d.low, d.high) { "" } else { " (against the claim)" };
            format!("{} {name}{against}", found.word())
        })
    };
    let counted = shown(rules, claim, effect).into_iter().filter(|shown| shown.paired.differ > 0);
    let mut found: Vec<String> =
        counted.filter_map(|shown| way(shown.name, shown.way, shown.paired.difference())).collect();
    found.extend(lasting(rules, claim).into_iter().filter_map(|(table, claimed)| {
        let (.., d) = effect.spells[table].survival(LASTING_DAYS)?;
        way(format!("of {} lasting {LASTING_DAYS} days", rules.tables[table].name), claimed, d)
    }));
    found
}

/// The quantities of a claim as a table: on minus off, at defaults and drawn.
fn shown_table(rules: &Rules, claim: &Claim, effect: &ClaimEffect) -> String {
    let mut grid = Grid::new(&["", "says", "", ">at defaults", "90 % interval", ">drawn", "90 % interval"]);
    let claimed = |way: Way| if way == Way::Either { "–" } else { way.word() }.to_owned();
    let cell = |shown: &Shown| {
        let (d, units) = (shown.paired.difference(), shown.units);
        let signed = |v: f64| if v > 0.0 { format!("+{}", short(v)) } else { short(v) };
        if shown.paired.n == 0 {
            return ["–".to_owned(), "not run yet".to_owned()];
        }
        let words = if shown.paired.differ == 0 {
            "the same in every pair".to_owned()
        } else {
            format!("{} to {}", signed(d.low / units), signed(d.high / units))
        };
        [signed(d.difference / units), words]
    };
    for (default, prior) in shown(rules, claim, &effect.default).iter().zip(&shown(rules, claim, &effect.prior)) {
        let ([a, b], [c, d]) = (cell(default), cell(prior));
        grid.row([default.name.clone(), claimed(default.way), default.unit.to_owned(), a, b, c, d]);
    }
    let share = |effect: &Effect, table: usize| match effect.spells[table].survival(LASTING_DAYS) {
        None => ["–".to_owned(), "too few".to_owned()],
        Some((.., d)) => [points(d.difference), format!("{} to {}", points(d.low), points(d.high))],
    };
    for (table, way) in lasting(rules, claim) {
        let ([a, b], [c, d]) = (share(&effect.default, table), share(&effect.prior, table));
        grid.row([
            format!("agreements lasting {LASTING_DAYS} days, {}", rules.tables[table].id.text),
            claimed(way),
            "points".to_owned(),
            a,
            b,
            c,
            d,
        ]);
    }
    grid.text()
}

#[derive(Serialize)]
struct Switch {
    parameter: &'static str,
    unit: &'static str,
    /// Value in this scenario.
    default: f64,
    range: [f64; 2],
    tag: Evidence,
    /// Value at which the claim is off.
    null: f64,
    /// Whether a mechanism of this version reads it.
    used: bool,
    /// Whether the scenario fixes it, so that it is not drawn.
    fixed: bool,
}

/// The claim on minus the claim off: `baseline` is off, `changed` is on.
#[derive(Serialize)]
struct BothEffects {
    default: EffectJson,
    prior: EffectJson,
}

#[derive(Serialize)]
struct EffectJson {
    runs: u64,
    outcomes: Outcomes,
    agreements: BTreeMap<String, Agreement>,
}

#[derive(Serialize)]
struct Outcomes {
    headline: BTreeMap<&'static str, Change>,
}

#[derive(Serialize)]
struct Agreement {
    in_force_at_end: Change,
}

impl EffectJson {
    fn of(rules: &Rules, effect: &Effect) -> Self {
        let headline = Headline::ALL.iter().zip(&effect.headlines).map(|(h, p)| (h.name(), Change::of_shares(p)));
        let tables = rules.tables.iter().zip(&effect.in_force);
        Self {
            runs: effect.runs,
            outcomes: Outcomes { headline: headline.collect() },
            agreements: tables
                .map(|(table, paired)| {
                    (table.id.text.clone(), Agreement { in_force_at_end: Change::of_shares(paired) })
                })
                .collect(),
        }
    }
}

impl BothEffects {
    fn of(rules: &Rules, ClaimEffect { default, prior }: &ClaimEffect) -> Self {
        Self { default: EffectJson::of(rules, default), prior: EffectJson::of(rules, prior) }
    }
}

fn switches(rules: &Rules, claim: &Claim, used: &BTreeSet<&str>) -> Vec<Switch> {
    let switch = |(row, null): (&'static Row, f64)| {
        let here = rules.frame.parameters.get(row.id).unwrap_or(row.default);
        Switch {
            parameter: row.id,
            unit: row.unit,
            default: here,
            range: [row.low, row.high],
            tag: row.tag,
            null,
            used: used.contains(row.id),
            fixed: rules.frame.fixed.iter().any(|id| id == row.id),
        }
    };
    claim.rows().map(switch).collect()
}

fn levers_at_end(prepared: &Prepared) -> LeverSet {
    levers_on(&prepared.rules.frame, &[], prepared.days as i32 - 1)
}

/// The quantities of a claim, for files.
fn shown_json(rules: &Rules, claim: &Claim, effect: &ClaimEffect) -> Vec<ShownJson> {
    let both = shown(rules, claim, &effect.default).into_iter().zip(shown(rules, claim, &effect.prior));
    let each = both.map(|(default, prior)| ShownJson {
        quantity: default.name,
        claimed: default.way.word(),
        unit: default.unit,
        default: Change::of_counts(default.paired, default.units),
        prior: Change::of_counts(prior.paired, prior.units),
    });
    each.collect()
}

/// How long its agreements last, for files.
fn lasting_json(rules: &Rules, claim: &Claim, effect: &ClaimEffect) -> Vec<LastingJson> {
    let each = lasting(rules, claim).into_iter().map(|(table, way)| LastingJson {
        table: rules.tables[table].id.text.clone(),
        claimed: way.word(),
        default: Lasting::of(&effect.default.spells[table], LASTING_DAYS),
        prior: Lasting::of(&effect.prior.spells[table], LASTING_DAYS),
    });
    each.collect()
}

/// The scenario that a claim names, with what it changes there.
fn staged_for(staged: &[Staged], position: usize) -> Option<(&Staged, &ClaimEffect)> {
    staged.iter().find_map(|stage| Some((stage, &stage.claims.iter().find(|(claim, _)| *claim == position)?.1)))
}

impl Report {
    fn of(args: &Claims, prepared: &Prepared, effects: &ClaimEffects, staged: &[Staged]) -> Self {
        let rules = &prepared.rules;
        let used: BTreeSet<&str> = MECHANISMS.iter().flat_map(parameters_of).collect();
        let claims = CLAIMS.iter().zip(&effects.claims).enumerate().map(|(position, (claim, effect))| ClaimJson {
            id: claim.id,
            name: claim.name,
            says: claim.says,
            caveat: claim.caveat,
            switches: switches(rules, claim, &used),
            effect: BothEffects::of(rules, effect),
            shows: shown_json(rules, claim, effect),
            lasting: lasting_json(rules, claim, effect),
            stage: claim.stage,
            in_stage: staged_for(staged, position).map(|(stage, effect)| InStage {
                hash: stage.hash.clone(),
                days: stage.days,
                runs: effect.default.runs,
                shows: shown_json(&stage.rules, claim, effect),
                lasting: lasting_json(&stage.rules, claim, effect),
            }),
        });
        Self {
            of: prepared.provenance(args.seed, PARAMS),
            runs: args.runs,
            partial: effects.runs() < args.runs,
            claims: claims.collect(),
            all: BothEffects::of(rules, &effects.all),
            enduring_peace: EnduringPeace::of(&levers_at_end(prepared)),
        }
    }
}

/// Every outcome class and agreement with its words, in the order of the tables.
fn rows<'a>(rules: &'a Rules, effect: &'a Effect) -> impl Iterator<Item = (&'a str, &'a Paired)> {
    let headlines = Headline::ALL.iter().map(|h| h.words()).zip(&effect.headlines);
    headlines.chain(rules.tables.iter().map(|table| table.name.as_str()).zip(&effect.in_force))
}

/// What an effect says, in one sentence without its start and full stop.
fn said(rules: &Rules, effect: &Effect) -> String {
    let mut found = Vec::new();
    let mut any = false;
    for (name, paired) in rows(rules, effect) {
        let d = paired.difference_of_shares();
        any |= paired.differ > 0;
        if paired.differ > 0 && (d.low > 0.0 || d.high < 0.0) {
            found.push(format!("{name} {} to {} points", points(d.low), points(d.high)));
        }
    }
    match (any, found.is_empty()) {
        (false, _) => "how futures end is the same in every pair".to_owned(),
        (true, true) => "no detectable difference in how futures end".to_owned(),
        (true, false) => found.join("; "),
    }
}

fn effect_table(rules: &Rules, effect: &ClaimEffect) -> String {
    let mut grid = Grid::new(&["", ">at defaults", "90 % interval", ">drawn", "90 % interval"]);
    for ((name, default), (_, prior)) in rows(rules, &effect.default).zip(rows(rules, &effect.prior)) {
        if default.differ == 0 && prior.differ == 0 {
            continue;
        }
        let mut cells = vec![name.to_owned()];
        for paired in [default, prior] {
            let d = paired.difference_of_shares();
            let none = paired.n == 0;
            cells.push(if none { "–".to_owned() } else { points(d.difference) });
            cells.push(if none { "not run yet".to_owned() } else { interval(paired.differ, d, points) });
        }
        grid.row(cells);
    }
    if grid.is_empty() { String::new() } else { grid.text() }
}

/// How much was put in: each switch with value, range and evidence, and what follows from that.
fn put_in(switches: &[Switch]) -> String {
    let one = |switch: &Switch| {
        let Switch { parameter, default, range: [low, high], tag, null, fixed, .. } = switch;
        let drawn = if *fixed { "fixed by this scenario" } else { "drawn" };
        let range = format!("{drawn}, range {low} to {high}");
        let range = if *fixed { drawn.to_owned() } else { range };
        format!("{parameter} = {default} ({range}; {tag:?}, {}; off at {null})", tag.words())
    };
    let list: Vec<String> = switches.iter().map(one).collect();
    let mut text = format!("{}.", list.join("; "));
    let idle: Vec<&str> = switches.iter().filter(|switch| !switch.used).map(|switch| switch.parameter).collect();
    if !idle.is_empty() {
        let _ = write!(text, " No mechanism of this version reads {}.", idle.join(" or "));
    }
    let off: Vec<&str> = switches
        .iter()
        .filter(|switch| switch.fixed && switch.default.to_bits() == switch.null.to_bits())
        .map(|switch| switch.parameter)
        .collect();
    if !off.is_empty() {
        let _ =
            write!(text, " This scenario switches {} off itself, so there is nothing to compare.", off.join(" and "));
    }
    let at_null: Vec<&str> = switches
        .iter()
        .filter(|switch| !switch.fixed && switch.default.to_bits() == switch.null.to_bits())
        .map(|switch| switch.parameter)
        .collect();
    if !at_null.is_empty() {
        let _ = write!(
            text,
            " At the default {} has no effect: it shows only where parameters are drawn.",
            at_null.join(" and ")
        );
    }
    let assumed = switches.iter().filter(|switch| matches!(switch.tag, Evidence::A | Evidence::H)).count();
    let (these, of_these) = match (switches.len(), assumed) {
        (1, 1) => ("that number", ", which no record fixes"),
        (1, _) => ("that number", ", for which the evidence is no better than said"),
        (all, some) if all == some => ("those numbers", ", none of which a record fixes"),
        (_, 0) => ("those numbers", ", for which the evidence is no better than said"),
        _ => ("those numbers", ", some of which no record fixes"),
    };
    let _ = write!(
        text,
        " The size of the effect follows from {these}{of_these}: the model does not test the claim, it shows what \
         follows if the claim holds."
    );
    text
}

/// A paragraph with a word in front.
fn paragraph(label: &str, words: &str) -> String {
    wrapped(&format!("{label}: {words}"), WIDTH)
}

fn text(args: &Claims, prepared: &Prepared, effects: &ClaimEffects, staged: &[Staged], report: &Report) -> String {
    let rules = &prepared.rules;
    let mut text = styled(HEAD, prepared.title());
    let _ = writeln!(
        text,
        "\nThe essay's claims, each on minus off · {} pairs of futures each, at default parameters and drawn · seed {}",
        thousands(effects.all.default.runs),
        args.seed
    );
    if report.partial {
        let _ = writeln!(text, "Partial: {} pairs were asked for.", thousands(args.runs));
    }
    let shows = |effect: &ClaimEffect| {
        let (default, prior) = (said(rules, &effect.default), said(rules, &effect.prior));
        if default == prior {
            format!("{default}, at default parameters and with parameters drawn.")
        } else {
            format!("at default parameters, {default}. With parameters drawn, {prior}.")
        }
    };
    for (place, (claim, effect)) in report.claims.iter().zip(&effects.claims).enumerate() {
        let _ = writeln!(text, "\n{}", styled(HEAD, format!("{}  {}", claim.id, claim.name)));
        let _ = writeln!(text, "{}", paragraph("The essay", claim.says));
        let _ = writeln!(text, "{}", paragraph("The model", &shows(effect)));
        text.push_str(&effect_table(rules, effect));
        let where_it_shows = |rules: &Rules, effect: &ClaimEffect| {
            let beyond = |effect: &Effect| match beyond_chance(rules, &CLAIMS[place], effect).as_slice() {
                [] => "nothing".to_owned(),
                names => names.join("; "),
            };
            let (default, prior) = (beyond(&effect.default), beyond(&effect.prior));
            if default == prior {
                format!("on minus off, beyond chance at default parameters and drawn: {default}.")
            } else {
                format!("on minus off, beyond chance at default parameters: {default}. Drawn: {prior}.")
            }
        };
        let _ = writeln!(text, "{}", paragraph("Where it should show", &where_it_shows(rules, effect)));
        text.push_str(&shown_table(rules, &CLAIMS[place], effect));
        if let Some((stage, effect)) = staged_for(staged, place) {
            let pairs = thousands(effect.default.runs);
            let label = format!("In `{}`, which is about it ({pairs} pairs)", stage.name);
            let _ = writeln!(text, "{}", paragraph(&label, &where_it_shows(&stage.rules, effect)));
            text.push_str(&shown_table(&stage.rules, &CLAIMS[place], effect));
            let more = format!("`detente claims {}` has more of what it is about.", claim.stage);
            let _ = writeln!(text, "{}", paragraph("More", &more));
        }
        let _ = writeln!(text, "{}", paragraph("Put in", &put_in(&claim.switches)));
        if !claim.caveat.is_empty() {
            let _ = writeln!(text, "{}", paragraph("But", claim.caveat));
        }
    }
    let _ = writeln!(text, "\n{}", styled(HEAD, "All claims together, on minus off"));
    let _ = writeln!(text, "{}", paragraph("The model", &shows(&effects.all)));
    text.push_str(&effect_table(rules, &effects.all));

    let levers = levers_at_end(prepared);
    let EnduringPeace { settlements_not_growing, no_funding_of_armed_groups } = report.enduring_peace;
    let _ = writeln!(text, "\n{}", styled(HEAD, "The essay's two conditions of an enduring peace, at the end"));
    let mut grid = Grid::new(&["", "", ""]);
    for (words, met, lever) in [
        ("settlements in the West Bank do not grow", settlements_not_growing, Lever::IsraelSettlements),
        ("Iran funds no armed group", no_funding_of_armed_groups, Lever::IranAxisFunding),
    ] {
        let value = lever.say(levers[lever], rules.frame.start);
        grid.row([words.to_owned(), met_or_not(met).to_owned(), format!("{} = {value}", lever.id())]);
    }
    text.push_str(&grid.text());
    let _ = writeln!(
        text,
        "{}\n",
        wrapped("Preventing war is not making peace: no outcome class above stands for peace.", WIDTH)
    );
    let chance = "Differences are in percentage points of futures; what is the same in every pair is left out. Where \
                  a claim changes nothing, about one interval in ten excludes zero by luck all the same.";
    let _ = writeln!(text, "{}", styled(FAINT, wrapped(chance, WIDTH)));
    if let Some(folder) = args.out.as_ref().filter(|_| !report.partial) {
        let _ = writeln!(text, "\nWritten to {}: claims.json; --resume goes on to more pairs.", folder.display());
    }
    let _ = writeln!(text, "{CAVEAT}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::futures::claims::without;

    fn rules(overlay: &str) -> Rules {
        let text = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
        Rules::new(&crate::scenario::load_text("test.toml", &text).unwrap_or_else(|errors| panic!("{errors}")))
    }

    #[test]
    fn what_was_put_in_is_said_for_every_claim() {
        let used: BTreeSet<&str> = MECHANISMS.iter().flat_map(parameters_of).collect();
        let rules = rules("");
        for claim in CLAIMS {
            let text = put_in(&switches(&rules, claim, &used));
            assert!(text.contains("The size of the effect follows from"), "{}: {text}", claim.id);
            assert!(text.contains("does not test the claim"), "{}: {text}", claim.id);
            assert!(claim.switches.iter().all(|(id, _)| text.contains(&format!("{id} = "))), "{text}");
            assert!(!text.contains("switches"), "{}: {text}", claim.id);
        }
        let silence = CLAIMS.iter().find(|claim| claim.id == "H2").unwrap();
        let here = |rules: &Rules| put_in(&switches(rules, silence, &used));
        assert!(here(&rules).contains("beta_rho = 0.5 (drawn, range -0.3 to 1; A, assumption; off at 0)"));
        assert!(here(&self::rules("parameters.beta_rho = 0.7")).contains("beta_rho = 0.7 (fixed by this scenario; A"));
        assert!(here(&self::rules("parameters.beta_rho = 0")).contains("so there is nothing to compare"));
    }

    #[test]
    fn an_effect_is_said_in_words() {
        let rules = rules("");
        let mut effect = Effect::new(&rules);
        assert_eq!(said(&rules, &effect), "how futures end is the same in every pair");
        for future in 0..400_u64 {
            effect.headlines[0].add(u64::from(future % 2 == 0), u64::from(future % 4 < 3));
            effect.headlines[1].add(u64::from(future % 2 == 0), u64::from(future / 2 % 2 == 0));
        }
        let words = said(&rules, &effect);
        assert!(words.starts_with("regional war +2") && words.ends_with(" points"), "{words}");
        assert!(!words.contains("collective"), "{words}");
        effect.headlines[0] = Paired::default();
        assert_eq!(said(&rules, &effect), "no detectable difference in how futures end");
    }

    #[test]
    fn a_scenario_without_a_claim_is_that_scenario_without_it_twice() {
        let loaded = crate::scenario::load("november-2024").unwrap();
        let off = without(&loaded, CLAIMS);
        let p = &off.frame.parameters;
        assert_eq!((p.beta_rho.to_bits(), p.mediation_half_life.to_bits()), (0.0_f64.to_bits(), 3650.0_f64.to_bits()));
        assert_eq!(loaded.scenario.parameters.get("beta_rho"), None, "the loaded scenario is left alone");
    }
}
