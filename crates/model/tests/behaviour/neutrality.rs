//! The same equations for everyone: exchange two actors' numbers, and their behaviour is exchanged.
//!
//! A small world of two states, N and S, with an allied group each, is written twice: once with the numbers of one side
//! for N and those of the other for S, once the other way round. Ids enter the keys of draws, so the draws are exchanged
//! with the names (MODEL 12.16); then the two histories are the same bit for bit under the exchange of names, which leaves
//! no room for an order of ids, a rule or a number that favours anyone. In law, without touching the keys, the exchanged
//! worlds must agree within the error of the ensemble.

use crate::common::*;
use detente_model::chance::hash_id;
use detente_model::scenario::load_text;
use detente_model::sim::columns::Columns;
use detente_model::sim::event::Event;
use detente_model::sim::rules::{Id, Rules};
use detente_model::sim::strategy::answer;
use detente_model::sim::strategy::initiative;
use detente_model::sim::world::{Fate, Simulation};
use detente_model::symbols::parameters::Parameters;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The numbers of one side: everything that a scenario says of a state and its ally.
#[derive(Clone, Debug)]
struct Side {
    /// Of the state: fire, ledger, initiative, table, territory, in the order of use.
    numbers: Vec<f64>,
    means: &'static str,
    caution: &'static str,
    level: usize,
}

impl Side {
    fn random(choices: &mut Choices) -> Self {
        Self {
            numbers: (0..64).map(|_| choices.between(0.0, 1.0)).collect(),
            means: ["salvo", "air_strike"][choices.below(2)],
            caution: ["rest", "channels_and_presence", "us_pressure"][choices.below(3)],
            level: choices.below(5),
        }
    }
}

/// Exchanges N and S in every id.
fn exchanged(text: &str) -> String {
    let swap = |c| match c {
        'N' => 'S',
        'S' => 'N',
        'n' => 's',
        's' => 'n',
        other => other,
    };
    let swapped: String = text.chars().map(swap).collect();
    // The id of a pair has its members in order.
    match swapped.split_once('-') {
        Some((a, b)) if a > b => format!("{b}-{a}"),
        _ => swapped,
    }
}

