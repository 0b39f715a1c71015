//! The debrief: what each order, and all orders of each delegation, changed on the same luck. The history as it was played is
//! known up to an order's day; from there 256 futures run with the whole log and 256 without the order, number for number on the
//! same luck, to the same day. One crew of threads runs all of it, and keeps what it ran by plan.

use crate::world::{Given, Turn, World};
use detente_model::record::fates::Fates;
use detente_model::record::recorder::record;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Snapshot};
use detente_model::symbols::levers::LeverChange;
use detente_session::start::Start;
use detente_study::futures::accumulate::Summary;
use detente_study::futures::effect::{Difference, Effect, Paired};
use detente_study::futures::ensemble::{Origin, Plan, Progress, Worker, run_all};
use detente_study::tables::provenance::stated;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

/// Futures of each arm.
pub const FUTURES: u64 = 256;
/// Days beyond the last that was played: an order of the last turn has had no time to act.
const BEYOND: i32 = 90;
/// Plans whose futures are kept.
const MOST_KEPT: usize = 400;

/// What a debrief is of: the digest of the history, and how many orders led to it.
pub type Key = (String, usize);

/// A plan by what it is of: the day it starts from, how many days it runs, and what moves at all: the past follows from that.
type PlanKey = (i32, i32, Vec<LeverChange>);

/// Everything that a debrief is of, taken from the room in one go.
pub struct Played {
    rules: Rules,
    fate: Fate,
    /// Where the history starts, where that is not day 0 of the scenario.
    start: Option<Start>,
    log: Vec<LeverChange>,
    given: Vec<Given>,
    turns: Vec<Turn>,
    names: BTreeMap<String, String>,
    today: i32,
    key: Key,
    ledgers: Vec<serde_json::Value>,
}

impl Played {
    /// Of which history a debrief of this world is, and of how many orders: some move nothing.
    #[must_use]
    pub fn key_of(world: &World) -> Key {
        (world.digest(), world.given.len())
    }

    /// What the room has played.
    #[must_use]
    pub fn of(world: &World, names: BTreeMap<String, String>) -> Self {
        let sitting = world.sitting();
        Self {
            rules: sitting.base(),
            fate: sitting.fate(),
            start: sitting.start().cloned(),
            log: world.log().to_vec(),
            given: world.given.clone(),
            turns: world.turns.clone(),
            names,
            today: world.today(),
            key: Self::key_of(world),
            ledgers: ledgers(world),
        }
    }

    /// The log without some orders. A change belongs to the order that made it: of its lever, on its day.
    fn without(&self, left_out: impl Fn(&Given) -> bool) -> Vec<LeverChange> {
        let out: Vec<&Given> = self.given.iter().filter(|given| given.moved && left_out(given)).collect();
        let made = |c: &LeverChange| out.iter().any(|g| g.day == c.day && g.order.lever == c.lever);
        self.log.iter().filter(|change| !made(change)).copied().collect()
    }

    fn morning(&self, day: i32) -> Option<&Arc<Snapshot>> {
        self.turns.iter().find(|turn| turn.from == day).map(|turn| &turn.morning)
    }
}

/// Unanswered harm on the last evening, as both sides of each ledger count it.
fn ledgers(world: &World) -> Vec<serde_json::Value> {
    let named = |id: &str| {
        let rules = world.rules();
        rules.actor(id).map_or_else(|| id.to_owned(), |actor| rules.actors[actor].name.clone())
    };
    let value = |series: &str| world.names().zip(world.row()).find(|((name, _), _)| *name == series).map(|(_, v)| *v);
    let of = |id: &str| {
        let (holder, against) = id.split_once('|')?;
        let round = |series: String| value(&series).map(|value| (value * 1000.0).round() / 1000.0);
        let (own, other) = (round(format!("ledger.{id}"))?, round(format!("ledger_other_count.{id}"))?);
        // What neither side counts says nothing.
        (own.abs() > 0.0 || other.abs() > 0.0).then(|| {
            serde_json::json!({ "ledger": id, "holder": named(holder), "against": named(against),
                "holder_counts": own, "other_side_counts": other })
        })
    };
    world.rules().ledgers.iter().filter_map(|ledger| of(&ledger.id.text)).collect()
}

/// How far a debrief is.
#[derive(Clone, Debug)]
pub enum State {
    /// Arms run, of how many.
    UnderWay(usize, usize),
    /// There it is.
    Ready(Arc<serde_json::Value>),
    /// It broke off, and would again.
    Failed,
}

