//! What changes a whole sitting, and histories that were played for it beforehand.

use super::history::History;
use detente_model::sim::world::Fate;
use detente_model::symbols::levers::LeverChange;

/// A branch's history, played before the branch is there.
pub struct Ready {
    /// The future as which it was played.
    pub fate: Fate,
    /// Number of the branch.
    pub id: u32,
    /// The log under which it was played.
    pub changes: Vec<LeverChange>,
    /// What happened.
    pub history: History,
}

/// What changes a whole sitting, and so may take a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Everything under another seed.
    Reseed(u64),
    /// Everything as another future.
    Future(Fate),
    /// The last move taken back.
    Undo,
    /// What was taken back done again.
    Redo,
    /// The playhead moved to a day.
    GoTo(i32),
}
