//! The engine as an outsider uses it.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

use detente_engine::{Code, Error, Model, Order, Point, VERSION};
use detente_model::record::recorder::record;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;
use std::collections::BTreeSet;

fn model() -> Model {
    Model::load("november-2024").unwrap()
}

fn why<T>(result: Result<T, Error>) -> Error {
    result.err().expect("refused")
}

#[test]
fn a_run_from_outside_is_the_run_of_the_command_line() {
    let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
    let learnt = detente_study::futures::posterior::learn(rules.clone()).unwrap();
    for (point, rules, prior) in
        [(Point::Default, &rules, false), (Point::Drawn, &rules, true), (Point::Posterior, &learnt, true)]
    {
        let inside = record(rules, Fate { seed: 4, future: 2, prior }, &[], 120, |_| true).unwrap();
        let mut run = model().run(4, 2, &point, &[]).unwrap();
        run.days(120);
        assert_eq!(run.digest(), inside.digest.whole);
        assert_eq!(run.outcome(), inside.outcome.headline.name());
        assert_eq!(run.events().len(), inside.events.len());
        assert_eq!(run.row().iter().map(|v| v.to_bits()).collect::<Vec<_>>(), {
            inside.rows[119].iter().map(|v| v.to_bits()).collect::<Vec<_>>()
        });
    }
}

#[test]
fn a_fork_goes_on_as_the_run_would_have() {
    let mut run = model().run(1, 0, &Point::Default, &[Order::new("unifil.troops", "15000", 20)]).unwrap();
    run.days(40);
    let mut fork = run.clone();
    run.days(40);
    fork.days(40);
    assert_eq!(run.digest(), fork.digest());
}

#[test]
fn threads_do_not_show_and_given_numbers_do() {
    let few = |jobs| model().ensemble().futures(0..48).days(90).jobs(jobs).point(Point::Drawn).run().unwrap();
    let shares = |outcomes: &detente_engine::Outcomes| outcomes.share("regional_war").unwrap();
    assert_eq!(shares(&few(1)), shares(&few(3)));
    let killed = |point| {
        let of = model().ensemble().futures(0..48).days(60).point(point).run().unwrap();
        of.mean_killed("GAZA").unwrap()
    };
    let ranges = model().numbers();
    let number = ranges.iter().find(|n| n.id == "stream.mu[ISR>HAM]").unwrap();
    let (low, high) = (number.low, number.high);
    let at = |value| killed(Point::Given(vec![("stream.mu[ISR>HAM]".to_owned(), value)]));
    assert!(at(high) > 1.2 * at(low), "the baseline of fire moves the dead");
}

#[test]
fn an_order_that_nobody_gives_has_no_effect_and_one_that_ends_blows_has() {
    let ensemble = model().ensemble().futures(0..200).days(200);
    let nothing = ensemble.effect(&[]).unwrap();
    assert_eq!(nothing.killed("GAZA").unwrap().value.to_bits(), 0.0_f64.to_bits());
    let none = ensemble.effect(&[Order::new("israel.blow_rate", "0", 0)]).unwrap().share("regional_war").unwrap();
    assert!(none.high < 0.0, "{none:?}");
}

#[test]
fn every_code_occurs_and_every_mistake_is_said_at_once() {
    let mut met = BTreeSet::new();
    let mut note = |error: Error, sentences: usize| {
        assert_eq!(error.sentences.len(), sentences, "{error}");
        met.insert(error.code);
    };
    note(why(Model::load("november-2042").map(|_| ())), why(Model::load("november-2042").map(|_| ())).sentences.len());
    let orders = [
        Order::new("unifil.troop", "1", 0),
        Order::new("unifil.troops", "many", 0),
        Order::new("deal.architecture", "all", 3),
    ];
    note(why(model().run(1, 0, &Point::Default, &orders).map(|_| ())), 3);
    let numbers = vec![("theta_war".to_owned(), -1.0), ("nothing".to_owned(), 1.0)];
    note(why(model().run(1, 0, &Point::Given(numbers), &[]).map(|_| ())), 2);
    note(why(model().run(1, 0, &Point::Default, &[]).unwrap().value("events.ISR>HZP")), 1);
    note(why(model().record(1, 0, &Point::Default, &[], 0).map(|_| ())), 1);
    note(why(model().again("no row", 0)), 1);
    let ensemble = model().ensemble();
    ensemble.stop();
    note(why(ensemble.run().map(|_| ())), 1);
    assert_eq!(met, BTreeSet::from(Code::ALL));
}

#[test]
fn what_is_listed_is_taken() {
    let model = model();
    assert!(VERSION.contains('+') && Model::builtin().contains(&"november-2024"));
    for lever in model.levers() {
        let order = Order::new(lever.id, lever.at_start.clone(), 0);
        assert!(model.run(1, 0, &Point::Default, &[order]).is_ok(), "{}: {}", lever.id, lever.at_start);
    }
    let middle = model.numbers().into_iter().map(|n| (n.id, n.default.clamp(n.low, n.high))).collect();
    assert!(model.run(1, 0, &Point::Given(middle), &[]).is_ok());
    let mut run = model.run(1, 0, &Point::Default, &[]).unwrap();
    run.step();
    for (series, value) in model.series().iter().zip(run.row()) {
        assert_eq!(run.value(&series.id).unwrap().to_bits(), value.to_bits(), "{}", series.id);
    }
}

/// Whoever stands outside sees ids and plain numbers.
#[test]
fn no_signature_shows_what_is_inside() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines().filter(|line| line.trim_start().starts_with("pub ") && !line.contains("pub(crate)")) {
            for inside in ["R64", "Rules", "Lever,", "usize", "Snapshot", "jiff", "LeverChange", "Course"] {
                let threads = inside == "usize" && line.contains("jobs");
                assert!(!line.contains(inside) || threads, "{line}");
            }
        }
    }
}
