//! A report of a sitting: one HTML page that needs nothing beside it, and the data behind it as tables.
//!
//! Every number says where it comes from: how many futures, which interval, which evidence. Where an interval spans zero
//! the words are "no detectable difference", and where a source is marked unverified the mark stays.

mod guessed;
mod history;
mod plots;
mod scores;
mod tables;
mod words;

pub use self::tables::{Bundle, bundle};

use self::plots::{fan, paired, parts};
pub use self::words::is_detectable;
use self::words::{esc, long_date};
use super::chart::{Arms, Fans};
use super::compare::Digits;
use super::cover::{COVERED, cover, uncovered};
use super::file::{Saved, is_changed_builtin, marked};
use super::guesses::Cover;
use super::replay::Progress;
use super::sitting::{Branch, Sitting};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use detente_model::record::digits::percent;
use detente_model::record::outcome::{EnduringPeace, Escalation, Headline, Settlement};
use detente_model::record::recorder::EventId;
use detente_model::sim::event::Event;
use detente_model::sim::world::Fate;
use detente_model::symbols::Evidence;
use detente_model::symbols::claims::{CLAIMS, Claim};
use detente_model::symbols::levers::{Kind, Lever, LeverChange};
use detente_model::symbols::parameters::ROWS;
use detente_model::symbols::reached::reached;
use detente_study::futures::effect::Difference;
use detente_study::futures::hazard::carried;
use detente_study::tables::provenance::Versions;
use std::collections::{BTreeSet, VecDeque};
use std::fmt::Write as _;

/// What every output of this program is worth.
pub const CAVEAT: &str =
    "A what-if tool: outputs are conditional on assumptions and are not predictions of real events.";
/// Key events explained.
const EXPLAINED: usize = 10;
/// Light and dark as the program itself; no font is fetched.
const STYLE: &str = include_str!("page.css");

/// What a browser may do with the page: show it. Nothing is fetched, nothing runs, nothing is sent.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// What goes into a report beside the sitting itself.
#[derive(Clone, Copy, Default)]
pub struct Extras<'a> {
    /// The futures of the branch shown, without its policy and with it, as far as they have come.
    pub fans: Option<&'a Fans>,
    /// The futures of two branches that are compared, where they are.
    pub compared: Option<&'a Fans>,
    /// The track that is charted, by position in the fans.
    pub track: usize,
    /// How long the futures took, seconds.
    pub seconds: Option<f64>,
    /// The map as shown, as a PNG file.
    pub picture: Option<&'a [u8]>,
}

/// A name that someone gave, apart from the words around it and in the direction of its own letters.
fn named(name: &str) -> String {
    format!("<bdi dir=auto>{}</bdi>", esc(name))
}

/// A source or note, its "unverified" made visible.
fn noted(text: &str) -> String {
    esc(text).replace("unverified", "<mark>unverified</mark>")
}

/// A paired difference of shares in words: "−6 points (−9 to −3)", or "no detectable difference (−1 to 5 points)": how large an
/// effect is still possible is said, too.
#[must_use]
pub fn in_points(d: &Difference, pairs: u64) -> String {
    if d.low.abs().max(d.high.abs()) <= 0.0 {
        return "no difference: both arms are the same".to_owned();
    }
    let [difference, low, high] = [d.difference, d.low, d.high].map(|x| 100.0 * x);
    // No decimals below a thousand futures, unless rounding would say zero of what is not.
    let whole = pairs < 1_000 && [difference, low, high].iter().all(|x| x.abs() >= 0.5);
    let digits = if whole { Digits::Whole } else { Digits::Tenths };
    let say = |x: f64| digits.say(x);
    if !is_detectable(d) {
        return format!("no detectable difference ({} to {} points)", say(low), say(high));
    }
    let sign = if difference > 0.0 { "+" } else { "" };
    format!("{sign}{} points ({} to {})", say(difference), say(low), say(high))
}

/// A lever's value with its unit.
fn lever_value(lever: Lever, value: f64, start: jiff::civil::Date) -> String {
    let row = lever.row();
    match row.kind {
        Kind::Number => format!("{} {}", lever.say(value, start), row.unit),
        _ => lever.say(value, start),
    }
}

fn evidence(tag: Evidence) -> String {
    format!("<abbr class=tag title=\"{}\">{tag:?}</abbr>", tag.words())
}

