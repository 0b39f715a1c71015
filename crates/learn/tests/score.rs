//! The back-test as a whole: what it may know, what shows in it, and data that nobody has seen.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use detente_learn::observed::{Observed, days_between, later};
use detente_learn::score::backtest::{Backtest, Ended, Plan, Record, chosen, unscored};
use detente_learn::score::kept::{Manifest, Store};
use detente_learn::score::summary::{Summary, baselines};
use detente_model::scenario::load;
use detente_model::sim::rules::Rules;
use detente_study::futures::ensemble::Progress;
use detente_study::tables::provenance::Provenance;
use jiff::civil::{Date, date};
use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::Ordering;

fn rules() -> Rules {
    Rules::new(&load("october-2023").unwrap())
}

fn plan(from: Date, to: Date, series: &[&str]) -> Plan {
    Plan {
        from,
        to,
        every: 14,
        horizons: vec![1, 4],
        members: 40,
        particles: 48,
        series: series.iter().map(|id| (*id).to_owned()).collect(),
        seed: 5,
    }
}

fn run(observed: &Observed, plan: &Plan, jobs: usize) -> Vec<Record> {
    let backtest = Backtest::new(&rules(), observed, plan).unwrap();
    backtest.run(&[], jobs, &Progress::default(), |_| Ok(())).unwrap()
}

/// Text of a series by days from the start of the scenario, as `value` says; days of which it says nothing are left out.
fn daily(id: &str, to: Date, value: impl Fn(i32) -> Option<u32>) -> String {
    let start = date(2023, 10, 8);
    let mut text = String::new();
    for day in 0..=days_between(start, to) {
        if let Some(value) = value(day) {
            let at = later(start, day);
            writeln!(text, "{id},{at},{at},{value},,made up").unwrap();
        }
    }
    text
}

fn folder(files: &[(&str, String)]) -> Observed {
    let folder = tempfile::tempdir().unwrap();
    for (name, rows) in files {
        let header = if *name == "events.csv" { "date,kind,id,source" } else { "series,from,to,value,vintage,source" };
        fs::write(folder.path().join(name), format!("{header}\n{rows}")).unwrap();
    }
    Observed::read(folder.path()).unwrap()
}

#[test]
fn threads_do_not_show_and_what_is_done_is_not_done_again() {
    let observed = Observed::embedded();
    let plan = plan(date(2024, 1, 25), date(2024, 2, 22), &["gaza.killed", "alerts.lebanon", "ships.attacked"]);
    let one = run(&observed, &plan, 1);
    assert_eq!(one.len(), 3);
    assert!(one.iter().all(|record| record.weeks.len() == 6), "three series at two horizons: {one:?}");
    assert_eq!(one, run(&observed, &plan, 3));

    let backtest = Backtest::new(&rules(), &observed, &plan).unwrap();
    let done = [one[1].clone()];
    let mut kept = Vec::new();
    let keep = |record: &Record| {
        kept.push(record.origin);
        Ok(())
    };
    assert_eq!(backtest.run(&done, 2, &Progress::default(), keep).unwrap(), one);
    assert_eq!(kept, [one[0].origin, one[2].origin]);

    let progress = Progress::default();
    backtest.run(&[], 2, &progress, |_| Ok(())).unwrap();
    assert_eq!(progress.done.load(Ordering::Relaxed), backtest.work(), "a bar that ends where the work does");

    let progress = Progress::default();
    progress.stop.store(true, Ordering::Relaxed);
    assert!(matches!(backtest.run(&[], 2, &progress, |_| Ok(())), Err(Ended::Stopped)));
    let full = |_: &Record| Err("the disk is full".to_owned());
    assert!(
        matches!(backtest.run(&[], 2, &Progress::default(), full), Err(Ended::Refused(why)) if why == "the disk is full")
    );
}