/// The half of the world that belongs to side `x` (N or S), facing `y`.
fn half(toml: &mut String, x: char, y: char, side: &Side) {
    let (lower, mut numbers) = (x.to_ascii_lowercase(), side.numbers.iter());
    let mut between = |low: f64, high: f64| {
        let value = low + numbers.next().unwrap() * (high - low);
        format!("{{ value = {value:?}, low = {value:?}, high = {value:?} }}")
    };
    macro_rules! put { ($($text:tt)*) => { writeln!(toml, $($text)*).unwrap() }; }
    put!("[actors.{x}AA]\nname = \"A state\"\nsite = \"{lower}_city\"\ncapability = 0.6\nresolve = 0.7");
    put!("air_defence = {}\nshield = {}", between(0.2, 0.9), between(0.2, 0.9));
    put!("[actors.{x}AA.stock]\nrounds = {}\nproduction_per_day = {}", between(200.0, 1500.0), between(0.5, 3.0));
    put!("rounds_per_event = {}\nlaunchers = {}", between(0.1, 0.5), between(50.0, 300.0));
    put!("[actors.{x}AA.interceptors]\nrounds = {}\nresupply_per_day = {}", between(50.0, 400.0), between(0.2, 2.0));
    put!(
        "[actors.{x}GG]\nname = \"A group\"\nkind = \"group\"\nsite = \"{lower}_camp\"\ncapability = 0.3\nresolve = 0.8"
    );
    for (site, kind, lon) in [("city", "city", 40), ("camp", "base", 41), ("fort", "base", 42), ("port", "port", 43)] {
        put!("[sites.{lower}_{site}]\nname = \"A place\"\nkind = \"{kind}\"\nowner = \"{x}AA\"\nlon = {lon}\nlat = 30");
    }
    // A state's front with the other side's group, and its table.
    put!(
        "[fronts.{x}FR]\nname = \"A front\"\nparties = [\"{x}AA\", \"{y}GG\"]\nlevel = {}\nreference_level = 2\ntable = \"{x}TR\"",
        side.level
    );
    put!(
        "[territories.{x}LA]\nname = \"A land\"\nfront = \"{x}FR\"\nactor = \"{x}AA\"\nexposed = 100000\ndisplaced = 0\nreturn_rate = 0.1"
    );
    for (a, b, land) in
        [(format!("{x}AA"), format!("{y}GG"), format!("{y}LA")), (format!("{y}GG"), format!("{x}AA"), format!("{x}LA"))]
    {
        put!(
            "[streams.\"{a}>{b}\"]\nunit = \"events\"\nfront = \"{x}FR\"\nterritory = \"{land}\"\nmu = {}\nsize = {}",
            between(0.5, 4.0),
            between(0.5, 6.0)
        );
        put!(
            "memory = {}\ngrowth = {}\ndeaths_per_event = {}",
            between(0.7, 0.9),
            between(1.2, 1.6),
            between(0.05, 0.6)
        );
        put!("offspring = {{ \"{a}>{b}\" = {}, \"{b}>{a}\" = {} }}", between(0.0, 0.4), between(0.0, 0.4));
        put!(
            "truce_residual = {}\ntruce_coupling = {}\nsolidarity = {{ {y}TR = {} }}",
            between(0.0, 0.3),
            between(0.0, 0.3),
            between(0.0, 0.9)
        );
    }
    put!(
        "[ledgers.\"{x}AA|{y}AA\"]\nfront = \"MID\"\nblows = {:?}\ntheta = {}",
        2.0 * side.numbers[60],
        between(0.5, 2.5)
    );
    put!(
        "half_life_days = {}\nh_max = {}\na0 = {}\na1 = {}",
        between(40.0, 200.0),
        between(0.05, 0.3),
        between(-0.5, 0.5),
        between(0.0, 3.0)
    );
    put!(
        "a2 = {}\na3 = {}\na4 = {}\nbias = {}",
        between(0.0, 3.0),
        between(0.0, 3.0),
        between(0.0, 2.0),
        between(0.0, 0.4)
    );
    put!(
        "kappa = {}\nmagnitude_spread = {}\nmin_lag_days = {}",
        between(0.4, 1.4),
        between(0.1, 0.6),
        between(0.0, 4.0)
    );
    put!(
        "closure = {}\nwar_answer = {}\nrounds_per_blow = {}",
        between(0.2, 1.0),
        between(0.5, 0.9),
        between(15.0, 50.0)
    );
    put!("means = \"{}\"\ncaution = \"{}\"\ntelegraph = {:?}", side.means, side.caution, side.numbers[61]);
    put!("shares = {{ {x}AA = 1, {x}GG = {} }}", between(0.0, 0.8));
    put!(
        "[initiatives.\"{x}AA>{y}AA\"]\nblow_rate = {}\npreventive_rate = {}",
        between(0.005, 0.05),
        between(0.0, 0.004)
    );
    put!(
        "victims = {{ {y}AA = {}, {y}GG = {} }}\nheld_back_by = [\"NTR\", \"STR\"]",
        between(0.1, 1.0),
        between(0.1, 1.0)
    );
    put!(
        "[tables.{x}TR]\nname = \"A truce\"\nfront = \"{x}FR\"\nstalemate_level = {}\neta = {}",
        side.level,
        between(0.03, 0.2)
    );
    for (party, sequencing) in [(format!("{x}AA"), "terms_first"), (format!("{y}GG"), "under_fire")] {
        put!(
            "parties.{party} = {{ benefit = {}, war_cost = {}, audience_cost = {}, commitment_cost = {}, sequencing = \"{sequencing}\" }}",
            between(0.0, 0.3),
            between(0.3, 0.7),
            between(0.1, 0.4),
            between(0.1, 0.4)
        );
    }
    put!("channels = {{ {lower}_talk = {} }}\nsilences = [\"{x}AA>{y}GG\", \"{y}GG>{x}AA\"]", between(0.2, 1.0));
    put!(
        "h0 = {}\nshape = {}\nmission = \"{x}MI\"\nlinks = [\"{y}TR\"]\nspoilers = [\"{x}GG\"]",
        between(0.002, 0.02),
        between(0.6, 1.1)
    );
    put!("[channels.{lower}_talk]\nname = \"A channel\"\nlever = \"channel.qatar\"\nrestrains_iran = true");
    put!(
        "[missions.{x}MI]\nname = \"A mission\"\nfront = \"{x}FR\"\nfreedom_of_movement = {:?}\nnational_troops = {:?}",
        side.numbers[62],
        9000.0 * side.numbers[63]
    );
}

