//! The one world of a room: a sitting whose branch goes on turn by turn, with what each turn's orders were and whose.

use crate::seats::Seats;
use detente_model::record::outcome::Outcome;
use detente_model::record::recorder::EventId;
use detente_model::record::say;
use detente_model::sim::event::Event;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Snapshot;
use detente_model::symbols::levers::{Kind, Lever, LeverChange};
use detente_session::file::Saved;
use detente_session::names::quoted;
use detente_session::sitting::{LAST_DAY, MOST_BRANCHES, Sitting};
use detente_study::tables::provenance::stated;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Who orders in the facilitator's name.
pub const HOST: &str = "HOST";

/// What one seat wants of one lever in one turn: an input of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Turn in which it was given.
    pub turn: u32,
    /// Seat that gave it, by id; [`HOST`] for the facilitator.
    pub seat: String,
    /// Lever.
    pub lever: Lever,
    /// Value in stored form.
    pub value: f64,
    /// Number of the entry in the journal: of two by one seat on one lever the later stands.
    pub number: i64,
    /// Person of the seat who gave it; none for the facilitator and for a package.
    pub player: Option<usize>,
    /// Whether a package that all its parties signed gave it.
    pub package: bool,
}

/// What one order became.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// The order.
    pub order: Order,
    /// The day from which it acted.
    pub day: i32,
    /// The lever from that day on, had nobody ordered anything in that turn.
    pub before: f64,
    /// Whether it moved anything: an order of what stands already moves nothing.
    pub moved: bool,
    /// Number of the branch on which it acted.
    pub branch: u32,
}

/// A turn that was played.
#[derive(Clone)]
pub struct Turn {
    /// Number, from 1.
    pub number: u32,
    /// First day.
    pub from: i32,
    /// Days.
    pub days: i32,
    /// Digest of the history to its end.
    pub digest: String,
    /// The state on its first morning, before its orders.
    pub morning: Arc<Snapshot>,
}

/// What a session file says beside the session itself: the turns that led to where it stands, and every order with its seat, those
/// of turns that were played again among them: each names the branch on which it acted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Authors {
    #[serde(default)]
    turns: Vec<TurnLine>,
    #[serde(default)]
    orders: Vec<OrderLine>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TurnLine {
    turn: u32,
    from: i32,
    days: i32,
    digest: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OrderLine {
    branch: u32,
    turn: u32,
    seat: String,
    day: i32,
    lever: String,
    value: serde_json::Value,
    before: serde_json::Value,
    moved: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    package: bool,
}

impl Authors {
    /// Reads them from the text of a session file; one that no class has played has none.
    ///
    /// # Errors
    /// One sentence with a way out.
    pub fn of_session(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| wrong_authors(&quoted(&error.to_string(), 120)))
    }

    /// As text.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Plain data: it can be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn wrong_authors(why: &str) -> String {
    format!(
        "what this session says of turns and of whose its orders were does not fit it ({why}); take `turns` and `orders` out of it to go on without"
    )
}

/// The orders of one turn in the order in which they act, of each lever the one that stands. The rule, in full: of a seat's
/// orders on a lever the last that was accepted stands; orders act in the order of the ids of their seats and never of their
/// arrival; on a lever that two have ordered (the facilitator's orders are the only ones on a lever of others) the
/// facilitator's stands, but for what a package binds, which is all of it or nothing; no order, or one that came after the turn
/// was closed, is no change.
#[must_use]
pub fn settled(orders: &[Order], turn: u32) -> Vec<Order> {
    let mut of_turn: Vec<&Order> = orders.iter().filter(|order| order.turn == turn).collect();
    of_turn.sort_by(|a, b| {
        let rank = |o: &Order| (o.package, o.seat == HOST);
        (rank(a), &a.seat, a.lever, a.number).cmp(&(rank(b), &b.seat, b.lever, b.number))
    });
    let mut standing: Vec<Order> = Vec::new();
    for order in of_turn {
        standing.retain(|known| known.lever != order.lever);
        standing.push(order.clone());
    }
    // Which of two stands is decided; those of a package act with the others in the order of the seats.
    standing.sort_by(|a, b| (a.seat == HOST, &a.seat, a.lever).cmp(&(b.seat == HOST, &b.seat, b.lever)));
    standing
}