/// Whatever comes after an origin, or comes to be known after it, changes nothing in what was forecast there.
#[test]
fn later_observations_change_nothing_before() {
    let last = date(2024, 6, 30);
    let value = |day: i32| Some(40 + (day * day % 23) as u32);
    let origin = date(2024, 2, 1);
    let to_week = later(origin, 28);
    let plain = folder(&[("gaza.killed.csv", daily("gaza.killed", last, value))]);
    let plan = plan(origin, origin, &["gaza.killed"]);
    let before = run(&plain, &plan, 2);
    assert_eq!(before[0].weeks.len(), 2);
    let day = |date: Date| days_between(date_of_start(), date);
    // Other values after the last week forecast, a revision of the past that came out later, a series and events of later.
    let wild = |at: i32| if at > day(to_week) { Some(5000) } else { value(at) };
    let revision = "gaza.killed,2024-01-08,2024-01-14,9000,2024-02-02,revised\n";
    let files = [
        ("gaza.killed.csv", daily("gaza.killed", last, wild) + revision),
        ("ships.csv", daily("ships.attacked", last, |at| (at > day(origin)).then_some(3))),
        ("events.csv", "2024-02-10,blow,ISR>IRN on IRN,made up\n2024-03-01,signed,GAZ,made up\n".to_owned()),
    ];
    let later_on = run(&folder(&files), &plan, 2);
    assert_eq!(before[0].weeks, later_on[0].weeks);
    assert_eq!(before[0].effective.to_bits(), later_on[0].effective.to_bits());
    // The same along more origins: the first does not know of the second.
    let two = Plan { to: later(origin, 14), ..plan.clone() };
    assert_eq!(run(&plain, &two, 2)[0], before[0]);
    // And it is no test if nothing shows: what was known on the evening of the origin does.
    let other = |at: i32| if at > day(origin) - 7 && at <= day(origin) { Some(400) } else { value(at) };
    let known = run(&folder(&[("gaza.killed.csv", daily("gaza.killed", last, other))]), &plan, 2);
    assert_ne!(before[0].weeks[0].baselines["nb_recent"].to_bits(), known[0].weeks[0].baselines["nb_recent"].to_bits());
    assert_ne!(before[0].weeks[0].pit, known[0].weeks[0].pit);
}

fn date_of_start() -> Date {
    date(2023, 10, 8)
}

/// Days that the project has not seen, in the form that it reads: gaps, weeks and months, vintages, later events.
#[test]
fn a_folder_to_2026_runs_as_it_is() {
    let last = date(2026, 3, 31);
    let gaza = daily("gaza.killed", last, |day| (day % 97 > 9).then_some(30 + (day % 11) as u32));
    // Weeks from Monday, then a month in one.
    let mut weekly = String::new();
    for week in 0..110 {
        let from = later(date(2023, 10, 9), 7 * week);
        writeln!(weekly, "hzb.attacks,{from},{},{},,made up", later(from, 6), 40 + week % 9).unwrap();
    }
    let next = later(date(2023, 10, 9), 7 * 110);
    writeln!(weekly, "hzb.attacks,{next},{},200,,made up", later(next, 30)).unwrap();
    let vintage = "gaza.killed,2025-01-06,2025-01-12,700,2025-09-01,revised\n";
    let stock = "iaea.u60,2025-02-08,2025-02-08,274.8,2025-02-26,made up\n";
    let events = "2024-11-27,signed,LEB,made up\n2025-01-19,signed,GAZ,made up\n2025-03-18,collapsed,GAZ,made up\n\
                  2025-06-13,answer,ISR|IRN,made up\n2025-06-13,answer,IRN|ISR,made up\n";
    let observed = folder(&[
        ("gaza.killed.csv", gaza + vintage),
        ("hzb.csv", weekly),
        ("iaea.csv", stock.to_owned()),
        ("events.csv", events.to_owned()),
    ]);
    let all = chosen(&[], &observed).unwrap();
    let from = date(2025, 1, 2);
    let mut plan = plan(from, date(2026, 3, 19), &[]);
    plan.every = 70;
    plan.horizons = vec![1, 13];
    let rules = rules();
    let backtest = Backtest::new(&rules, &observed, &plan).unwrap();
    let reasons: Vec<Option<&str>> = all.iter().map(|of| unscored(of, backtest.nowcast(), &observed)).collect();
    assert_eq!(reasons, [None, None, Some("a stock, and no count of a week")]);
    plan.series = vec!["gaza.killed".to_owned(), "hzb.attacks".to_owned()];
    let records = run(&observed, &plan, 2);
    assert_eq!(records.len(), 7);
    let summary = Summary::of(&records, &plan);
    for id in &plan.series {
        let cell = &summary.series[id]["1"];
        assert!(cell.n >= 3 && cell.few, "{id}: {}", cell.n);
        assert_eq!(cell.baselines.len(), baselines().len());
        assert!(cell.crps.is_finite() && cell.baselines.values().all(|score| score.is_finite()), "{id}");
    }
    let weeks = records.iter().flat_map(|record| &record.weeks);
    for week in weeks {
        assert_eq!(days_between(week.from, week.to), 6);
        if week.series == "hzb.attacks" {
            assert_eq!(week.from.weekday(), jiff::civil::Weekday::Monday, "weeks are those of the series");
        }
    }
    assert!(
        summary.questions["direct_strike"].n > 0 && summary.questions["signed"].happened > 0,
        "{:?}",
        summary.questions
    );
    // The same bytes again.
    let text = serde_json::to_string(&summary).unwrap();
    assert_eq!(text, serde_json::to_string(&Summary::of(&run(&observed, &plan, 1), &plan)).unwrap());
}

