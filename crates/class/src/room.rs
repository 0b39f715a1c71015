//! The room: a fold of its journal. [`Room::decide`] says what a wish comes to and changes nothing; [`Room::apply`] does what an
//! entry says. Neither knows of networks, clocks or disks, so that a room that was killed is the room again.

use crate::entry::{Entry, Term, nameless};
use crate::fog::{self, Known};
use crate::predict::{QUESTIONS, Question, brier};
use crate::refused::{Refused, full, host_only, no_token};
use crate::seats::Seats;
use crate::world::{HOST, Order, World, whose};
use detente_model::sim::event::Event;
use detente_model::symbols::levers::Lever;
use detente_session::names::{clean_name, quoted};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most people of a room.
pub const MOST_PLAYERS: usize = 300;
/// Most people on a seat.
pub const MOST_MEMBERS: usize = 12;
/// Most orders of a person in a turn: one member does not use up what the others have.
const MOST_ORDERS: usize = 500;
/// Most messages of a person in a turn.
const MOST_MESSAGES: usize = 100;
/// Most packages that a seat drafts or rewrites in a turn.
const MOST_DRAFTS: usize = 20;
/// Most predictions of a person in a turn, changes of mind among them.
const MOST_PREDICTIONS: usize = 100;
/// Most levers in a package.
const MOST_TERMS: usize = 20;
/// Longest message, characters.
const LONGEST_MESSAGE: usize = 500;
/// Longest time on the clock, minutes.
const LONGEST_CLOCK: u32 = 24 * 60;
/// Longest turn, days.
pub const LONGEST_TURN: i32 = 180;
/// Everybody, in a message.
const ALL: &str = "ALL";

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The facilitator.
    Host,
    /// A person, by position.
    Player(usize),
}

/// What somebody wants done.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// To come in. The token was drawn before; its digest stands here.
    Join {
        /// Digest of the token.
        token: String,
        /// Nickname as typed.
        name: String,
    },
    /// To take a seat.
    Sit {
        /// Seat.
        seat: String,
    },
    /// To give a person another seat, or none.
    Assign {
        /// Person.
        player: usize,
        /// Seat.
        seat: Option<String>,
    },
    /// To show a person out.
    Remove {
        /// Person.
        player: usize,
    },
    /// To have a nickname removed.
    Forget {
        /// Whose; none for all that there ever were in the room.
        player: Option<usize>,
    },
    /// To order.
    Order {
        /// Lever.
        lever: String,
        /// Value.
        value: serde_json::Value,
        /// The turn that is meant, where whoever asks says so.
        turn: Option<u32>,
    },
    /// To write.
    Say {
        /// To whom.
        to: String,
        /// What.
        text: String,
    },
    /// To draft a package.
    Propose {
        /// Title.
        title: String,
        /// Levers and values.
        terms: Vec<(String, serde_json::Value)>,
    },
    /// To write a package anew.
    Amend {
        /// Package, by the number under which whoever asks knows it.
        proposal: u32,
        /// Levers and values.
        terms: Vec<(String, serde_json::Value)>,
    },
    /// To sign a package.
    Sign {
        /// Package, by the number under which whoever asks knows it.
        proposal: u32,
        /// The seat in whose name the facilitator does.
        seat: Option<String>,
    },
    /// To say no to a package, or to take it back.
    Drop {
        /// Package, by the number under which whoever asks knows it.
        proposal: u32,
        /// The seat in whose name the facilitator does.
        seat: Option<String>,
    },
    /// To predict.
    Predict {
        /// Question.
        question: String,
        /// Chance, per cent.
        percent: u8,
    },
    /// To close the turn and play it.
    Turn {
        /// Days.
        days: i32,
        /// The turn that is meant, where whoever asks may ask twice.
        turn: Option<u32>,
    },
    /// To go back to the morning of a turn.
    Rewind {
        /// Turn.
        turn: u32,
    },
    /// To set the clock.
    Clock {
        /// Seconds since 1970: the room has no clock of its own.
        now: i64,
        /// What is done to it.
        set: Set,
    },
    /// To close or open the door.
    Lock {
        /// Closed.
        locked: bool,
    },
    /// To lay the debrief open.
    Reveal,
}

/// What is done to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// It runs from here, minutes.
    Run(u32),
    /// So many minutes more.
    Extend(u32),
    /// It is held.
    Hold,
    /// It runs on.
    GoOn,
    /// Nothing presses.
    Stop,
}

/// A prediction.
#[derive(Clone, Debug, PartialEq)]
struct Predicted {
    turn: u32,
    question: &'static str,
    percent: u8,
    came: Option<bool>,
    /// Seat on which whoever predicted sat.
    seat: Option<usize>,
}

/// What is counted against whoever does it, until the turn is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    Order,
    Say,
    Draft,
    Predict,
}

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub struct Player {
    /// Nickname.
    pub name: String,
    /// Seat, by position.
    pub seat: Option<usize>,
    /// Digest of the token; empty once shown out.
    token: String,
    predicted: Vec<Predicted>,
}

/// What came down to a screen: one line of its stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Number in its stream, from 1 without gaps: a gap would say that others have heard something.
    pub id: u64,
    /// What it is: `turn`, `news`, `message`, `proposal`, `clock`, `debrief`.
    pub kind: &'static str,
    /// Turn in which it came.
    pub turn: u32,
    /// Day that it is of.
    pub day: i32,
    /// Date of that day.
    pub date: String,
    /// Words.
    pub text: String,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// To whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Which person of the seat: for the facilitator alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The same by position.
    #[serde(skip)]
    pub player: Option<usize>,
}

/// Where a package stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Stand {
    Open,
    Binding,
    Dropped,
}

/// A package on the table.
#[derive(Clone, Debug, PartialEq)]
struct Proposal {
    by: String,
    title: String,
    terms: Vec<(Lever, f64)>,
    parties: BTreeSet<String>,
    /// Parties that have signed, and which person of each did; none where the facilitator did.
    signed: BTreeMap<String, Option<usize>>,
    stand: Stand,
    turn: u32,
}

/// Whose stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// A seat's.
    Seat(usize),
    /// What everybody may see.
    Wall,
    /// The facilitator's.
    Host,
}

/// The room.
pub struct Room {
    /// Seats.
    pub seats: Seats,
    /// The world.
    pub world: World,
    players: Vec<Player>,
    tokens: BTreeMap<String, usize>,
    turn: u32,
    orders: Vec<Order>,
    bound: BTreeMap<Lever, u32>,
    streams: Vec<Vec<Arc<Item>>>,
    proposals: Vec<Proposal>,
    /// Packages of which each seat has heard, in the order in which it did: it knows them by their places here, for a number that
    /// all share would tell how much others negotiate.
    heard_of: BTreeMap<String, Vec<usize>>,
    spent: BTreeMap<(Doing, String, Option<usize>), usize>,
    /// Orders that each seat has given so far.
    counted: BTreeMap<String, u64>,
    /// Counts what somebody who listens may have heard.
    heard: u64,
    clock: Option<i64>,
    /// Seconds that are left while the clock is held.
    left: Option<i64>,
    locked: bool,
    revealed: bool,
    /// Counts nicknames that were removed.
    forgotten: u64,
    /// Who knows each series, in which part of a page it stands, and its words.
    series: Vec<(Known, fog::Part, String)>,
}

