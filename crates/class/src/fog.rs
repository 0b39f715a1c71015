//! Fog: what each seat may know of the world, decided here and nowhere else. What this file does not name is known to nobody.

use crate::seats::Seats;
use detente_model::sim::event::{Event, NuclearStep};
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::Lever;

/// Who knows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Everybody.
    All,
    /// These seats, by position.
    To(Vec<usize>),
    /// Nobody in the room but the facilitator.
    Nobody,
}

impl Known {
    /// Whether a seat knows it; without a seat one knows what everybody does.
    #[must_use]
    pub fn to(&self, seat: Option<usize>) -> bool {
        match self {
            Self::All => true,
            Self::To(seats) => seat.is_some_and(|seat| seats.contains(&seat)),
            Self::Nobody => false,
        }
    }

    fn by(seats: impl IntoIterator<Item = Option<usize>>) -> Self {
        let mut known: Vec<usize> = seats.into_iter().flatten().collect();
        known.sort_unstable();
        known.dedup();
        if known.is_empty() { Self::Nobody } else { Self::To(known) }
    }
}

/// What a series is, in words, and in which part of a seat's page it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What everybody can see.
    Public,
    /// One's own state.
    Own,
    /// What one thinks of others.
    Estimate,
}

/// A series by its name: who knows it, and what it is called. None for what is known to nobody.
#[must_use]
pub fn series(seats: &Seats, name: &str) -> (Known, Part, &'static str) {
    let (kind, id) = name.split_once('.').unwrap_or((name, ""));
    let public = |words| (Known::All, Part::Public, words);
    let inside = |actor: &str, words| (Known::by([seats.inside(actor)]), Part::Own, words);
    let holder = |lever: Lever, words| (Known::by([seats.holder(lever)]), Part::Own, words);
    let hidden = (Known::Nobody, Part::Public, "");
    match kind {
        // What is counted in the open.
        "events" => public("Events of fire on the last day"),
        "deaths" => public("Killed by fire on the last day"),
        "level" => public("Level of the front"),
        "war" => public("Open war"),
        "status" => public("Talks or agreement"),
        "age" => public("Days in force"),
        "displaced" => public("Displaced"),
        "killed" => public("Killed since the start"),
        "withdrawal" => public("Withdrawal"),
        "corridor_open" => public("Corridor open"),
        "oil" => public("Oil exports"),
        "access" => public("Inspectors' access"),
        "phases" => public("Phases of the roadmap"),
        "roadmap_stage" => public("Stage of the roadmap"),
        "suspended" => public("Roadmap suspended"),
        "integrated" => public("Groups taken into the army"),
        "coalition_exit" => public("Exit of the coalition"),
        "isolation" => public("Share of yes on the Assembly's last text"),
        "aid" => public("Aid"),
        "stages" => public("Stages of the path after a truce"),
        "governs" => public("Who governs"),
        "seat" => public("Seat or votes inside the state"),
        "deal_parts" => public("Parts of the collective deal in force"),
        "shaken" => public("Linked agreements shaken lately"),
        // What an actor knows of itself.
        "munitions" => inside(id, "Missiles and rockets in store"),
        "launchers" => inside(id, "Launchers"),
        "interceptors" => inside(id, "Interceptors"),
        "air_defence" => inside(id, "Air defence"),
        "shield" => inside(id, "Partner's shield"),
        "decapitation" => inside(id, "Leadership lost"),
        "opinion" => inside(id, "Support at home for going on"),
        "permission" => inside(id, "Permission given to bases"),
        "threatened" => inside(id, "Threatened over its bases"),
        "fear" => inside(id, "Fear of war"),
        "host_harm" => inside(id, "Harm to own sites"),
        "incorporated" => inside(id, "Under the authority of a state"),
        "revenue" => inside(id, "Revenue"),
        "stress" => inside(id, "Economic stress"),
        "funding" => inside(id, "Funding of partners"),
        "reformists" => inside(id, "Reformists' weight"),
        "unrest" => inside(id, "Unrest"),
        "legitimacy" => inside(id, "Legitimacy at home"),
        "enriched" => inside(id, "Uranium enriched to 60 %"),
        "ledger" => inside(id.split('|').next().unwrap_or(""), "Unanswered harm, as we count it"),
        "owed" => inside(id.split('|').next().unwrap_or(""), "An answer is owed"),
        "threat" => inside(id.split('/').next().unwrap_or(""), "Threat that we perceive"),
        "resolve" => inside(id, "Resolve that others ascribe to us"),
        "forgone" => inside(id.split('|').next().unwrap_or(""), "Answers forgone, so far unreturned"),
        "pace" => inside(id, "Pace of the nuclear programme"),
        "patience" => inside(id, "Patience of those who wait for reforms"),
        "us_consent" => inside("USA", "Consent to a preventive strike"),
        "veto_cost" => inside("USA", "What vetoes have cost"),
        // What a seat does with its own hands: whose lever it is, its state it is.
        "channel" => match Lever::from_id(name) {
            Some(lever) => holder(lever, "Channel, as far as it is open"),
            None => hidden,
        },
        "national_troops" => holder(Lever::LafTroopsSouth, "Troops of the army in the south"),
        "peacekeepers" => {
            let known = seats.watching(id).map(Some).chain([seats.holder(Lever::UnifilTroops)]);
            (Known::by(known), Part::Own, "Peacekeepers, by strength and mandate")
        }
        // Both ends know of sanctions: who imposes them, and on whom they are.
        "sanctions" => {
            let ends = [seats.inside(id), seats.holder(Lever::SanctionsPressure)];
            (Known::by(ends), Part::Own, "Sanctions in force")
        }
        // What may come to bases is thought by whose they are and on whose soil; told to one digit, for it is made of what
        // others decide.
        "exposure" => {
            (Known::by([seats.inside("USA"), seats.inside(id)]), Part::Estimate, "Chance of a strike on bases")
        }
        "standing" if seats.inside("PAL").is_some() => inside("PAL", "Legitimacy of the authority"),
        "trade" | "activity" if seats.inside("PAL").is_some() => inside("PAL", "Economic activity in Gaza"),
        // What one side thinks of the other: what our shots came to, as those who shot count it. The holder's own count stays with
        // the holder.
        "ledger_other_count" => {
            let against = id.split('|').nth(1).unwrap_or("");
            (Known::by([seats.inside(against)]), Part::Estimate, "Their unanswered harm, as we count it")
        }
        // The hidden programme, and means and chances of the model that act without being seen by anyone.
        _ => hidden,
    }
}

