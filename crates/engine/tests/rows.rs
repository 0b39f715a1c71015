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
    let (whole, parts) = (run(0..50), [run(32..50), run(0..5), run(5..32)].map(|part| part.part()));
    let joined = detente_engine::Outcomes::joined(&model, parts.iter().map(String::as_str)).unwrap();
    assert_eq!((joined.digest(), joined.futures()), (whole.digest(), 50));
    assert_ne!(joined.digest(), run(0..49).digest());
    // What was joined is a part again.
    let text = joined.part();
    let again = detente_engine::Outcomes::joined(&model, [text.as_str()]).unwrap();
    assert_eq!((again.digest(), again.part()), (whole.digest(), whole.part()));
    // As text, for where nothing is known there is no number, and that is not equal to itself.
    assert_eq!(format!("{:?}", again.summary()), format!("{:?}", whole.summary()));

    let refused = |parts: &[&str], model: &Model| {
        let why = detente_engine::Outcomes::joined(model, parts.iter().copied()).err().unwrap();
        assert_eq!(why.code, Code::Row);
        why.to_string()
    };
    assert!(refused(&["{}"], &model).contains("holds no sums"));
    assert!(refused(&[], &model).contains("there are no parts"));
    assert!(refused(&[&parts[0], &parts[1], &parts[0]], &model).contains("two of them hold futures 32 to 49"));
    assert!(refused(&[&text, &parts[1]], &model).contains("two of them hold futures 0 to 4"));
    let other = Setting { seed: 4, ..setting(Point::Drawn, 50..60) };
    let other = model.design(vec![other]).days(60).run().unwrap().outcomes.unwrap().part();
    assert!(refused(&[&parts[0], &other], &model).contains("differ in seed"));
    let longer = model.design(vec![setting(Point::Drawn, 50..60)]).days(61).run().unwrap().outcomes.unwrap().part();
    assert!(refused(&[&parts[0], &longer], &model).contains("differ in seed, days"));
    let elsewhere = parts[0].replace(detente_engine::VERSION, "0.1.0+0");
    assert!(refused(&[&elsewhere], &model).contains("was run by version 0.1.0+0"));
    assert!(refused(&[&parts[0].replace("[[32,50]]", "[[32,51]]")], &model).contains("was changed"));
    let october = Model::load("october-2023").unwrap();
    assert!(refused(&[&parts[0]], &october).contains("is of the scenario november-2024"));
}

/// A number of a family that is given by its own id stands where that says, whichever of both is said first; so the row, in which they
/// have an order of their own, is of the same future.
#[test]
fn a_row_of_a_family_and_one_of_it_has_the_history_of_its_future() {
    let model = model();
    let ranges = model.numbers();
    let ends = |id: &str| {
        let number = ranges.iter().find(|number| number.id == id).unwrap();
        (number.low, number.high)
    };
    let (low, high) = ends("stream.mu[ISR>HAM]");
    let one = ("stream.mu[ISR>HAM]".to_owned(), high);
    // A value that all of the family may have.
    let family: Vec<_> = ranges.iter().filter(|number| number.id.starts_with("table.h0[")).collect();
    let least = family.iter().map(|number| number.low).fold(0.0, f64::max);
    let (member, shared) = (("table.h0[LEB]".to_owned(), ends("table.h0[LEB]").1), ("table.h0".to_owned(), least));
    assert!(low < high && family.len() > 1 && least < member.1);
    for given in [vec![member.clone(), shared.clone(), one.clone()], vec![one, shared, member.clone()]] {
        let of = setting(Point::Given(given), 0..3);
        let rows = model.design(vec![of.clone()]).days(120).run().unwrap();
        let text = model.written(&of, 120);
        assert!(!text.contains("\"table.h0\"") && text.contains(&format!("\"table.h0[LEB]\":{}", member.1)), "{text}");
        let (again, _) = model.again(&text, 2).unwrap();
        let there = |point: &Point| model.record(3, 2, point, &again.orders, 120).unwrap().digest().to_owned();
        assert_eq!(there(&again.point), there(&of.point));
        let Cells::Whole(killed) = &rows.futures.column("killed.GAZA").unwrap().cells else { panic!("whole numbers") };
        let series = model.record(3, 2, &again.point, &again.orders, 120).unwrap().series();
        let Cells::Whole(day) = &series.column("killed.GAZA").unwrap().cells else { panic!("whole numbers") };
        assert_eq!(day.last(), killed.last());
    }
}

