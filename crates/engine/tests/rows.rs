//! Rows of futures as an outsider gets them: those of the program's tables.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

use detente_engine::{Cells, Code, Model, Order, Point, Setting, Table};
use detente_model::sim::rules::Rules;
use detente_study::futures::accumulate::Accumulator;
use detente_study::futures::ensemble::{Plan, Progress, Worker, ensemble};
use detente_study::futures::posterior;
use detente_study::futures::rows::{columns, lines};

fn model() -> Model {
    Model::load("november-2024").unwrap()
}

/// A row of a table as the program writes it, without what this table adds.
fn line(table: &Table, row: u64, less: usize) -> String {
    let row = row as usize;
    let cell = |cells: &Cells| match cells {
        Cells::Whole(list) => list[row].to_string(),
        Cells::Word { words, at } => words[at[row] as usize].clone(),
        Cells::Text(list) => list[row].clone(),
        other => panic!("{other:?}"),
    };
    let columns = &table.columns[..table.columns.len() - less];
    columns.iter().map(|column| cell(&column.cells)).collect::<Vec<_>>().join(",")
}

fn setting(point: Point, futures: std::ops::Range<u64>) -> Setting {
    Setting { seed: 3, point, orders: vec![Order::new("unifil.troops", "15000", 20)], futures }
}

#[test]
fn rows_and_sums_are_those_of_the_program() {
    let plain = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
    let learnt = posterior::learn(plain.clone()).unwrap();
    let log = {
        use detente_model::symbols::levers::{Lever, LeverChange};
        vec![LeverChange { day: 20, lever: Lever::UnifilTroops, value: noisy_float::prelude::R64::new(15000.0) }]
    };
    let names = columns(&plain);
    for (point, rules, prior) in
        [(Point::Default, &plain, false), (Point::Drawn, &plain, true), (Point::Posterior, &learnt, true)]
    {
        let plan = Plan { seed: 3, days: 100, prior, log: log.clone(), from: None };
        let (mut worker, mut text) = (Worker::new(rules, &plan), <[String; 2]>::default());
        (7..60).for_each(|future| lines(rules, &worker.run(future), &mut text));
        for jobs in [1, 3] {
            let rows = model().design(vec![setting(point.clone(), 7..60)]).days(100).jobs(jobs).run().unwrap();
            let there: Vec<String> = rows.futures.columns.iter().map(|column| column.name.clone()).collect();
            assert_eq!(there[..names.len()], names[..]);
            let futures: Vec<String> = (0..rows.futures.rows()).map(|row| line(&rows.futures, row, 2)).collect();
            assert_eq!(futures, text[0].lines().collect::<Vec<_>>(), "{point:?}");
            let signed: Vec<String> = (0..rows.agreements.rows()).map(|row| line(&rows.agreements, row, 1)).collect();
            assert_eq!(signed, text[1].lines().collect::<Vec<_>>(), "{point:?}");
            assert!(!signed.is_empty());
            let whole: Accumulator = ensemble(rules, &plan, 7..60, 1, &Progress::default()).unwrap();
            assert_eq!(rows.outcomes.unwrap().sums(), serde_json::to_string(&whole).unwrap());
        }
    }
}

#[test]
fn parts_joined_are_the_whole_in_any_order() {
    let model = model();
    let run = |futures| {
        let rows = model.design(vec![setting(Point::Drawn, futures)]).days(60).sums_only().run().unwrap();
        assert_eq!(rows.futures.rows(), 0);
        rows.outcomes.unwrap()
    };
    let (whole, parts) = (run(0..50), [run(32..50), run(0..5), run(5..32)].map(|part| part.sums()));
    let joined = detente_engine::Outcomes::joined(&model, parts.iter().map(String::as_str)).unwrap();
    assert_eq!((joined.digest(), joined.futures()), (whole.digest(), 50));
    assert_ne!(joined.digest(), run(0..49).digest());
    let broken = detente_engine::Outcomes::joined(&model, ["{}"]).err().unwrap();
    assert_eq!(broken.code, Code::Row);
    let october = Model::load("october-2023").unwrap();
    let other = detente_engine::Outcomes::joined(&october, parts.iter().map(String::as_str));
    assert!(other.is_err() || october.series().len() == model.series().len());
}

