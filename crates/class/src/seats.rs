//! Seats: who plays, whose levers each holds, whose state each knows from inside, and its sheet. Read from TOML.

use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{LEVERS, Lever};
use detente_session::names::{clean_name, quoted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The seats that ship with the program.
pub const SHIPPED: &str = include_str!("../../../assets/class/november-2024.toml");
/// Most seats of a room.
const MOST_SEATS: usize = 24;
/// Longest piece of a sheet, characters.
const LONGEST: usize = 600;
/// Most aims, and most red lines.
const MOST_LINES: usize = 12;
/// Largest file of seats, bytes.
pub const MOST_BYTES: usize = 64 << 10;
/// Names that are no seats', because they stand for somebody else in messages and orders.
const TAKEN: [&str; 3] = ["ALL", "HOST", "WALL"];

/// One seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Id: orders are applied in the order of these.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Whose levers it holds, as the lever table names the owner; none where it has words alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whose state it knows from inside.
    #[serde(default)]
    pub actors: Vec<String>,
    /// Whether what it writes to everybody goes to every screen.
    #[serde(default)]
    pub speaks: bool,
    /// Where it stands.
    pub brief: String,
    /// What it is after.
    #[serde(default)]
    pub aims: Vec<String>,
    /// What it cannot accept.
    #[serde(default)]
    pub red_lines: Vec<String>,
}

impl Seat {
    /// Whether a lever is its own.
    #[must_use]
    pub fn holds(&self, lever: Lever) -> bool {
        self.owner.as_deref() == Some(lever.row().owner)
    }
}

/// All seats of a room, in order of their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seats(Vec<Seat>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    seats: Vec<Seat>,
}

impl Seats {
    /// Reads seats, and holds them against the scenario.
    ///
    /// # Errors
    /// Every mistake, one sentence each, with a way out.
    pub fn read(text: &str, rules: &Rules) -> Result<Self, Vec<String>> {
        if text.len() > MOST_BYTES {
            return Err(vec![format!("a file of seats has at most {MOST_BYTES} bytes; shorten the sheets")]);
        }
        let File { mut seats } = toml::from_str(text).map_err(|error| {
            let why = quoted(&error.to_string(), 300);
            vec![format!("the seats cannot be read: {why}; start from a copy of assets/class/november-2024.toml")]
        })?;
        let mut wrong = Vec::new();
        if seats.is_empty() || seats.len() > MOST_SEATS {
            wrong.push(format!("a room has 1 to {MOST_SEATS} seats, and this file has {}", seats.len()));
        }
        let (mut ids, mut owners, mut actors) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for seat in &mut seats {
            let id = quoted(&seat.id, 20);
            let fit = (2..=5).contains(&seat.id.len()) && seat.id.bytes().all(|b| b.is_ascii_uppercase());
            if !fit || TAKEN.contains(&seat.id.as_str()) {
                wrong.push(format!(
                    "`{id}` is no id of a seat: take two to five capital letters, and none of ALL, HOST, WALL"
                ));
            }
            if !ids.insert(seat.id.clone()) {
                wrong.push(format!("two seats are called {id}; give each an id of its own"));
            }
            if let Some(owner) = &seat.owner {
                let known = LEVERS.iter().any(|row| row.owner == owner);
                if !known {
                    let mut all: Vec<&str> = LEVERS.iter().map(|row| row.owner).collect();
                    all.dedup();
                    all.sort_unstable();
                    all.dedup();
                    wrong.push(format!(
                        "seat {id}: no lever belongs to `{}`; owners are {}",
                        quoted(owner, 40),
                        all.join(", ")
                    ));
                }
                if !owners.insert(owner.clone()) {
                    wrong.push(format!(
                        "seat {id}: the levers of {} are held by another seat already",
                        quoted(owner, 40)
                    ));
                }
            }
            for actor in &seat.actors {
                // An actor that the scenario leaves out has no state that could be known.
                let written = rules.actor(actor).is_some() || actor.bytes().all(|b| b.is_ascii_uppercase());
                if !written {
                    wrong.push(format!("seat {id}: `{}` is no actor of this scenario", quoted(actor, 20)));
                }
                if !actors.insert(actor.clone()) {
                    wrong
                        .push(format!("seat {id}: {} is known from inside by another seat already", quoted(actor, 20)));
                }
            }
            if seat.aims.len() > MOST_LINES || seat.red_lines.len() > MOST_LINES {
                wrong.push(format!("seat {id}: at most {MOST_LINES} aims and as many red lines"));
            }
            seat.name = clean_name(&seat.name);
            seat.brief = quoted(&seat.brief, LONGEST);
            for line in seat.aims.iter_mut().chain(&mut seat.red_lines) {
                *line = quoted(line, LONGEST);
            }
        }
        seats.sort_by(|a, b| a.id.cmp(&b.id));
        if wrong.is_empty() { Ok(Self(seats)) } else { Err(wrong) }
    }

    /// All, in order of ids.
    #[must_use]
    pub fn all(&self) -> &[Seat] {
        &self.0
    }

    /// The position of a seat by its id.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|seat| seat.id == id)
    }

    /// The seat that knows an actor from inside.
    #[must_use]
    pub fn inside(&self, actor: &str) -> Option<usize> {
        self.0.iter().position(|seat| seat.actors.iter().any(|a| a == actor))
    }

    /// The seat that holds a lever.
    #[must_use]
    pub fn holder(&self, lever: Lever) -> Option<usize> {
        self.0.iter().position(|seat| seat.holds(lever))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        Rules::new(&detente_model::scenario::load("november-2024").unwrap())
    }

    #[test]
    fn every_lever_has_a_seat_and_every_seat_a_sheet() {
        let seats = Seats::read(SHIPPED, &rules()).unwrap();
        for &lever in Lever::ALL {
            assert!(seats.holder(lever).is_some(), "nobody holds {}", lever.id());
        }
        for seat in seats.all() {
            assert!(!seat.brief.is_empty() && !seat.aims.is_empty() && !seat.red_lines.is_empty(), "{}", seat.id);
            for actor in &seat.actors {
                assert!(rules().actor(actor).is_some(), "{}: {actor}", seat.id);
            }
        }
        assert!(seats.all().is_sorted_by(|a, b| a.id < b.id));
        assert_eq!(seats.all().len(), 12);
    }

    #[test]
    fn mistakes_are_said_all_at_once() {
        let text = "[[seats]]\nid='ALL'\nname='x'\nbrief=''\nowner='Nobody'\n[[seats]]\nid='ALL'\nname='y'\nbrief=''\nactors=['no actor']";
        let wrong = Seats::read(text, &rules()).unwrap_err().join("\n");
        for part in
            ["`ALL` is no id", "two seats are called ALL", "no lever belongs to `Nobody`", "`no actor` is no actor"]
        {
            assert!(wrong.contains(part), "{part}: {wrong}");
        }
        assert!(Seats::read("seats = []", &rules()).unwrap_err()[0].contains("1 to 24"));
        assert!(Seats::read("x", &rules()).unwrap_err()[0].contains("cannot be read"));
    }
}
