//! Seats: who plays, whose levers each holds, whose state each knows from inside, and its sheet. Read from TOML.

use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{LEVERS, Lever};
use detente_session::names::{clean_name, quoted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The seats that ship with the program: the start for which their sheets are written, and the file.
const SHIPPED: [(&str, &str); 2] = [
    ("2024-11-08", include_str!("../../../assets/class/november-2024.toml")),
    ("2023-10-08", include_str!("../../../assets/class/october-2023.toml")),
];
/// Six seats for a small class, whose sheets fit any start.
pub const SIX: &str = include_str!("../../../assets/class/six.toml");
/// What the six are called on the command line.
pub const SIX_NAME: &str = "six";
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
    /// The same where it holds those of several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<String>,
    /// Whose state it knows from inside.
    #[serde(default)]
    pub actors: Vec<String>,
    /// Missions of the United Nations that it knows from inside; several seats may know one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missions: Vec<String>,
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
        self.owned().any(|owner| owner == lever.row().owner)
    }

    /// All whose levers it holds.
    pub fn owned(&self) -> impl Iterator<Item = &str> {
        self.owner.iter().chain(&self.owners).map(String::as_str)
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
            for owner in seat.owned() {
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
                if !owners.insert(owner.to_owned()) {
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
            for mission in &seat.missions {
                if !rules.missions.iter().any(|known| known.id.text == *mission) {
                    wrong.push(format!("seat {id}: `{}` is no mission of this scenario", quoted(mission, 20)));
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

    /// The seats that ship for a world that starts on a date.
    ///
    /// # Errors
    /// One sentence with a way out, where none are written for that start.
    pub fn shipped(start: jiff::civil::Date) -> Result<&'static str, String> {
        let start = start.to_string();
        let known = SHIPPED.iter().find(|(day, _)| *day == start).map(|(_, text)| *text);
        known.ok_or_else(|| {
            let days: Vec<&str> = SHIPPED.iter().map(|(day, _)| *day).collect();
            format!(
                "the sheets of the seats that ship are written for a world that starts on {}, and this one starts on {start}; take \
                 --seats {SIX_NAME}, whose sheets fit any start, or --seats FILE with your own (begin with a copy of \
                 assets/class/november-2024.toml)",
                days.join(" or ")
            )
        })
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

    /// The seats that know a mission from inside.
    pub fn watching(&self, mission: &str) -> impl Iterator<Item = usize> {
        let knows = move |seat: &Seat| seat.missions.iter().any(|known| known == mission);
        self.0.iter().enumerate().filter(move |(_, seat)| knows(seat)).map(|(place, _)| place)
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

    fn rules(scenario: &str) -> Rules {
        Rules::new(&detente_model::scenario::load(scenario).unwrap())
    }

    #[test]
    fn every_lever_has_a_seat_and_every_seat_a_sheet() {
        for (scenario, six) in
            [("november-2024", false), ("october-2023", false), ("november-2024", true), ("october-2023", true)]
        {
            let rules = rules(scenario);
            let large = Seats::read(Seats::shipped(rules.frame.start).unwrap(), &rules).unwrap();
            let seats = if six { Seats::read(SIX, &rules).unwrap() } else { large.clone() };
            for &lever in Lever::ALL {
                assert!(seats.holder(lever).is_some(), "nobody holds {}", lever.id());
            }
            for seat in seats.all() {
                assert!(!seat.brief.is_empty() && !seat.aims.is_empty() && !seat.red_lines.is_empty(), "{}", seat.id);
                for actor in &seat.actors {
                    assert!(rules.actor(actor).is_some(), "{}: {actor}", seat.id);
                }
            }
            // Whoever has a state to know is known by somebody: the small set leaves no actor out that the large one has.
            assert!(large.all().iter().flat_map(|seat| &seat.actors).all(|actor| seats.inside(actor).is_some()));
            assert!(seats.all().is_sorted_by(|a, b| a.id < b.id));
            assert_eq!(seats.all().len(), if six { 6 } else { 12 }, "{scenario}");
        }
    }

    /// A sheet that speaks of another month than that in which its world starts would mislead whoever reads it.
    #[test]
    fn sheets_are_written_for_the_start_of_their_world() {
        let at = |scenario: &str| Seats::shipped(rules(scenario).frame.start).unwrap();
        assert!(at("november-2024").contains("fourteenth month"));
        for text in [at("october-2023"), SIX] {
            for wrong in ["fourteenth", "26 October", "on its way out"] {
                assert!(!text.contains(wrong), "{wrong}");
            }
        }
        assert_eq!(at("piecemeal-deals"), at("november-2024"), "an overlay of the same start has the same sheets");
        let other = Seats::shipped(jiff::civil::date(2025, 3, 1)).unwrap_err();
        assert!(other.contains("starts on 2025-03-01") && other.contains("--seats six"), "{other}");
    }

    #[test]
    fn mistakes_are_said_all_at_once() {
        let text = "[[seats]]\nid='ALL'\nname='x'\nbrief=''\nowner='Nobody'\n[[seats]]\nid='ALL'\nname='y'\nbrief=''\n\
                    owners=['Iran', 'Israel', 'Iran']\nactors=['no actor']\nmissions=['IRN']";
        let rules = rules("november-2024");
        let wrong = Seats::read(text, &rules).unwrap_err().join("\n");
        for part in [
            "`ALL` is no id",
            "two seats are called ALL",
            "no lever belongs to `Nobody`",
            "the levers of Iran are held by another seat",
            "`no actor` is no actor",
            "`IRN` is no mission",
        ] {
            assert!(wrong.contains(part), "{part}: {wrong}");
        }
        assert!(Seats::read("seats = []", &rules).unwrap_err()[0].contains("1 to 24"));
        assert!(Seats::read("x", &rules).unwrap_err()[0].contains("cannot be read"));
    }
}