/// A number as a page shows it: four digits that mean something.
fn short(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

/// The same of what everybody sees, and what one seat's lever alone makes: with four digits it could be read off it.
fn rough(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

fn no_player() -> Refused {
    Refused::new(404, "no_player", "There is nobody of that number in the room.")
}

/// Public series that are a function of one seat's lever.
const OF_ONE_LEVER: [&str; 3] = ["aid", "oil", "withdrawal"];

impl Room {
    /// A room in which nobody has done anything yet.
    #[must_use]
    pub fn new(seats: Seats, world: World) -> Self {
        let series = world
            .names()
            .map(|(name, _)| {
                let (known, part, words) = fog::series(&seats, name);
                (known, part, titled(&world, name, words))
            })
            .collect();
        let streams = vec![Vec::new(); seats.all().len() + 2];
        Self {
            seats,
            world,
            players: Vec::new(),
            tokens: BTreeMap::new(),
            turn: 1,
            orders: Vec::new(),
            bound: BTreeMap::new(),
            streams,
            proposals: Vec::new(),
            heard_of: BTreeMap::new(),
            spent: BTreeMap::new(),
            counted: BTreeMap::new(),
            heard: 0,
            clock: None,
            left: None,
            locked: false,
            revealed: false,
            forgotten: 0,
            series,
        }
    }

    /// The person whose token has this digest.
    #[must_use]
    pub fn player(&self, token: &str) -> Option<usize> {
        self.tokens.get(token).copied()
    }

    /// The turn that takes orders.
    #[must_use]
    pub fn turn(&self) -> u32 {
        self.turn
    }

    /// Counts what somebody who listens may have heard: the same number means that nobody has heard anything.
    #[must_use]
    pub fn heard(&self) -> u64 {
        self.heard
    }

    /// How many orders a seat has given so far.
    #[must_use]
    pub fn orders_of(&self, seat: &str) -> u64 {
        self.counted.get(seat).copied().unwrap_or(0)
    }

    /// Whether the debrief is open to everybody.
    #[must_use]
    pub fn revealed(&self) -> bool {
        self.revealed
    }

    /// The seat of whoever asks.
    #[must_use]
    pub fn seat_of(&self, who: Who) -> Option<usize> {
        match who {
            Who::Host => None,
            Who::Player(player) => self.players.get(player)?.seat,
        }
    }

    /// The stream of whoever asks: that of the seat, or without one what everybody may see.
    #[must_use]
    pub fn stream_of(&self, who: Who) -> Stream {
        match who {
            Who::Host => Stream::Host,
            Who::Player(_) => self.seat_of(who).map_or(Stream::Wall, Stream::Seat),
        }
    }

    fn stream(&self, stream: Stream) -> &[Arc<Item>] {
        &self.streams[self.place(stream)]
    }

    fn place(&self, stream: Stream) -> usize {
        let seats = self.seats.all().len();
        match stream {
            Stream::Seat(seat) => seat.min(seats.saturating_sub(1)),
            Stream::Wall => seats,
            Stream::Host => seats + 1,
        }
    }

    /// How many items a stream holds.
    #[must_use]
    pub fn length(&self, stream: Stream) -> u64 {
        self.stream(stream).len() as u64
    }

    /// What came down a stream after its item `after`, at most `most` of it.
    #[must_use]
    pub fn after(&self, stream: Stream, after: u64, most: usize) -> Vec<Arc<Item>> {
        let all = self.stream(stream);
        let from = usize::try_from(after).unwrap_or(usize::MAX).min(all.len());
        all[from..].iter().take(most).cloned().collect()
    }

    /// The seat id under which somebody acts, for what needs a seat.
    fn acting(&self, who: Who) -> Result<String, Refused> {
        match (who, self.seat_of(who)) {
            (Who::Host, _) => Ok(HOST.to_owned()),
            (_, Some(seat)) => Ok(self.seats.all()[seat].id.clone()),
            _ => Err(Refused::new(409, "no_seat", "Take a seat first, with POST /api/seat.")),
        }
    }

    fn lever(id: &str) -> Result<Lever, Refused> {
        Lever::from_id(id).ok_or_else(|| {
            let id = quoted(id, 40);
            Refused::new(422, "unknown_lever", format!("There is no lever `{id}`; your levers stand in GET /api/view."))
        })
    }

    fn terms(&self, terms: &[(String, serde_json::Value)]) -> Result<Vec<Term>, Refused> {
        if terms.is_empty() || terms.len() > MOST_TERMS {
            return Err(Refused::new(422, "bad_terms", format!("A package holds 1 to {MOST_TERMS} levers.")));
        }
        let mut known = BTreeSet::new();
        let mut all = Vec::new();
        for (id, value) in terms {
            let lever = Self::lever(id)?;
            if self.seats.holder(lever).is_none() {
                return Err(Refused::new(422, "nobodys_lever", format!("No seat of this room holds {id}.")));
            }
            if !known.insert(lever) {
                return Err(Refused::new(422, "bad_terms", format!("The package names {id} twice.")));
            }
            let value = self.world.value(lever, value).map_err(|why| Refused::new(422, "bad_value", why))?;
            all.push(Term { lever: lever.id().to_owned(), value });
        }
        Ok(all)
    }

    /// The person who acts, none for the facilitator.
    fn person(who: Who) -> Option<usize> {
        match who {
            Who::Host => None,
            Who::Player(player) => Some(player),
        }
    }

    /// Refuses what somebody has done as often in this turn as there is room for.
    fn room_for(&self, doing: Doing, seat: &str, player: Option<usize>, most: usize) -> Result<(), Refused> {
        let done = self.spent.get(&(doing, seat.to_owned(), player)).copied().unwrap_or(0);
        if done < most {
            return Ok(());
        }
        let what = match doing {
            Doing::Order => "orders of one person",
            Doing::Say => "messages of one person",
            Doing::Draft => "packages drafted or rewritten by one delegation",
            Doing::Predict => "predictions of one person",
        };
        Err(full(format!("That is {most} {what} in this turn; go on in the next one.")))
    }

    fn spend(&mut self, doing: Doing, seat: &str, player: Option<usize>) {
        *self.spent.entry((doing, seat.to_owned(), player)).or_default() += 1;
    }

    /// A package on which a seat has a say: the seat, the package's place, and the package. The facilitator has one in the name of
    /// a seat, for those who are not there.
    fn party(&self, who: Who, in_name_of: Option<&str>, proposal: u32) -> Result<(String, u32, &Proposal), Refused> {
        let gone = || Refused::new(404, "no_proposal", "There is no such package among yours.");
        let asked = (proposal as usize).wrapping_sub(1);
        let (seat, place) = match (who, in_name_of) {
            (Who::Host, Some(seat)) => (self.seats.all()[self.named(seat)?].id.clone(), asked),
            (Who::Host, None) => {
                let why = "Packages are between seats; say in whose name you act, with \"as\": \"IRN\" for instance.";
                return Err(Refused::new(422, "in_whose_name", why));
            }
            (_, Some(_)) => return Err(host_only()),
            (_, None) => {
                let seat = self.acting(who)?;
                let place = self.heard_of.get(&seat).and_then(|all| all.get(asked)).copied().ok_or_else(gone)?;
                (seat, place)
            }
        };
        let known = self.proposals.get(place).ok_or_else(gone)?;
        // To whoever is no party it is not there.
        if !known.parties.contains(&seat) {
            return Err(gone());
        }
        if known.stand != Stand::Open {
            return Err(Refused::new(409, "not_open", "This package is signed or off the table; draft another."));
        }
        Ok((seat, place as u32 + 1, known))
    }

    /// Whether a lever is one that a seat holds.
    fn holds(&self, seat: &str, lever: Lever) -> bool {
        self.seats.holder(lever).is_some_and(|place| self.seats.all()[place].id == seat)
    }

    /// What a wish comes to: entries for the journal, or a refusal. Changes nothing.
    ///
    /// # Errors
    /// A refusal in words.
    pub fn decide(&self, who: Option<Who>, wish: &Wish) -> Result<Vec<Entry>, Refused> {
        if let Wish::Join { token, name } = wish {
            return self.join(token, name);
        }
        let who = who.ok_or_else(no_token)?;
        // Whoever was shown out while the wish waited asks no more.
        if let Who::Player(player) = who
            && self.players.get(player).is_none_or(|p| p.token.is_empty())
        {
            return Err(no_token());
        }
        let player = Self::person(who);
        let host = || if who == Who::Host { Ok(()) } else { Err(host_only()) };
        let one = |entry| Ok(vec![entry]);
        match wish {
            Wish::Join { .. } => Ok(Vec::new()),
            Wish::Sit { seat } => self.sit(who, seat),
            Wish::Assign { player, seat } => {
                host()?;
                self.known(*player)?;
                if let Some(seat) = seat {
                    self.named(seat)?;
                }
                one(Entry::Seated { player: *player, seat: seat.clone() })
            }
            Wish::Remove { player } => {
                host()?;
                self.known(*player)?;
                one(Entry::Removed { player: *player })
            }
            Wish::Forget { player: whose } => self.forget(who, *whose),
            Wish::Order { lever, value, turn } => {
                self.open(*turn)?;
                self.order(who, lever, value)
            }
            Wish::Say { to, text } => self.say(who, to, text),
            Wish::Propose { title, terms } => {
                let by = self.acting(who)?;
                if who == Who::Host {
                    return Err(Refused::new(
                        403,
                        "seats_only",
                        "Packages are between seats; the facilitator has none.",
                    ));
                }
                self.room_for(Doing::Draft, &by, None, MOST_DRAFTS)?;
                one(Entry::Proposed { by, title: clean_name(title), terms: self.terms(terms)?, player })
            }
            Wish::Amend { proposal, terms } => {
                let (by, proposal, _) = self.party(who, None, *proposal)?;
                self.room_for(Doing::Draft, &by, None, MOST_DRAFTS)?;
                one(Entry::Amended { proposal, by, terms: self.terms(terms)?, player })
            }
            Wish::Sign { proposal, seat } => {
                let (by, proposal, known) = self.party(who, seat.as_deref(), *proposal)?;
                if known.signed.contains_key(&by) {
                    return Ok(Vec::new());
                }
                // Of its own levers alone: whether another party is bound elsewhere is that party's affair.
                let bound = known.terms.iter().find(|(l, _)| self.bound.contains_key(l) && self.holds(&by, *l));
                if let Some((lever, _)) = bound {
                    let why = format!("{} is bound by another package in this turn; sign in the next one.", lever.id());
                    return Err(Refused::new(409, "bound", why));
                }
                one(Entry::Signed { proposal, by, turn: self.turn, player })
            }
            Wish::Drop { proposal, seat } => {
                let (by, proposal, _) = self.party(who, seat.as_deref(), *proposal)?;
                one(Entry::Dropped { proposal, by, player })
            }
            Wish::Predict { question, percent } => {
                let Some(player) = player else {
                    return Err(Refused::new(403, "players_only", "The facilitator predicts nothing here."));
                };
                let unknown = || Refused::new(422, "unknown_question", "The questions stand in GET /api/view.");
                let question = Question::find(question).ok_or_else(unknown)?;
                if *percent > 100 {
                    return Err(Refused::new(422, "bad_value", "A chance is 0 to 100 per cent."));
                }
                let stands = |p: &Predicted| (p.turn, p.question, p.percent) == (self.turn, question.id, *percent);
                if self.players[player].predicted.iter().any(stands) {
                    return Ok(Vec::new());
                }
                self.room_for(Doing::Predict, "", Some(player), MOST_PREDICTIONS)?;
                one(Entry::Predicted { player, turn: self.turn, question: question.id.to_owned(), percent: *percent })
            }
            Wish::Turn { days, turn } => {
                host()?;
                self.open(*turn)?;
                let most = LONGEST_TURN.min(self.world.left());
                if !(1..=most).contains(days) {
                    return Err(Refused::new(422, "bad_days", format!("A turn has 1 to {most} days here.")));
                }
                one(Entry::Turned { turn: self.turn, days: *days })
            }
            Wish::Rewind { turn } => {
                host()?;
                if !self.world.turns.iter().any(|known| known.number == *turn) {
                    let why = "Only a turn that led to where the world stands can be played again.";
                    return Err(Refused::new(404, "no_turn", why));
                }
                if !self.world.can_branch() {
                    return Err(full(
                        "This room has no room for another branch; save its session and go on from that one.",
                    ));
                }
                one(Entry::Rewound { turn: *turn })
            }
            Wish::Clock { now, set } => {
                host()?;
                self.clocked(*now, *set)
            }
            Wish::Lock { locked } => {
                host()?;
                if *locked == self.locked { Ok(Vec::new()) } else { one(Entry::Locked { locked: *locked }) }
            }
            Wish::Reveal => {
                host()?;
                if self.revealed { Ok(Vec::new()) } else { one(Entry::Revealed) }
            }
        }
    }

    /// What the clock shows after it was set.
    fn clocked(&self, now: i64, set: Set) -> Result<Vec<Entry>, Refused> {
        let seconds = |minutes: u32| 60 * i64::from(minutes.min(LONGEST_CLOCK));
        let stands = || Refused::new(409, "no_clock", "The clock does not run; start it with \"minutes\".");
        let left = self.left.or_else(|| Some((self.clock? - now).max(0)));
        let (until, left) = match set {
            Set::Run(minutes) => (Some(now + seconds(minutes)), None),
            Set::Stop => (None, None),
            Set::Hold => (None, Some(left.ok_or_else(stands)?)),
            Set::GoOn => (Some(now + left.ok_or_else(stands)?), None),
            // What is held stays held.
            Set::Extend(minutes) => {
                let left = (left.ok_or_else(stands)? + seconds(minutes)).min(seconds(LONGEST_CLOCK));
                if self.left.is_some() { (None, Some(left)) } else { (Some(now + left), None) }
            }
        };
        Ok(vec![Entry::Clock { until, left }])
    }

    /// Refuses what was meant for another turn than the one that is open.
    fn open(&self, turn: Option<u32>) -> Result<(), Refused> {
        if turn.is_none_or(|turn| turn == self.turn) {
            return Ok(());
        }
        Err(Refused::new(409, "another_turn", format!("Turn {} is the one that is open now.", self.turn)))
    }

    fn known(&self, player: usize) -> Result<&Player, Refused> {
        self.players.get(player).filter(|p| !p.token.is_empty()).ok_or_else(no_player)
    }

    fn named(&self, seat: &str) -> Result<usize, Refused> {
        let unknown = || {
            let seat = quoted(seat, 20);
            Refused::new(404, "no_seat_of_that_name", format!("There is no seat `{seat}`; see GET /api/seats."))
        };
        self.seats.position(seat).ok_or_else(unknown)
    }

    /// Removes nicknames: anybody's own, and for the facilitator everybody's, of those who were shown out among them.
    fn forget(&self, who: Who, whose: Option<usize>) -> Result<Vec<Entry>, Refused> {
        if who != Who::Host && whose != Self::person(who) {
            return Err(host_only());
        }
        if whose.is_some_and(|player| player >= self.players.len()) {
            return Err(no_player());
        }
        let named = |player: &usize| self.players[*player].name != nameless(*player);
        let all = (0..self.players.len()).filter(|player| whose.is_none_or(|one| one == *player));
        Ok(all.filter(named).map(|player| Entry::Forgotten { player }).collect())
    }

    fn join(&self, token: &str, name: &str) -> Result<Vec<Entry>, Refused> {
        if self.locked {
            return Err(Refused::new(403, "locked", "The door is closed; ask the facilitator to open it."));
        }
        let mut entries = Vec::new();
        if self.tokens.len() >= MOST_PLAYERS {
            // Whoever came first and never sat down makes room: a flood at the door takes no seat from anybody.
            let idle = self.players.iter().position(|p| !p.token.is_empty() && p.seat.is_none());
            let no_room = || full("The room is full; ask the facilitator to show somebody out.");
            entries.push(Entry::Removed { player: idle.ok_or_else(no_room)? });
        }
        entries.push(Entry::Joined { token: token.to_owned(), name: clean_name(name) });
        Ok(entries)
    }

    fn sit(&self, who: Who, seat: &str) -> Result<Vec<Entry>, Refused> {
        let Who::Player(player) = who else {
            return Err(Refused::new(403, "players_only", "The facilitator sits on no seat; join as somebody else."));
        };
        let wanted = self.named(seat)?;
        match self.players[player].seat {
            Some(now) if now == wanted => return Ok(Vec::new()),
            // Who has seen one side's papers does not go over to the other.
            Some(_) => {
                let why = "You have a seat, and know what it knows; only the facilitator gives you another.";
                return Err(Refused::new(409, "seated", why));
            }
            None => {}
        }
        if self.members(wanted).count() >= MOST_MEMBERS {
            let why = format!("This delegation has {MOST_MEMBERS} members already; take another seat.");
            return Err(Refused::new(409, "seat_full", why));
        }
        Ok(vec![Entry::Seated { player, seat: Some(seat.to_owned()) }])
    }

    fn members(&self, seat: usize) -> impl Iterator<Item = &Player> {
        self.players.iter().filter(move |p| p.seat == Some(seat) && !p.token.is_empty())
    }

    fn order(&self, who: Who, lever: &str, value: &serde_json::Value) -> Result<Vec<Entry>, Refused> {
        let seat = self.acting(who)?;
        let lever = Self::lever(lever)?;
        if let Some(place) = self.seat_of(who)
            && !self.seats.all()[place].holds(lever)
        {
            let why = format!("{} belongs to {}; propose it to them.", lever.id(), whose(&self.seats, lever));
            return Err(Refused::new(403, "not_your_lever", why));
        }
        if self.bound.contains_key(&lever) {
            let whose = if who == Who::Host { "all its parties" } else { "your delegation" };
            let why =
                format!("{} is bound in this turn by a package that {whose} signed; order it in the next.", lever.id());
            return Err(Refused::new(409, "bound", why));
        }
        let player = Self::person(who);
        self.room_for(Doing::Order, &seat, player, MOST_ORDERS)?;
        let value = self.world.value(lever, value).map_err(|why| Refused::new(422, "bad_value", why))?;
        Ok(vec![Entry::Ordered { turn: self.turn, seat, lever: lever.id().to_owned(), value, player }])
    }

    fn say(&self, who: Who, to: &str, text: &str) -> Result<Vec<Entry>, Refused> {
        let from = self.acting(who)?;
        let text = quoted(text, LONGEST_MESSAGE);
        if text.is_empty() {
            return Err(Refused::new(422, "empty", "A message has words."));
        }
        if to == ALL {
            let speaks = self.seat_of(who).is_none_or(|seat| self.seats.all()[seat].speaks);
            if !speaks {
                let why = "Only the press and the facilitator write to every screen; write to the press.";
                return Err(Refused::new(403, "not_to_all", why));
            }
        } else if to != HOST {
            self.named(to)?;
        }
        let player = Self::person(who);
        if player.is_some() {
            self.room_for(Doing::Say, &from, player, MOST_MESSAGES)?;
        }
        Ok(vec![Entry::Said { from, to: to.to_owned(), text, player }])
    }

    fn push(&mut self, streams: &[Stream], kind: &'static str, text: &str, from: Option<&str>, to: Option<&str>) {
        let (turn, day, date) = (self.turn, self.world.today(), self.world.date());
        self.push_of(
            streams,
            &Item {
                id: 0,
                kind,
                turn,
                day,
                date,
                text: text.to_owned(),
                from: from.map(str::to_owned),
                to: to.map(str::to_owned),
                who: None,
                player: None,
            },
        );
    }

    /// Puts a line into streams, under the next number of each.
    fn push_of(&mut self, streams: &[Stream], line: &Item) {
        let mut places: Vec<usize> = streams.iter().map(|&stream| self.place(stream)).collect();
        places.sort_unstable();
        places.dedup();
        let host = self.place(Stream::Host);
        for place in places {
            let id = self.streams[place].len() as u64 + 1;
            let who = line.who.clone().filter(|_| place == host);
            self.streams[place].push(Arc::new(Item { id, who, ..line.clone() }));
            self.heard += 1;
        }
    }

    fn everybody(&self) -> Vec<Stream> {
        (0..self.seats.all().len()).map(Stream::Seat).chain([Stream::Wall, Stream::Host]).collect()
    }

    /// The streams of parties, and the facilitator's.
    fn among<'a>(&self, seats: impl IntoIterator<Item = &'a String>) -> Vec<Stream> {
        let places = seats.into_iter().filter_map(|seat| self.seats.position(seat));
        places.map(Stream::Seat).chain([Stream::Host]).collect()
    }

    /// Does what an entry says. `number` is that of the entry.
    ///
    /// # Errors
    /// One sentence, where the entry is none that this room can have had: the journal was changed, or is of another version.
    pub fn apply(&mut self, number: i64, entry: &Entry) -> Result<(), String> {
        match entry {
            Entry::Joined { token, name } => {
                self.tokens.insert(token.clone(), self.players.len());
                let (name, token) = (name.clone(), token.clone());
                self.players.push(Player { name, seat: None, token, predicted: Vec::new() });
            }
            Entry::Seated { player, seat } => {
                let place =
                    seat.as_deref().map(|seat| self.seats.position(seat).ok_or(format!("there is no seat {seat}")));
                self.at(*player)?.seat = place.transpose()?;
                self.heard += 1;
            }
            Entry::Removed { player } => {
                let player = self.at(*player)?;
                player.seat = None;
                let token = std::mem::take(&mut player.token);
                self.tokens.remove(&token);
                self.heard += 1;
            }
            Entry::Forgotten { player } => {
                let name = nameless(*player);
                self.at(*player)?.name.clone_from(&name);
                for stream in &mut self.streams {
                    for item in stream.iter_mut().filter(|item| item.player == Some(*player) && item.who.is_some()) {
                        Arc::make_mut(item).who = Some(name.clone());
                    }
                }
                self.forgotten += 1;
                self.heard += 1;
            }
            Entry::Ordered { turn, seat, lever, value, player } => {
                let (lever, seat, player) = (Lever::try_from(lever.clone())?, seat.clone(), *player);
                self.spend(Doing::Order, &seat, player);
                *self.counted.entry(seat.clone()).or_default() += 1;
                self.orders.push(Order { turn: *turn, seat, lever, value: *value, number, player, package: false });
            }
            Entry::Said { from, to, text, player } => {
                self.spend(Doing::Say, from, *player);
                let streams = if to == ALL { self.everybody() } else { self.among([from, to]) };
                let line = Item {
                    id: 0,
                    kind: "message",
                    turn: self.turn,
                    day: self.world.today(),
                    date: self.world.date(),
                    text: text.clone(),
                    from: Some(from.clone()),
                    to: Some(to.clone()),
                    who: self.called(*player),
                    player: *player,
                };
                self.push_of(&streams, &line);
            }
            Entry::Proposed { by, title, terms, player: _ } => {
                let (terms, parties) = self.package(by, terms)?;
                self.spend(Doing::Draft, by, None);
                let (title, by, turn) = (title.clone(), by.clone(), self.turn);
                let streams = self.among(&parties);
                let text = format!("{by} puts “{title}” on the table.");
                let signed = BTreeMap::new();
                self.hears_of(&parties, self.proposals.len());
                self.proposals.push(Proposal { by, title, terms, parties, signed, stand: Stand::Open, turn });
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Amended { proposal, by, terms, player: _ } => {
                self.spend(Doing::Draft, by, None);
                let sponsor = self.proposal(*proposal)?.by.clone();
                let (terms, mut parties) = self.package(&sponsor, terms)?;
                parties.insert(by.clone());
                let known = self.proposal(*proposal)?;
                // Whoever was a party hears that it no longer is.
                let heard: BTreeSet<String> = known.parties.union(&parties).cloned().collect();
                (known.terms, known.parties) = (terms, parties);
                known.signed.clear();
                let text = format!("{by} has rewritten “{}”; all sign anew.", known.title);
                let streams = self.among(&heard);
                self.hears_of(&heard, *proposal as usize - 1);
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Signed { proposal, by, turn, player } => self.sign(number, *proposal, by, *turn, *player)?,
            Entry::Dropped { proposal, by, player: _ } => {
                let known = self.proposal(*proposal)?;
                known.stand = Stand::Dropped;
                let text = format!("{by} says no to “{}”; it is off the table.", known.title);
                let parties = known.parties.clone();
                let streams = self.among(&parties);
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Predicted { player, turn, question, percent } => {
                let question = Question::find(question).ok_or(format!("there is no question {question}"))?.id;
                let (turn, percent) = (*turn, *percent);
                let person = self.at(*player)?;
                person.predicted.retain(|known| (known.turn, known.question) != (turn, question));
                person.predicted.push(Predicted { turn, question, percent, came: None, seat: person.seat });
                self.spend(Doing::Predict, "", Some(*player));
            }
            Entry::Turned { turn, days } => self.play(*turn, *days)?,
            Entry::Ran { turn, digest } => {
                let known = self.world.turns.iter().find(|known| known.number == *turn);
                if known.is_none_or(|known| known.digest != *digest) {
                    return Err(format!(
                        "turn {turn} was played to another digest ({digest}): this is another version of the model; open the \
                         room with the version that made it"
                    ));
                }
            }
            Entry::Rewound { turn } => {
                self.world.rewind(*turn)?;
                // What was ordered and signed for the turn that was open was for a world that is no more, and what bound in
                // those that were undone binds nobody.
                for known in &mut self.proposals {
                    if known.stand == Stand::Binding && known.turn >= *turn {
                        known.stand = Stand::Open;
                        known.signed.clear();
                    }
                }
                for player in &mut self.players {
                    player.predicted.retain(|known| known.turn < *turn);
                }
                self.turn += 1;
                self.over();
                let text = format!("The world is back on the morning of {}, before turn {turn}.", self.world.date());
                self.push(&self.everybody(), "turn", &text, None, None);
            }
            Entry::Clock { until, left } => {
                (self.clock, self.left) = (*until, *left);
                let text = match (until, left) {
                    (Some(_), _) => "The clock runs.",
                    (None, Some(_)) => "The clock is held.",
                    (None, None) => "The clock is stopped.",
                };
                self.push(&self.everybody(), "clock", text, None, None);
            }
            Entry::Locked { locked } => self.locked = *locked,
            Entry::Revealed => {
                self.revealed = true;
                self.push(&self.everybody(), "debrief", "The debrief is open to everybody.", None, None);
            }
        }
        Ok(())
    }

    /// What ends with a turn.
    fn over(&mut self) {
        self.bound.clear();
        self.spent.clear();
        (self.clock, self.left) = (None, None);
        // The debrief was of what had been played.
        self.revealed = false;
    }

    /// A person's nickname, as the facilitator is told it.
    fn called(&self, player: Option<usize>) -> Option<String> {
        Some(self.players.get(player?)?.name.clone())
    }

    /// Gives a package a number of its own for each seat that has not heard of it.
    fn hears_of(&mut self, seats: &BTreeSet<String>, place: usize) {
        for seat in seats {
            let known = self.heard_of.entry(seat.clone()).or_default();
            if !known.contains(&place) {
                known.push(place);
            }
        }
    }

    fn at(&mut self, player: usize) -> Result<&mut Player, String> {
        self.players.get_mut(player).ok_or(format!("there is no person {player}"))
    }

    fn proposal(&mut self, proposal: u32) -> Result<&mut Proposal, String> {
        self.proposals.get_mut((proposal as usize).wrapping_sub(1)).ok_or(format!("there is no package {proposal}"))
    }

    /// Levers of a package, and its parties: whoever holds one of them, and whoever drafted it.
    fn package(&self, by: &str, terms: &[Term]) -> Result<(Vec<(Lever, f64)>, BTreeSet<String>), String> {
        let mut parties = BTreeSet::from([by.to_owned()]);
        let mut all = Vec::new();
        for term in terms {
            let lever = Lever::try_from(term.lever.clone())?;
            parties.extend(self.seats.holder(lever).map(|seat| self.seats.all()[seat].id.clone()));
            all.push((lever, term.value));
        }
        Ok((all, parties))
    }

    /// A signature. The last one makes the package everybody's orders of this turn, all of it or nothing.
    fn sign(&mut self, number: i64, proposal: u32, by: &str, turn: u32, player: Option<usize>) -> Result<(), String> {
        let known = self.proposal(proposal)?;
        known.signed.insert(by.to_owned(), player);
        let whole = known.parties.iter().all(|party| known.signed.contains_key(party));
        let (title, terms, parties) = (known.title.clone(), known.terms.clone(), known.parties.clone());
        if whole {
            known.stand = Stand::Binding;
            known.turn = turn;
        }
        let streams = self.among(&parties);
        self.push(&streams, "proposal", &format!("{by} signs “{title}”."), None, None);
        if whole {
            let mut bound = BTreeSet::new();
            for (lever, value) in terms {
                let Some(seat) = self.seats.holder(lever) else { continue };
                let seat = self.seats.all()[seat].id.clone();
                self.orders.push(Order { turn, seat, lever, value, number, player: None, package: true });
                self.bound.insert(lever, proposal);
                bound.insert(lever);
            }
            self.push(
                &streams,
                "proposal",
                &format!("“{title}” is signed by all its parties and binds them."),
                None,
                None,
            );
            self.withdraw(&bound);
        }
        Ok(())
    }

    /// Whoever has bound a lever signs no other package on it, and what it signed before is taken back: a second one never
    /// becomes whole in the same turn.
    fn withdraw(&mut self, bound: &BTreeSet<Lever>) {
        let mut lines = Vec::new();
        let seats = &self.seats;
        for known in self.proposals.iter_mut().filter(|known| known.stand == Stand::Open) {
            for lever in known.terms.iter().map(|(lever, _)| lever).filter(|lever| bound.contains(lever)) {
                let Some(holder) = seats.holder(*lever) else { continue };
                let holder = &seats.all()[holder].id;
                if known.signed.remove(holder).is_some() {
                    let text = format!("{holder} takes back its signature under “{}”.", known.title);
                    lines.push((known.parties.clone(), text));
                }
            }
        }
        for (parties, text) in lines {
            let streams = self.among(&parties);
            self.push(&streams, "proposal", &text, None, None);
        }
    }

    fn play(&mut self, turn: u32, days: i32) -> Result<(), String> {
        if turn != self.turn {
            return Err(format!("turn {turn} was closed out of turn"));
        }
        let events = self.world.play(turn, &self.orders, days)?;
        for player in &mut self.players {
            for p in player.predicted.iter_mut().filter(|p| p.turn == turn) {
                p.came = Question::find(p.question).map(|q| q.came(events.iter().map(|(_, event)| event)));
            }
        }
        self.over();
        let text = format!("Turn {turn} is played: {days} days, to the evening before {}.", self.world.date());
        self.push(&self.everybody(), "turn", &text, None, None);
        for (id, event) in events {
            self.tell(id.day, &event);
        }
        self.turn += 1;
        Ok(())
    }

    /// Puts an event into the streams of those who learn of it.
    fn tell(&mut self, day: i32, event: &Event) {
        let known = fog::event(&self.seats, self.world.rules(), event);
        if event.kind().weight().is_none() {
            return;
        }
        let streams = match known {
            Known::All => self.everybody(),
            Known::To(seats) => seats.into_iter().map(Stream::Seat).chain([Stream::Host]).collect(),
            Known::Nobody => vec![Stream::Host],
        };
        let (text, date) = (self.world.sentence(event), self.world.rules().date(day).to_string());
        self.push_of(
            &streams,
            &Item {
                id: 0,
                kind: "news",
                turn: self.turn,
                day,
                date,
                text,
                from: None,
                to: None,
                who: None,
                player: None,
            },
        );
    }

    /// The seats, and how many sit on each: what everybody may know. The facilitator sees who.
    #[must_use]
    pub fn seats_for(&self, who: Who) -> serde_json::Value {
        let mine = self.seat_of(who);
        let seats = self.seats.all().iter().enumerate().map(|(place, seat)| {
            let mut one = serde_json::json!({
                "id": seat.id, "name": seat.name, "brief": seat.brief,
                "has_levers": seat.owner.is_some(), "members": self.members(place).count(), "mine": mine == Some(place),
            });
            if who == Who::Host {
                let members: Vec<_> = self.members(place).map(|p| p.name.as_str()).collect();
                one["who"] = members.into();
            }
            one
        });
        let mut all = serde_json::json!({ "seats": seats.collect::<Vec<_>>() });
        if who == Who::Host {
            let people = self.players.iter().enumerate().filter(|(_, p)| !p.token.is_empty());
            let people = people.map(|(number, p)| {
                serde_json::json!({ "player": number, "name": p.name, "seat": p.seat.map(|seat| self.seats.all()[seat].id.as_str()) })
            });
            all["people"] = people.collect();
        }
        all
    }

    /// Values of the series that somebody may know: public ones, one's own, and one's estimates of others.
    fn values(&self, seat: Option<usize>, part: fog::Part) -> Vec<serde_json::Value> {
        let rows = self.world.names().zip(&self.series).zip(self.world.row());
        rows.filter(|((_, (known, of, _)), _)| *of == part && known.to(seat))
            .map(|(((name, unit), (_, _, words)), value)| {
                let value = if OF_ONE_LEVER.contains(&name.split('.').next().unwrap_or("")) {
                    rough(*value)
                } else {
                    short(*value)
                };
                serde_json::json!({ "id": name, "name": words, "unit": unit, "value": value })
            })
            .collect()
    }

    /// What everybody sees: the wall.
    #[must_use]
    pub fn wall(&self) -> serde_json::Value {
        serde_json::json!({
            "turn": self.turn, "day": self.world.today(), "date": self.world.date(), "clock": self.clock,
            "clock_left": self.left,
            "scenario": self.world.sitting().loaded.scenario.title, "revealed": self.revealed,
            "public": self.values(None, fog::Part::Public), "last": self.stream(Stream::Wall).len(),
        })
    }

    /// Everything that whoever asks may know, and nothing else.
    #[must_use]
    pub fn view(&self, who: Who) -> serde_json::Value {
        let mut view = self.wall();
        let stream = self.stream_of(who);
        view["last"] = self.stream(stream).len().into();
        let player = match who {
            Who::Host => {
                self.view_of_host(&mut view);
                return view;
            }
            Who::Player(player) => &self.players[player],
        };
        view["name"] = player.name.as_str().into();
        view["predictions"] = self.predictions(player);
        let Some(place) = player.seat else {
            view["seat"] = serde_json::Value::Null;
            return view;
        };
        let seat = &self.seats.all()[place];
        view["seat"] = serde_json::json!({
            "id": seat.id, "name": seat.name, "brief": seat.brief, "aims": seat.aims, "red_lines": seat.red_lines,
            "speaks": seat.speaks, "members": self.members(place).map(|p| p.name.as_str()).collect::<Vec<_>>(),
        });
        view["own"] = self.values(Some(place), fog::Part::Own).into();
        view["estimates"] = self.values(Some(place), fog::Part::Estimate).into();
        let levers = Lever::ALL.iter().filter(|lever| seat.holds(**lever)).map(|&lever| {
            let row = lever.row();
            let mut one = serde_json::json!({
                "id": row.id, "name": row.name, "kind": row.kind, "unit": row.unit, "low": row.low, "high": row.high,
                "touches": row.touches, "value": self.world.lever(lever), "ordered": null,
            });
            if let Some(order) = self.ordered(&seat.id, lever) {
                let start = self.world.rules().frame.start;
                one["ordered"] = detente_study::tables::provenance::stated(lever, order.value, start);
                one["ordered_by"] = self.called(order.player).into();
            }
            if self.bound.contains_key(&lever) {
                one["bound"] = true.into();
            }
            one
        });
        view["levers"] = levers.collect();
        let mine = self.heard_of.get(&seat.id).into_iter().flatten().filter_map(|&place| self.proposals.get(place));
        let mine = mine.zip(1_u32..).filter(|(p, _)| p.parties.contains(&seat.id));
        view["proposals"] = mine.map(|(p, number)| self.proposal_view(p, number)).collect();
        view
    }

    /// The order of a seat on a lever that stands so far.
    fn ordered(&self, seat: &str, lever: Lever) -> Option<&Order> {
        self.orders.iter().rev().find(|o| o.turn == self.turn && o.seat == seat && o.lever == lever)
    }

    fn proposal_view(&self, p: &Proposal, number: u32) -> serde_json::Value {
        let terms = p.terms.iter().map(|&(lever, value)| {
            let set = detente_study::tables::provenance::stated(lever, value, self.world.rules().frame.start);
            serde_json::json!({ "lever": lever.id(), "name": lever.row().name, "holder": whose(&self.seats, lever),
                "value": self.world.say(lever, value), "set": set })
        });
        serde_json::json!({
            "id": number, "by": p.by, "title": p.title, "stand": p.stand, "turn": p.turn, "parties": p.parties,
            "signed": p.signed.keys().collect::<Vec<_>>(), "terms": terms.collect::<Vec<_>>(),
        })
    }

    fn predictions(&self, player: &Player) -> serde_json::Value {
        let questions = QUESTIONS.iter().map(|question| {
            let mine = player.predicted.iter().find(|p| p.turn == self.turn && p.question == question.id);
            serde_json::json!({ "question": question.id, "text": question.text, "percent": mine.map(|p| p.percent) })
        });
        let over = || player.predicted.iter().filter_map(|p| Some((p, p.came?)));
        let scored = over().count();
        let sum: f64 = over().map(|(p, came)| brier(p.percent, came)).sum();
        let past = over().map(|(p, came)| {
            serde_json::json!({ "turn": p.turn, "question": p.question, "percent": p.percent, "came": came })
        });
        serde_json::json!({
            "open": questions.collect::<Vec<_>>(), "past": past.collect::<Vec<_>>(),
            "brier": (scored > 0).then(|| short(sum / scored as f64)),
        })
    }

    /// How well each delegation predicted: the mean squared distance of all its members' scored predictions.
    #[must_use]
    pub fn scores(&self) -> serde_json::Value {
        let of = |place: usize| {
            let all = self.players.iter().flat_map(|player| &player.predicted).filter(|p| p.seat == Some(place));
            let costs: Vec<f64> = all.filter_map(|p| Some(brier(p.percent, p.came?))).collect();
            let mean = costs.iter().sum::<f64>() / costs.len() as f64;
            (costs.len(), (!costs.is_empty()).then(|| short(mean)))
        };
        let lines = self.seats.all().iter().enumerate().filter_map(|(place, seat)| {
            let (predictions, brier) = of(place);
            let brier = brier?;
            Some(serde_json::json!({ "seat": seat.id, "name": seat.name, "predictions": predictions, "brier": brier }))
        });
        lines.collect()
    }

    fn view_of_host(&self, view: &mut serde_json::Value) {
        let lines = self.orders.iter().filter(|o| o.turn == self.turn);
        let orders = lines.map(|o| {
            serde_json::json!({
                "seat": o.seat, "lever": o.lever.id(), "value": self.world.say(o.lever, o.value), "number": o.number,
                "who": self.called(o.player), "package": o.package,
            })
        });
        view["orders"] = orders.collect();
        let turns = self
            .world
            .turns
            .iter()
            .map(|t| serde_json::json!({ "turn": t.number, "from": t.from, "days": t.days, "digest": t.digest }));
        view["turns"] = turns.collect();
        view["digest"] = self.world.digest().into();
        view["outcome"] = self.world.outcome().headline.words().into();
        view["locked"] = self.locked.into();
        view["forgotten"] = self.forgotten.into();
        let all = self.proposals.iter().zip(1_u32..).map(|(p, number)| {
            let mut one = self.proposal_view(p, number);
            let who: BTreeMap<_, _> = p.signed.iter().map(|(seat, player)| (seat, self.called(*player))).collect();
            one["signed_by"] = serde_json::json!(who);
            one
        });
        view["proposals"] = all.collect();
        view["people"] = self.seats_for(Who::Host);
    }
}

/// What a series is called on a page.
fn titled(world: &World, name: &str, words: &str) -> String {
    let id = name.split_once('.').map_or("", |(_, id)| id);
    let rules = world.rules();
    let actor = |id: &str| rules.actor(id).map(|actor| rules.actors[actor].name.clone());
    let starts = |kinds: &[&str]| kinds.iter().any(|kind| name.starts_with(&format!("{kind}.")));
    let of_front = starts(&["level", "aid", "stages", "governs"]);
    let front = rules.fronts.iter().find(|front| front.id.text == id && of_front).map(|front| front.name.clone());
    let table = rules.table(id).filter(|_| starts(&["status", "age"])).map(|t| rules.tables[t].name.clone());
    let two = |mark: char, between: &str| {
        let (a, b) = id.split_once(mark)?;
        Some(format!(
            "{} {between} {}",
            actor(a).unwrap_or_else(|| a.to_owned()),
            actor(b).unwrap_or_else(|| b.to_owned())
        ))
    };
    // People are counted by territory, and some of those are called as actors are.
    let territory =
        rules.territories.iter().find(|t| t.id.text == id && starts(&["killed", "displaced"])).map(|t| t.name.clone());
    let of = front
        .or(table)
        .or(territory)
        .or_else(|| two('|', "against"))
        .or_else(|| two('/', "from"))
        .or_else(|| two('>', "on"))
        .or_else(|| two('-', "and").filter(|_| starts(&["war"])))
        .or_else(|| actor(id))
        .unwrap_or_else(|| id.to_owned());
    if of.is_empty() { words.to_owned() } else { format!("{words}: {of}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seats::SHIPPED;
    use detente_model::sim::event::NuclearStep;
    use detente_session::Sitting;

    fn room() -> Room {
        let world = World::new(Sitting::new(detente_model::scenario::load("november-2024").unwrap(), 4)).unwrap();
        let mut room = Room::new(Seats::read(SHIPPED, world.rules()).unwrap(), world);
        for place in 0..room.seats.all().len() {
            let token = format!("token {place}");
            let seat = room.seats.all()[place].id.clone();
            room.apply(0, &Entry::Joined { token, name: seat.clone() }).unwrap();
            room.apply(0, &Entry::Seated { player: place, seat: Some(seat) }).unwrap();
        }
        room
    }

    /// What everybody can count or read in a paper.
    const OPEN: &[&str] = &[
        "events",
        "deaths",
        "level",
        "war",
        "status",
        "age",
        "displaced",
        "killed",
        "withdrawal",
        "corridor_open",
        "oil",
        "access",
        "phases",
        "suspended",
        "integrated",
        "coalition_exit",
        "isolation",
        "aid",
        "stages",
        "governs",
    ];

    /// Whose business a series is: an actor's, or nobody's in the room.
    fn business(name: &str) -> Option<&str> {
        let (kind, id) = name.split_once('.').unwrap_or((name, ""));
        match kind {
            "weaponising" | "breakout" | "pace" | "zone" | "forum" | "mean" | "excitation" | "collapse_chance"
            | "exchange_gain" | "resolve" | "exposure" | "veto_cost" | "forgone" | "channel" | "sanctions"
            | "patience" | "peacekeepers" | "national_troops" => None,
            "us_consent" => Some("USA"),
            "trade" | "activity" => Some("PAL"),
            "ledger" | "owed" => id.split('|').next(),
            "ledger_other_count" => id.split('|').nth(1),
            "threat" => id.split('/').next(),
            _ => Some(id),
        }
    }

    /// A number in every series that stands nowhere else: no seat is shown one that is another's business.
    #[test]
    fn no_seat_is_shown_a_number_of_another_seats_state() {
        let mut room = room();
        let names: Vec<String> = room.world.names().map(|(name, _)| name.to_owned()).collect();
        room.world.plant(vec![0.0; names.len()]);
        let empty: String = (0..12).map(|player| room.view(Who::Player(player)).to_string()).collect();
        // What is told in two digits is a multiple of a hundred here, and nobody's canary.
        let free = (1000..9999).filter(|n| n % 100 != 0 && !empty.contains(&n.to_string()));
        let free: Vec<u32> = free.collect();
        assert!(free.len() > names.len());
        let canaries: Vec<String> = free.iter().take(names.len()).map(|n| format!("\"value\":{n}.0")).collect();
        room.world.plant(free.iter().take(names.len()).map(|&n| f64::from(n)).collect());
        let mut seen = BTreeSet::new();
        for player in 0..12 {
            let seat = &room.seats.all()[player];
            let bytes = room.view(Who::Player(player)).to_string();
            for (name, canary) in names.iter().zip(&canaries) {
                let public = OPEN.contains(&name.split('.').next().unwrap());
                let mine = business(name).is_some_and(|actor| seat.actors.iter().any(|a| a == actor));
                let shown = bytes.contains(canary);
                assert!(!shown || public || mine, "{} is shown {name}", seat.id);
                if shown && !public {
                    seen.insert(name.clone());
                }
            }
        }
        for name in [
            "munitions.IRN",
            "interceptors.ISR",
            "ledger.IRN|ISR",
            "ledger_other_count.IRN|ISR",
            "threat.IRN/ISR",
            "permission.QAT",
        ] {
            assert!(seen.contains(name), "{name} is shown to whom it concerns");
        }
        let wall = room.wall().to_string();
        for (name, canary) in names.iter().zip(&canaries) {
            assert!(!wall.contains(canary) || OPEN.contains(&name.split('.').next().unwrap()), "the wall shows {name}");
        }
    }

    #[test]
    fn news_goes_to_those_who_learn_of_it_and_the_hidden_programme_to_no_seat() {
        let mut room = room();
        let heard = |room: &Room| -> Vec<String> {
            let ids = room.seats.all().iter().map(|seat| seat.id.clone());
            ids.enumerate()
                .filter(|(place, _)| !room.stream(Stream::Seat(*place)).is_empty())
                .map(|(_, id)| id)
                .collect()
        };
        for step in [NuclearStep::Decided, NuclearStep::Device] {
            room.tell(3, &Event::Nuclear { programme: 0, step });
        }
        assert!(heard(&room).is_empty() && room.stream(Stream::Wall).is_empty());
        assert_eq!(room.stream(Stream::Host).len(), 2);
        let ledger = room.world.rules().ledgers.iter().position(|l| l.id.text == "IRN|ISR").unwrap() as u16;
        room.tell(3, &Event::AnswerOwed { ledger });
        assert_eq!(heard(&room), ["IRN"]);
        room.tell(4, &Event::Signed { table: 0, left_out: None });
        assert_eq!(heard(&room).len(), 12);
        let iran = room.seats.position("IRN").unwrap();
        let ids: Vec<u64> = room.after(Stream::Seat(iran), 0, 9).iter().map(|item| item.id).collect();
        assert_eq!(ids, [1, 2], "no gap tells of what others heard");
    }

    #[test]
    fn a_flood_at_the_door_takes_no_seat_from_anybody() {
        let mut room = room();
        for n in 0..2_000 {
            for entry in room.decide(None, &Wish::Join { token: format!("flood {n}"), name: "x".to_owned() }).unwrap() {
                room.apply(n, &entry).unwrap();
            }
        }
        assert_eq!(room.tokens.len(), MOST_PLAYERS);
        for place in 0..12 {
            assert_eq!(room.player(&format!("token {place}")), Some(place));
            assert_eq!(room.players[place].seat, Some(place));
        }
    }

    #[test]
    fn a_room_is_the_fold_of_its_entries() {
        let mut room = room();
        let term = |lever: &str, value| Term { lever: lever.to_owned(), value };
        let entries = [
            Entry::Ordered {
                turn: 1,
                seat: "IRN".to_owned(),
                lever: "iran.blow_rate".to_owned(),
                value: 0.5,
                player: Some(2),
            },
            Entry::Proposed {
                by: "MED".to_owned(),
                title: "x".to_owned(),
                terms: vec![term("israel.blow_rate", 0.0)],
                player: Some(6),
            },
            Entry::Signed { proposal: 1, by: "MED".to_owned(), turn: 1, player: Some(6) },
            Entry::Signed { proposal: 1, by: "ISR".to_owned(), turn: 1, player: None },
            Entry::Turned { turn: 1, days: 12 },
        ];
        for (number, entry) in (1..).zip(&entries) {
            room.apply(number, entry).unwrap();
        }
        let mut again = self::room();
        for (number, entry) in (1..).zip(&entries) {
            let kept = serde_json::to_string(entry).unwrap();
            again.apply(number, &serde_json::from_str(&kept).unwrap()).unwrap();
        }
        assert_eq!(room.view(Who::Host), again.view(Who::Host));
        assert_eq!(room.world.given.len(), 2);
        for room in [&mut room, &mut again] {
            for entry in [Entry::Rewound { turn: 1 }, Entry::Turned { turn: 3, days: 5 }] {
                room.apply(7, &entry).unwrap();
            }
        }
        assert_eq!(room.view(Who::Host), again.view(Who::Host));
        assert!(room.world.given.is_empty() && room.world.today() == 5);
        // A journal of another model, or out of order, is refused.
        assert!(again.apply(9, &Entry::Ran { turn: 3, digest: "0".to_owned() }).is_err());
        assert!(again.apply(9, &Entry::Turned { turn: 1, days: 12 }).is_err());
    }

    /// Whoever sits on a seat of the room that tests have.
    fn on(room: &Room, seat: &str) -> Who {
        Who::Player(room.seats.position(seat).unwrap())
    }

    /// Does what somebody wants, as the keeper would.
    fn does(room: &mut Room, who: Who, wish: &Wish) -> Result<(), Refused> {
        for entry in room.decide(Some(who), wish)? {
            let number = room.orders.len() as i64 + 1;
            room.apply(number, &entry).unwrap();
        }
        Ok(())
    }

    fn package(levers: &[&str]) -> Wish {
        let terms = levers.iter().map(|lever| ((*lever).to_owned(), 0.into())).collect();
        Wish::Propose { title: "x".to_owned(), terms }
    }

    fn sign(proposal: u32) -> Wish {
        Wish::Sign { proposal, seat: None }
    }

    fn code(done: Result<(), Refused>) -> &'static str {
        done.map_or_else(|refused| refused.code, |()| "done")
    }

    /// Two rooms on the same luck. In one of them others order, write, negotiate, bind and predict; whatever Lebanon does and asks,
    /// it is answered alike in both.
    #[test]
    fn what_others_do_changes_no_byte_of_what_a_seat_is_told() {
        let told = |busy: bool| {
            let mut room = room();
            let [iran, israel, us, lebanon] = ["IRN", "ISR", "USA", "LBN"].map(|seat| on(&room, seat));
            if busy {
                for _ in 0..3 {
                    does(&mut room, iran, &package(&["iran.blow_rate", "us.deterrent_presence"])).unwrap();
                    does(&mut room, israel, &package(&["israel.blow_rate"])).unwrap();
                }
                let order = Wish::Order { lever: "israel.response_scale".to_owned(), value: 0.5.into(), turn: None };
                does(&mut room, israel, &order).unwrap();
                does(&mut room, israel, &Wish::Say { to: "USA".to_owned(), text: "x".to_owned() }).unwrap();
                let predicted = Wish::Predict { question: "war".to_owned(), percent: 90 };
                does(&mut room, us, &predicted).unwrap();
            }
            does(&mut room, lebanon, &package(&["unifil.troops", "iran.blow_rate"])).unwrap();
            if busy {
                // Iran binds the lever that Lebanon's package is about, with somebody else.
                does(&mut room, iran, &sign(1)).unwrap();
                does(&mut room, us, &sign(1)).unwrap();
                assert!(room.bound.contains_key(&Lever::IranBlowRate));
            }
            let mut told = Vec::new();
            for wish in [
                sign(1),
                sign(2),
                Wish::Order { lever: "unifil.troops".to_owned(), value: 15_000.into(), turn: None },
                Wish::Amend { proposal: 1, terms: vec![("unifil.troops".to_owned(), 5.into())] },
                package(&["unifil.troops"]),
                sign(1),
                Wish::Drop { proposal: 2, seat: None },
            ] {
                told.push(code(does(&mut room, lebanon, &wish)).to_owned());
                told.push(room.view(lebanon).to_string());
                told.push(format!("{:?}", room.after(room.stream_of(lebanon), 0, 100)));
                told.push(room.orders_of("LBN").to_string());
            }
            told
        };
        let (alone, among) = (told(false), told(true));
        assert_eq!(alone[0], "done");
        for (at, (a, b)) in alone.iter().zip(&among).enumerate() {
            assert_eq!(a, b, "{at}");
        }
    }

    #[test]
    fn what_a_seat_has_bound_it_signs_nowhere_else_and_a_second_package_never_becomes_whole() {
        let mut room = room();
        let [iran, israel, us] = ["IRN", "ISR", "USA"].map(|seat| on(&room, seat));
        does(&mut room, iran, &package(&["iran.blow_rate", "israel.blow_rate"])).unwrap();
        does(&mut room, us, &package(&["iran.blow_rate", "us.deterrent_presence"])).unwrap();
        // Each knows its packages by numbers of its own.
        for (who, number) in [(iran, 1), (iran, 2), (us, 1)] {
            does(&mut room, who, &sign(number)).unwrap();
        }
        assert_eq!(room.proposals[1].stand, Stand::Binding);
        assert!(room.proposals[0].signed.is_empty(), "Iran's is taken back");
        assert_eq!(code(does(&mut room, iran, &sign(1))), "bound");
        assert_eq!(code(does(&mut room, israel, &sign(1))), "done");
        assert_eq!(room.proposals[0].stand, Stand::Open);
        let order = |lever: &str| Wish::Order { lever: lever.to_owned(), value: 1.into(), turn: None };
        assert_eq!(code(does(&mut room, Who::Host, &order("iran.blow_rate"))), "bound");
        assert_eq!(code(does(&mut room, Who::Host, &order("israel.blow_rate"))), "done");
        does(&mut room, Who::Host, &Wish::Turn { days: 3, turn: None }).unwrap();
        assert_eq!(code(does(&mut room, iran, &sign(1))), "done");
        assert_eq!(room.proposals[0].stand, Stand::Binding);
    }

    #[test]
    fn one_member_uses_up_nobody_elses_room_and_what_stands_is_no_entry() {
        let mut room = room();
        let [iran, israel] = ["IRN", "ISR"].map(|seat| on(&room, seat));
        for _ in 0..MOST_DRAFTS {
            does(&mut room, iran, &package(&["israel.blow_rate"])).unwrap();
        }
        let refused = room.decide(Some(iran), &package(&["israel.blow_rate"])).unwrap_err();
        assert_eq!((refused.status, refused.code), (409, "full"));
        let amend = Wish::Amend { proposal: 1, terms: vec![("israel.blow_rate".to_owned(), 1.into())] };
        assert_eq!(code(does(&mut room, iran, &amend)), "full");
        assert_eq!(code(does(&mut room, israel, &package(&["iran.blow_rate"]))), "done");
        does(&mut room, israel, &sign(1)).unwrap();
        let predicted = Wish::Predict { question: "war".to_owned(), percent: 9 };
        does(&mut room, israel, &predicted).unwrap();
        for again in [sign(1), predicted] {
            assert_eq!(room.decide(Some(israel), &again), Ok(Vec::new()), "{again:?}");
        }
        // A second member of Iran's delegation orders and writes when the first has done all that there is room for.
        let second = Who::Player(room.players.len());
        room.apply(1, &Entry::Joined { token: "second".to_owned(), name: "second".to_owned() }).unwrap();
        room.apply(2, &Entry::Seated { player: room.players.len() - 1, seat: Some("IRN".to_owned()) }).unwrap();
        let order = Wish::Order { lever: "iran.blow_rate".to_owned(), value: 1.into(), turn: None };
        let word = Wish::Say { to: "HOST".to_owned(), text: "x".to_owned() };
        for (wish, most) in [(order, MOST_ORDERS), (word, MOST_MESSAGES)] {
            for _ in 0..most {
                does(&mut room, iran, &wish).unwrap();
            }
            assert_eq!(code(does(&mut room, iran, &wish)), "full");
            assert_eq!(code(does(&mut room, second, &wish)), "done");
        }
        assert_eq!(room.view(Who::Host)["orders"].as_array().unwrap().last().unwrap()["who"], "second");
        does(&mut room, Who::Host, &Wish::Turn { days: 1, turn: None }).unwrap();
        assert_eq!(code(does(&mut room, iran, &package(&["israel.blow_rate"]))), "done");
    }

    #[test]
    fn whoever_was_shown_out_does_nothing_more_and_holds_no_place() {
        let mut room = room();
        let (iran, place) = (on(&room, "IRN"), room.seats.position("IRN").unwrap());
        let Who::Player(player) = iran else { unreachable!() };
        does(&mut room, Who::Host, &Wish::Remove { player }).unwrap();
        for wish in [
            Wish::Sit { seat: "IRN".to_owned() },
            Wish::Say { to: "HOST".to_owned(), text: "x".to_owned() },
            Wish::Predict { question: "war".to_owned(), percent: 1 },
        ] {
            assert_eq!(code(does(&mut room, iran, &wish)), "no_token");
        }
        // As a journal of before may have it.
        room.apply(1, &Entry::Seated { player, seat: Some("IRN".to_owned()) }).unwrap();
        assert_eq!(room.members(place).count(), 0);
        assert_eq!(code(does(&mut room, Who::Player(9_999), &sign(1))), "no_token");
    }

    #[test]
    fn a_way_back_undoes_what_bound_what_was_predicted_and_what_was_laid_open() {
        let mut room = room();
        let [iran, israel] = ["IRN", "ISR"].map(|seat| on(&room, seat));
        let turn = Wish::Turn { days: 5, turn: None };
        does(&mut room, iran, &Wish::Predict { question: "war".to_owned(), percent: 0 }).unwrap();
        does(&mut room, Who::Host, &turn).unwrap();
        does(&mut room, iran, &package(&["israel.blow_rate"])).unwrap();
        for (who, question) in [(iran, "signed"), (israel, "war")] {
            does(&mut room, who, &sign(1)).unwrap();
            does(&mut room, who, &Wish::Predict { question: question.to_owned(), percent: 50 }).unwrap();
        }
        does(&mut room, Who::Host, &turn).unwrap();
        assert_eq!(room.scores().as_array().unwrap().len(), 2);
        does(&mut room, Who::Host, &Wish::Reveal).unwrap();
        assert!(room.revealed());
        does(&mut room, Who::Host, &Wish::Rewind { turn: 2 }).unwrap();
        assert!(!room.revealed());
        assert_eq!(room.view(israel)["proposals"][0]["stand"], "open");
        assert_eq!(room.view(israel)["proposals"][0]["signed"], serde_json::json!([]));
        let scores = room.scores();
        assert_eq!((scores.as_array().unwrap().len(), &scores[0]["predictions"]), (1, &1.into()), "{scores}");
        does(&mut room, Who::Host, &Wish::Reveal).unwrap();
        does(&mut room, Who::Host, &turn).unwrap();
        assert!(!room.revealed(), "what was laid open was of what had been played");
    }

    #[test]
    fn the_facilitator_signs_for_a_seat_and_nobody_else_does() {
        let mut room = room();
        let israel = on(&room, "ISR");
        does(&mut room, israel, &package(&["iran.blow_rate"])).unwrap();
        does(&mut room, israel, &package(&["iran.blow_rate", "israel.blow_rate"])).unwrap();
        let as_seat = |seat: &str| Wish::Sign { proposal: 2, seat: Some(seat.to_owned()) };
        assert_eq!(code(does(&mut room, israel, &as_seat("IRN"))), "facilitator_only");
        assert_eq!(code(does(&mut room, Who::Host, &sign(2))), "in_whose_name");
        assert_eq!(code(does(&mut room, Who::Host, &as_seat("LBN"))), "no_proposal");
        assert_eq!(code(does(&mut room, Who::Host, &as_seat("XXX"))), "no_seat_of_that_name");
        does(&mut room, israel, &sign(2)).unwrap();
        does(&mut room, Who::Host, &as_seat("IRN")).unwrap();
        assert_eq!(room.proposals[1].stand, Stand::Binding);
        let view = room.view(Who::Host);
        assert_eq!(view["proposals"][1]["signed_by"], serde_json::json!({ "IRN": null, "ISR": "ISR" }));
        assert!(room.view(israel)["proposals"][1].get("signed_by").is_none());
    }

    #[test]
    fn a_clock_is_held_goes_on_and_is_given_more() {
        let mut room = room();
        let mut set = |now: i64, set: Set| {
            let done = code(does(&mut room, Who::Host, &Wish::Clock { now, set }));
            let wall = room.wall();
            (done, wall["clock"].as_i64(), wall["clock_left"].as_i64())
        };
        assert_eq!(set(1_000, Set::Hold).0, "no_clock");
        assert_eq!(set(1_000, Set::Run(10)), ("done", Some(1_600), None));
        assert_eq!(set(1_100, Set::Extend(2)), ("done", Some(1_720), None));
        assert_eq!(set(1_200, Set::Hold), ("done", None, Some(520)));
        assert_eq!(set(9_000, Set::Extend(1)), ("done", None, Some(580)));
        assert_eq!(set(9_100, Set::GoOn), ("done", Some(9_680), None));
        // Time that is up is none that is owed.
        assert_eq!(set(9_999, Set::Extend(1)), ("done", Some(10_059), None));
        assert_eq!(set(1, Set::Extend(u32::MAX)).2, None);
        assert_eq!(set(1, Set::Stop), ("done", None, None));
    }

    #[test]
    fn people_are_counted_where_they_are_and_places_have_names() {
        let room = room();
        let wall = room.wall();
        let name = |id: &str| {
            let of = wall["public"].as_array().unwrap().iter().find(|v| v["id"] == id);
            of.unwrap()["name"].as_str().unwrap().to_owned()
        };
        assert_eq!(name("killed.ISR"), "Killed since the start: Israel, other than the north");
        assert_eq!(name("killed.GAZA"), "Killed since the start: Gaza");
        assert_eq!(name("displaced.ISR-NORTH"), "Displaced: Northern Israel");
        assert_eq!(name("war.IRN-ISR"), "Open war: Iran and Israel");
        assert_eq!(name("aid.GAZ"), "Aid: Gaza");
        for one in wall["public"].as_array().unwrap() {
            let of = one["name"].as_str().unwrap().split(": ").last().unwrap();
            assert!(!of.contains('-') || of.chars().any(|c| c.is_lowercase()), "{one}");
        }
    }

    /// With four digits, everybody could read the owner's lever off what it alone makes.
    #[test]
    fn what_one_lever_makes_is_told_roughly() {
        let mut room = room();
        room.world.plant(vec![0.123_456; room.world.names().count()]);
        let wall = room.wall();
        let value = |id: &str| {
            let of = wall["public"].as_array().unwrap().iter().find(|v| v["id"].as_str().unwrap().starts_with(id));
            of.unwrap()["value"].as_f64().unwrap()
        };
        assert!((value("oil.") - 0.12).abs() < 1e-12 && (value("killed.") - 0.1235).abs() < 1e-12, "{wall}");
    }
}