#[test]
fn a_model_from_its_content_is_the_same_model() {
    let file = "extends = \"november-2024\"\nformat = 1\nname = \"mine\"\n[levers]\n\"unifil.troops\" = 15000\n";
    for model in [model(), Model::load("october-2023").unwrap(), Model::from_toml("mine", file).unwrap()] {
        let again = Model::reload(&model.content()).unwrap();
        assert_eq!((again.name(), again.hash(), again.days()), (model.name(), model.hash(), model.days()));
        let run = |model: &Model| model.record(2, 1, &Point::Drawn, &[], 60).unwrap().digest().to_owned();
        assert_eq!(run(&again), run(&model));
    }
    assert_eq!(Model::reload("{").err().unwrap().code, Code::Scenario);
}

#[test]
fn tables_say_what_they_are_of() {
    let model = model();
    let said = |table: &Table, key: &str| {
        let key = format!("detente.{key}");
        table.metadata.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone())
    };
    let point = Point::Given(vec![("theta_war".to_owned(), 9.0)]);
    let rows = model.design(vec![setting(point.clone(), 5..9)]).days(60).run().unwrap();
    let record = model.record(3, 5, &point, &[], 60).unwrap();
    let summary = rows.outcomes.as_ref().unwrap().summary();
    for table in [&rows.futures, &rows.agreements, &rows.means, &summary, &record.events(), &record.series()] {
        assert_eq!(said(table, "given").unwrap(), r#"{"theta_war":9.0}"#);
        assert_eq!(said(table, "scenario_hash").unwrap(), model.hash());
        assert_eq!(said(table, "days").unwrap(), "60");
    }
    assert_eq!(said(&summary, "futures").unwrap(), "5..9");
    let effect = model.ensemble().futures(0..8).days(60).effect(&[Order::new("unifil.troops", "15000", 3)]).unwrap();
    assert_eq!(said(&effect.summary(), "with").unwrap(), r#"[["unifil.troops","15000",3]]"#);
    assert_eq!(said(&effect.summary(), "scenario").unwrap(), "november-2024");
    let several = model.design(vec![setting(point, 0..1), setting(Point::Default, 0..1)]).days(60).run().unwrap();
    assert_eq!(said(&several.means, "scenario").unwrap(), "november-2024");
    assert_eq!((said(&several.means, "settings").unwrap().as_str(), said(&several.means, "seed")), ("2", None));
}

#[test]
fn a_table_is_written_as_the_program_writes_its_own() {
    let model = model();
    let rows = model.design(vec![setting(Point::Drawn, 0..20)]).days(120).run().unwrap();
    let mut csv = Vec::new();
    rows.agreements.write(false, &mut csv).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    let mut lines = csv.lines();
    assert_eq!(lines.next().unwrap(), "future,table,signed,ended,lasted,collapsed,cause,row");
    let signed: Vec<String> = (0..rows.agreements.rows()).map(|row| line(&rows.agreements, row, 0)).collect();
    assert_eq!(lines.collect::<Vec<_>>(), signed);
    assert!(!signed.is_empty());
    let mut parquet = Vec::new();
    rows.futures.write(true, &mut parquet).unwrap();
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
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
    // Nothing would be left of several settings without rows.
    let several = model.design(vec![setting(Point::Default, 0..1), setting(Point::Drawn, 0..1)]).sums_only().run();
    assert_eq!(several.err().unwrap().code, Code::Bound);
    // Rows of a billion futures have no room anywhere; nothing is run first.
    let all = model.design(vec![setting(Point::Default, 0..detente_engine::MOST_FUTURE)]).run().err().unwrap();
    assert!(all.code == Code::Bound && all.to_string().contains("no room in memory"), "{all}");
    let stopped = model.design(vec![setting(Point::Default, 0..1)]);
    stopped.stop();
    assert_eq!(stopped.run().err().unwrap().code, Code::Stopped);
    let order = [Order::new("unifil.troops", "15000", 0)];
    let ensemble = || model.ensemble().futures(0..4).days(30);
    for wrong in [ensemble().futures(3..3), ensemble().days(0), ensemble().days(3651), ensemble().seed(u64::MAX)] {
        assert_eq!(wrong.effect(&order).err().unwrap().code, Code::Bound);
        assert_eq!(wrong.run().err().unwrap().code, Code::Bound);
    }
    let file = Model::from_toml("mine", "extends = \"november-2024\"\n\n[parameters]\ntheta_wra = 3\n").err().unwrap();
    assert_eq!(file.code, Code::Scenario);
    assert!(file.places.iter().any(|place| place.file == "mine" && place.line == 4), "{:?}", file.places);
}

#[test]
fn only_what_is_asked_for_is_kept() {
    let names = |columns: &[&str]| {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        let rows = model().design(vec![setting(Point::Default, 0..4)]).days(30).columns(Some(columns)).run().unwrap();
        rows.futures.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&["headline"]), ["future", "headline"]);
    assert_eq!(names(&["setting", "killed.GAZA"]), ["future", "killed.GAZA", "setting"]);
}