/// A page in the making, of a sitting as it stood when this was begun. What it says of the sitting is read at once; the events that it
/// explains are explained one after the other, and the picture of the map is put in when it is there.
pub struct Draft {
    /// Up to the picture, and what is said of that.
    head: String,
    caption: [String; 2],
    /// From there to the events that are explained.
    middle: String,
    /// Events that are to be explained, and what was said of those before them.
    waiting: VecDeque<EventId>,
    explained: String,
    of: u64,
    /// What stands behind them.
    rest: String,
}

impl Draft {
    /// Reads all of a sitting but what its key events are explained by. A picture is put in at the end: none is taken from `extras`.
    #[must_use]
    pub fn new(sitting: &Sitting, extras: &Extras<'_>) -> Self {
        // Whatever it is made from, a report tells no more than the screen.
        let (fans, pair) = (uncovered(sitting, extras.fans), uncovered(sitting, extras.compared));
        let extras = &Extras { fans, compared: pair, ..*extras };
        let name = esc(&marked(&sitting.loaded, &sitting.loaded.name));
        let mut top = format!(
            "<!doctype html>\n<html lang=en><head><meta charset=utf-8>\n<meta name=viewport content=\"width=device-width, \
             initial-scale=1\">\n<meta http-equiv=Content-Security-Policy content=\"{POLICY}\">\n<title>Détente: {name}, seed {}</title>\n<style>{STYLE}</style></head>\n<body><main>\n",
            sitting.seed()
        );
        head(&mut top, sitting);
        let caption = [
            format!(
                "<figure><img alt=\"The map on day {} of branch {}\" src=\"data:image/png;base64,",
                sitting.today(),
                esc(&sitting.branch().name)
            ),
            format!(
                "\"><figcaption>The map on the evening before day {}. Coordinates are at city level.</figcaption></figure>\n",
                sitting.today()
            ),
        ];
        let mut middle = String::new();
        futures(&mut middle, sitting, extras);
        if let Some(fans) = extras.compared.filter(|fans| fans.pairs() > 0) {
            compared(&mut middle, sitting, fans, extras.track);
        }
        guessed::guessed(&mut middle, sitting);
        scores::how_good(&mut middle, sitting, extras);
        policy(&mut middle, sitting);
        let mut rest = String::new();
        let key = history::around(&mut middle, &mut rest, sitting);
        assumptions(&mut rest, sitting, extras.fans.map(|fans| fans.ask.prior));
        branches(&mut rest, sitting);
        let _ = writeln!(rest, "<footer><p><strong>{CAVEAT}</strong></p></footer>\n</main></body></html>");
        let of = key.len() as u64;
        Self { head: top, caption, middle, waiting: key.into(), explained: String::new(), of, rest }
    }

    /// Explains an event at least, and more as long as `go_on` says so. The sitting is the one that this was begun with, and stands as
    /// it stood.
    pub fn step(&mut self, sitting: &Sitting, mut go_on: impl FnMut() -> bool) -> Progress {
        while let Some(id) = self.waiting.pop_front() {
            if let Ok(why) = sitting.explain(id) {
                history::explained(&mut self.explained, &why);
            }
            if !go_on() {
                break;
            }
        }
        self.progress()
    }

    /// How many events are explained, and how many will be.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress { done: self.of - self.waiting.len() as u64, of: self.of }
    }

    /// The page, with a picture of the map where there is one, as a PNG file.
    #[must_use]
    pub fn page(self, picture: Option<&[u8]>) -> String {
        let mut html = self.head;
        if let Some(png) = picture.filter(|png| png.starts_with(b"\x89PNG")) {
            let [before, after] = &self.caption;
            html += before;
            STANDARD.encode_string(png, &mut html);
            html += after;
        }
        html + &self.middle + &self.explained + &self.rest
    }
}

/// The page, at once.
#[must_use]
pub fn page(sitting: &Sitting, extras: &Extras<'_>) -> String {
    let mut draft = Draft::new(sitting, extras);
    draft.step(sitting, || true);
    draft.page(extras.picture)
}

