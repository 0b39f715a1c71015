//! Events in plain, neutral sentences. The only place where the model's events become words.

use super::event::{Event, IraqStep, NuclearStep, PathStep, RoadmapStep, Vote};
use crate::sim::rules::Rules;
use crate::sim::state::{Strike, StrikeKind};
use crate::sim::talks::council::MAJORITY;

/// One plain sentence for an event.
#[must_use]
pub fn sentence(rules: &Rules, event: &Event) -> String {
    let actor = |i: u16| rules.actors[usize::from(i)].name.as_str();
    let front = |i: u16| rules.fronts[usize::from(i)].name.as_str();
    let table = |i: u16| rules.tables[usize::from(i)].name.as_str();
    let ledger = |i: u16| {
        let l = &rules.ledgers[usize::from(i)];
        (rules.actors[l.holder].name.as_str(), rules.actors[l.against].name.as_str(), l.theta)
    };
    match event {
        Event::LeverMoved(change) => {
            let row = change.lever.row();
            let unit =
                if row.unit == "option" || row.unit == "date" { String::new() } else { format!(" {}", row.unit) };
            let value = change.lever.say(change.value.raw(), rules.frame.start);
            format!("Lever: {} is set to {value}{unit}.", row.name)
        }
        Event::Calendar { entry } => {
            let text = rules.frame.calendar[usize::from(*entry)].text.trim_end();
            if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
        }
        Event::ChannelTurned { channel, suspended } => {
            let name = &rules.channels[usize::from(*channel)].name;
            if *suspended { format!("{name} is suspended.") } else { format!("{name} is open again.") }
        }
        Event::Signed { table: t } => {
            format!("{} is signed by {}.", table(*t), parties(rules, usize::from(*t)))
        }
        Event::Collapsed { table: t, age, level } => {
            let days = days(*age);
            if rules.tables[usize::from(*t)].quiets.is_none() {
                format!("{} collapses after {days}.", table(*t))
            } else {
                format!("{} collapses after {days}; the front returns to level {level}.", table(*t))
            }
        }
        Event::Spoiler { table: t, actor: a } => {
            format!("{} attacks; it was left out of the agreement: {}.", actor(*a), table(*t))
        }
        Event::Struck(s) => strike(rules, s),
        Event::AnswerOwed { ledger: l } => {
            let (holder, against, theta) = ledger(*l);
            format!("{holder} owes an answer to {against}: unanswered harm passes {theta:.1} blows.")
        }
        Event::AnswerLapsed { ledger: l } => {
            let (holder, against, _) = ledger(*l);
            format!("The answer that {holder} owed to {against} lapses: the harm has faded.")
        }
        Event::War { pair, began } => {
            let &[a, b] = rules.pairs[usize::from(*pair)].ledgers.as_slice() else {
                return format!("War mode of {}.", rules.pairs[usize::from(*pair)].id.text);
            };
            let names = |l: usize| rules.actors[rules.ledgers[l].holder].name.as_str();
            let (a, b) = (names(a), names(b));
            if *began {
                format!("Daily exchanges begin between {a} and {b}.")
            } else {
                format!("Daily exchanges between {a} and {b} end.")
            }
        }
        Event::LevelMoved { front: f, from, to } => {
            let way = if to > from { "rises" } else { "falls" };
            format!("{}: the level {way} from {from} to {to}.", front(*f))
        }
        Event::HostsWarned { foe, hosts } => {
            let warned = rules.hosts.iter().enumerate().filter(|(i, _)| hosts >> i & 1 == 1);
            let names = listed(warned.map(|(_, h)| rules.actors[h.actor].name.as_str()).collect());
            format!("{} warns {names}: bases on their soil could serve its opponents.", actor(*foe))
        }
        Event::CorridorLost { corridor } => {
            format!("{} is lost as a supply corridor.", rules.corridors[usize::from(*corridor)].name)
        }
        Event::Roadmap { roadmap, step } => {
            let name = &rules.roadmaps[usize::from(*roadmap)].name;
            match step {
                RoadmapStep::Begun => format!("{name}: implementation begins."),
                RoadmapStep::Phase(n) => format!("{name}: phase {n} of 12 is done."),
                RoadmapStep::Suspended => format!("{name} is suspended over attacks on ships."),
                RoadmapStep::Resumed => format!("{name} resumes."),
                RoadmapStep::Talks => format!("{name}: inclusive talks among the Yemeni parties begin."),
                RoadmapStep::Constitution => format!("{name}: a constitution is agreed and elections are set."),
            }
        }
        Event::Iraq { integration, step } => {
            let state = &rules.actors[rules.integrations[usize::from(*integration)].actor].name;
            match step {
                IraqStep::DrawDown => format!("The coalition begins to draw down in {state}."),
                IraqStep::Left => format!("The coalition has left {state}, but for the share that is re-branded."),
                IraqStep::Stays => format!("The announced exit of the coalition from {state} has not come."),
                IraqStep::MissionEnded => format!("The UN assistance mission in {state} ends."),
            }
        }
        Event::Nuclear { programme, step } => {
            let owner = &rules.actors[rules.programmes[usize::from(*programme)].actor].name;
            match step {
                NuclearStep::PaceUp => format!("{owner} enriches faster."),
                NuclearStep::PaceDown => format!("{owner} enriches more slowly."),
                NuclearStep::Censured => format!("The IAEA Board censures {owner}."),
                NuclearStep::Decided => {
                    format!("{owner} decides to weaponise; the decision is hidden from every other actor.")
                }
                NuclearStep::Detected => format!("Work on a weapon in {owner} is detected."),
                NuclearStep::Device => format!("{owner} could have a nuclear device ready."),
            }
        }
        Event::CouncilVote { council, draft, us, yes, against, abstaining, adopted } => {
            let council = &rules.councils[usize::from(*council)];
            let draft = &council.drafts[usize::from(*draft)];
            let vote = match us {
                Vote::Against => "the United States votes against",
                Vote::Abstain => "the United States abstains",
                Vote::Yes => "the United States votes in favour",
            };
            let fate = match (adopted, us, draft.vetoed_by_others) {
                (true, ..) => "adopted",
                (false, Vote::Against, _) if *yes >= MAJORITY => "vetoed",
                (false, _, true) => "vetoed by other permanent members",
                _ => "not adopted",
            };
            let mut others = String::new();
            for (what, members) in [("against", &draft.against), ("abstaining", &draft.abstaining)] {
                if !members.is_empty() {
                    let names = listed(members.iter().map(String::as_str).collect());
                    others = format!("{others}; {what} {names}");
                }
            }
            format!("Security Council: {}: {vote}{others}; {yes}-{against}-{abstaining}, {fate}.", draft.name)
        }
        Event::AssemblyVote { council, yes, against, abstaining, named_against, credentials, .. } => {
            let (text, note) = if *credentials {
                ("on Israel's credentials", " It changes standing, not membership.")
            } else {
                ("on the war in Gaza", "")
            };
            let states = rules.councils[usize::from(*council)].assembly_named.iter().enumerate();
            let opposed = states.filter(|(i, _)| named_against >> i & 1 == 1).map(|(_, state)| state.as_str());
            let opposed = listed(opposed.collect());
            let who = if opposed.is_empty() { String::new() } else { format!("; against: {opposed}") };
            format!("General Assembly: a text {text}: {yes}-{against}-{abstaining}{who}.{note}")
        }
        Event::Path { step, .. } => match step {
            PathStep::Withdrawn => "Gaza: the withdrawal is completed.".to_owned(),
            PathStep::Unified => "Gaza and the West Bank come under one administration.".to_owned(),
            PathStep::Elected => "Palestinian elections are held.".to_owned(),
            PathStep::NotElected => "Palestinian elections are not held on their date.".to_owned(),
            PathStep::Rebuilt => "Gaza: reconstruction and trade get under way.".to_owned(),
            PathStep::Undone => "Gaza: war undoes the withdrawal and what followed it.".to_owned(),
        },
        Event::Unrest { factions, repressed } => {
            let name = &rules.actors[rules.factions[usize::from(*factions)].actor].name;
            if *repressed {
                format!("Unrest in {name} grows to where it is repressed.")
            } else {
                format!("Unrest in {name} calms; repression ends.")
            }
        }
        Event::FireDay { front: f, events, deaths } => {
            let killed = if *deaths == 0 { String::new() } else { format!(", {deaths} killed") };
            let plural = if *events == 1 { "event" } else { "events" };
            format!("{}: {events} {plural} of fire{killed}.", front(*f))
        }
    }
}

