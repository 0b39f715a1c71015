//! Typed events. Positions refer to [`crate::sim::rules::Rules`]; words are made in `record::say`.

use crate::sim::state::{Strike, TargetClass};
use crate::symbols::levers::LeverChange;
use bevy_ecs::resource::Resource;
use serde::{Deserialize, Serialize};

/// What moved a front's level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LevelMover {
    /// Its parties: a draw decided.
    Decision,
    /// Its fire, or 30 days without.
    Fire,
    /// An agreement that came, or came to cover the front, or ceased to.
    Agreement,
}

/// One event of one day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A lever took a new value.
    LeverMoved(LeverChange),
    /// A dated event from outside.
    Calendar {
        /// Position in the calendar.
        entry: u16,
    },
    /// A channel was suspended or opened again.
    ChannelTurned {
        /// Channel.
        channel: u16,
        /// Whether it is now suspended.
        suspended: bool,
    },
    /// An agreement was signed.
    Signed {
        /// Table.
        table: u16,
        /// The party that a collective deal leaves out, if any.
        left_out: Option<u16>,
    },
    /// An agreement collapsed.
    Collapsed {
        /// Table.
        table: u16,
        /// Days it had been in force.
        age: i32,
        /// Level to which its front returned, the highest of several; 0 if none took up fire.
        level: u8,
    },
    /// A group left out of an agreement attacked.
    Spoiler {
        /// Table.
        table: u16,
        /// The group.
        actor: u16,
    },
    /// A blow, preventive strike, air strike or salvo, resolved.
    Struck(Strike),
    /// Harm passed a threshold: an answer is owed.
    AnswerOwed {
        /// Ledger.
        ledger: u16,
    },
    /// An owed answer lapsed.
    AnswerLapsed {
        /// Ledger.
        ledger: u16,
    },
    /// An owed answer was settled through mediators.
    AnswerSettled {
        /// Ledger.
        ledger: u16,
    },
    /// A pair entered or left war mode.
    War {
        /// Pair.
        pair: u16,
        /// Whether it began.
        began: bool,
        /// Whether it ended with what both hold against each other settled; not where it fell silent.
        settled: bool,
    },
    /// A front's level moved.
    LevelMoved {
        /// Front.
        front: u16,
        /// From.
        from: u8,
        /// To.
        to: u8,
        /// What moved it.
        by: LevelMover,
    },
    /// States that host bases were warned.
    HostsWarned {
        /// Who warns.
        foe: u16,
        /// Hosts, one bit each.
        hosts: u64,
    },
    /// A supply corridor was lost.
    CorridorLost {
        /// Corridor.
        corridor: u16,
    },
    /// A roadmap moved.
    Roadmap {
        /// Roadmap.
        roadmap: u16,
        /// How.
        step: RoadmapStep,
    },
    /// The exit of foreign forces and the integration of groups moved.
    Iraq {
        /// Integration.
        integration: u16,
        /// How.
        step: IraqStep,
    },
    /// A nuclear programme moved.
    Nuclear {
        /// Programme.
        programme: u16,
        /// How.
        step: NuclearStep,
    },
    /// The Council voted on a draft.
    CouncilVote {
        /// Council.
        council: u16,
        /// Kind of draft.
        draft: u16,
        /// The US vote.
        us: Vote,
        /// In favour.
        yes: u8,
        /// Against.
        against: u8,
        /// Abstaining.
        abstaining: u8,
        /// Whether it was adopted.
        adopted: bool,
    },
    /// The Assembly voted on a text.
    AssemblyVote {
        /// Council beside it.
        council: u16,
        /// In favour.
        yes: u8,
        /// Against.
        against: u8,
        /// Abstaining.
        abstaining: u8,
        /// States named by the council's rules that vote against, one bit each.
        named_against: u64,
        /// States named that abstain.
        named_abstaining: u64,
        /// Whether it was about credentials.
        credentials: bool,
    },
    /// The path after a truce moved.
    Path {
        /// Path.
        path: u16,
        /// How.
        step: PathStep,
    },
    /// Unrest drew repression, or calmed.
    Unrest {
        /// Factions.
        factions: u16,
        /// Whether repression began.
        repressed: bool,
    },
    /// All routine fire of one front on one day (recorded runs only).
    FireDay {
        /// Front.
        front: u16,
        /// Events.
        events: u32,
        /// Deaths.
        deaths: u32,
    },
}