#[derive(Default)]
struct Bench {
    kept: BTreeMap<PlanKey, Arc<Vec<Summary>>>,
    /// What is ready or under way, and of how much play it is.
    of: Option<(Key, State)>,
}

/// The one place where debriefs are made.
#[derive(Clone, Default)]
pub struct Debriefs {
    bench: Arc<Mutex<Bench>>,
}

impl Debriefs {
    fn bench(&self) -> std::sync::MutexGuard<'_, Bench> {
        self.bench.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far the debrief of a history is, if one is ready or under way. One is made at a time: whoever asks again later gets the
    /// one of then.
    #[must_use]
    pub fn known(&self, of: &Key) -> Option<State> {
        match &self.bench().of {
            Some((_, state @ State::UnderWay(..))) => Some(state.clone()),
            Some((key, state)) if key == of => Some(state.clone()),
            _ => None,
        }
    }

    /// The debrief of what was played, or how far it is; begun where it is not.
    ///
    /// # Errors
    /// One sentence, if this machine gives no thread.
    pub fn ask(&self, played: Played) -> Result<State, String> {
        let (here, key) = (self.clone(), played.key.clone());
        self.begin(&played.key.clone(), move || here.make(&played, &key))
    }

    fn begin(&self, key: &Key, make: impl FnOnce() -> serde_json::Value + Send + 'static) -> Result<State, String> {
        let mut bench = self.bench();
        // Somebody else may have begun it just now.
        match &bench.of {
            Some((_, state @ State::UnderWay(..))) => return Ok(state.clone()),
            Some((known, state)) if known == key => return Ok(state.clone()),
            _ => {}
        }
        let state = State::UnderWay(0, 1);
        bench.of = Some((key.clone(), state.clone()));
        drop(bench);
        let (here, key) = (self.clone(), key.clone());
        let work = move || {
            // What breaks in it ends it, and does not leave everybody waiting for it.
            let value = catch_unwind(AssertUnwindSafe(make));
            here.bench().of = Some((key, value.map_or(State::Failed, |value| State::Ready(Arc::new(value)))));
        };
        match std::thread::Builder::new().name("debrief".to_owned()).spawn(work) {
            Ok(_) => Ok(state),
            Err(error) => {
                self.bench().of = None;
                Err(format!("this machine gives no thread for futures: {error}"))
            }
        }
    }

    /// 256 futures from the morning of a day under a log, run or kept.
    fn arm(&self, played: &Played, day: i32, log: &[LeverChange], days: i32) -> Arc<Vec<Summary>> {
        let past = played.log.iter().filter(|change| change.day < day);
        let key = (day, days, past.chain(log.iter().filter(|change| change.day >= day)).copied().collect());
        if let Some(kept) = self.bench().kept.get(&key) {
            return Arc::clone(kept);
        }
        // On day 0 nothing has happened, and the start itself belongs to a future's luck, as in any ensemble. From a nowcast, each
        // future has the numbers of a particle of its own, and on day 0 its state.
        let morning = played.morning(day).filter(|_| day > 0).map(|morning| Snapshot::clone(morning));
        let from = match (&played.start, morning) {
            (None, morning) => morning.map(Origin::from),
            (Some(start), None) => Some(start.origin()),
            (Some(start), Some(morning)) => Some(Origin::Numbers(Box::new(morning), start.beginnings.clone())),
        };
        let Fate { seed, prior, .. } = played.fate;
        let plan = Plan { seed, days: days as u32, prior, log: log.to_vec(), from };
        // One thread fewer than the machine has cores: the room goes on beside it.
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let (jobs, progress) = (cores.saturating_sub(1).max(1), Progress::default());
        let worker = || Worker::new(&played.rules, &plan);
        let parts =
            run_all(0..FUTURES, jobs, &progress, worker, Vec::new, |worker, into: &mut Vec<Summary>, future| {
                into.push(worker.run(future));
            });
        let mut all: Vec<Summary> = parts.unwrap_or_default().into_iter().flatten().collect();
        all.sort_by_key(|summary| summary.future);
        let all = Arc::new(all);
        let mut bench = self.bench();
        if bench.kept.len() >= MOST_KEPT {
            bench.kept.clear();
        }
        bench.kept.insert(key, Arc::clone(&all));
        all
    }