/// The parties of a table, in words.
fn parties(rules: &Rules, table: usize) -> String {
    listed(rules.tables[table].parties.iter().map(|p| rules.actors[p.actor].name.as_str()).collect())
}

/// Names in a row.
fn listed(names: Vec<&str>) -> String {
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn days(n: i32) -> String {
    if n == 1 { "1 day".to_owned() } else { format!("{n} days") }
}

fn strike(rules: &Rules, s: &Strike) -> String {
    let actor = &rules.actors[usize::from(s.actor)].name;
    let victim = &rules.actors[usize::from(s.victim)].name;
    let place = rules.frame.sites.get(usize::from(s.site)).map_or(String::new(), |site| format!(" ({})", site.name));
    let killed = match s.deaths {
        0 => "nobody is reported killed".to_owned(),
        n => format!("{n} killed"),
    };
    let class = s.class.words();
    match s.kind {
        StrikeKind::Blow => {
            format!("{actor} strikes the leadership of {victim}{place}: {:.1} blows, {killed}.", s.magnitude)
        }
        StrikeKind::Preventive
            if rules.initiatives.get(usize::from(s.initiative)).is_some_and(|i| i.actor != usize::from(s.actor)) =>
        {
            format!("{actor} joins the strike on {victim}: {class}{place}, {:.1} blows, {killed}.", s.magnitude)
        }
        StrikeKind::BaseSalvo => {
            let host =
                rules.hosts.get(usize::from(s.initiative)).map_or("a host", |h| rules.actors[h.actor].name.as_str());
            let base = rules.frame.sites.get(usize::from(s.site));
            let base = base.map_or(format!("a base in {host}"), |site| site.name.clone());
            format!(
                "{actor} fires {} missiles at {base}, with forces of {victim}: {} intercepted, {} hit, {killed}.",
                s.rounds[0], s.intercepted, s.hits
            )
        }
        StrikeKind::Preventive => {
            format!(
                "{actor} opens a preventive strike on {victim}: {class}{place}, {:.0} blows, {killed}.",
                s.magnitude
            )
        }
        StrikeKind::AirStrike => {
            format!("{actor} answers {victim} from the air: {class}{place}, {:.1} blows, {killed}.", s.magnitude)
        }
        StrikeKind::Salvo => {
            let [ballistic, drones, cruise] = s.rounds;
            let mut rounds = vec![format!("{ballistic} ballistic missile{}", if ballistic == 1 { "" } else { "s" })];
            if drones > 0 {
                rounds.push(format!("{drones} drones"));
            }
            if cruise > 0 {
                rounds.push(format!("{cruise} cruise missiles"));
            }
            let told = if s.telegraphed { ", announced beforehand" } else { "" };
            format!(
                "{actor} answers {victim} with {} at {class}{place}{told}: {} arrive, {} intercepted, {} hit, {killed}.",
                rounds.join(", "),
                s.arrivals,
                s.intercepted,
                s.hits
            )
        }
    }
}
