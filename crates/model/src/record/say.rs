//! Events in plain, neutral sentences. The only place where the model's events become words.

use crate::scenario::raw::ActorKind;
use crate::sim::event::{Event, IraqStep, LevelMover, NuclearStep, PathStep, RoadmapStep, Vote};
use crate::sim::rules::{ActorRules, Rules};
use crate::sim::state::{Strike, StrikeKind};
use crate::sim::talks::council::MAJORITY;

/// A verb in the form that agrees with an actor: "Iran answers", "Iraqi armed groups answer".
#[must_use]
pub fn agree(actor: &ActorRules, one: &'static str, many: &'static str) -> &'static str {
    // The noun of "Houthis (Ansar Allah)" stands before the bracket.
    let name = actor.name.split(" (").next().unwrap_or_default();
    let is_many = actor.kind == ActorKind::Group && name.ends_with('s') && !name.ends_with("ss") && name != "Hamas";
    if is_many { many } else { one }
}

/// One plain sentence for an event.
#[must_use]
pub fn sentence(rules: &Rules, event: &Event) -> String {
    capital(&plain(rules, event))
}

/// Words with a capital.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// An actor's name as it stands in a sentence: some states take an article.
fn named(actor: &ActorRules) -> String {
    if actor.name.starts_with("United ") { format!("the {}", actor.name) } else { actor.name.clone() }
}

