//! Kinds of documented events, and what their ids name.

/// A kind of documented event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An agreement was signed; id: table.
    Signed,
    /// An agreement collapsed; id: table.
    Collapsed,
    /// A blow fell; id: initiative, or `INITIATIVE on VICTIM`.
    Blow,
    /// A preventive strike came; id: initiative.
    Preventive,
    /// A ledger's holder answered what was owed; id: ledger.
    Answer,
    /// A supply corridor was lost; id: corridor.
    CorridorLost,
    /// Fighting was taken a level up; id: front.
    StepUp,
    /// Fighting was taken a level down; id: front.
    StepDown,
    /// A lever moved; id: `LEVER=VALUE`.
    Lever,
    /// From this date on the record of a kind is complete: days without an event of it are days on which none came. Id: a kind,
    /// or `KIND:ID` for one table, initiative, ledger, corridor or front.
    Complete,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Signed,
        Self::Collapsed,
        Self::Blow,
        Self::Preventive,
        Self::Answer,
        Self::CorridorLost,
        Self::StepUp,
        Self::StepDown,
        Self::Lever,
        Self::Complete,
    ];

    /// Name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::Collapsed => "collapsed",
            Self::Blow => "blow",
            Self::Preventive => "preventive",
            Self::Answer => "answer",
            Self::CorridorLost => "corridor_lost",
            Self::StepUp => "step_up",
            Self::StepDown => "step_down",
            Self::Lever => "lever",
            Self::Complete => "complete",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        // As it is said elsewhere for the same.
        let name = match name {
            "preventive_strike" => "preventive",
            "lever_moved" => "lever",
            name => name,
        };
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