/// The world.
pub struct World {
    sitting: Sitting,
    row: Vec<f64>,
    /// Turns played.
    pub turns: Vec<Turn>,
    /// Orders that were carried out and led here, in the order in which they acted.
    pub given: Vec<Given>,
    /// Those of turns that were played again.
    undone: Vec<Given>,
}

impl World {
    /// A sitting, from the end of the branch that it shows.
    ///
    /// # Errors
    /// One sentence, if there is no day left to play.
    pub fn new(mut sitting: Sitting) -> Result<Self, String> {
        let end = sitting.branch().history.days();
        sitting.go_to(end);
        if end >= LAST_DAY {
            return Err(format!("this session was played to its last day, {LAST_DAY}; start from an earlier one"));
        }
        let mut world = Self { sitting, row: Vec::new(), turns: Vec::new(), given: Vec::new(), undone: Vec::new() };
        world.read();
        Ok(world)
    }

    /// The same, taken up where a class left it: with its turns, and with whose the orders were.
    ///
    /// # Errors
    /// One sentence, if what is said of them does not fit the history.
    pub fn resumed(sitting: Sitting, authors: &Authors) -> Result<Self, String> {
        let mut world = Self::new(sitting)?;
        let (here, start) = (world.sitting.current(), world.rules().frame.start);
        let mut next = (1, 0);
        for line in &authors.turns {
            let TurnLine { turn, from, days, .. } = *line;
            let fits = turn >= next.0
                && from >= next.1
                && days > 0
                && from.checked_add(days).is_some_and(|end| end <= world.today());
            if !fits {
                return Err(wrong_authors(&format!("turn {turn}")));
            }
            next = (turn.saturating_add(1), from + days);
            let morning = Arc::new(world.sitting.state(here, from));
            world.turns.push(Turn { number: turn, from, days, digest: line.digest.clone(), morning });
        }
        for line in &authors.orders {
            let no = || wrong_authors(&format!("the order of {} in turn {}", quoted(&line.lever, 40), line.turn));
            let lever = Lever::from_id(&line.lever).ok_or_else(no)?;
            let read = |value: &serde_json::Value| match value {
                serde_json::Value::String(text) => lever.parse(text, start).map_err(|_| no()),
                value => lever.admit(value.as_f64().ok_or_else(no)?).map_err(|_| no()),
            };
            let (value, before) = (read(&line.value)?, read(&line.before)?);
            let order = Order {
                turn: line.turn,
                seat: quoted(&line.seat, 20),
                lever,
                value,
                number: 0,
                player: None,
                package: line.package,
            };
            let given = Given { order, day: line.day, before, moved: line.moved, branch: line.branch };
            if world.turns.iter().any(|turn| turn.number == line.turn && turn.from == line.day) {
                world.given.push(given);
            } else {
                world.undone.push(given);
            }
        }
        Ok(world)
    }

    /// The number of the first turn that has not been played, on any branch.
    #[must_use]
    pub fn next(&self) -> u32 {
        let orders = self.given.iter().chain(&self.undone).map(|given| given.order.turn);
        orders.chain(self.turns.iter().map(|turn| turn.number)).max().map_or(1, |last| last.saturating_add(1))
    }

    fn read(&mut self) {
        self.row = self.sitting.stage().row(&self.sitting.rules, self.sitting.now());
    }

    /// Puts other values in place of the series.
    #[cfg(test)]
    pub(crate) fn plant(&mut self, row: Vec<f64>) {
        self.row = row;
    }

