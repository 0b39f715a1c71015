//! The debrief: what each order, and all orders of each delegation, changed on the same luck. The history as it was played is
//! known up to an order's day; from there 256 futures run with the whole log and 256 without the order, number for number on the
//! same luck, to the same day. One crew of threads runs all of it, and keeps what it ran by plan, as far as it is told.

use crate::world::{Given, Turn, World};
use detente_model::record::fates::Fates;
use detente_model::record::outcome::Headline;
use detente_model::record::recorder::{EventId, record};
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Snapshot};
use detente_model::symbols::levers::LeverChange;
use detente_session::compare::first_parting;
use detente_session::start::Start;
use detente_study::futures::accumulate::Summary;
use detente_study::futures::effect::{Difference, Paired};
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
/// Most things that are named as what parted two branches, of each.
const MOST_NAMED: usize = 4;

/// What a debrief is of: the digest of the history, how many orders led to it, and how many branches there are beside it.
pub type Key = (String, usize, usize);

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
    branches: Vec<serde_json::Value>,
}

/// How a future ended, as far as a debrief tells it: with all that a study counts, a long lesson's would fill the memory.
struct End {
    killed: u64,
    regional_war: bool,
    /// By table.
    in_force: Box<[bool]>,
}

impl End {
    fn of(summary: &Summary, tables: usize) -> Self {
        Self {
            killed: summary.killed_in_all(),
            regional_war: summary.outcome.headline == Headline::RegionalWar,
            in_force: (0..tables).map(|table| summary.in_force_at_end(table)).collect(),
        }
    }
}