/// What a future is said to draw is what it draws: given by hand it is the same future.
#[test]
fn points_are_what_futures_draw() {
    let model = model();
    for point in [Point::Drawn, Point::Posterior] {
        let table =
            model.points(&Setting { seed: 3, point: point.clone(), orders: Vec::new(), futures: 5..8 }).unwrap();
        let drawn = model.numbers().into_iter().filter(|number| number.drawn).count();
        assert_eq!((table.rows(), table.columns.len()), (3, drawn + 1));
        let given = table.columns[1..].iter().map(|column| match &column.cells {
            Cells::Real(list) => (column.name.clone(), list[2]),
            other => panic!("{other:?}"),
        });
        let digest = |point: &Point| model.record(3, 7, point, &[], 90).unwrap().digest().to_owned();
        assert_eq!(digest(&Point::Given(given.collect())), digest(&point));
    }
    assert_eq!(model.points(&setting(Point::Default, 0..1)).unwrap_err().code, Code::Name);
    let all = model.points(&setting(Point::Drawn, 0..detente_engine::MOST_FUTURE)).unwrap_err();
    assert_eq!(all.code, Code::Bound);
}

#[test]
fn numbers_say_whether_they_are_drawn() {
    let model = model();
    let still: Vec<String> = model.numbers().into_iter().filter(|n| !n.drawn).map(|n| n.id).collect();
    assert_eq!(still, ["tempo_sd", "tempo_half_life"]);
    let kinds: std::collections::BTreeSet<&str> = model.levers().iter().map(|lever| lever.kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["choice", "date", "number"]);
}