/// The world with these numbers for N and for S.
fn two_sides(n: &Side, s: &Side) -> Rules {
    two_sides_with(n, s, "")
}

/// The same with levers at the start.
fn two_sides_with(n: &Side, s: &Side, levers: &str) -> Rules {
    let mut toml = format!("format = 1\nname = \"two-sides\"\nstart = \"2024-11-08\"\ndays = 365\n{levers}");
    half(&mut toml, 'N', 'S', n);
    half(&mut toml, 'S', 'N', s);
    toml += "[fronts.MID]\nname = \"Between the states\"\nparties = [\"NAA\", \"SAA\"]\nlevel = 2\nreference_level = 2\n\
             ladder = \"exchange\"\ntable = \"PCT\"\n[tables.PCT]\nname = \"A pact\"\nfront = \"MID\"\nstalemate_level = 2\neta = 0.02\n\
             restrains_exchange = true\nh0 = 0.01\nshape = 0.8\nchannels = { pact_talk = 0.6 }\n\
             parties.NAA = { benefit = 0.1, war_cost = 0.3, audience_cost = 0.3, commitment_cost = 0.3 }\n\
             parties.SAA = { benefit = 0.1, war_cost = 0.3, audience_cost = 0.3, commitment_cost = 0.3 }\n\
             [channels.pact_talk]\nname = \"A channel of both\"\nlever = \"channel.swiss\"\n";
    Rules::new(&load_text("two-sides", &toml).unwrap_or_else(|errors| panic!("{errors}\n{toml}")))
}

/// Gives every entity the draws of the one it is exchanged with.
fn exchange_draws(rules: &mut Rules) {
    let swap = |id: &mut Id| id.hash = hash_id(&exchanged(&id.text));
    rules.streams.iter_mut().for_each(|e| swap(&mut e.id));
    rules.ledgers.iter_mut().for_each(|e| swap(&mut e.id));
    rules.pairs.iter_mut().for_each(|e| swap(&mut e.id));
    rules.initiatives.iter_mut().for_each(|e| swap(&mut e.id));
    rules.fronts.iter_mut().for_each(|e| swap(&mut e.id));
    rules.territories.iter_mut().for_each(|e| swap(&mut e.id));
    let actors: Vec<String> = rules.actors.iter().map(|a| a.id.text.clone()).collect();
    for t in &mut rules.tables {
        swap(&mut t.id);
        let of = |actor: usize| hash_id(&exchanged(&format!("{}/{}", t.id.text, actors[actor])));
        t.spoilers.iter_mut().for_each(|(actor, hash)| *hash = of(*actor));
        t.parties.iter_mut().for_each(|party| party.hash = of(party.actor));
    }
}

/// The day's events in words without an order, with or without an exchange of ids.
fn told(sim: &Simulation, rules: &Rules, exchange: bool) -> Vec<String> {
    let word = |word: &str| {
        // Ids have capitals or, those of sites, an underscore.
        let id = word.chars().any(|c| c.is_ascii_uppercase()) || word.contains('_');
        if exchange && id { exchanged(word) } else { word.to_owned() }
    };
    let mut told: Vec<String> = sim
        .events()
        .iter()
        .map(|event| {
            let text = by_ids(rules, event);
            if matches!(event, Event::LeverMoved(_)) {
                return text;
            }
            // Who did what to whom stands before the numbers.
            let (ids, numbers) = text.split_once(": ").unwrap_or((&text, ""));
            format!("{}: {numbers}", ids.split(' ').map(word).collect::<Vec<_>>().join(" "))
        })
        .collect();
    told.sort();
    told
}

