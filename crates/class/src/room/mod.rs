//! The room: a fold of its journal. [`Room::decide`] says what a wish comes to and changes nothing; [`Room::apply`] does what an
//! entry says. Neither knows of networks, clocks or disks, so that a room that was killed is the room again.

mod apply;
mod decide;
#[cfg(test)]
mod tests;
mod views;

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
/// Most votes of a member in a turn, changes of mind among them.
const MOST_VOTES: usize = 100;
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
    /// To make a person the head of their delegation.
    Head {
        /// Person.
        player: usize,
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
    Vote,
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
    /// When they took their seat: the how manieth seat that was taken. Made head, they come before all others.
    sat: i64,
    predicted: Vec<Predicted>,
}

/// What a member of a delegation would have its head order.
#[derive(Clone, Debug, PartialEq)]
struct Wished {
    seat: String,
    lever: Lever,
    value: f64,
    player: usize,
}

/// What came down to a screen: one line of its stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// Number in its stream, from 1 without gaps: a gap would say that others have heard something.
    pub id: u64,
    /// What it is: `turn`, `news`, `message`, `proposal`, `wish`, `clock`, `debrief`.
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
    /// Who of its members is for it and who against, by party.
    votes: BTreeMap<String, BTreeMap<usize, bool>>,
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
    wishes: Vec<Wished>,
    /// Counts seats that were taken.
    sat: i64,
    bound: BTreeMap<Lever, u32>,
    streams: Vec<Vec<Arc<Item>>>,
    proposals: Vec<Proposal>,
    /// Packages of which each seat has heard, in the order in which it did: it knows them by their places here, for a number that
    /// all share would tell how much others negotiate.
    heard_of: BTreeMap<String, Vec<usize>>,
    spent: BTreeMap<(Doing, String, Option<usize>), usize>,
    /// Orders that each seat has given so far.
    counted: BTreeMap<String, u64>,
    /// Wishes for orders that its members have had so far.
    wished: BTreeMap<String, u64>,
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

/// To the order of its size, what is made of the decisions of others.
fn vague(value: f64) -> f64 {
    format!("{value:.0e}").parse().unwrap_or(value)
}

/// Public series that are a function of one seat's lever.
const OF_ONE_LEVER: [&str; 3] = ["aid", "oil", "withdrawal"];
/// What others' decisions make, told to one digit.
const OF_OTHERS: &str = "exposure";

impl Room {
    /// A room in which nobody has done anything yet.
    #[must_use]
    pub fn new(seats: Seats, world: World) -> Self {
        let series = world
            .names()
            .map(|(name, _)| {
                let (known, part, words) = fog::series(&seats, name);
                (known, part, views::titled(&world, name, words))
            })
            .collect();
        let (streams, turn) = (vec![Vec::new(); seats.all().len() + 2], world.next());
        Self {
            seats,
            world,
            players: Vec::new(),
            tokens: BTreeMap::new(),
            turn,
            orders: Vec::new(),
            wishes: Vec::new(),
            sat: 0,
            bound: BTreeMap::new(),
            streams,
            proposals: Vec::new(),
            heard_of: BTreeMap::new(),
            spent: BTreeMap::new(),
            counted: BTreeMap::new(),
            wished: BTreeMap::new(),
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

    /// The head of a delegation: who gives its orders and its signatures. The first who sat down there and is still there, unless
    /// the facilitator has made somebody else head.
    #[must_use]
    pub fn head(&self, seat: usize) -> Option<usize> {
        let there = self.players.iter().enumerate().filter(|(_, p)| p.seat == Some(seat) && !p.token.is_empty());
        there.min_by_key(|(_, p)| p.sat).map(|(player, _)| player)
    }

    /// The member who asks, where that is not the head of the delegation.
    fn member(&self, who: Who) -> Option<usize> {
        let Who::Player(player) = who else { return None };
        let seat = self.seat_of(who)?;
        (self.head(seat) != Some(player)).then_some(player)
    }

    /// How many wishes for orders the members of a delegation have had so far.
    #[must_use]
    pub fn wishes_of(&self, seat: &str) -> u64 {
        self.wished.get(seat).copied().unwrap_or(0)
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
}