/// A member's vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vote {
    /// Against; a veto for a permanent member.
    Against,
    /// Abstention.
    Abstain,
    /// In favour.
    Yes,
}

/// How a roadmap moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadmapStep {
    /// Implementation begins.
    Begun,
    /// A phase is done.
    Phase(u8),
    /// Suspended.
    Suspended,
    /// Resumed.
    Resumed,
    /// Inclusive talks.
    Talks,
    /// Constitution and elections.
    Constitution,
}

/// How foreign forces and groups moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IraqStep {
    /// The draw-down begins.
    DrawDown,
    /// The coalition has left, but for the share that is re-branded.
    Left,
    /// An announced exit has not come.
    Stays,
    /// The UN mission has ended.
    MissionEnded,
}

/// How a nuclear programme moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NuclearStep {
    /// Faster enrichment.
    PaceUp,
    /// Slower enrichment.
    PaceDown,
    /// A censure by the Board.
    Censured,
    /// A hidden decision to weaponise.
    Decided,
    /// Weaponisation is detected.
    Detected,
    /// A device could be ready.
    Device,
}

/// How the path after a truce moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathStep {
    /// The withdrawal is done.
    Withdrawn,
    /// One administration for Gaza and the West Bank.
    Unified,
    /// Elections are held.
    Elected,
    /// Elections are not held on their date.
    NotElected,
    /// The votes are counted, in per cent.
    Votes {
        /// For the authority's list.
        authority: u8,
        /// For the group's.
        group: u8,
    },
    /// Reconstruction is under way.
    Rebuilt,
    /// War undoes the path.
    Undone,
}

/// What kind of event it is, for filters and files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// [`Event::LeverMoved`].
    Lever,
    /// [`Event::Calendar`].
    Calendar,
    /// [`Event::ChannelTurned`].
    Channel,
    /// [`Event::Signed`].
    Signed,
    /// [`Event::Collapsed`].
    Collapsed,
    /// [`Event::Spoiler`].
    Spoiler,
    /// A blow.
    Blow,
    /// A preventive strike.
    Preventive,
    /// An air strike in answer.
    AirStrike,
    /// A salvo in answer.
    Salvo,
    /// [`Event::AnswerOwed`].
    AnswerOwed,
    /// [`Event::AnswerLapsed`].
    AnswerLapsed,
    /// [`Event::AnswerSettled`].
    AnswerSettled,
    /// War mode begins.
    WarBegan,
    /// War mode ends.
    WarEnded,
    /// A step up.
    StepUp,
    /// A step down.
    StepDown,
    /// Missiles at a base in a host state.
    BaseSalvo,
    /// [`Event::HostsWarned`].
    HostsWarned,
    /// [`Event::CorridorLost`].
    CorridorLost,
    /// [`Event::Roadmap`].
    Roadmap,
    /// [`Event::Iraq`].
    Iraq,
    /// [`Event::Nuclear`].
    Nuclear,
    /// [`Event::CouncilVote`].
    CouncilVote,
    /// [`Event::AssemblyVote`].
    AssemblyVote,
    /// [`Event::Path`].
    Path,
    /// [`Event::Unrest`].
    Unrest,
    /// [`Event::FireDay`].
    Fire,
}