/// A day as names and bits, with or without an exchange of names.
fn evening(rules: &Rules, columns: &Columns, exchange: bool) -> BTreeMap<String, u64> {
    let mut values = Vec::new();
    series_values(rules, columns, &mut values);
    let names = series_names(rules).into_iter().map(|name| match name.split_once('.') {
        Some((quantity, id)) if exchange => format!("{quantity}.{}", exchanged(id)),
        _ => name,
    });
    names.zip(values).collect()
}

#[test]
fn exchanged_numbers_and_draws_exchange_the_histories() {
    let trials = ensemble(
        16,
        || (),
        |(), trial| {
            let mut choices = Choices::new(trial);
            let (x, y) = (Side::random(&mut choices), Side::random(&mut choices));
            // In half of the trials restraint can be bought and returned, and debts are settled through the channel of both; in half of
            // all what shakes one truce is felt at the other. Hosts, a council and groups that join a state are not of two equal sides.
            let mut levers = "[levers]\n".to_owned();
            if trial % 2 == 1 {
                levers += "exchange.restraint = 1\nchannel.swiss = 1\n";
            }
            let alone = two_sides_with(&x, &y, &levers);
            if trial % 4 >= 2 {
                levers += "deal.interdependence = 1\ndeal.linkage = 1\n";
            }
            let there = two_sides_with(&x, &y, &levers);
            let mut back = two_sides_with(&y, &x, &levers);
            exchange_draws(&mut back);
            let (mut a, mut b) = (world(&there), world(&back));
            let (mut strikes, mut signings, mut settled, mut spread) = (0, 0, 0, 0);
            for future in 0..3 {
                let log = choices.lever_log(8);
                if trial % 4 >= 2 {
                    let mut without = world(&alone);
                    without.begin(fate(future), log.clone());
                    without.run(YEAR);
                    a.begin(fate(future), log.clone());
                    a.run(YEAR);
                    spread += u32::from(a.tally() != without.tally());
                }
                a.begin(fate(future), log.clone());
                b.begin(fate(future), log);
                let (mut c, mut d) = (Columns::default(), Columns::default());
                for day in 0..YEAR {
                    a.step();
                    b.step();
                    a.read_columns(&mut c);
                    b.read_columns(&mut d);
                    let events = [told(&a, &there, false), told(&b, &back, true)];
                    let what = format!("trial {trial}, future {future}, day {day}");
                    assert_eq!(events[0], events[1], "{what}");
                    if day % 5 == 0 || day + 1 == YEAR {
                        let (a, b) = (evening(&there, &c, false), evening(&back, &d, true));
                        for ((name, value), (other, exchanged)) in a.iter().zip(&b) {
                            assert_eq!((name, value), (other, exchanged), "{what}");
                        }
                    }
                    strikes += events[0].iter().filter(|e| e.starts_with("struck")).count();
                    signings += events[0].iter().filter(|e| e.starts_with("signed")).count();
                    settled += a.events().iter().filter(|e| matches!(e, Event::AnswerSettled { .. })).count();
                }
            }
            (strikes, signings, settled, spread)
        },
    );
    let sum = |of: &dyn Fn(&(usize, usize, usize, u32)) -> usize| trials.iter().map(of).sum::<usize>();
    let [strikes, signings, settled, spread] = [sum(&|t| t.0), sum(&|t| t.1), sum(&|t| t.2), sum(&|t| t.3 as usize)];
    let what = format!(
        "{strikes} strikes, {signings} signings, {settled} debts settled, {spread} futures in which something spreads"
    );
    println!("{what}");
    assert!(strikes > 500 && signings > 30 && settled > 20 && spread > 5, "{what}: too little happened");
}

/// Outcomes of one side in one future.
const OUTCOMES: [&str; 8] = [
    "fire by the state",
    "fire by the group",
    "killed",
    "answers",
    "salvo rounds",
    "hits",
    "days of truce",
    "last resolve",
];