    /// Rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.sitting.rules
    }

    /// The sitting.
    #[must_use]
    pub fn sitting(&self) -> &Sitting {
        &self.sitting
    }

    /// The day about to run.
    #[must_use]
    pub fn today(&self) -> i32 {
        self.sitting.today()
    }

    /// Its date.
    #[must_use]
    pub fn date(&self) -> String {
        self.rules().date(self.today()).to_string()
    }

    /// Days that can still be played.
    #[must_use]
    pub fn left(&self) -> i32 {
        LAST_DAY - self.today()
    }

    /// How it would be classed, were today its end.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.sitting.outcome()
    }

    /// Digest of the history so far.
    #[must_use]
    pub fn digest(&self) -> String {
        self.sitting.branch().history.digest().whole
    }

    /// Everything the user changed so far.
    #[must_use]
    pub fn log(&self) -> &[LeverChange] {
        &self.sitting.branch().changes
    }

    /// Values of the series this evening, in the order of [`World::names`].
    #[must_use]
    pub fn row(&self) -> &[f64] {
        &self.row
    }

    /// Names and units of the series.
    pub fn names(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.sitting.stage().columns().iter().map(|column| (column.name.as_str(), column.unit))
    }

    /// A lever's value from today on, as JSON states it.
    #[must_use]
    pub fn lever(&self, lever: Lever) -> serde_json::Value {
        stated(lever, self.sitting.lever(lever), self.rules().frame.start)
    }

    /// A value of a lever, from JSON.
    ///
    /// # Errors
    /// One sentence that says what the lever takes.
    pub fn value(&self, lever: Lever, value: &serde_json::Value) -> Result<f64, String> {
        let start = self.rules().frame.start;
        let value = match value {
            serde_json::Value::Number(number) => lever.admit(number.as_f64().unwrap_or(f64::NAN))?,
            serde_json::Value::String(text) if text.len() <= 40 => lever.parse(text, start)?,
            _ => return Err(format!("{} takes a number or a word; `detente levers` says which", lever.id())),
        };
        if matches!(lever.row().kind, Kind::Number) {
            // A nought below nought is nought.
            return Ok(value + 0.0);
        }
        // A session states options and dates in words: what no word says exactly could not be replayed.
        let again = lever.parse(&lever.say(value, start), start).ok();
        again.filter(|again| (*again + 0.0).to_bits() == (value + 0.0).to_bits()).ok_or_else(|| {
            format!(
                "{} takes a word, or a date like {start}, and {value} is none of them; `detente levers` says which",
                lever.id()
            )
        })
    }

    /// A value in words.
    #[must_use]
    pub fn say(&self, lever: Lever, value: f64) -> String {
        let row = lever.row();
        let said = lever.say(value, self.rules().frame.start);
        if matches!(row.unit, "option" | "date") { said } else { format!("{said} {}", row.unit) }
    }

    /// Closes a turn: its orders act from today on, and `days` days run. Returns what happened.
    ///
    /// # Errors
    /// One sentence, if a lever does not take its value, which was looked at before.
    pub fn play(&mut self, number: u32, orders: &[Order], days: i32) -> Result<Vec<(EventId, Event)>, String> {
        let from = self.today();
        let (morning, levers) = (Arc::new(self.sitting.now().clone()), self.sitting.levers());
        let branch = self.sitting.branch().id;
        for order in settled(orders, number) {
            let before = self.log().len();
            let was = self.sitting.lever(order.lever).to_bits();
            self.sitting.set_lever(order.lever, order.value)?;
            let moved = self.log().len() != before || self.sitting.lever(order.lever).to_bits() != was;
            let before = levers[order.lever];
            self.given.push(Given { order, day: from, before, moved, branch });
        }
        self.sitting.go_to(from + days);
        self.read();
        let digest = self.digest();
        self.turns.push(Turn { number, from, days, digest, morning });
        let events = &self.sitting.branch().history.events;
        Ok(events.iter().filter(|(id, _)| id.day >= from).copied().collect())
    }

    /// Goes back to the morning of a turn, before its orders, on a branch of its own; what was played stays on the one it left.
    ///
    /// # Errors
    /// One sentence, if there is no such turn on this branch, or no room for a branch.
    pub fn rewind(&mut self, number: u32) -> Result<(), String> {
        let turn = self.turns.iter().find(|turn| turn.number == number).cloned();
        let turn = turn.ok_or_else(|| format!("turn {number} is none of those that led here"))?;
        self.sitting.go_to(turn.from);
        self.sitting.fork(&format!("Again from turn {number}"))?;
        // The branch begins with what was set for its first day, and before the orders of the turn nobody had set it.
        let of_turn = self.given.iter().filter(|given| given.order.turn == number);
        let set = of_turn.filter(|given| self.log().iter().any(|c| (c.day, c.lever) == (turn.from, given.order.lever)));
        let mut set: Vec<(Lever, f64)> = set.map(|given| (given.order.lever, given.before)).collect();
        // The administration first: where nobody holds the pressure, that follows from it.
        set.sort_by_key(|(lever, _)| *lever != Lever::Administration);
        for (lever, was) in set {
            if self.sitting.lever(lever).to_bits() == was.to_bits() {
                // Held where it would stand by itself: moved away and back, it is held no more.
                let row = lever.row();
                let away = if was.to_bits() == row.low.to_bits() { row.high } else { row.low };
                self.sitting.set_lever(lever, away)?;
            }
            self.sitting.set_lever(lever, was)?;
        }
        self.turns.retain(|known| known.number < number);
        let given = std::mem::take(&mut self.given);
        let (kept, undone): (Vec<Given>, Vec<Given>) = given.into_iter().partition(|given| given.order.turn < number);
        self.given = kept;
        self.undone.extend(undone);
        self.read();
        Ok(())
    }

    /// Whether there is room for another branch.
    #[must_use]
    pub fn can_branch(&self) -> bool {
        self.sitting.branches().len() < MOST_BRANCHES
    }

    /// An event in words.
    #[must_use]
    pub fn sentence(&self, event: &Event) -> String {
        say::sentence(self.rules(), event)
    }

    /// The session file: what `detente replay` replays, with its turns and the seat of every order beside it.
    #[must_use]
    pub fn session(&self) -> String {
        #[derive(Serialize)]
        struct Signed {
            #[serde(flatten)]
            saved: Saved,
            #[serde(flatten)]
            authors: Authors,
        }
        let start = self.rules().frame.start;
        let line = |given: &Given| OrderLine {
            branch: given.branch,
            turn: given.order.turn,
            seat: given.order.seat.clone(),
            day: given.day,
            lever: given.order.lever.id().to_owned(),
            value: stated(given.order.lever, given.order.value, start),
            before: stated(given.order.lever, given.before, start),
            moved: given.moved,
            package: given.order.package,
        };
        let mut orders: Vec<OrderLine> = self.undone.iter().chain(&self.given).map(line).collect();
        orders.sort_by_key(|line| line.turn);
        let turns = self.turns.iter().map(|turn| TurnLine {
            turn: turn.number,
            from: turn.from,
            days: turn.days,
            digest: turn.digest.clone(),
        });
        let authors = Authors { turns: turns.collect(), orders };
        // Plain data: it can be written.
        serde_json::to_string_pretty(&Signed { saved: Saved::of(&self.sitting), authors }).unwrap_or_default() + "\n"
    }
}