/// Who learns of an event.
#[must_use]
pub fn event(seats: &Seats, rules: &Rules, event: &Event) -> Known {
    let inside = |actor: usize| rules.actors.get(actor).and_then(|a| seats.inside(&a.id.text));
    match event {
        Event::Struck(_)
        | Event::Calendar { .. }
        | Event::ChannelTurned { .. }
        | Event::Signed { .. }
        | Event::Collapsed { .. }
        | Event::Spoiler { .. }
        | Event::War { .. }
        | Event::LevelMoved { .. }
        | Event::CorridorLost { .. }
        | Event::Roadmap { .. }
        | Event::Iraq { .. }
        | Event::CouncilVote { .. }
        | Event::AssemblyVote { .. }
        | Event::Path { .. }
        | Event::Unrest { .. } => Known::All,
        Event::Nuclear { step, .. } => match step {
            NuclearStep::PaceUp | NuclearStep::PaceDown | NuclearStep::Censured | NuclearStep::Detected => Known::All,
            // The decision is hidden, and so is what comes of it.
            NuclearStep::Decided | NuclearStep::Device => Known::Nobody,
        },
        Event::LeverMoved(change) => Known::by([seats.holder(change.lever)]),
        Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => {
            Known::by([rules.ledgers.get(usize::from(*ledger)).and_then(|l| inside(l.holder))])
        }
        Event::HostsWarned { foe, hosts } => {
            let warned = rules.hosts.iter().enumerate().filter(|(i, _)| hosts >> i & 1 == 1).map(|(_, h)| h.actor);
            Known::by(std::iter::once(usize::from(*foe)).chain(warned).map(inside))
        }
        // Counted day by day in the series; as news it would drown the rest.
        Event::FireDay { .. } => Known::Nobody,
    }
}