    fn make(&self, played: &Played, key: &Key) -> serde_json::Value {
        let end = played.today + BEYOND;
        let mut seats: Vec<&String> = played.given.iter().map(|given| &given.order.seat).collect();
        seats.sort_unstable();
        seats.dedup();
        let moved: Vec<&Given> = played.given.iter().filter(|given| given.moved).collect();
        let (mut done, of) = (0, moved.len() + seats.len() + 1);
        let step = |done: &mut usize| {
            *done += 1;
            self.bench().of = Some((key.clone(), State::UnderWay(*done, of)));
        };
        // From the day on which two logs part, both on the same luck.
        let compared = |from: i32, without: &[LeverChange]| {
            let days = end - from;
            let with = self.arm(played, from, &played.log, days);
            let without = self.arm(played, from, without, days);
            let mut effect = Effect::new(&played.rules);
            for (b, c) in without.iter().zip(with.iter()) {
                effect.add(b, c);
            }
            told(&played.rules, &effect)
        };
        let start = played.rules.frame.start;
        // What a class asks first comes first; each arm is kept, so that the order costs nothing.
        let first = moved.iter().map(|given| given.day).min();
        let nobody = first.map(|day| compared(day, &played.without(|_| true)));
        step(&mut done);
        let delegations: Vec<serde_json::Value> = seats
            .iter()
            .map(|&seat| {
                let first = moved.iter().filter(|given| given.order.seat == *seat).map(|given| given.day).min();
                let changed = first.map(|day| compared(day, &played.without(|g| g.order.seat == *seat)));
                step(&mut done);
                serde_json::json!({
                    "seat": seat, "name": played.names.get(seat), "changed": changed,
                    "orders": played.given.iter().filter(|given| given.order.seat == *seat).count(),
                })
            })
            .collect();
        let orders: Vec<serde_json::Value> = played
            .given
            .iter()
            .map(|given| {
                let Given { order, day, moved, .. } = given;
                let changed = moved.then(|| {
                    let changed = compared(*day, &played.without(|g| g == given));
                    step(&mut done);
                    changed
                });
                serde_json::json!({
                    "turn": order.turn, "seat": order.seat, "day": day, "lever": order.lever.id(),
                    "name": order.lever.row().name, "value": stated(order.lever, order.value, start), "moved": moved,
                    "changed": changed,
                })
            })
            .collect();
        serde_json::json!({
            "futures": FUTURES, "from": 0, "played": played.today, "until": end,
            "says": "Each difference is with the orders minus without them: the mean over pairs of futures on the same luck, from \
                     the day of the order to the last day shown, with its 90 % interval. Shares are in per cent of futures. A difference \
                     whose interval holds zero is not told from none.",
            "orders": orders, "delegations": delegations, "everybody": nobody, "ledgers": played.ledgers, "history": self.history(played),
        })
    }

    /// The one history as it was played, and the same luck had nobody ordered anything.
    fn history(&self, played: &Played) -> serde_json::Value {
        let of = |log: &[LeverChange]| {
            let (fate, mut rules) = (played.fate, played.rules.clone());
            if fate.prior {
                rules.redraw(detente_model::chance::Key::new(fate.seed, fate.future));
            }
            let start = played.start.as_ref().map(|start| {
                rules = start.own(&rules, fate.future);
                &start.of(fate.future).state
            });
            let run = record(&rules, Fates::from(fate).starting(start), log, played.today.max(0) as u32, |_| true)?;
            let killed: u64 = run.end.columns.territories.iter().map(|t| u64::from(t.killed)).sum();
            Some(serde_json::json!({ "killed": killed, "as_it_stands": run.outcome.headline.words() }))
        };
        serde_json::json!({ "as_played": of(&played.log), "had_nobody_ordered": of(&played.without(|_| true)) })
    }
}