#[test]
fn futures_from_a_nowcast_are_those_of_the_program() {
    let model = model();
    let now = model.starting("2024-11-07").unwrap();
    let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
    let start = detente_learn::now::start("2024-11-07", &rules).unwrap();
    assert_eq!((model.nowcast(), now.nowcast()), (None, Some(("2024-11-07", start.digest.as_str()))));
    let plan = Plan { seed: 3, days: 60, from: Some(start.origin()), ..Plan::default() };
    // The 128 particles begin again with future 128.
    let whole: Accumulator = ensemble(&rules, &plan, 120..140, 1, &Progress::default()).unwrap();
    let of = Setting { orders: Vec::new(), ..setting(Point::Default, 120..140) };
    let rows = now.design(vec![of.clone()]).days(60).jobs(3).run().unwrap();
    assert_eq!(rows.outcomes.unwrap().sums(), serde_json::to_string(&whole).unwrap());
    let sums = now.ensemble().seed(3).futures(120..140).days(60).run().unwrap().sums();
    assert_eq!(sums, serde_json::to_string(&whole).unwrap());

    // A row names its start: it is opened from there, and from nowhere else.
    let Cells::Word { words, .. } = &rows.futures.column("setting").unwrap().cells else { panic!("words") };
    let (again, days) = now.again(&words[0], 131).unwrap();
    let record = now.record(again.seed, 131, &again.point, &again.orders, days).unwrap();
    let mut run = now.run(3, 131, &Point::Default, &[]).unwrap();
    run.days(60);
    assert_eq!(run.digest(), record.digest());
    let Cells::Whole(killed) = &record.series().column("killed.GAZA").unwrap().cells.clone() else { panic!("whole") };
    let Cells::Whole(there) = &rows.futures.column("killed.GAZA").unwrap().cells else { panic!("whole numbers") };
    assert_eq!(killed.last(), there.get(11));
    let events = record.events();
    let Cells::Text(ids) = &events.columns[0].cells else { panic!("ids are texts") };
    assert!(record.explain(ids.last().unwrap()).is_ok());
    assert_eq!(model.again(&words[0], 131).unwrap_err().code, Code::Row);
    assert_eq!(now.again(&model.written(&of, 60), 131).unwrap_err().code, Code::Row);
    // The numbers are those of the particles, and the days those after them.
    assert_eq!(now.design(vec![Setting { point: Point::Drawn, ..of }]).run().err().unwrap().code, Code::Point);
    assert_eq!(Model::load("october-2023").unwrap().starting("2024-11-07").err().unwrap().code, Code::Scenario);
}

/// Stretches, cut anywhere and run by any number of threads, are put together to what one run gives.
#[test]
fn stretches_of_a_design_make_the_whole() {
    let model = model();
    let given = Point::Given(vec![("theta_war".to_owned(), 9.0)]);
    let settings = vec![setting(given, 2..9), setting(Point::Drawn, 5..6), setting(Point::Default, 0..30)];
    let design = model.design(settings.clone()).days(60).jobs(2);
    let whole = design.run().unwrap();
    for (cuts, jobs) in [(vec![38], 1), (vec![1, 7, 8, 9, 38], 2), (vec![20, 38], 3)] {
        let mut assembly = design.assembly().unwrap();
        let mut begin = 0;
        for end in cuts {
            // By somebody else, who knows the same settings.
            let other = model.design(settings.clone()).days(60).jobs(jobs);
            assembly.add(&other.stretch(begin..end).unwrap()).unwrap();
            begin = end;
        }
        let made = assembly.rows().unwrap();
        assert_eq!(made.digest, whole.digest);
        assert_eq!(made.futures, whole.futures);
        assert_eq!(made.agreements, whole.agreements);
        assert_eq!(made.means, whole.means);
    }
    // A part knows its place, and the digest what was run and not what was kept of it.
    let part = model.design(settings[1..].to_vec()).first(1).days(60).run().unwrap();
    let Cells::Whole(rows) = &part.means.column("row").unwrap().cells else { panic!("whole numbers") };
    assert_eq!(*rows, [1, 2]);
    assert_ne!(part.digest, whole.digest);
    let few = model.design(settings.clone()).days(60).columns(Some(vec!["killed.GAZA".to_owned()])).run().unwrap();
    assert_eq!(few.digest, whole.digest);
    let mut other = settings;
    other[1].seed += 1;
    assert_ne!(model.design(other).days(60).run().unwrap().digest, whole.digest);
    // What does not follow, and what is missing, is refused.
    let late = design.stretch(1..3).unwrap();
    assert_eq!(design.assembly().unwrap().add(&late).unwrap_err().code, Code::Row);
    let mut short = design.assembly().unwrap();
    short.add(&design.stretch(0..5).unwrap()).unwrap();
    assert!(short.rows().err().unwrap().to_string().contains("only 5 of the 38"));
    assert_eq!(design.stretch(30..39).unwrap_err().code, Code::Bound);
}