fn head(html: &mut String, sitting: &Sitting) {
    let (rules, branch) = (&sitting.rules, sitting.branch());
    let today = sitting.today();
    let (from, to) = (long_date(rules.frame.start), long_date(rules.date((today - 1).max(0))));
    let span =
        if today == 0 { format!("{from}, before the first day") } else { format!("{from} to {to}, {today} days") };
    let title =
        if sitting.loaded.scenario.title.is_empty() { &sitting.loaded.name } else { &sitting.loaded.scenario.title };
    let Versions { format, model } = Versions::here();
    let changed = if is_changed_builtin(&sitting.loaded.name, &sitting.loaded.hash) {
        " <mark>changed</mark> <small>its content is not that of the built-in scenario of this name</small>"
    } else {
        ""
    };
    let _ = writeln!(
        html,
        "<header><h1 dir=auto>{}</h1>\n<p class=caveat>{CAVEAT}</p>\n<dl>\n<dt>Scenario</dt><dd>{} <code>{}</code>{changed}</dd>\n\
         <dt>Branch</dt><dd>{}</dd>\n<dt>History</dt><dd>{}</dd>\n<dt>Seed</dt><dd>{}{}</dd>\n<dt>Versions</dt><dd>model {}, \
         scenario format {format}</dd>\n<dt>Digest</dt><dd><code>{}</code>, of the branch as far as it was played ({} \
         days)</dd>\n<dt>As it stands</dt><dd>{}</dd>\n</dl></header>",
        esc(title),
        named(&sitting.loaded.name),
        esc(&sitting.loaded.hash),
        named(&branch.name),
        esc(&span),
        sitting.fate_words().trim_start_matches("seed "),
        own_draws(sitting),
        esc(&model),
        branch.history.digest().whole,
        branch.history.days(),
        sitting.outcome().headline.words(),
    );
}

/// Of a history with drawn parameters: what the numbers below then are.
fn own_draws(sitting: &Sitting) -> String {
    let Fate { seed, future, prior } = sitting.fate();
    if !prior {
        return String::new();
    }
    format!(
        " <small>its parameters were drawn from their ranges; the table of assumptions has their defaults, and <code>detente run \
         --seed {seed} --future {future} --params prior --out DIR</code> keeps what was drawn</small>"
    )
}

/// What the two arms of a set of futures are called, in a sentence and at the head of a column.
pub(super) fn arms(sitting: &Sitting, fans: &Fans) -> [String; 2] {
    match fans.subject.arms {
        Arms::Policy(_) => ["baseline".to_owned(), "with the policy".to_owned()],
        Arms::Branches(pair) => {
            let name = |id: u32| sitting.position(id).map_or("?", |b| sitting.branches()[b].name.as_str());
            [format!("A, “{}”", name(pair[0])), format!("B, “{}”", name(pair[1]))]
        }
    }
}

fn futures(html: &mut String, sitting: &Sitting, extras: &Extras<'_>) {
    html.push_str("<section><h2>Futures</h2>\n");
    if cover(sitting) != Cover::Open {
        let _ = writeln!(html, "<p>{COVERED}</p></section>");
        return;
    }
    let Some(fans) = extras.fans.filter(|fans| fans.pairs() > 0) else {
        html.push_str("<p>No futures were run for this report.</p></section>\n");
        return;
    };
    let took = extras.seconds.map_or(String::new(), |s| format!(", in {s:.1} s"));
    let _ = writeln!(
        html,
        "<p>{}{took}; {}. The baseline goes on with the levers of the fork, on the same random numbers. Intervals are 90 % \
         intervals for this number of futures.</p>",
        how_many(sitting, fans),
        drawn(fans)
    );
    if fans.is_null() {
        html.push_str("<p>No lever was moved since the fork: policy and baseline are one, and every difference is exactly zero.</p>\n");
    }
    figures(html, sitting, fans, extras.track);
    let EnduringPeace { settlements_not_growing, no_funding_of_armed_groups } = EnduringPeace::of(&sitting.levers());
    let met = |yes: bool| if yes { "met" } else { "not met" };
    let _ = writeln!(
        html,
        "<p>The essay's two conditions of an enduring peace, as the levers stand: settlements in the West Bank do not grow: {}; \
         Iran funds no armed group: {}. Preventing war is not making peace: no outcome stands for peace.</p>\n</section>",
        met(settlements_not_growing),
        met(no_funding_of_armed_groups)
    );
}