/// Outcomes of side N (0) or S (1) over an ensemble.
fn outcomes(rules: &Rules, futures: u64, seed: u64) -> [Vec<[f64; OUTCOMES.len()]>; 2] {
    let sides = ['N', 'S'];
    let both = ensemble(
        futures,
        || world(rules),
        |sim, future| {
            sim.begin(Fate { seed, ..fate(future) }, Vec::new());
            sim.run(200);
            let columns = sim.snapshot().columns;
            let t = sim.tally();
            sides.map(|x| {
                let y = if x == 'N' { 'S' } else { 'N' };
                let stream = |id: String| t.events[rules.stream(&id).unwrap()] as f64;
                let exchanges = t.exchanges[rules.ledger(&format!("{x}AA|{y}AA")).unwrap()];
                let land = rules.territories.iter().position(|t| t.id.text == format!("{x}LA")).unwrap();
                [
                    stream(format!("{x}AA>{y}GG")),
                    stream(format!("{x}GG>{y}AA")),
                    f64::from(columns.territories[land].killed),
                    f64::from(exchanges.air_strikes + exchanges.salvos),
                    f64::from(exchanges.rounds),
                    f64::from(exchanges.hits),
                    days_in_force(&t.spells, rules.table(&format!("{x}TR")).unwrap(), 200),
                    columns.standings[rules.actor(&format!("{x}AA")).unwrap()].resolve,
                ]
            })
        },
    );
    [0, 1].map(|k| both.iter().map(|sides| sides[k]).collect())
}

/// Where two samples differ by more than 4.5 standard errors, in the mean of a root (which keeps the heavy tails of fire
/// from hiding a difference) or in the share above zero.
fn difference(a: &[[f64; OUTCOMES.len()]], b: &[[f64; OUTCOMES.len()]]) -> Option<String> {
    let measures: [fn(f64) -> f64; 2] = [f64::sqrt, |x| x.min(1.0)];
    for (k, outcome) in OUTCOMES.iter().enumerate() {
        for measure in measures {
            let moments = |sample: &[[f64; OUTCOMES.len()]]| {
                let n = sample.len() as f64;
                let mean = sample.iter().map(|row| measure(row[k])).sum::<f64>() / n;
                let variance =
                    sample.iter().map(|row| (measure(row[k]) - mean) * (measure(row[k]) - mean)).sum::<f64>() / n;
                (mean, variance / n)
            };
            let ((mean, error), (other, other_error)) = (moments(a), moments(b));
            let tolerance = 4.5 * (error + other_error).sqrt() + 1e-12;
            if (mean - other).abs() > tolerance {
                return Some(format!("{outcome}: {mean} against {other} ± {tolerance}"));
            }
        }
    }
    None
}

#[test]
fn equal_actors_are_exchangeable_in_law() {
    let mut choices = Choices::new(77);
    let side = Side::random(&mut choices);
    let [n, s] = outcomes(&two_sides(&side, &side), 2000, 1);
    assert_eq!(difference(&n, &s), None);
}

#[test]
fn exchanged_numbers_exchange_the_laws() {
    for trial in 0..3 {
        let mut choices = Choices::new(100 + trial);
        let (x, y) = (Side::random(&mut choices), Side::random(&mut choices));
        let [n, s] = outcomes(&two_sides(&x, &y), 600, 1);
        let [other_n, other_s] = outcomes(&two_sides(&y, &x), 600, 2);
        assert_eq!(difference(&n, &other_s), None, "the side with the first numbers");
        assert_eq!(difference(&s, &other_n), None, "the side with the second numbers");
        assert!(difference(&n, &s).is_some(), "the two sides do differ, or the test would see nothing");
    }
}

