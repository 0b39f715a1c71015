//! What is kept on disk: the journal of a room, one entry for everything that anybody did. The room is the fold of these and
//! nothing else, so that whoever has the journal has the room.

use serde::{Deserialize, Serialize};

/// One lever in a package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Lever, by id.
    pub lever: String,
    /// Value in stored form.
    pub value: f64,
}

/// What a person is called whose nickname was removed.
#[must_use]
pub fn nameless(player: usize) -> String {
    format!("person {}", player + 1)
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Entry {
    /// A person came in. Of the token only its digest is kept.
    Joined {
        /// SHA-256 of the token, in hex.
        token: String,
        /// Nickname, cleaned.
        name: String,
    },
    /// A person took a seat, or was given one, or was taken off it.
    Seated {
        /// Person, by position.
        player: usize,
        /// Seat, by id.
        seat: Option<String>,
    },
    /// A person was shown out.
    Removed {
        /// Person, by position.
        player: usize,
    },
    /// A person's nickname was removed: from here on, and from the entry with which they came in.
    Forgotten {
        /// Person, by position.
        player: usize,
    },
    /// A person was made the head of the delegation on whose seat they sit.
    Headed {
        /// Person, by position.
        player: usize,
    },
    /// A member of a delegation would have an order of its seat; its head gives it, or not.
    Wished {
        /// Turn.
        turn: u32,
        /// Seat, by id.
        seat: String,
        /// Lever, by id.
        lever: String,
        /// Value in stored form.
        value: f64,
        /// Person, by position.
        player: usize,
    },
    /// A member of a delegation is for or against a package; its head signs it, or not.
    Voted {
        /// Package, by number from 1.
        proposal: u32,
        /// Party.
        by: String,
        /// Person, by position.
        player: usize,
        /// For it.
        yes: bool,
    },
    /// An order was accepted.
    Ordered {
        /// Turn.
        turn: u32,
        /// Seat, by id, or the facilitator's.
        seat: String,
        /// Lever, by id.
        lever: String,
        /// Value in stored form.
        value: f64,
        /// Person who did it; none where the facilitator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        player: Option<usize>,
    },
    /// Somebody wrote to somebody.
    Said {
        /// Seat, by id, or the facilitator's.
        from: String,
        /// Seat, by id, `ALL`, or the facilitator's.
        to: String,
        /// Words, cleaned.
        text: String,
        /// Person who did it; none where the facilitator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        player: Option<usize>,
    },
    /// A package was put on the table.
    Proposed {
        /// Seat that drafted it.
        by: String,
        /// What it is called, cleaned.
        title: String,
        /// What it says.
        terms: Vec<Term>,
        /// Person who did it; none where the facilitator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        player: Option<usize>,
    },
    /// A package was written anew; signatures are void.
    Amended {
        /// Package, by number from 1.
        proposal: u32,
        /// Seat that did it.
        by: String,
        /// What it says now.
        terms: Vec<Term>,
        /// Person who did it; none where the facilitator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        player: Option<usize>,
    },
    /// A party signed a package.
    Signed {
        /// Package.
        proposal: u32,
        /// Party.
        by: String,
        /// Turn in which it did.
        turn: u32,
        /// Person who did it; none where the facilitator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        player: Option<usize>,
    },
    /// A party said no, or the drafter took it back.
    Dropped {
        /// Package.
        proposal: u32,
        /// Party.
        by: String,
        /// Person who did it; none where the facilitator did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        player: Option<usize>,
    },
    /// A person predicted.
    Predicted {
        /// Person.
        player: usize,
        /// Turn that it is about.
        turn: u32,
        /// Question, by id.
        question: String,
        /// Chance, per cent.
        percent: u8,
    },
    /// A turn was closed; its days follow from it.
    Turned {
        /// Turn.
        turn: u32,
        /// Days.
        days: i32,
    },
    /// A turn was played to this digest.
    Ran {
        /// Turn.
        turn: u32,
        /// Digest.
        digest: String,
    },
    /// The world went back to the morning of a turn, on a branch of its own.
    Rewound {
        /// Turn.
        turn: u32,
    },
    /// The facilitator shows a time by which orders are wanted.
    Clock {
        /// Seconds since 1970; none where nothing presses, or while it is held.
        until: Option<i64>,
        /// Seconds that are left while it is held.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<i64>,
    },
    /// The door was closed, or opened again.
    Locked {
        /// Whether nobody new comes in.
        locked: bool,
    },
    /// The debrief was laid open to everybody.
    Revealed,
}