/// The futures of two branches.
fn compared(html: &mut String, sitting: &Sitting, fans: &Fans, track: usize) {
    let [a, b] = arms(sitting, fans).map(|name| esc(&name));
    let _ = writeln!(
        html,
        "<section><h2>Two branches compared</h2>\n<p>{}, each from its own state on that day, on the same random numbers: {a} and \
         {b}; {}. Differences are B − A.</p>",
        how_many(sitting, fans),
        drawn(fans)
    );
    if fans.is_null() {
        html.push_str(
            "<p>Both branches stand alike on that day, with the same levers: every difference is exactly zero.</p>\n",
        );
    }
    figures(html, sitting, fans, track);
    html.push_str("</section>\n");
}

/// How many futures, how far, from where.
fn how_many(sitting: &Sitting, fans: &Fans) -> String {
    let pairs = fans.pairs() as u64;
    let all = if pairs < fans.ask.futures { format!("{pairs} of {}", fans.ask.futures) } else { pairs.to_string() };
    let date = long_date(sitting.rules.date(fans.from));
    format!("{all} futures of {} days from {date} (day {})", fans.ask.days, fans.from)
}

fn drawn(fans: &Fans) -> &'static str {
    if fans.ask.prior {
        "every future draws its parameters from their ranges"
    } else {
        "parameters stand at their defaults: luck alone differs"
    }
}

/// Charts and tables of a set of futures.
fn figures(html: &mut String, sitting: &Sitting, fans: &Fans, track: usize) {
    let rules = &sitting.rules;
    let track = track.min(fans.tracks.len().saturating_sub(1));
    if let Some(&what) = fans.tracks.get(track) {
        let _ = write!(
            html,
            "<figure><figcaption>{}, {}: the history, then median, 50 % and 90 % of futures</figcaption>{}",
            esc(&what.name(rules)),
            what.unit(),
            fan(sitting, fans, track, what)
        );
        if !fans.is_null() {
            let _ = write!(html, "{}<p>{}</p>", paired(sitting, fans, track), esc(&parts(sitting, fans, track)));
        }
        html.push_str("</figure>\n");
    }
    let names = arms(sitting, fans).map(|name| esc(&name));
    table(html, fans, &names);
    headlines(html, fans, &names);
    hazards(html, sitting, fans, &names);
}