/// A paired effect in numbers: killed, how it ends, and what is in force.
fn told(rules: &Rules, effect: &Effect) -> serde_json::Value {
    let round = |x: f64| (x * 100.0).round() / 100.0;
    let of = |d: Difference, times: f64, paired: &Paired| {
        serde_json::json!({
            "difference": round(times * d.difference), "low": round(times * d.low), "high": round(times * d.high),
            "pairs_that_differ": paired.differ,
        })
    };
    let share = |paired: &Paired| of(paired.difference_of_shares(), 100.0, paired);
    let killed = &effect.killed_in_all;
    let war = &effect.headlines[0];
    let tables = rules.tables.iter().zip(&effect.in_force);
    let in_force =
        tables.map(|(table, paired)| (table.id.text.clone(), share(paired))).collect::<serde_json::Map<_, _>>();
    serde_json::json!({
        "pairs": effect.runs, "killed": of(killed.difference(), 1.0, killed), "regional_war": share(war), "in_force": in_force,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::Order;
    use detente_model::symbols::levers::Lever;
    use detente_session::Sitting;

    fn ready(debriefs: &Debriefs, world: &World) -> Arc<serde_json::Value> {
        loop {
            match debriefs.ask(Played::of(world, BTreeMap::new())).unwrap() {
                State::Ready(value) => return value,
                State::Failed => panic!("it broke off"),
                State::UnderWay(..) => std::thread::sleep(std::time::Duration::from_millis(20)),
            }
        }
    }

    #[test]
    fn an_order_that_moves_nothing_changes_nothing_and_one_that_does_is_told_apart() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let mut world = World::new(Sitting::new(loaded, 4)).unwrap();
        let order = |turn, seat: &str, lever, value, number| Order {
            turn,
            seat: seat.to_owned(),
            lever,
            value,
            number,
            player: None,
            package: false,
        };
        let orders = [
            order(1, "IRN", Lever::IranBlowRate, 1.0, 1),
            order(1, "ISR", Lever::RestraintIsrGaz, 1.0, 2),
            order(2, "LBN", Lever::UnifilTroops, 0.0, 3),
        ];
        world.play(1, &orders, 10).unwrap();
        world.play(2, &orders, 10).unwrap();
        let debriefs = Debriefs::default();
        let value = ready(&debriefs, &world);
        let of = |seat: &str| value["orders"].as_array().unwrap().iter().find(|o| o["seat"] == seat).unwrap().clone();
        assert!(of("IRN")["changed"].is_null() && of("IRN")["moved"] == false);
        let restraint = of("ISR");
        assert_eq!(restraint["changed"]["pairs"], FUTURES);
        assert!(restraint["changed"]["killed"]["high"].as_f64().unwrap() < 0.0, "{restraint}");
        // The one order of a delegation is all of the delegation, and comes from the same futures.
        let delegation = value["delegations"].as_array().unwrap().iter().find(|d| d["seat"] == "ISR").unwrap();
        assert_eq!(delegation["changed"], restraint["changed"]);
        assert!(value["history"]["as_played"]["killed"].is_u64());
        // Asked again, nothing runs again.
        let kept = debriefs.bench().kept.len();
        assert!(Arc::ptr_eq(&value, &ready(&debriefs, &world)));
        assert_eq!(debriefs.bench().kept.len(), kept);
    }

    /// What starts from a nowcast is held against futures of the same start, and its history against itself.
    #[test]
    fn a_session_that_starts_from_a_nowcast_has_the_debrief_of_its_own_world() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let start = detente_session::start::shipped_start("2024-11-07", &Rules::new(&loaded)).unwrap();
        let fate = Fate { seed: 4, future: 3, prior: false };
        let mut world = World::new(Sitting::starting(loaded, fate, Some(start))).unwrap();
        let order = Order {
            turn: 2,
            seat: "ISR".to_owned(),
            lever: Lever::RestraintIsrGaz,
            value: 1.0,
            number: 1,
            player: None,
            package: false,
        };
        world.play(1, &[], 20).unwrap();
        world.play(2, &[order], 30).unwrap();
        let value = ready(&Debriefs::default(), &world);
        let killed: u64 = world.sitting().now().columns.territories.iter().map(|t| u64::from(t.killed)).sum();
        assert_eq!(value["history"]["as_played"]["killed"], killed);
        assert_ne!(value["history"]["had_nobody_ordered"]["killed"], killed);
        assert!(value["orders"][0]["changed"]["killed"]["high"].as_f64().unwrap() < 0.0, "{value}");
        assert!(
            value["ledgers"].as_array().is_some_and(|all| all.iter().all(|l| l["holder_counts"].is_f64())),
            "{value}"
        );
    }

    #[test]
    fn a_debrief_that_breaks_is_said_to_have_and_another_history_is_made_all_the_same() {
        let debriefs = Debriefs::default();
        let settled = |key: &Key| loop {
            match debriefs.known(key) {
                Some(State::UnderWay(..)) => std::thread::sleep(std::time::Duration::from_millis(5)),
                other => return other,
            }
        };
        let (one, other) = (("one".to_owned(), 1), ("other".to_owned(), 2));
        assert!(debriefs.known(&one).is_none());
        debriefs.begin(&one, || panic!("on purpose")).unwrap();
        assert!(matches!(settled(&one), Some(State::Failed)));
        assert!(matches!(debriefs.begin(&one, || 1.into()), Ok(State::Failed)));
        debriefs.begin(&other, || 2.into()).unwrap();
        assert!(matches!(settled(&other), Some(State::Ready(value)) if *value == 2));
    }
}