#[test]
fn a_row_alone_is_enough_to_have_its_history() {
    let model = model();
    let given = Point::Given(vec![("theta_war".to_owned(), 9.0), ("stream.mu[ISR>HAM]".to_owned(), 11.5)]);
    let settings = vec![setting(given.clone(), 0..3), setting(Point::Drawn, 5..8), setting(Point::Default, 0..2)];
    let rows = model.design(settings).days(80).run().unwrap();
    assert_eq!((rows.futures.rows(), rows.means.rows()), (8, 3));
    assert!(rows.outcomes.is_none());
    let Cells::Word { words, at } = &rows.futures.column("setting").unwrap().cells else { panic!("words") };
    let whole = |name: &str, row: usize| match &rows.futures.column(name).unwrap().cells {
        Cells::Whole(list) => list[row],
        other => panic!("{other:?}"),
    };
    for row in 0..8 {
        let future = whole("future", row) as u64;
        let (again, days) = model.again(&words[at[row] as usize], future).unwrap();
        let record = model.record(again.seed, future, &again.point, &again.orders, days).unwrap();
        let (Cells::Text(events), series) = (record.events().columns[0].cells.clone(), record.series()) else {
            panic!("ids are texts")
        };
        assert!(!events.is_empty() && series.rows() == 80);
        let Cells::Whole(killed) = &series.column("killed.GAZA").unwrap().cells else { panic!("whole numbers") };
        assert_eq!(*killed.last().unwrap(), whole("killed.GAZA", row), "row {row}");
        let Cells::Word { words, at } = &rows.futures.column("headline").unwrap().cells else { panic!("words") };
        assert_eq!(record.outcome()[2], words[at[row] as usize]);
    }
    let mean = |name: &str| match &rows.means.column(name).unwrap().cells {
        Cells::Real(list) => list.clone(),
        other => panic!("{other:?}"),
    };
    let by_hand = (0..3).map(|row| whole("killed.GAZA", row)).sum::<i64>() as f64 / 3.0;
    assert_eq!(mean("killed.GAZA")[0].to_bits(), by_hand.to_bits());
    let headlines = rows.means.columns.iter().filter(|column| column.name.starts_with("headline."));
    let shares: f64 = headlines.map(|column| mean(&column.name)[1]).sum();
    assert!((shares - 1.0).abs() < 1e-12, "{shares}");

    let october = Model::load("october-2023").unwrap();
    assert_eq!(october.again(&words[0], 0).unwrap_err().code, Code::Row);
    assert_eq!(model.again("{", 0).unwrap_err().code, Code::Row);
}

#[test]
fn a_record_is_the_run_and_its_events_have_causes() {
    let model = model();
    let orders = [Order::new("unifil.troops", "15000", 20)];
    let record = model.record(4, 2, &Point::Drawn, &orders, 120).unwrap();
    let mut run = model.run(4, 2, &Point::Drawn, &orders).unwrap();
    run.days(120);
    assert_eq!(record.digest(), run.digest());
    let event = &run.events()[run.events().len() / 2];
    let (words, json) = record.explain(&event.id).unwrap();
    assert!(words.contains(&event.sentence), "{words}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["sentence"], event.sentence.as_str());
    for wrong in ["d120e1", "d3e999", "x"] {
        assert_eq!(record.explain(wrong).unwrap_err().code, Code::Name, "{wrong}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    let model = model();
    let run = |setting: Setting, days| model.design(vec![setting]).days(days).run().err().unwrap();
    assert_eq!(run(setting(Point::Default, 0..1), 0).code, Code::Bound);
    assert_eq!(run(setting(Point::Default, 3..3), 90).code, Code::Bound);
    // The lever of the setting moves on day 20.
    let late = run(setting(Point::Default, 0..1), 20);
    assert_eq!(late.code, Code::Order);
    assert!(late.to_string().contains("the last day is 19"), "{late}");
    let outside = Point::Given(vec![("theta_war".to_owned(), 1e9)]);
    let several = model.design(vec![setting(Point::Default, 0..1), setting(outside, 0..1)]).days(30).run();
    let why = several.err().unwrap();
    assert!(why.code == Code::Point && why.to_string().starts_with("setting 1: theta_war"), "{why}");
    let unknown = model.design(vec![setting(Point::Default, 0..1)]).columns(Some(vec!["killed.GAZ".to_owned()])).run();
    assert!(unknown.err().unwrap().to_string().contains("did you mean `killed.GAZA`?"));
    let file = Model::from_toml("mine", "extends = \"november-2024\"\n\n[parameters]\ntheta_wra = 3\n").err().unwrap();
    assert_eq!(file.code, Code::Scenario);
    assert!(file.places.iter().any(|place| place.file == "mine" && place.line == 4), "{:?}", file.places);
}

#[test]
fn only_what_is_asked_for_is_kept() {
    let rows = model().design(vec![setting(Point::Default, 0..4)]).days(30).columns(Some(vec!["headline".to_owned()]));
    let rows = rows.run().unwrap();
    let names: Vec<&str> = rows.futures.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["future", "headline", "seed", "setting"]);
}