fn plain(rules: &Rules, event: &Event) -> String {
    let does = |i: u16, one, many| agree(&rules.actors[usize::from(i)], one, many);
    let actor = |i: u16| named(&rules.actors[usize::from(i)]);
    let front = |i: u16| rules.fronts[usize::from(i)].name.as_str();
    let table = |i: u16| rules.tables[usize::from(i)].name.as_str();
    let ledger = |i: u16| {
        let l = &rules.ledgers[usize::from(i)];
        (named(&rules.actors[l.holder]), named(&rules.actors[l.against]), l.theta)
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
        Event::Signed { table: t, left_out } => {
            format!("{} is signed by {}.", table(*t), parties(rules, usize::from(*t), left_out.map(usize::from)))
        }
        Event::Collapsed { table: t, age, level } => {
            let days = days(*age);
            if rules.tables[usize::from(*t)].quiets.is_none() || *level == 0 {
                format!("{} collapses after {days}.", table(*t))
            } else {
                format!("{} collapses after {days}; the front returns to level {level}.", table(*t))
            }
        }
        Event::Spoiler { table: t, actor: a } => {
            let attacks = does(*a, "attacks", "attack");
            format!("{} {attacks}, no party to the agreement that this strains: {}.", actor(*a), table(*t))
        }
        Event::Struck(s) => strike(rules, s),
        Event::AnswerOwed { ledger: l } => {
            let (holder, against, theta) = ledger(*l);
            let owes = agree(&rules.actors[rules.ledgers[usize::from(*l)].holder], "owes", "owe");
            format!("{holder} {owes} an answer to {against}: unanswered harm passes {theta:.1} blows.")
        }
        Event::AnswerLapsed { ledger: l } => {
            let (holder, against, _) = ledger(*l);
            format!("The answer that {holder} owed to {against} lapses: the harm has faded.")
        }
        Event::AnswerSettled { ledger: l } => {
            let (holder, against, _) = ledger(*l);
            let lets = agree(&rules.actors[rules.ledgers[usize::from(*l)].holder], "lets", "let");
            format!("{holder} {lets} an answer to {against} go: mediators have settled it.")
        }
        Event::War { pair, began, settled } => {
            let &[a, b] = rules.pairs[usize::from(*pair)].ledgers.as_slice() else {
                return format!("War mode of {}.", rules.pairs[usize::from(*pair)].id.text);
            };
            let names = |l: usize| named(&rules.actors[rules.ledgers[l].holder]);
            let (a, b) = (names(a), names(b));
            if *began {
                format!("Open war begins between {a} and {b}: from this shot on either means to fire daily.")
            } else if *settled {
                format!("The open war between {a} and {b} ends.")
            } else {
                format!("The open war between {a} and {b} falls silent; nothing is settled.")
            }
        }
        Event::LevelMoved { front: f, from, to, by } => {
            let way = if to > from { "rises" } else { "falls" };
            let with = match by {
                LevelMover::Decision => "",
                LevelMover::Fire => " with its fire",
                LevelMover::Agreement if to < from => ", by agreement",
                LevelMover::Agreement => ", outside the deal now",
            };
            format!("{}: the level {way} from {from} to {to}{with}.", front(*f))
        }
        Event::HostsWarned { foe, hosts } => {
            let warned = rules.hosts.iter().enumerate().filter(|(i, _)| hosts >> i & 1 == 1);
            let names = listed(warned.map(|(_, h)| rules.actors[h.actor].name.as_str()).collect());
            let warns = does(*foe, "warns", "warn");
            format!("{} {warns} {names}: bases on their soil could serve its opponents.", actor(*foe))
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
        // A vote that the model makes names no states: who sat, and how each voted, is known of documented votes only.
        Event::CouncilVote { council, draft, us, yes, against, abstaining, adopted } => {
            let council = &rules.councils[usize::from(*council)];
            let draft = &council.drafts[usize::from(*draft)];
            let vote = match us {
                Vote::Against => "the United States votes against",
                Vote::Abstain => "the United States abstains",
                Vote::Yes => "the United States votes in favour",
            };
            // A text with fewer than nine votes fails before any veto.
            let fate = match (adopted, us, draft.vetoed_by_others) {
                (true, ..) => "adopted",
                _ if *yes < MAJORITY => "not adopted",
                (false, Vote::Against, _) => "vetoed",
                (false, _, true) => "vetoed by other permanent members",
                _ => "not adopted",
            };
            format!("Security Council: {}: {vote}; {yes}-{against}-{abstaining}, {fate}.", draft.name)
        }
        Event::AssemblyVote { yes, against, abstaining, credentials, .. } => {
            let (text, note) = if *credentials {
                ("on Israel's credentials", " It changes standing, not membership.")
            } else {
                ("on the war in Gaza", "")
            };
            format!("General Assembly: a text {text}: {yes}-{against}-{abstaining}.{note}")
        }
        Event::Path { path, step } => match step {
            PathStep::Votes { authority: a, group: g } => {
                let rule = &rules.paths[usize::from(*path)];
                let name = |actor: Option<usize>, else_| actor.map_or(else_, |a| rules.actors[a].name.as_str());
                let [first, second] = [name(rule.authority, "the authority"), name(rule.group, "the armed group")];
                let winner = if a >= g { first } else { second };
                let rest = 100_u8.saturating_sub(a.saturating_add(*g));
                format!("The votes are counted: {first} {a} %, {second} {g} %, others {rest} %; {winner} governs.")
            }
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
            // Streams count unlike things (attack waves, strikes, claimed launches): the sum says how much went on, and by whom not.
            let what = if *events == 1 { "attack or strike" } else { "attacks and strikes by all sides" };
            format!("{}: {events} {what}{killed}.", front(*f))
        }
    }
}

/// Who signs at a table, in words: the parties that are in, with the armed groups behind a government that signs for them, and
/// who is left out.
fn parties(rules: &Rules, table: usize, left_out: Option<usize>) -> String {
    let name = |actor: usize| named(&rules.actors[actor]);
    let list = |names: Vec<String>| listed(names.iter().map(String::as_str).collect());
    let present = || rules.tables[table].parties.iter().filter(|p| left_out != Some(p.actor));
    let signers: Vec<String> = present().map(|p| name(p.signatory.unwrap_or(p.actor))).collect();
    let behind: Vec<String> = present().filter(|p| p.signatory.is_some()).map(|p| name(p.actor)).collect();
    let mut said = list(signers);
    if !behind.is_empty() {
        let what = if behind.len() == 1 { "the party behind it" } else { "parties behind it" };
        said = format!("{said}, with {} as {what}", list(behind));
    }
    match left_out {
        Some(actor) => format!("{said}; {} {} left out", name(actor), agree(&rules.actors[actor], "is", "are")),
        None => said,
    }
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
    let striker = &rules.actors[usize::from(s.actor)];
    let (actor, victim) = (named(striker), named(&rules.actors[usize::from(s.victim)]));
    let place = rules.frame.sites.get(usize::from(s.site)).map_or(String::new(), |site| format!(" ({})", site.name));
    let killed = match s.deaths {
        0 => "nobody is reported killed".to_owned(),
        n => format!("{n} killed"),
    };
    let class = s.class.words();
    let does = match s.kind {
        StrikeKind::Blow => agree(striker, "strikes", "strike"),
        StrikeKind::BaseSalvo => agree(striker, "fires", "fire"),
        StrikeKind::Preventive
            if rules.initiatives.get(usize::from(s.initiative)).is_some_and(|i| i.actor != usize::from(s.actor)) =>
        {
            agree(striker, "joins", "join")
        }
        StrikeKind::Preventive => agree(striker, "opens", "open"),
        StrikeKind::AirStrike | StrikeKind::Salvo => agree(striker, "answers", "answer"),
    };
    match s.kind {
        StrikeKind::Blow => {
            format!("{actor} {does} the leadership of {victim}{place}: {:.1} blows, {killed}.", s.magnitude)
        }
        StrikeKind::Preventive
            if rules.initiatives.get(usize::from(s.initiative)).is_some_and(|i| i.actor != usize::from(s.actor)) =>
        {
            format!("{actor} {does} the strike on {victim}: {class}{place}, {:.1} blows, {killed}.", s.magnitude)
        }
        StrikeKind::BaseSalvo => {
            let host =
                rules.hosts.get(usize::from(s.initiative)).map_or("a host", |h| rules.actors[h.actor].name.as_str());
            if usize::from(s.victim) == rules.hosts.get(usize::from(s.initiative)).map_or(usize::MAX, |h| h.actor) {
                return format!(
                    "{actor} {does} {} missiles at {host}: {class}{place}, {} intercepted, {} hit, {killed}.",
                    s.rounds[0], s.intercepted, s.hits
                );
            }
            let base = rules.frame.sites.get(usize::from(s.site));
            let base = base.map_or(format!("a base in {host}"), |site| site.name.clone());
            format!(
                "{actor} {does} {} missiles at {base}, with forces of {victim}: {} intercepted, {} hit, {killed}.",
                s.rounds[0], s.intercepted, s.hits
            )
        }
        StrikeKind::Preventive if s.is_salvo() => {
            format!(
                "{actor} {does} a preventive salvo on {victim}: {} missiles at {class}{place}, {} intercepted, {} hit, {killed}.",
                s.rounds[0], s.intercepted, s.hits
            )
        }
        StrikeKind::Preventive => {
            format!(
                "{actor} {does} a preventive strike on {victim}: {class}{place}, {:.0} blows, {killed}.",
                s.magnitude
            )
        }
        StrikeKind::AirStrike => {
            format!("{actor} {does} {victim} from the air: {class}{place}, {:.1} blows, {killed}.", s.magnitude)
        }
        StrikeKind::Salvo => {
            let [ballistic, drones, cruise] = s.rounds;
            let all = [(ballistic, "ballistic missile"), (drones, "drone"), (cruise, "cruise missile")];
            let fired = all.iter().enumerate().filter(|(i, (n, _))| *i == 0 || *n > 0);
            let rounds: Vec<String> =
                fired.map(|(_, (n, what))| format!("{n} {what}{}", if *n == 1 { "" } else { "s" })).collect();
            let told = if s.telegraphed { ", announced beforehand" } else { "" };
            format!(
                "{actor} {does} {victim} with {} at {class}{place}{told}: {} arrive, {} intercepted, {} hit, {killed}.",
                rounds.join(", "),
                s.arrivals,
                s.intercepted,
                s.hits
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::state::TargetClass;

    /// Governments sign for the groups behind them, which decide; who is left out of a deal for all does not sign.
    #[test]
    fn who_signs_is_who_would_sign() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let signed = |table: &str, out: Option<&str>| {
            let left_out = out.map(|id| rules.actor(id).unwrap() as u16);
            sentence(&rules, &Event::Signed { table: rules.table(table).unwrap() as u16, left_out })
        };
        assert_eq!(
            signed("LEB", None),
            "Truce in Lebanon is signed by Lebanon (government and army) and Israel, with Hezbollah as the party behind it."
        );
        let iraq = signed("IRQ", None);
        assert!(iraq.contains("is signed by Iraq and the United States, with Iraqi armed groups"), "{iraq}");
        assert_eq!(signed("GAZ", None), "Truce in Gaza is signed by Hamas and Israel.");
        let all = signed("ALL", Some("HOU"));
        assert!(all.ends_with("; Houthis (Ansar Allah) are left out."), "{all}");
        assert_eq!(all.matches("Houthis").count(), 1, "{all}");
        assert!(signed("ALL", Some("HAM")).ends_with("; Hamas is left out."));
    }

    /// An end names a level only where a front takes up fire, and a group outside strains an agreement that it is no party of.
    #[test]
    fn ends_and_spoilers_claim_no_more_than_happened() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let table = |id: &str| rules.table(id).unwrap() as u16;
        let ended = |id: &str, level| sentence(&rules, &Event::Collapsed { table: table(id), age: 30, level });
        assert_eq!(ended("YEM", 0), "Saudi-Houthi roadmap collapses after 30 days.");
        assert_eq!(ended("LEB", 2), "Truce in Lebanon collapses after 30 days; the front returns to level 2.");
        let actor = rules.actor("PIJ").unwrap() as u16;
        let said = sentence(&rules, &Event::Spoiler { table: table("GAZ"), actor });
        assert!(said.starts_with("Palestinian Islamic Jihad attacks, no party to the agreement"), "{said}");
    }

    /// A veto stops a text that had its nine votes; one that had fewer fails of itself, whoever was against it.
    #[test]
    fn a_text_without_nine_votes_is_not_said_to_be_vetoed() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let drafts = &rules.councils[0].drafts;
        let others = drafts.iter().position(|draft| draft.vetoed_by_others).unwrap();
        let plain = drafts.iter().position(|draft| !draft.vetoed_by_others).unwrap();
        let fate = |draft: usize, us: Vote, yes: u8| {
            let against = 4;
            let abstaining = 15 - yes - against;
            let vote =
                Event::CouncilVote { council: 0, draft: draft as u16, us, yes, against, abstaining, adopted: false };
            sentence(&rules, &vote).rsplit(", ").next().unwrap().to_owned()
        };
        assert_eq!(fate(others, Vote::Against, 5), "not adopted.");
        assert_eq!(fate(others, Vote::Yes, 8), "not adopted.");
        assert_eq!(fate(others, Vote::Yes, 9), "vetoed by other permanent members.");
        assert_eq!(fate(plain, Vote::Against, 9), "vetoed.");
        assert_eq!(fate(plain, Vote::Against, 8), "not adopted.");
    }

    #[test]
    fn verbs_agree_with_who_acts() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let many: Vec<&str> = rules
            .actors
            .iter()
            .filter(|actor| agree(actor, "answers", "answer") == "answer")
            .map(|actor| actor.id.text.as_str())
            .collect();
        assert_eq!(many.len(), 3, "{many:?}");
        for id in ["HOU", "IRI", "WBG"] {
            assert!(many.contains(&id), "{id}: {many:?}");
        }
        let (from, to) = (rules.actor("HOU").unwrap() as u16, rules.actor("USA").unwrap() as u16);
        let strike = Strike {
            kind: StrikeKind::Salvo,
            actor: from,
            opponent: to,
            victim: to,
            ledger: 0,
            initiative: u16::MAX,
            magnitude: 1.0,
            class: TargetClass::Military,
            site: u16::MAX,
            telegraphed: false,
            rounds: [3, 0, 0],
            arrivals: 3,
            intercepted: 3,
            hits: 0,
            deaths: 0,
        };
        let said = sentence(&rules, &Event::Struck(strike));
        assert!(said.starts_with("Houthis (Ansar Allah) answer the United States with 3 ballistic missiles"), "{said}");
        let one = sentence(&rules, &Event::Struck(Strike { rounds: [7, 1, 1], ..strike }));
        assert!(one.contains("7 ballistic missiles, 1 drone, 1 cruise missile at"), "{one}");
        let said = sentence(&rules, &Event::Struck(Strike { actor: to, victim: from, ..strike }));
        assert!(said.starts_with("The United States answers Houthis"), "{said}");
    }
}