#[test]
fn an_unknown_series_is_said_to_be_unknown() {
    let wrong = chosen(&["gaza.kiled".to_owned(), "zzz".to_owned()], &Observed::embedded()).unwrap_err();
    assert!(wrong[0].contains("did you mean `gaza.killed`?") && wrong[1].contains("the series are"), "{wrong:?}");
    let two = chosen(&["ships.attacked".to_owned(), "gaza.killed".to_owned()], &Observed::embedded()).unwrap();
    assert_eq!(two.iter().map(|of| of.id).collect::<Vec<_>>(), ["gaza.killed", "ships.attacked"]);
}

#[test]
fn a_folder_keeps_origins_and_refuses_what_is_not_its_own() {
    let observed = Observed::embedded();
    let plan = plan(date(2024, 1, 25), date(2024, 2, 8), &["gaza.killed"]);
    let loaded = load("october-2023").unwrap();
    let rules = Rules::new(&loaded);
    let of = Provenance::of(&loaded, &rules, 100, plan.seed, "prior", &[]);
    let manifest = Manifest {
        of,
        plan: plan.clone(),
        observed: observed.name.clone(),
        observed_digest: observed.digest().to_owned(),
    };
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("kept");
    let store = Store::open(&folder, &manifest, false).unwrap();
    let busy = Store::open(&folder, &manifest, true).unwrap_err();
    assert!(busy.contains("another process"), "{busy}");
    let backtest = Backtest::new(&rules, &observed, &plan).unwrap();
    let records = backtest.run(&[], 2, &Progress::default(), |record| store.keep(record)).unwrap();
    assert_eq!(store.there(&plan), records);
    drop(store);

    let refused = Store::open(&folder, &manifest, false).unwrap_err();
    assert!(refused.contains("add --resume"), "{refused}");
    let mut other = manifest.clone();
    other.plan.members = 41;
    other.observed_digest = "another".to_owned();
    let refused = Store::open(&folder, &other, true).unwrap_err();
    assert!(refused.contains("members 40 there, 41 now") && refused.contains("observations"), "{refused}");

    // What is damaged counts as missing, and comes back the same.
    let store = Store::open(&folder, &manifest, true).unwrap();
    let path = folder.join("origins").join("2024-02-08.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"crps\": ", "\"crps\": 1")).unwrap();
    let there = store.there(&plan);
    assert_eq!(there, records[..1]);
    assert_eq!(backtest.run(&there, 2, &Progress::default(), |record| store.keep(record)).unwrap(), records);
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}
