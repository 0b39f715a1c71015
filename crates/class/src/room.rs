//! The room: a fold of its journal. [`Room::decide`] says what a wish comes to and changes nothing; [`Room::apply`] does what an
//! entry says. Neither knows of networks, clocks or disks, so that a room that was killed is the room again.

use crate::entry::{Entry, Term};
use crate::fog::{self, Known};
use crate::predict::{QUESTIONS, Question, brier};
use crate::refused::{Refused, host_only, slow_down};
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
/// Most orders of a seat in a turn.
const MOST_ORDERS: usize = 1_000;
/// Most messages of a seat in a turn.
const MOST_MESSAGES: usize = 200;
/// Most packages of a room.
const MOST_PROPOSALS: usize = 500;
/// Most levers in a package.
const MOST_TERMS: usize = 20;
/// Longest message, characters.
const LONGEST_MESSAGE: usize = 500;
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
        /// Package.
        proposal: u32,
        /// Levers and values.
        terms: Vec<(String, serde_json::Value)>,
    },
    /// To sign a package.
    Sign {
        /// Package.
        proposal: u32,
    },
    /// To say no to a package, or to take it back.
    Drop {
        /// Package.
        proposal: u32,
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
    /// To show a time.
    Clock {
        /// Seconds since 1970.
        until: Option<i64>,
    },
    /// To close or open the door.
    Lock {
        /// Closed.
        locked: bool,
    },
    /// To lay the debrief open.
    Reveal,
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
    /// Predictions: turn, question, chance, and what came of it.
    predicted: Vec<(u32, &'static str, u8, Option<bool>)>,
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
    signed: BTreeSet<String>,
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
    said: BTreeMap<String, usize>,
    clock: Option<i64>,
    locked: bool,
    revealed: bool,
    /// Who knows each series, in which part of a page it stands, and its words.
    series: Vec<(Known, fog::Part, String)>,
}

/// A number as a page shows it: four digits that mean something.
fn short(value: f64) -> f64 {
    format!("{value:.3e}").parse().unwrap_or(value)
}

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
            said: BTreeMap::new(),
            clock: None,
            locked: false,
            revealed: false,
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

    /// A package on which a seat has a say.
    fn party(&self, who: Who, proposal: u32) -> Result<(String, &Proposal), Refused> {
        let seat = self.acting(who)?;
        let gone = || Refused::new(404, "no_proposal", "There is no such package among yours.");
        let known = self.proposals.get((proposal as usize).wrapping_sub(1)).ok_or_else(gone)?;
        // To whoever is no party it is not there.
        if !known.parties.contains(&seat) {
            return Err(gone());
        }
        if known.stand != Stand::Open {
            return Err(Refused::new(409, "not_open", "This package is signed or off the table; draft another."));
        }
        Ok((seat, known))
    }

    /// What a wish comes to: entries for the journal, or a refusal. Changes nothing.
    ///
    /// # Errors
    /// A refusal in words.
    pub fn decide(&self, who: Option<Who>, wish: &Wish) -> Result<Vec<Entry>, Refused> {
        if let Wish::Join { token, name } = wish {
            return self.join(token, name);
        }
        let who = who.ok_or_else(crate::refused::no_token)?;
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
                if self.proposals.len() >= MOST_PROPOSALS {
                    return Err(slow_down());
                }
                one(Entry::Proposed { by, title: clean_name(title), terms: self.terms(terms)? })
            }
            Wish::Amend { proposal, terms } => {
                let (by, _) = self.party(who, *proposal)?;
                one(Entry::Amended { proposal: *proposal, by, terms: self.terms(terms)? })
            }
            Wish::Sign { proposal } => {
                let (by, known) = self.party(who, *proposal)?;
                let bound = known.terms.iter().find(|(lever, _)| self.bound.contains_key(lever));
                if let Some((lever, _)) = bound {
                    let why = format!("{} is bound by another package in this turn; sign in the next one.", lever.id());
                    return Err(Refused::new(409, "bound", why));
                }
                one(Entry::Signed { proposal: *proposal, by, turn: self.turn })
            }
            Wish::Drop { proposal } => {
                let (by, _) = self.party(who, *proposal)?;
                one(Entry::Dropped { proposal: *proposal, by })
            }
            Wish::Predict { question, percent } => {
                let Who::Player(player) = who else {
                    return Err(Refused::new(403, "players_only", "The facilitator predicts nothing here."));
                };
                let unknown = || Refused::new(422, "unknown_question", "The questions stand in GET /api/view.");
                let question = Question::find(question).ok_or_else(unknown)?;
                if *percent > 100 {
                    return Err(Refused::new(422, "bad_value", "A chance is 0 to 100 per cent."));
                }
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
                    return Err(Refused::new(409, "full", "This room has no room for another branch."));
                }
                one(Entry::Rewound { turn: *turn })
            }
            Wish::Clock { until } => {
                host()?;
                one(Entry::Clock { until: *until })
            }
            Wish::Lock { locked } => {
                host()?;
                one(Entry::Locked { locked: *locked })
            }
            Wish::Reveal => {
                host()?;
                one(Entry::Revealed)
            }
        }
    }

    /// Refuses what was meant for another turn than the one that is open.
    fn open(&self, turn: Option<u32>) -> Result<(), Refused> {
        if turn.is_none_or(|turn| turn == self.turn) {
            return Ok(());
        }
        Err(Refused::new(409, "another_turn", format!("Turn {} is the one that is open now.", self.turn)))
    }

    fn known(&self, player: usize) -> Result<&Player, Refused> {
        let gone = || Refused::new(404, "no_player", "There is nobody of that number in the room.");
        self.players.get(player).filter(|p| !p.token.is_empty()).ok_or_else(gone)
    }

    fn named(&self, seat: &str) -> Result<usize, Refused> {
        let unknown = || {
            let seat = quoted(seat, 20);
            Refused::new(404, "no_seat_of_that_name", format!("There is no seat `{seat}`; see GET /api/seats."))
        };
        self.seats.position(seat).ok_or_else(unknown)
    }

    fn join(&self, token: &str, name: &str) -> Result<Vec<Entry>, Refused> {
        if self.locked {
            return Err(Refused::new(403, "locked", "The door is closed; ask the facilitator to open it."));
        }
        let mut entries = Vec::new();
        if self.tokens.len() >= MOST_PLAYERS {
            // Whoever came first and never sat down makes room: a flood at the door takes no seat from anybody.
            let idle = self.players.iter().position(|p| !p.token.is_empty() && p.seat.is_none());
            let full = || Refused::new(409, "full", "The room is full; ask the facilitator to show somebody out.");
            entries.push(Entry::Removed { player: idle.ok_or_else(full)? });
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
        self.players.iter().filter(move |p| p.seat == Some(seat))
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
        if who != Who::Host && self.bound.contains_key(&lever) {
            let why = format!("{} is bound in this turn by a package that your delegation signed.", lever.id());
            return Err(Refused::new(409, "bound", why));
        }
        if self.orders.iter().filter(|o| o.turn == self.turn && o.seat == seat).count() >= MOST_ORDERS {
            return Err(slow_down());
        }
        let value = self.world.value(lever, value).map_err(|why| Refused::new(422, "bad_value", why))?;
        Ok(vec![Entry::Ordered { turn: self.turn, seat, lever: lever.id().to_owned(), value }])
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
        if who != Who::Host && self.said.get(&from).copied().unwrap_or(0) >= MOST_MESSAGES {
            return Err(slow_down());
        }
        Ok(vec![Entry::Said { from, to: to.to_owned(), text }])
    }

    fn push(&mut self, streams: &[Stream], kind: &'static str, text: &str, from: Option<&str>, to: Option<&str>) {
        let (turn, day, date) = (self.turn, self.world.today(), self.world.date());
        self.push_of(streams, kind, turn, day, &date, text, from, to);
    }

    fn push_of(
        &mut self,
        streams: &[Stream],
        kind: &'static str,
        turn: u32,
        day: i32,
        date: &str,
        text: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) {
        let mut places: Vec<usize> = streams.iter().map(|&stream| self.place(stream)).collect();
        places.sort_unstable();
        places.dedup();
        for place in places {
            let id = self.streams[place].len() as u64 + 1;
            let words = |w: Option<&str>| w.map(str::to_owned);
            self.streams[place].push(Arc::new(Item {
                id,
                kind,
                turn,
                day,
                date: date.to_owned(),
                text: text.to_owned(),
                from: words(from),
                to: words(to),
            }));
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
            }
            Entry::Removed { player } => {
                let player = self.at(*player)?;
                player.seat = None;
                let token = std::mem::take(&mut player.token);
                self.tokens.remove(&token);
            }
            Entry::Ordered { turn, seat, lever, value } => {
                let lever = Lever::try_from(lever.clone())?;
                self.orders.push(Order { turn: *turn, seat: seat.clone(), lever, value: *value, number });
            }
            Entry::Said { from, to, text } => {
                *self.said.entry(from.clone()).or_default() += 1;
                let streams = if to == ALL { self.everybody() } else { self.among([from, to]) };
                self.push(&streams, "message", text, Some(from), Some(to));
            }
            Entry::Proposed { by, title, terms } => {
                let (terms, parties) = self.package(by, terms)?;
                let (title, by, turn) = (title.clone(), by.clone(), self.turn);
                let streams = self.among(&parties);
                let text = format!("{by} puts “{title}” on the table.");
                let signed = BTreeSet::new();
                self.proposals.push(Proposal { by, title, terms, parties, signed, stand: Stand::Open, turn });
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Amended { proposal, by, terms } => {
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
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Signed { proposal, by, turn } => self.sign(number, *proposal, by, *turn)?,
            Entry::Dropped { proposal, by } => {
                let known = self.proposal(*proposal)?;
                known.stand = Stand::Dropped;
                let text = format!("{by} says no to “{}”; it is off the table.", known.title);
                let parties = known.parties.clone();
                let streams = self.among(&parties);
                self.push(&streams, "proposal", &text, None, None);
            }
            Entry::Predicted { player, turn, question, percent } => {
                let question = Question::find(question).ok_or(format!("there is no question {question}"))?.id;
                let predicted = &mut self.at(*player)?.predicted;
                predicted.retain(|known| (known.0, known.1) != (*turn, question));
                predicted.push((*turn, question, *percent, None));
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
                // What was ordered and signed for the turn that was open was for a world that is no more.
                self.turn += 1;
                self.bound.clear();
                self.clock = None;
                let text = format!("The world is back on the morning of {}, before turn {turn}.", self.world.date());
                self.push(&self.everybody(), "turn", &text, None, None);
            }
            Entry::Clock { until } => {
                self.clock = *until;
                let text = if until.is_some() { "The clock runs." } else { "The clock is stopped." };
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
    fn sign(&mut self, number: i64, proposal: u32, by: &str, turn: u32) -> Result<(), String> {
        let known = self.proposal(proposal)?;
        known.signed.insert(by.to_owned());
        let whole = known.signed == known.parties;
        let (title, terms, parties) = (known.title.clone(), known.terms.clone(), known.parties.clone());
        if whole {
            known.stand = Stand::Binding;
            known.turn = turn;
        }
        let streams = self.among(&parties);
        self.push(&streams, "proposal", &format!("{by} signs “{title}”."), None, None);
        if whole {
            for (lever, value) in terms {
                let Some(seat) = self.seats.holder(lever) else { continue };
                let seat = self.seats.all()[seat].id.clone();
                self.orders.push(Order { turn, seat, lever, value, number });
                self.bound.insert(lever, proposal);
            }
            self.push(
                &streams,
                "proposal",
                &format!("“{title}” is signed by all its parties and binds them."),
                None,
                None,
            );
        }
        Ok(())
    }

    fn play(&mut self, turn: u32, days: i32) -> Result<(), String> {
        if turn != self.turn {
            return Err(format!("turn {turn} was closed out of turn"));
        }
        let events = self.world.play(turn, &self.orders, days)?;
        for player in &mut self.players {
            for (_, question, _, came) in player.predicted.iter_mut().filter(|p| p.0 == turn) {
                *came = Question::find(question).map(|q| q.came(events.iter().map(|(_, event)| event)));
            }
        }
        self.bound.clear();
        self.said.clear();
        self.clock = None;
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
        self.push_of(&streams, "news", self.turn, day, &date, &text, None, None);
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
                serde_json::json!({ "id": name, "name": words, "unit": unit, "value": short(*value) })
            })
            .collect()
    }

    /// What everybody sees: the wall.
    #[must_use]
    pub fn wall(&self) -> serde_json::Value {
        serde_json::json!({
            "turn": self.turn, "day": self.world.today(), "date": self.world.date(), "clock": self.clock,
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
                "touches": row.touches, "value": self.world.lever(lever), "ordered": self.ordered(&seat.id, lever),
            });
            if self.bound.contains_key(&lever) {
                one["bound"] = true.into();
            }
            one
        });
        view["levers"] = levers.collect();
        let mine = self.proposals.iter().zip(1_u32..).filter(|(p, _)| p.parties.contains(&seat.id));
        view["proposals"] = mine.map(|(p, number)| self.proposal_view(p, number)).collect();
        view
    }

    fn ordered(&self, seat: &str, lever: Lever) -> Option<serde_json::Value> {
        let mine = self.orders.iter().rev().find(|o| o.turn == self.turn && o.seat == seat && o.lever == lever)?;
        Some(detente_study::tables::provenance::stated(lever, mine.value, self.world.rules().frame.start))
    }

    fn proposal_view(&self, p: &Proposal, number: u32) -> serde_json::Value {
        let terms = p.terms.iter().map(|&(lever, value)| {
            serde_json::json!({ "lever": lever.id(), "name": lever.row().name, "holder": whose(&self.seats, lever),
                "value": self.world.say(lever, value) })
        });
        serde_json::json!({
            "id": number, "by": p.by, "title": p.title, "stand": p.stand, "turn": p.turn, "parties": p.parties,
            "signed": p.signed, "terms": terms.collect::<Vec<_>>(),
        })
    }

    fn predictions(&self, player: &Player) -> serde_json::Value {
        let questions = QUESTIONS.iter().map(|question| {
            let mine = player.predicted.iter().find(|p| p.0 == self.turn && p.1 == question.id);
            serde_json::json!({ "question": question.id, "text": question.text, "percent": mine.map(|p| p.2) })
        });
        let over = || player.predicted.iter().filter_map(|p| Some((p, p.3?)));
        let scored = over().count();
        let sum: f64 = over().map(|(p, came)| brier(p.2, came)).sum();
        let past = over().map(|((turn, question, percent, _), came)| {
            serde_json::json!({ "turn": turn, "question": question, "percent": percent, "came": came })
        });
        serde_json::json!({
            "open": questions.collect::<Vec<_>>(), "past": past.collect::<Vec<_>>(),
            "brier": (scored > 0).then(|| short(sum / scored as f64)),
        })
    }

    fn view_of_host(&self, view: &mut serde_json::Value) {
        let lines = self.orders.iter().filter(|o| o.turn == self.turn);
        let orders = lines.map(|o| {
            serde_json::json!({
            "seat": o.seat, "lever": o.lever.id(), "value": self.world.say(o.lever, o.value), "number": o.number })
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
        let all = self.proposals.iter().zip(1_u32..).map(|(p, number)| self.proposal_view(p, number));
        view["proposals"] = all.collect();
        view["people"] = self.seats_for(Who::Host);
    }
}

/// What a series is called on a page.
fn titled(world: &World, name: &str, words: &str) -> String {
    let id = name.split_once('.').map_or("", |(_, id)| id);
    let rules = world.rules();
    let actor = |id: &str| rules.actor(id).map(|actor| rules.actors[actor].name.clone());
    let front =
        rules.fronts.iter().find(|front| front.id.text == id && name.starts_with("level.")).map(|f| f.name.clone());
    let table = rules
        .table(id)
        .filter(|_| name.starts_with("status.") || name.starts_with("age."))
        .map(|t| rules.tables[t].name.clone());
    let two = |mark: char, between: &str| {
        let (a, b) = id.split_once(mark)?;
        Some(format!(
            "{} {between} {}",
            actor(a).unwrap_or_else(|| a.to_owned()),
            actor(b).unwrap_or_else(|| b.to_owned())
        ))
    };
    let of = front
        .or(table)
        .or_else(|| two('|', "against"))
        .or_else(|| two('/', "from"))
        .or_else(|| two('>', "on"))
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
        let free: Vec<u32> = (1000..9999).filter(|n| !empty.contains(&n.to_string())).collect();
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
            Entry::Ordered { turn: 1, seat: "IRN".to_owned(), lever: "iran.blow_rate".to_owned(), value: 0.5 },
            Entry::Proposed { by: "MED".to_owned(), title: "x".to_owned(), terms: vec![term("israel.blow_rate", 0.0)] },
            Entry::Signed { proposal: 1, by: "MED".to_owned(), turn: 1 },
            Entry::Signed { proposal: 1, by: "ISR".to_owned(), turn: 1 },
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
}