/// The people and powers of a lever's owner, for whoever asks for one that is not theirs.
#[must_use]
pub fn whose(seats: &Seats, lever: Lever) -> String {
    seats.holder(lever).map_or_else(|| "no seat of this room".to_owned(), |seat| seats.all()[seat].name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(turn: u32, seat: &str, lever: Lever, value: f64, number: i64) -> Order {
        Order { turn, seat: seat.to_owned(), lever, value, number, player: None, package: false }
    }

    fn world() -> World {
        World::new(Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 4)).unwrap()
    }

    #[test]
    fn of_two_orders_the_last_stands_and_arrival_orders_nothing() {
        let a = order(1, "ISR", Lever::IsraelBlowRate, 0.0, 1);
        let b = order(1, "IRN", Lever::IranBlowRate, 0.5, 2);
        let again = order(1, "ISR", Lever::IsraelBlowRate, 2.0, 3);
        let host = order(1, HOST, Lever::IranBlowRate, 0.0, 0);
        let late = order(2, "IRN", Lever::IranBlowRate, 3.0, 4);
        let all = [host.clone(), a.clone(), b.clone(), again.clone(), late];
        assert_eq!(settled(&all, 1), [again.clone(), host.clone()]);
        // However they come, they act alike.
        let (mut one, mut other) = (world(), world());
        let mut backwards = all.clone();
        backwards.reverse();
        assert_eq!(one.play(1, &all, 20).unwrap(), other.play(1, &backwards, 20).unwrap());
        assert_eq!((one.digest(), one.given.clone()), (other.digest(), other.given));
    }

    #[test]
    fn a_session_replays_to_the_digest_and_names_who_ordered() {
        let mut w = world();
        w.play(
            1,
            &[order(1, "LBN", Lever::UnifilTroops, 15_000.0, 1), order(1, "IRN", Lever::IranBlowRate, 1.0, 2)],
            14,
        )
        .unwrap();
        w.play(2, &[order(2, "LBN", Lever::UnifilTroops, 5_000.0, 3)], 21).unwrap();
        let text = w.session();
        let saved = Saved::from_text(&text).unwrap();
        assert_eq!(saved.branches[0].digest, w.digest());
        let again = saved.open().unwrap();
        assert_eq!(again.branch().history.digest().whole, w.digest());
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let seats: Vec<&str> = json["orders"].as_array().unwrap().iter().map(|o| o["seat"].as_str().unwrap()).collect();
        assert_eq!(seats, ["IRN", "LBN", "LBN"]);
        assert_eq!(json["orders"][0]["moved"], false, "an order of what stands already moves nothing");
        assert_eq!(json["orders"][1]["moved"], true);
    }

    /// A room that goes on from a session knows whose the orders were, plays its turns again, and numbers on.
    #[test]
    fn a_session_that_is_taken_up_again_keeps_its_turns_and_whose_its_orders_were() {
        let mut w = world();
        w.play(1, &[order(1, "LBN", Lever::UnifilTroops, 15_000.0, 1)], 10).unwrap();
        w.play(2, &[order(2, "ISR", Lever::IsraelBlowRate, 0.0, 2)], 20).unwrap();
        w.rewind(2).unwrap();
        let bound = Order { package: true, ..order(3, "IRN", Lever::IranBlowRate, 0.0, 3) };
        w.play(3, &[bound, order(3, "USA", Lever::UnscPosture, 1.0, 4)], 15).unwrap();
        let text = w.session();
        let again = || {
            let authors = Authors::of_session(&text).unwrap();
            World::resumed(Saved::from_text(&text).unwrap().open().unwrap(), &authors)
        };
        let mut other = again().unwrap();
        assert_eq!((other.session(), other.next(), other.turns.len()), (text.clone(), 4, 2));
        let whose: Vec<(&str, bool)> = other.given.iter().map(|g| (g.order.seat.as_str(), g.order.package)).collect();
        assert_eq!(whose, [("LBN", false), ("IRN", true), ("USA", false)]);
        // Both go back and on alike, over the place at which the one was taken up.
        for w in [&mut w, &mut other] {
            w.rewind(3).unwrap();
            w.play(4, &[order(4, "ISR", Lever::IsraelBlowRate, 2.0, 5)], 12).unwrap();
        }
        assert_eq!((w.digest(), w.log()), (other.digest(), other.log()));
        assert_eq!(w.session(), other.session());
        // What does not fit is said, with a way out, and a session of the window has no authors.
        for (good, bad) in [
            ("\"from\": 10", "\"from\": 9999"),
            ("unifil.troops\",\n      \"value\": 15000", "unifil.troops\",\n      \"value\": -1"),
        ] {
            let wrong = text.replace(good, bad);
            assert_ne!(wrong, text, "{good}");
            let sitting = Saved::from_text(&text).unwrap().open().unwrap();
            let said = World::resumed(sitting, &Authors::of_session(&wrong).unwrap()).err().unwrap();
            assert!(said.contains("take `turns` and `orders` out of it"), "{said}");
        }
        assert!(Authors::of_session("{\"orders\": 3}").unwrap_err().contains("out of it"));
        assert_eq!(Authors::of_session(&Saved::of(w.sitting()).to_text()).unwrap(), Authors::default());
    }

    /// Played again with the same orders, a turn is the same; with others it parts, and both branches replay.
    #[test]
    fn a_turn_played_again_is_the_same_and_one_with_other_orders_is_a_branch() {
        let mut w = world();
        let one = [order(1, "LBN", Lever::UnifilTroops, 15_000.0, 1)];
        w.play(1, &one, 10).unwrap();
        let two = |turn, value, number| [order(turn, "ISR", Lever::IsraelBlowRate, value, number)];
        w.play(2, &two(2, 0.0, 2), 30).unwrap();
        let (first, log) = (w.digest(), w.log().to_vec());
        w.rewind(2).unwrap();
        assert_eq!((w.today(), w.turns.len(), w.given.len(), w.log().len()), (10, 1, 1, 1));
        w.play(3, &two(3, 0.0, 3), 30).unwrap();
        assert_eq!((w.digest(), w.log()), (first.clone(), &log[..]));
        w.rewind(3).unwrap();
        w.play(4, &two(4, 3.0, 4), 30).unwrap();
        assert_ne!(w.digest(), first);
        assert!(w.rewind(2).unwrap_err().contains("none of those that led here"));
        w.rewind(1).unwrap();
        assert_eq!((w.today(), w.log().len()), (0, 0));
        let again = Saved::from_text(&w.session()).unwrap().open().unwrap();
        assert_eq!(again.branches().len(), 4);
    }

    /// What a session cannot state exactly is refused, or becomes what it states: one order must not make it unreplayable.
    #[test]
    fn every_order_that_is_taken_replays() {
        let numbers =
            [10.5, -5.0, -1000.0, 1e300, -1e9, -2e9, -0.0, 0.0, 1.0 - 1.1e-16, 1.0 + 2.2e-16, 1.0, 2.0, 45.0, 1e-300];
        let mut taken = 0;
        for &lever in Lever::ALL {
            let mut w = world();
            for (turn, number) in (1..).zip(numbers) {
                let Ok(value) = w.value(lever, &number.into()) else { continue };
                w.play(turn, &[order(turn, "USA", lever, value, 1)], 1).unwrap();
                taken += 1;
            }
            let again = Saved::from_text(&w.session()).unwrap().open();
            assert_eq!(again.map(|s| s.branch().history.digest().whole), Ok(w.digest()), "{}", lever.id());
        }
        assert!(taken > 100, "{taken}");
        let w = world();
        let date = |number: f64| w.value(Lever::CoalitionExitDate, &number.into()).map(f64::to_bits);
        for wrong in [10.5, -5.0, -1000.0, 1e300] {
            assert!(date(wrong).unwrap_err().contains("takes a word, or a date"), "{wrong}");
        }
        assert_eq!((date(-0.0), date(45.0)), (Ok(0), Ok(45.0_f64.to_bits())));
        let choice = |number: f64| w.value(Lever::IsraelTargetSet, &number.into()).map(f64::to_bits);
        assert_eq!((choice(-0.0), choice(1.0)), (Ok(0), Ok(1.0_f64.to_bits())));
        assert!(choice(1.0 - 1.1e-16).is_err());
    }

    #[test]
    fn a_package_is_all_of_it_or_nothing_also_against_the_facilitator() {
        let bound = |seat, lever, value| Order { package: true, ..order(1, seat, lever, value, 5) };
        let all = [
            order(1, HOST, Lever::IranBlowRate, 3.0, 9),
            order(1, HOST, Lever::UnifilTroops, 0.0, 1),
            order(1, "ISR", Lever::IsraelBlowRate, 2.0, 8),
            bound("IRN", Lever::IranBlowRate, 0.0),
            bound("ISR", Lever::IsraelBlowRate, 0.0),
        ];
        let stand: Vec<(String, f64)> = settled(&all, 1).into_iter().map(|o| (o.seat, o.value)).collect();
        assert_eq!(stand, [("IRN".to_owned(), 0.0), ("ISR".to_owned(), 0.0), (HOST.to_owned(), 0.0)]);
    }

    /// Day 75 is that of the change of administration, when the scenario itself moves a lever, and the pressure follows from it.
    #[test]
    fn a_turn_played_again_holds_no_lever_that_nobody_held() {
        let mut plain = world();
        let inauguration = plain.rules().frame.administration.unwrap();
        plain.play(1, &[], inauguration).unwrap();
        let (levers, mut w) = (plain.sitting().levers(), world());
        w.play(1, &[], inauguration).unwrap();
        let stands = levers[Lever::SanctionsPressure];
        let orders = [
            order(2, "USA", Lever::Administration, 0.0, 1),
            order(2, "USA", Lever::SanctionsPressure, stands, 2),
            order(2, "LBN", Lever::UnifilTroops, 15_000.0, 3),
        ];
        w.play(2, &orders, 30).unwrap();
        w.rewind(2).unwrap();
        assert!(w.log().is_empty(), "{:?}", w.log());
        assert_eq!(w.sitting().levers(), levers);
        for w in [&mut w, &mut plain] {
            w.play(3, &[], 30).unwrap();
        }
        assert_eq!(w.digest(), plain.digest());
        // Whose the undone orders were is still told, and on which branch they acted.
        let json: serde_json::Value = serde_json::from_str(&w.session()).unwrap();
        let told: Vec<_> =
            json["orders"].as_array().unwrap().iter().map(|o| (o["branch"].as_u64(), o["turn"].as_u64())).collect();
        assert_eq!(told, [(Some(0), Some(2)); 3]);
        assert_eq!(json["branches"][1]["id"], 1);
        assert!(w.given.is_empty());
    }
}