/// The rule that decides knows numbers only: no holder's name, side or place in the file.
#[test]
fn two_holders_exchange_their_decisions_with_their_numbers() {
    let mut choices = Choices::new(5);
    let p = Parameters::default();
    for _ in 0..1000 {
        let mut holder = || answer::Inputs {
            blows: choices.between(0.0, 12.0),
            theta: choices.between(0.3, 4.0),
            h_max: choices.between(0.0, 0.4),
            a: [0.0; 5].map(|_| choices.between(-1.0, 4.0)),
            air_defence: choices.between(0.0, 1.0),
            shield: choices.between(0.0, 1.0),
            caution: choices.between(0.0, 1.5),
            reformist: choices.between(0.0, 1.0),
            audience: choices.between(0.0, 1.0),
            readiness: choices.between(0.0, 1.5),
            restraint: choices.between(0.1, 1.0),
            war: None,
            patience: choices.between(0.0, 3.0),
            other_caution: choices.between(0.0, 1.5),
            due: true,
        };
        let (a, b) = (holder(), holder());
        for i in [a, b] {
            let chance = answer::chance(&i);
            assert!((0.0..=1.0).contains(&chance), "{i:?}: {chance}");
            // No term is hidden: in open war only restraint remains.
            let war = answer::chance(&answer::Inputs { war: Some(0.8), patience: 0.0, ..i });
            assert!((war - (0.8 * i.restraint).min(1.0)).abs() < 1e-12);
        }
        // Numbers exchanged one by one: each moves the chance as far for one as for the other.
        let with = |base: answer::Inputs, from: answer::Inputs| answer::Inputs {
            blows: from.blows,
            theta: from.theta,
            ..base
        };
        assert_eq!(answer::chance(&with(with(a, b), a)).to_bits(), answer::chance(&a).to_bits());
        let blow = initiative::Inputs {
            blow_rate: choices.between(0.0, 0.1),
            preventive_rate: choices.between(0.0, 0.01),
            opponent_resolve: choices.between(0.0, 1.0),
            caution: choices.between(0.0, 1.0),
            opponent_shield: choices.between(0.0, 1.0),
            truces_hold: false,
            restraint: 1.0,
            shown: choices.between(0.0, 1.0),
            returning: choices.between(0.0, 1.0),
            opponent_air_defence: choices.between(0.0, 1.0),
            consent: choices.between(0.0, 1.0),
            threat: choices.between(0.0, 1.0),
            breakout: choices.between(0.0, 1.0),
            stock_growth: choices.between(-1.0, 1.0),
            weaponising: false,
            deal: false,
        };
        let twice = initiative::Inputs { blow_rate: 2.0 * blow.blow_rate, ..blow };
        assert!((initiative::blow_hazard(&twice, &p) - 2.0 * initiative::blow_hazard(&blow, &p)).abs() < 1e-12);
    }
}

/// In the default scenario two ledger holders on opposite sides, given each other's numbers, answer as the other did:
/// the Houthis and Saudi Arabia against one another, from debts of equal size.
#[test]
fn two_holders_of_the_default_scenario_exchange_their_answers() {
    let ids = ["HOU|KSA", "KSA|HOU"];
    let with_debts = |exchange: bool| {
        let mut loaded = loaded("");
        let ledgers = ids.map(|id| loaded.scenario.ledgers[id].clone());
        for (k, id) in ids.into_iter().enumerate() {
            let mut ledger = ledgers[if exchange { 1 - k } else { k }].clone();
            ledger.blows = 3.0;
            ledger.shares = ledgers[k].shares.clone();
            loaded.scenario.ledgers.insert(id.to_owned(), ledger);
        }
        Rules::new(&loaded)
    };
    let (before, after) = (with_debts(false), with_debts(true));
    let answers = |rules: &Rules| {
        let ledgers = ids.map(|id| rules.ledger(id).unwrap());
        let runs = ensemble(
            600,
            || world(rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(120);
                ledgers.map(|l| {
                    let x = sim.tally().exchanges[l];
                    (x.salvos, x.air_strikes)
                })
            },
        );
        [0, 1].map(|k| {
            let sum =
                |f: &dyn Fn(&(u32, u32)) -> u32| runs.iter().map(|run| f64::from(f(&run[k]))).sum::<f64>() / 600.0;
            (sum(&|x| x.0), sum(&|x| x.1))
        })
    };
    let ([houthis, saudis], [as_saudis, as_houthis]) = (answers(&before), answers(&after));
    assert!(houthis.0 > 0.5 && houthis.1 < 1e-9 && saudis.1 > 0.5 && saudis.0 < 1e-9, "{houthis:?} {saudis:?}");
    // About one answer a future with a standard deviation of about one: 600 futures give an error of .04 a mean.
    let close = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).abs() < 0.25 && (a.1 - b.1).abs() < 0.25;
    assert!(
        close(as_saudis, saudis) && close(as_houthis, houthis),
        "{houthis:?} {saudis:?}; exchanged {as_saudis:?} {as_houthis:?}"
    );
}