impl EventKind {
    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lever => "lever",
            Self::Calendar => "calendar",
            Self::Channel => "channel",
            Self::Signed => "signed",
            Self::Collapsed => "collapsed",
            Self::Spoiler => "spoiler",
            Self::Blow => "blow",
            Self::Preventive => "preventive_strike",
            Self::AirStrike => "air_strike",
            Self::Salvo => "salvo",
            Self::AnswerOwed => "answer_owed",
            Self::AnswerLapsed => "answer_lapsed",
            Self::AnswerSettled => "answer_settled",
            Self::WarBegan => "war_began",
            Self::WarEnded => "war_ended",
            Self::StepUp => "step_up",
            Self::StepDown => "step_down",
            Self::BaseSalvo => "base_salvo",
            Self::HostsWarned => "hosts_warned",
            Self::CorridorLost => "corridor_lost",
            Self::Roadmap => "roadmap",
            Self::Iraq => "iraq",
            Self::Nuclear => "nuclear",
            Self::CouncilVote => "council_vote",
            Self::AssemblyVote => "assembly_vote",
            Self::Path => "gaza_path",
            Self::Unrest => "unrest",
            Self::Fire => "fire",
        }
    }

    /// How much it says about the course of a year, 0 most; `None` for routine.
    #[must_use]
    pub fn weight(self) -> Option<u8> {
        Some(match self {
            Self::Signed | Self::Collapsed | Self::WarBegan | Self::WarEnded => 0,
            Self::Preventive | Self::Lever | Self::BaseSalvo => 1,
            Self::Salvo | Self::AirStrike | Self::CorridorLost => 2,
            Self::Spoiler | Self::Channel | Self::Blow | Self::Nuclear | Self::AnswerSettled => 3,
            Self::StepUp | Self::StepDown | Self::Path => 4,
            Self::Calendar | Self::Iraq | Self::Unrest => 5,
            Self::AnswerOwed | Self::AnswerLapsed | Self::HostsWarned => 6,
            Self::CouncilVote | Self::AssemblyVote | Self::Roadmap => 7,
            Self::Fire => return None,
        })
    }
}

impl Event {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> EventKind {
        use crate::sim::state::StrikeKind;
        match self {
            Self::LeverMoved(_) => EventKind::Lever,
            Self::Calendar { .. } => EventKind::Calendar,
            Self::ChannelTurned { .. } => EventKind::Channel,
            Self::Signed { .. } => EventKind::Signed,
            Self::Collapsed { .. } => EventKind::Collapsed,
            Self::Spoiler { .. } => EventKind::Spoiler,
            Self::Struck(s) => match s.kind {
                StrikeKind::Blow => EventKind::Blow,
                StrikeKind::Preventive => EventKind::Preventive,
                StrikeKind::AirStrike => EventKind::AirStrike,
                StrikeKind::Salvo => EventKind::Salvo,
                StrikeKind::BaseSalvo => EventKind::BaseSalvo,
            },
            Self::AnswerOwed { .. } => EventKind::AnswerOwed,
            Self::AnswerLapsed { .. } => EventKind::AnswerLapsed,
            Self::AnswerSettled { .. } => EventKind::AnswerSettled,
            Self::War { began: true, .. } => EventKind::WarBegan,
            Self::War { began: false, .. } => EventKind::WarEnded,
            Self::LevelMoved { from, to, .. } if to > from => EventKind::StepUp,
            Self::LevelMoved { .. } => EventKind::StepDown,
            Self::HostsWarned { .. } => EventKind::HostsWarned,
            Self::CorridorLost { .. } => EventKind::CorridorLost,
            Self::Roadmap { .. } => EventKind::Roadmap,
            Self::Iraq { .. } => EventKind::Iraq,
            Self::Nuclear { .. } => EventKind::Nuclear,
            Self::CouncilVote { .. } => EventKind::CouncilVote,
            Self::AssemblyVote { .. } => EventKind::AssemblyVote,
            Self::Path { .. } => EventKind::Path,
            Self::Unrest { .. } => EventKind::Unrest,
            Self::FireDay { .. } => EventKind::Fire,
        }
    }
}

impl TargetClass {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Military => "military sites",
            Self::Leadership => "leadership",
            Self::StateAssets => "ports and state assets",
            Self::Energy => "energy sites",
            Self::Nuclear => "nuclear sites",
            Self::Population => "population centres",
        }
    }
}

/// The events of the day that just ran, in the order of the phases.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct Journal(pub Vec<Event>);