fn table(html: &mut String, fans: &Fans, names: &[String; 2]) {
    let (policy, baseline) = (fans.table(1), fans.table(0));
    let (n, m) = (fans.come(1).max(1), fans.come(0).max(1));
    let small = if fans.is_null() { String::new() } else { format!(", {}; small: {}", names[1], names[0]) };
    let _ = writeln!(
        html,
        "<table class=nine><caption>Futures by escalation and settlement{small}</caption>\n<tr><th></th><th>nothing settled</th><th>piecemeal truce</th><th>collective deal</th></tr>"
    );
    let names = ["no direct exchange", "contained exchange", "regional war"];
    for (e, name) in Escalation::ALL.into_iter().zip(names) {
        let _ = write!(html, "<tr><th>{name}</th>");
        for s in Settlement::ALL {
            let (p, q) =
                (policy[e as usize][s as usize] as f64 / n as f64, baseline[e as usize][s as usize] as f64 / m as f64);
            let small = if fans.is_null() { String::new() } else { format!(" <small>{}</small>", percent(q, m)) };
            let _ = write!(html, "<td style=\"--share:{p:.2}\"><b>{}</b>{small}</td>", percent(p, n));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
}

fn headlines(html: &mut String, fans: &Fans, names: &[String; 2]) {
    let pairs = fans.pairs() as u64;
    let _ = writeln!(
        html,
        "<table><caption>Headline classes</caption>\n<tr><th>class</th><th class=n>{}</th><th class=n>{}</th><th>paired difference</th></tr>",
        names[1], names[0]
    );
    for headline in Headline::ALL {
        let (baseline, policy, difference, _) = fans.headline(headline);
        let say = percent;
        let n = fans.come(1);
        let words = if fans.is_null() { "exactly zero".to_owned() } else { in_points(&difference, pairs) };
        let _ = writeln!(
            html,
            "<tr><td>{}</td><td class=n>{} ({} to {})</td><td class=n>{}</td><td>{}</td></tr>",
            headline.words(),
            say(policy.p, n),
            say(policy.low, n),
            say(policy.high, n),
            say(baseline.p, fans.come(0)),
            esc(&words)
        );
    }
    html.push_str("</table>\n");
}

/// When a regional war begins, beside the share within the horizon: month by month, and by which road.
fn hazards(html: &mut String, sitting: &Sitting, fans: &Fans, names: &[String; 2]) {
    let arms: &[usize] = if fans.is_null() { &[1] } else { &[1, 0] };
    html.push_str(
        "<table><caption>Regional war by date: of the futures without one so far, the share in which one begins in the month \
         (90 % interval). A share within a horizon grows with it; this does not. Regional war: ",
    );
    let (definition, carried) = (Headline::RegionalWar.definition(), carried());
    let _ = write!(html, "{}. {}</caption>\n<tr><th>from</th>", esc(definition), esc(&carried));
    for &arm in arms {
        let _ = write!(
            html,
            "<th class=n>{}</th><th class=n>after a preventive strike</th><th class=n>by answers</th>",
            esc(&names[arm])
        );
    }
    html.push_str("</tr>\n");
    let all: Vec<_> = arms.iter().map(|&arm| fans.hazards(arm)).collect();
    let months = all.first().map_or(0, |[war, ..]| war.len());
    for month in 0..months {
        let date = all.first().and_then(|[war, ..]| war.get(month)).map(|war| sitting.rules.date(war.from));
        let _ = write!(html, "<tr><td>{}</td>", date.map(|date| date.to_string()).unwrap_or_default());
        for roads in &all {
            for (road, months) in roads.iter().enumerate() {
                let Some(h) = months.get(month) else { continue };
                let say = |share: f64| percent(share, h.at_risk.max(1));
                let of = format!("{} of {}", h.began, h.at_risk);
                let words = match road {
                    _ if h.at_risk == 0 => "–".to_owned(),
                    0 => format!(
                        "{} ({} to {}) <small>{of}</small>",
                        say(h.share.p),
                        say(h.share.low),
                        say(h.share.high)
                    ),
                    _ => say(h.share.p),
                };
                let _ = write!(html, "<td class=n>{words}</td>");
            }
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
}

/// The lever log, with what the levers test.
fn policy(html: &mut String, sitting: &Sitting) {
    let (rules, branch) = (&sitting.rules, sitting.branch());
    let start = rules.frame.start;
    html.push_str("<section><h2>Levers moved</h2>\n");
    if branch.changes.is_empty() {
        html.push_str("<p>No lever was moved by the user.</p>\n");
    } else {
        html.push_str("<table><tr><th>from</th><th>lever</th><th>set to</th><th>before</th><th>default</th><th>evidence of the default</th></tr>\n");
        for change in &branch.changes {
            let row = change.lever.row();
            let before = value_before(sitting, branch, change);
            let at_start = rules.frame.levers[change.lever];
            let theirs = if at_start.to_bits() == row.default.to_bits() {
                String::new()
            } else {
                let value = esc(&lever_value(change.lever, at_start, start));
                format!(" <small>the scenario starts with {value}</small>")
            };
            let old = if change.day < branch.since() { " <small>before the fork</small>" } else { "" };
            let _ = writeln!(
                html,
                "<tr><td>{} <small>day {}</small>{old}</td><td>{} <small>({})</small><br><code>{}</code></td><td><b \
                 class=you>{}</b></td><td>{}</td><td>{}{theirs}</td><td>{} {}</td></tr>",
                long_date(rules.date(change.day)),
                change.day,
                esc(row.name),
                esc(row.owner),
                row.id,
                esc(&lever_value(change.lever, change.value.raw(), start)),
                esc(&lever_value(change.lever, before, start)),
                esc(&lever_value(change.lever, row.default, start)),
                evidence(row.tag),
                row.tag.words(),
            );
        }
        html.push_str("</table>\n");
    }
    let moved: BTreeSet<Lever> = branch.changes.iter().map(|change| change.lever).collect();
    let tested: Vec<&Claim> = CLAIMS.iter().filter(|claim| moved.iter().any(|lever| belongs(*lever, claim))).collect();
    if !tested.is_empty() {
        html.push_str("<h3>Claims of the essay that these levers bear on</h3>\n<p>The model does not test whether a claim is true: it shows what follows if it holds, and how much of that was put in.</p>\n<dl>\n");
        for claim in tested {
            let _ = write!(html, "<dt>{}: {}</dt><dd>{}", claim.id, esc(claim.name), esc(claim.says));
            if !claim.caveat.is_empty() {
                let _ = write!(html, " <em>Against it:</em> {}", noted(claim.caveat));
            }
            html.push_str(" Put in: ");
            let put: Vec<String> = claim
                .rows()
                .map(|(row, null)| {
                    let value = rules.full.get(row.id).unwrap_or(row.default);
                    format!(
                        "<code>{}</code> = {value} ({} to {}; {null} switches it off) {}",
                        row.id,
                        row.low,
                        row.high,
                        evidence(row.tag)
                    )
                })
                .collect();
            let _ = writeln!(html, "{}.</dd>", put.join(", "));
        }
        html.push_str("</dl>\n");
    }
    let passage = |lever: &Lever| {
        let row = lever.row();
        format!("<li>{}: {}; “{}”</li>", esc(row.name), noted(row.touches), esc(row.essay))
    };
    let passages: Vec<String> = moved.iter().map(passage).collect();
    if !passages.is_empty() {
        let _ = writeln!(
            html,
            "<h3>What the levers touch, and the passage of the essay behind each, in our words</h3>\n<ul>{}</ul>",
            passages.join("\n")
        );
    }
    html.push_str("</section>\n");
}

/// Whether a lever's row names a claim.
fn belongs(lever: Lever, claim: &Claim) -> bool {
    lever.row().claims.contains(&claim.id)
}

/// What a lever stood at on the evening before it was moved.
fn value_before(sitting: &Sitting, branch: &Branch, change: &LeverChange) -> f64 {
    let earlier = branch.history.before(change.day).iter().rev();
    let moved = earlier.filter_map(|(_, event)| match event {
        Event::LeverMoved(old) if old.lever == change.lever => Some(old.value.raw()),
        _ => None,
    });
    moved.take(1).next().unwrap_or(sitting.rules.frame.levers[change.lever])
}

/// Every number the model stands on, with its evidence.
fn assumptions(html: &mut String, sitting: &Sitting, prior: Option<bool>) {
    let rules = &sitting.rules;
    html.push_str("<section><h2>Assumptions</h2>\n");
    html.push_str(match prior {
        Some(true) => "<p>The history shown uses every parameter at its default. Each future draws its own values from the ranges below, except where the scenario fixes a value.</p>\n",
        Some(false) => "<p>The history shown and the futures use every parameter at its default. Ranges below say how little is known.</p>\n",
        None => "<p>The history shown uses every parameter at its default. Ranges below say how little is known.</p>\n",
    });
    let mut tags: Vec<Evidence> = ROWS.iter().map(|row| row.tag).collect();
    tags.extend(rules.frame.estimates.iter().map(|e| e.tag));
    html.push_str("<p>Evidence: ");
    let kinds = [Evidence::S, Evidence::L, Evidence::C, Evidence::A, Evidence::H];
    let counts: Vec<String> = kinds
        .iter()
        .map(|kind| {
            format!("{} {} ({})", tags.iter().filter(|tag| *tag == kind).count(), kind.words(), evidence(*kind))
        })
        .collect();
    let unverified = ROWS.iter().map(|row| row.source).chain(rules.frame.estimates.iter().map(|e| e.source.as_str()));
    let unverified = unverified.filter(|source| source.contains("unverified")).count();
    let _ = writeln!(
        html,
        "{}; {unverified} numbers rest on a source marked <mark>unverified</mark>.</p>",
        counts.join(", ")
    );
    let _ = writeln!(
        html,
        "<p class=paper>The table of all numbers is folded on the page, and this browser does not print it: unfold it before \
         printing.</p>\n<details><summary>All {} numbers, with range, evidence and source</summary>\n<table><tr><th>number</th><th class=n>value</th>\
         <th class=n>range</th><th>unit</th><th>evidence</th><th>acts</th><th>meaning</th><th>source</th></tr>",
        tags.len()
    );
    let mut line = |id: &str,
                    value: f64,
                    (low, high): (f64, f64),
                    unit: &str,
                    tag: Evidence,
                    meaning: &str,
                    source: &str| {
        let _ = writeln!(
            html,
            "<tr><td><code>{}</code></td><td class=n>{value}</td><td class=n>{low} to {high}</td><td>{}</td><td>{} {}</td>\
             <td>{}</td><td>{}</td><td>{}</td></tr>",
            esc(id),
            esc(unit),
            evidence(tag),
            tag.words(),
            reached(id).unwrap_or("–"),
            noted(meaning),
            noted(source)
        );
    };
    for row in ROWS {
        let value = rules.full.get(row.id).unwrap_or(row.default);
        line(row.id, value, (row.low, row.high), row.unit, row.tag, row.meaning, row.source);
    }
    for e in &rules.frame.estimates {
        line(&e.id, e.value, (e.low, e.high), e.family.unit, e.tag, e.family.meaning, &e.source);
    }
    html.push_str("</table></details></section>\n");
}

/// The branches, and how to have every number again.
fn branches(html: &mut String, sitting: &Sitting) {
    html.push_str("<section><h2>The session</h2>\n<table><tr><th>branch</th><th>begins</th><th class=n>days played</th><th class=n>lever moves</th><th>digest</th></tr>\n");
    for (i, branch) in sitting.branches().iter().enumerate() {
        let begins = match branch.fork.and_then(|(id, day)| Some((sitting.position(id)?, day))) {
            Some((parent, day)) => format!("day {day}, from {}", named(&sitting.branches()[parent].name)),
            None => branch.fork.map_or("day 0".to_owned(), |(_, day)| format!("day {day}")),
        };
        let shown = if i == sitting.current() { " <small>shown</small>" } else { "" };
        let _ = writeln!(
            html,
            "<tr><td>{}{shown}</td><td>{begins}</td><td class=n>{}</td><td class=n>{}</td><td><code>{}</code></td></tr>",
            named(&branch.name),
            branch.history.days(),
            branch.policy().count(),
            branch.history.digest().whole
        );
    }
    let link = Saved::of(sitting).to_link();
    let _ = writeln!(
        html,
        "</table>\n<p>The same scenario, seed and lever moves give the same history to the last bit with this version of the \
         model. <code>detente replay</code> checks it from the session file, or from this text:</p>\n<details><summary>The \
         session as the tail of a link</summary><p><code class=long>detente replay --link {}</code></p></details>\n</section>",
        esc(&link)
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Ask;

    fn played() -> (Sitting, Fans) {
        let mut s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 5);
        s.go_to(60);
        s.fork("<b>\"More\" & 'more'</b>").unwrap();
        s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
        s.set_lever(Lever::DealArchitecture, 2.0).unwrap();
        s.go_to(90);
        let mut fans = Fans::start(&s, Ask { futures: 24, days: 60, prior: true }, &[], 2);
        while fans.is_running() {
            fans.poll(|| true);
            std::thread::yield_now();
        }
        (s, fans)
    }

    /// Tags open and close in order; void ones and those that need no end left aside.
    fn balanced(html: &str) {
        let mut open: Vec<String> = Vec::new();
        for part in html.split('<').skip(1) {
            let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("a tag without an end: {part}"));
            let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
            if tag.starts_with('/') {
                assert_eq!(open.pop().as_deref(), Some(name.as_str()), "…{part}");
            } else if !tag.ends_with('/') && !["!doctype", "meta", "img", "br", ""].contains(&name.as_str()) {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn a_page_holds_everything_and_needs_nothing() {
        let (s, fans) = played();
        let png = b"\x89PNG\r\n\x1a\nnot really";
        let extras =
            Extras { fans: Some(&fans), track: 0, seconds: Some(1.25), picture: Some(png), ..Extras::default() };
        let html = page(&s, &extras);
        balanced(&html);
        assert!(
            !html.contains("http://") && !html.contains("https://") && !html.contains("<script"),
            "it fetches nothing"
        );
        assert!(!html.contains("<b>\"More\""), "names are escaped");
        assert!(html.contains("Content-Security-Policy") && html.contains("default-src 'none'"), "and it could not");
        assert!(html.contains("<bdi dir=auto>&lt;b&gt;"), "a name has its own direction");
        assert!(STYLE.contains("@media print{details::details-content") && html.contains("class=paper"));
        for part in [
            "data:image/png;base64,",
            "&lt;b&gt;&quot;More&quot; &amp; &#39;more&#39;&lt;/b&gt;",
            &s.loaded.hash,
            &s.branch().history.digest().whole,
            "24 futures of 60 days",
            "in 1.2 s",
            "collective deal",
            "paired difference",
            "your policy",
            "unifil.troops",
            "H1: one deal with all",
            "H3: resolution 1701",
            "<mark>unverified</mark>",
            "assumption with hindsight",
            "those who live there",
            "detente replay --link",
        ] {
            assert!(html.contains(part), "no `{part}`");
        }
        assert_eq!(html.matches(CAVEAT).count(), 2);
        assert_eq!(html.matches("<svg").count(), 2);
        assert!(!html.contains("NaN") && !html.contains("inf<"), "numbers are numbers");
    }

    #[test]
    fn without_futures_or_moves_it_says_so() {
        let s = Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 5);
        let html = page(&s, &Extras::default());
        balanced(&html);
        assert!(html.contains("No futures were run") && html.contains("No lever was moved by the user"));
        let mut fans = Fans::start(&s, Ask { futures: 8, days: 20, prior: false }, &[], 0);
        while fans.is_running() {
            fans.poll(|| true);
        }
        let html = page(&s, &Extras { fans: Some(&fans), ..Extras::default() });
        balanced(&html);
        assert!(html.contains("exactly zero") && !html.contains("no detectable difference"));
    }

    #[test]
    fn two_branches_that_are_compared_are_called_by_their_names_and_are_no_policy() {
        let (mut s, fans) = played();
        let ask = Ask { futures: 24, days: 60, prior: true };
        let mut pair = Fans::compare(&mut s, [0, 1], ask, &[], 0);
        while pair.is_running() {
            pair.poll(|| true);
        }
        let html = page(&s, &Extras { fans: Some(&fans), compared: Some(&pair), ..Extras::default() });
        balanced(&html);
        let (policy, compared) = html.split_once("Two branches compared").unwrap();
        assert!(policy.contains("with the policy") && !policy.contains("A, “"));
        let compared = compared.split_once("</section>").unwrap().0;
        assert!(compared.contains("A, “As it stands”") && compared.contains("B, “&lt;b&gt;"), "{compared}");
        assert!(!compared.contains("policy") && !compared.contains("baseline"), "{compared}");
        let files = bundle(&s, Some(&fans), Some(&pair)).unwrap();
        let csv = |name: &str| String::from_utf8(files.iter().find(|(n, _)| n == name).unwrap().1.clone()).unwrap();
        assert!(
            csv("compared-futures.csv").contains(",branch-0,") && csv("compared-outcomes.csv").contains("branch-1,")
        );
        assert!(!csv("compared-futures.csv").contains("policy"));
        assert!(csv("futures.csv").contains(",policy,"));
    }

    #[test]
    fn tables_come_as_csv_and_parquet() {
        let (s, fans) = played();
        let files = bundle(&s, Some(&fans), None).unwrap();
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        for stem in
            ["events", "series", "branch-0-events", "branch-0-series", "futures", "differences", "outcomes", "hazards"]
        {
            assert!(names.contains(&format!("{stem}.csv").as_str()), "{stem}");
            assert!(names.contains(&format!("{stem}.parquet").as_str()), "{stem}");
        }
        assert_eq!(names.len(), 17);
        let of = |name: &str| &files.iter().find(|(n, _)| n == name).unwrap().1;
        let csv = String::from_utf8(of("futures.csv").clone()).unwrap();
        assert_eq!(csv.lines().count(), 1 + fans.tracks.len() * 2 * fans.samples());
        assert!(csv.starts_with("track,unit,arm,days_run,evening,q05,q25,q50,q75,q95,futures\n"), "{csv}");
        let outcomes = String::from_utf8(of("outcomes.csv").clone()).unwrap();
        let sum: u64 = outcomes.lines().skip(1).map(|l| l.split(',').nth(4).unwrap().parse::<u64>().unwrap()).sum();
        assert_eq!(sum, 48);
        assert!(of("series.parquet").starts_with(b"PAR1"));
    }

    #[test]
    fn differences_in_words_claim_no_more_than_their_interval() {
        let d = |difference, low, high| Difference { difference, low, high };
        assert_eq!(in_points(&d(-0.06, -0.09, -0.03), 256), "\u{2212}6 points (\u{2212}9 to \u{2212}3)");
        assert_eq!(in_points(&d(0.02, -0.01, 0.05), 256), "no detectable difference (\u{2212}1 to 5 points)");
        assert_eq!(in_points(&d(0.004, 0.001, 0.007), 256), "+0.4 points (0.1 to 0.7)");
        assert_eq!(in_points(&d(0.0, 0.0, 0.0), 256), "no difference: both arms are the same");
    }
}