impl Played {
    /// Of which history a debrief of this world is, and of how many orders and branches: some orders move nothing.
    #[must_use]
    pub fn key_of(world: &World) -> Key {
        (world.digest(), world.given.len(), world.sitting().branches().len())
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
            branches: branches(world),
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

/// Of the other branches of this world that with the fewest and that with the most killed, against what was played and as far as
/// both were: the turn and the day on which the two parted, and what happened on that day in one of them alone. One that never
/// parted, or in which as many were killed, is neither.
fn branches(world: &World) -> Vec<serde_json::Value> {
    let (sitting, rules) = (world.sitting(), world.rules());
    let names = sitting.stage().columns().iter().map(|column| column.name.starts_with("killed."));
    let counted: Vec<usize> = names.enumerate().filter_map(|(at, is)| is.then_some(at)).collect();
    let here = sitting.current();
    let of = |branch: usize| {
        let [there, played] = [branch, here].map(|one| &sitting.branches()[one]);
        let until = there.history.days().min(played.history.days());
        let day = first_parting(sitting, [branch, here], until)?;
        let [killed, killed_here] = [there, played].map(|one| {
            let row = &one.history.rows[until as usize - 1];
            counted.iter().map(|&column| row[column]).sum::<f64>()
        });
        let [ours, theirs] = [played, there].map(|one| one.history.on(day));
        let alone = |these: &[(EventId, Event)], those: &[(EventId, Event)]| {
            let only = these.iter().filter(|(_, event)| those.iter().all(|(_, other)| other != event));
            let told = only.filter(|(_, event)| event.kind().weight().is_some());
            told.take(MOST_NAMED).map(|(_, event)| world.sentence(event)).collect::<Vec<_>>()
        };
        let turn = world.turns.iter().rfind(|turn| turn.from <= day).map(|turn| turn.number);
        let value = serde_json::json!({
            "name": there.name, "turn": turn, "day": day, "date": rules.date(day).to_string(), "until": until,
            "killed_there": killed, "killed_here": killed_here, "only_there": alone(theirs, ours), "only_here": alone(ours, theirs),
        });
        Some((killed - killed_here, value))
    };
    let all: Vec<(f64, serde_json::Value)> =
        (0..sitting.branches().len()).filter(|branch| *branch != here).filter_map(of).collect();
    let best = all.iter().filter(|(more, _)| *more < 0.0).min_by(|a, b| a.0.total_cmp(&b.0));
    let worst = all.iter().filter(|(more, _)| *more > 0.0).max_by(|a, b| a.0.total_cmp(&b.0));
    let named = |known: Option<&(f64, serde_json::Value)>, which: &str| {
        known.map(|(_, value)| {
            let mut value = value.clone();
            value["which"] = which.into();
            value
        })
    };
    [named(best, "fewest"), named(worst, "most")].into_iter().flatten().collect()
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
    kept: BTreeMap<PlanKey, Arc<Vec<End>>>,
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
    fn arm(&self, played: &Played, day: i32, log: &[LeverChange], days: i32) -> Arc<Vec<End>> {
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
        let (worker, tables) = (|| Worker::new(&played.rules, &plan), played.rules.tables.len());
        let parts =
            run_all(0..FUTURES, jobs, &progress, worker, Vec::new, |worker, into: &mut Vec<(u64, End)>, future| {
                into.push((future, End::of(&worker.run(future), tables)));
            });
        let mut all: Vec<(u64, End)> = parts.unwrap_or_default().into_iter().flatten().collect();
        all.sort_by_key(|(future, _)| *future);
        let all = Arc::new(all.into_iter().map(|(_, end)| end).collect::<Vec<_>>());
        let mut bench = self.bench();
        if bench.kept.len() >= MOST_KEPT {
            bench.kept.clear();
        }
        bench.kept.insert(key, Arc::clone(&all));
        all
    }

    fn make(&self, played: &Played, key: &Key) -> serde_json::Value {
        let end = played.today + BEYOND;
        // Of a history that ends elsewhere nothing is asked any more.
        self.bench().kept.retain(|(from, days, _), _| from + days == end);
        let mut seats: Vec<&String> = played.given.iter().map(|given| &given.order.seat).collect();
        seats.sort_unstable();
        seats.dedup();
        let moved: Vec<&Given> = played.given.iter().filter(|given| given.moved).collect();
        let (mut done, of) = (0, moved.len() + seats.len() + played.turns.len() + 1);
        let step = |done: &mut usize| {
            *done += 1;
            self.bench().of = Some((key.clone(), State::UnderWay(*done, of)));
        };
        // From the day on which two logs part, both on the same luck.
        let compared = |from: i32, without: &[LeverChange]| {
            let days = end - from;
            let with = self.arm(played, from, &played.log, days);
            let without = self.arm(played, from, without, days);
            told(&played.rules, &without, &with)
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
        let turns: Vec<serde_json::Value> = played
            .turns
            .iter()
            .map(|turn| {
                let of_turn = |given: &&Given| given.order.turn == turn.number;
                let moves = moved.iter().any(of_turn);
                let changed = moves.then(|| compared(turn.from, &played.without(|g| of_turn(&g))));
                step(&mut done);
                serde_json::json!({
                    "turn": turn.number, "day": turn.from, "date": played.rules.date(turn.from).to_string(), "changed": changed,
                    "orders": played.given.iter().filter(of_turn).count(),
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
        let tables: BTreeMap<&str, &str> =
            played.rules.tables.iter().map(|table| (table.id.text.as_str(), table.name.as_str())).collect();
        serde_json::json!({
            "futures": FUTURES, "from": 0, "played": played.today, "until": end,
            "says": "Each difference is with the orders minus without them: the mean over pairs of futures on the same luck, from \
                     the day of the order to the last day shown, with its 90 % interval. Shares are in per cent of futures. A difference \
                     whose interval holds zero is not told from none.",
            "orders": orders, "delegations": delegations, "everybody": nobody, "ledgers": played.ledgers, "history": self.history(played),
            "parted": parted(&turns), "turns": turns, "branches": played.branches, "tables": tables,
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

/// The turns on which the world parted from the worst and from the best of the courses that were run: those whose orders, all
/// together, left fewest and most killed, of the turns that are told from none.
fn parted(turns: &[serde_json::Value]) -> serde_json::Value {
    let killed = |turn: &serde_json::Value, key: &str| turn["changed"]["killed"][key].as_f64();
    let told = turns.iter().filter_map(|turn| {
        let [difference, low, high] = ["difference", "low", "high"].map(|key| killed(turn, key));
        (low? > 0.0 || high? < 0.0).then_some((difference?, &turn["turn"]))
    });
    let all: Vec<(f64, &serde_json::Value)> = told.collect();
    let from_worst = all.iter().filter(|(more, _)| *more < 0.0).min_by(|a, b| a.0.total_cmp(&b.0));
    let from_best = all.iter().filter(|(more, _)| *more > 0.0).max_by(|a, b| a.0.total_cmp(&b.0));
    serde_json::json!({ "from_worst": from_worst.map(|(_, turn)| turn), "from_best": from_best.map(|(_, turn)| turn) })
}

/// What a change made, in numbers: killed, how it ends, and what is in force.
fn told(rules: &Rules, without: &[End], with: &[End]) -> serde_json::Value {
    let round = |x: f64| (x * 100.0).round() / 100.0;
    let paired = |of: &dyn Fn(&End) -> u64| {
        let mut paired = Paired::default();
        for (b, c) in without.iter().zip(with) {
            paired.add(of(b), of(c));
        }
        paired
    };
    let of = |d: Difference, times: f64, paired: &Paired| {
        serde_json::json!({
            "difference": round(times * d.difference), "low": round(times * d.low), "high": round(times * d.high),
            "pairs_that_differ": paired.differ,
        })
    };
    let share = |paired: &Paired| of(paired.difference_of_shares(), 100.0, paired);
    let killed = paired(&|end| end.killed);
    let war = paired(&|end| u64::from(end.regional_war));
    let tables = rules.tables.iter().enumerate();
    let in_force = tables
        .map(|(at, table)| (table.id.text.clone(), share(&paired(&|end| u64::from(end.in_force[at])))))
        .collect::<serde_json::Map<_, _>>();
    serde_json::json!({
        "pairs": without.len().min(with.len()), "killed": of(killed.difference(), 1.0, &killed), "regional_war": share(&war),
        "in_force": in_force,
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
        // A turn is all of its orders; that which saved lives led away from the worst, and no other branch was played.
        let turns = value["turns"].as_array().unwrap();
        assert_eq!((&turns[0]["turn"], &turns[0]["orders"], &turns[1]["day"]), (&1.into(), &2.into(), &10.into()));
        assert_eq!(turns[0]["changed"], restraint["changed"], "the other order of that turn moved nothing");
        assert_eq!((&value["parted"]["from_worst"], &value["branches"]), (&1.into(), &serde_json::json!([])));
        // Whatever table there is, its agreements are told under a name.
        let tables = value["tables"].as_object().unwrap();
        let in_force = restraint["changed"]["in_force"].as_object().unwrap();
        assert!(!in_force.is_empty() && in_force.keys().eq(tables.keys()), "{in_force:?}");
        assert!(in_force.values().all(|share| share["low"].as_f64() <= share["high"].as_f64()));
        // Asked again, nothing runs again.
        let kept = debriefs.bench().kept.len();
        assert!(Arc::ptr_eq(&value, &ready(&debriefs, &world)));
        assert_eq!(debriefs.bench().kept.len(), kept);
    }

    /// What is kept is what the debrief of today asks for: as a lesson goes on, it does not pile up.
    #[test]
    fn futures_of_an_end_that_is_past_are_kept_no_longer() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let mut world = World::new(Sitting::new(loaded, 4)).unwrap();
        let debriefs = Debriefs::default();
        for turn in 1..=2 {
            let order = Order {
                turn,
                seat: "ISR".to_owned(),
                lever: Lever::RestraintIsrGaz,
                value: 1.0 - f64::from(turn) / 10.0,
                number: i64::from(turn),
                player: None,
                package: false,
            };
            world.play(turn, &[order], 5).unwrap();
            ready(&debriefs, &world);
            let ends: Vec<i32> = debriefs.bench().kept.keys().map(|(from, days, _)| from + days).collect();
            assert!(!ends.is_empty() && ends.iter().all(|end| *end == world.today() + BEYOND), "{ends:?}");
        }
    }

    /// A turn that was played again: the debrief names the day on which the two parted, and what parted them.
    #[test]
    fn the_turn_on_which_the_world_parted_from_another_branch_is_named() {
        let loaded = detente_model::scenario::load("november-2024").unwrap();
        let mut world = World::new(Sitting::new(loaded, 4)).unwrap();
        let order = |turn, value| Order {
            turn,
            seat: "ISR".to_owned(),
            lever: Lever::RestraintIsrGaz,
            value,
            number: 1,
            player: None,
            package: false,
        };
        world.play(1, &[], 10).unwrap();
        world.play(2, &[], 60).unwrap();
        world.rewind(2).unwrap();
        world.play(3, &[order(3, 1.0)], 60).unwrap();
        let here = branches(&world);
        assert_eq!(here.len(), 1, "{here:?}");
        assert_eq!((&here[0]["which"], &here[0]["turn"], &here[0]["day"]), (&"most".into(), &3.into(), &10.into()));
        assert!(here[0]["killed_there"].as_f64() > here[0]["killed_here"].as_f64());
        assert!(here[0]["only_here"][0].as_str().is_some_and(|said| said.contains("Israel")), "{here:?}");
        // From the other side it is that with the fewest; one that never parted is none.
        world.rewind(3).unwrap();
        world.play(4, &[], 60).unwrap();
        let again = branches(&world);
        assert_eq!((again.len(), &again[0]["which"]), (1, &"fewest".into()), "{again:?}");
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
        let (one, other) = (("one".to_owned(), 1, 1), ("other".to_owned(), 2, 1));
        assert!(debriefs.known(&one).is_none());
        debriefs.begin(&one, || panic!("on purpose")).unwrap();
        assert!(matches!(settled(&one), Some(State::Failed)));
        assert!(matches!(debriefs.begin(&one, || 1.into()), Ok(State::Failed)));
        debriefs.begin(&other, || 2.into()).unwrap();
        assert!(matches!(settled(&other), Some(State::Ready(value)) if *value == 2));
    }
}
