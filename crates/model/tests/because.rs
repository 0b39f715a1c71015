//! What explanations say of causes holds, over everything that some runs decided: every blow, strike, answer and salvo,
//! every signing and collapse, every move of a level, every war and debt, and days of routine fire.
//!
//! The one rule: a cause is named only if taking it away, as it stood that day, changes the chance.

use detente_model::chance::Key;
use detente_model::record::digits::alike;
use detente_model::record::explain::{Cause, Explanation, Known, decision_in, explain_known, ledger_parts, subject};
use detente_model::record::parts::Origin;
use detente_model::record::recorder::{EventId, day_events};
use detente_model::scenario::raw::{CalendarKind, LadderRule};
use detente_model::sim::columns::Columns;
use detente_model::sim::event::{Event, EventKind, LevelMover, PathStep, Vote};
use detente_model::sim::probe::Subject;
use detente_model::sim::rules::Rules;
use detente_model::sim::state::Status;
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::{Lever, LeverChange};
use noisy_float::prelude::R64;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A run of which everything is explained.
struct Case {
    name: String,
    rules: Rules,
    fate: Fate,
    log: Vec<LeverChange>,
    events: Vec<(EventId, Event)>,
    /// The state before each day, and that at the end.
    mornings: Vec<Snapshot>,
    told: Vec<(EventId, Event, Explanation)>,
}

/// Many answers, truces and collapses in a year: more blows, quick tables, short truces.
const QUICK: &str = "[initiatives.\"ISR>IRN\"]\nblow_rate = { value = 0.06, high = 0.1 }\n\
     preventive_rate = { value = 0.01, high = 0.02 }\n\
     [tables.GAZ]\neta = 0.9\nh0 = { value = 0.1, high = 0.2 }\n[tables.LEB]\neta = 0.9\nh0 = { value = 0.1, high = 0.2 }\n\
     [tables.EXC]\neta = 0.9\nh0 = { value = 0.1, high = 0.2 }\n[levers]\niran.suspend_muscat = \"off\"\n\
     [parameters]\nspoiler_rate = 0.1\nus_join = 0.8\nlambda_base = 8\n";
/// Truces that last, so that several are in force at once.
const LASTING: &str = "[tables.GAZ]\neta = 0.9\nh0 = { value = 0.001, low = 0.001 }\n[tables.LEB]\neta = 0.9\nh0 = { value = 0.001, low = 0.001 }\n\
     [tables.YEM]\neta = 0.9\n[tables.RED]\neta = 0.9\n[tables.IRQ]\neta = 0.9\n";
/// A deal with all but one, soon signed.
const LEFT_OUT: &str =
    "[levers]\ndeal.left_out = \"HAM\"\n[tables.ALL]\neta = 0.9\nh0 = { value = 0.02, high = 0.2 }\n";

/// What vetoes cost, what adopted texts do, fear, leverage and a forum, each at the strong end.
const COSTLY: &str = "[parameters]\nveto_cost = 1\nun_cost = 1.5\ndraft_rate = 0.05\nadopted_aid_other = 0\ntext_concession = 0.1\n\
     text_deadline = 3\ntext_legitimacy = 0.3\ntext_recognition = 0.1\ncredentials_lobby = 0.2\ncredentials_rally = 0.3\n\
     credentials_arms = 0.3\nfear_permission = 0.5\nscale_fear = 0.6\nscale_suspension = 0.4\nforum_gain = 0.02\nforum_loss = 0.05\n\
     host_sites = 0.5\nus_join = 0.8\nlambda_base = 8\n[initiatives.\"ISR>IRN\"]\npreventive_rate = { value = 0.01, high = 0.02 }\n\
     [tables.GAZ]\nh0 = { value = 0.05, high = 0.2 }\n[tables.LEB]\nh0 = { value = 0.05, high = 0.2 }\n[tables.EXC]\n\
     eta = 0.2\nh0 = { value = 0.05, high = 0.2 }\n[levers]\niran.suspend_muscat = \"off\"\nus.administration = \"continuity\"\n\
     us.base_sorties = 1\npalestine.election_date = 2025-04-01\ncouncil.consequences = 1\nhosts.fear_of_war = 1\n[councils.UNSC.drafts.membership]\nfrequency = 6\n";

/// Debts that mediators settle, through several channels each of which would do.
const MEDIATED: &str = "[parameters]\nsettle_rate = 0.2\nlambda_base = 8\n[initiatives.\"ISR>IRN\"]\n\
     blow_rate = { value = 0.04, high = 0.1 }\n[levers]\nchannel.qatar = 0.2\nchannel.swiss = 0.2\n";
/// A deal of the parties' own that is signed soon, frays, and ends.
const TIED: &str = "[parameters]\npackage_choice = 1\ndeal_fray = 1\nfray_least = 0.25\nviolation_spread = 1\nlink_separate = 0.3\n\
     link_logroll = 0.3\n[tables.ALL]\neta = 0.9\nh0 = { value = 0.02, high = 0.2 }\n";

/// The same, weak, so that part after part of it falls.
const FRAYING: &str =
    "[parameters]\ndeal_fray = 0.8\nfray_least = 0.25\n[tables.ALL]\neta = 0.9\nh0 = { value = 0.2, high = 0.2 }\n";
/// A truce in Gaza within days that lasts, elections after it, and votes that count.
const BALLOTS: &str = "[levers]\nstates.incorporation = 1\npalestine.election_date = 2025-02-01\npalestine.trade = 1\n\
     palestine.unified_administration = 1\n[tables.GAZ]\neta = 0.9\nh0 = 0.004\n";

fn change(day: i32, lever: Lever, value: f64) -> LeverChange {
    LeverChange { day, lever, value: R64::new(value) }
}

fn case(name: &str, overlay: &str, seed: u64, days: i32, log: &[LeverChange]) -> Case {
    told(name, overlay, Fate { seed, future: 0, prior: false }, days, log)
}

/// A future that draws its own parameters: an explanation has them, and not the defaults.
fn drawn(name: &str, future: u64, days: i32) -> Case {
    told(name, "", Fate { seed: 3, future, prior: true }, days, &[])
}

fn told(name: &str, overlay: &str, fate: Fate, days: i32, log: &[LeverChange]) -> Case {
    let text = format!("format = 1\nextends = \"{name}\"\n{overlay}");
    let mut rules =
        Rules::new(&detente_model::scenario::load_text("test.toml", &text).unwrap_or_else(|e| panic!("{e}")));
    if fate.prior {
        rules.redraw(Key::new(fate.seed, fate.future));
    }
    let mut simulation: Simulation = Simulation::new(&rules, fate, log.to_vec());
    let (mut events, mut mornings) = (Vec::new(), Vec::new());
    let mut state = Columns::default();
    for day in 0..days {
        mornings.push(simulation.snapshot());
        simulation.step();
        simulation.read_columns(&mut state);
        let of_day = day_events(&rules, simulation.events(), &state);
        events.extend((1_u32..).zip(of_day).map(|(place, event)| (EventId { day, place }, event)));
    }
    mornings.push(simulation.snapshot());
    let mark_before = |day: i32| &mornings[day.max(0) as usize];
    let known = Known { events: &events, mark_before: &mark_before };
    let is_told = |id: &EventId, event: &Event| match event.kind() {
        EventKind::Calendar => false,
        // Routine fire is on every front every day.
        EventKind::Fire => (id.day + id.place as i32) % 17 == 0,
        _ => true,
    };
    let told = events.iter().filter(|(id, event)| is_told(id, event)).map(|(id, event)| {
        (*id, *event, explain_known(&rules, fate, log, *id, known).unwrap_or_else(|e| panic!("{name} {id}: {e}")))
    });
    let told = told.collect();
    let name = format!("{name}, seed {}, future {}", fate.seed, fate.future);
    Case { name, rules, fate, log: log.to_vec(), events, mornings, told }
}

fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut cases: Vec<Case> =
            [1, 4, 5, 6, 10, 18, 19, 23, 33].map(|seed| case("november-2024", "", seed, 365, &[])).into();
        let doubled = [change(10, Lever::IranResponseScale, 0.8)];
        cases.extend([1, 2].map(|seed| case("deterrence-breaks-down", "", seed, 365, &doubled)));
        let moves = [change(3, Lever::UnifilTroops, 0.0), change(5, Lever::SanctionsPressure, 1.0)];
        cases.extend([0, 1, 2, 3].map(|seed| case("november-2024", QUICK, seed, 240, &moves)));
        cases.extend([5, 6].map(|seed| case("november-2024", LASTING, seed, 300, &[])));
        for (seed, posture) in [(1, -1.0), (2, 0.5), (3, 1.5), (4, 1.5)] {
            let moves = [
                change(2, Lever::UnscPosture, posture),
                change(3, Lever::ZoneTalks, 1.0),
                change(4, Lever::Leverage, 1.0),
                change(5, Lever::SuspensionDrive, 2.0),
            ];
            cases.push(case("november-2024", COSTLY, seed, 300, &moves));
        }
        cases.push(case("as-it-happened", "", 1, 300, &[]));
        cases.push(case("collective-deal", "", 3, 300, &[]));
        cases.extend([3, 8].map(|seed| case("collective-deal", LEFT_OUT, seed, 300, &[])));
        cases.extend([2, 5].map(|seed| case("the-region-incorporated", "", seed, 500, &[])));
        // Debts settled, with channels that a user opened and moved; a deal whose parts need each other, and packages in it.
        let mediated = [change(4, Lever::ChannelQatar, 1.0), change(4, Lever::ChannelSwiss, 1.0)];
        cases.extend([1, 2, 3, 4].map(|seed| case("restraint-returned", MEDIATED, seed, 365, &mediated)));
        cases.extend([2, 3].map(|seed| case("parts-need-each-other", TIED, seed, 365, &[])));
        cases.push(case("parts-need-each-other", "", 4, 365, &[]));
        cases.push(case("nuclear-compromise", "", 2, 200, &[]));
        cases.extend([2, 8].map(|seed| case("parts-need-each-other", FRAYING, seed, 300, &[])));
        // Elections soon after a truce, and votes that count.
        cases.extend([1, 2, 3, 4].map(|seed| case("november-2024", BALLOTS, seed, 365, &[])));
        cases.extend([0, 1, 2].map(|future| drawn("november-2024", future, 365)));
        cases
    })
}

/// Every cause of everything that is explained.
fn causes() -> impl Iterator<Item = (&'static Case, EventId, &'static Event, &'static Explanation, &'static Cause)> {
    cases().iter().flat_map(|case| {
        case.told.iter().flat_map(move |(id, event, told)| told.causes.iter().map(move |c| (case, *id, event, told, c)))
    })
}

impl Case {
    fn event(&self, id: EventId) -> Option<&Event> {
        self.events.iter().find(|(other, _)| *other == id).map(|(_, event)| event)
    }

    /// The decision that an event came from. A part that falls from a deal with all, which holds on, falls by that deal's.
    fn asked(&self, id: EventId, event: &Event) -> Option<Subject> {
        let own = subject(&self.rules, event);
        let (Event::Collapsed { table, .. }, Some(all)) = (event, self.rules.collective) else { return own };
        let agreements = &self.mornings[id.day as usize].columns.agreements;
        let of_the_deal = agreements[all].in_force() && !agreements[usize::from(*table)].in_force();
        if of_the_deal { Some(Subject::Collapse(all as u16)) } else { own }
    }
}

/// All that is looked at, by kind, so that no rule below holds for want of anything to hold for.
#[test]
fn thousands_of_decisions_of_every_kind_are_looked_at() {
    let mut kinds: BTreeMap<&'static str, u32> = BTreeMap::new();
    for (_, event, _) in cases().iter().flat_map(|case| &case.told) {
        *kinds.entry(event.kind().name()).or_default() += 1;
    }
    println!("{kinds:?}; {} causes", causes().count());
    assert!(kinds.values().sum::<u32>() > 3_000, "{kinds:?}");
    let wanted = [
        "blow",
        "preventive_strike",
        "air_strike",
        "salvo",
        "base_salvo",
        "signed",
        "collapsed",
        "spoiler",
        "step_up",
        "step_down",
        "war_began",
        "war_ended",
        "answer_owed",
        "answer_settled",
        "lever",
        "hosts_warned",
        "council_vote",
        "fire",
    ];
    for kind in wanted {
        assert!(kinds.get(kind).copied().unwrap_or(0) >= 3, "too few of {kind}: {kinds:?}");
    }
}

#[test]
fn a_cause_that_is_named_changes_the_chance() {
    let mut wrong = Vec::new();
    for (case, id, _, told, cause) in causes() {
        let Some(with) = told.chance else {
            let why =
                (!cause.averts).then(|| format!("{} {id}: it would have come all the same: {cause:?}", case.name));
            wrong.extend(why);
            continue;
        };
        let fails = match cause.chance_without {
            None => Some("was never taken away"),
            Some(without) if alike(with, without) => Some("changes nothing"),
            Some(without) => (told.link(cause) != if without < with { "because" } else { "although" })
                .then_some("is said the wrong way round"),
        };
        wrong.extend(fails.map(|why| format!("{} {id}: {} {why}: {}", case.name, told.sentence, cause.sentence)));
    }
    assert!(wrong.is_empty(), "{} causes are none:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}

/// A deal that leaves somebody out is a cause where it holds, and never of what it leaves out.
#[test]
fn a_deal_that_leaves_somebody_out_bears_on_those_who_are_in() {
    let mut named = 0;
    for (case, id, event, told, cause) in
        causes().filter(|(case, ..)| case.rules.frame.levers[Lever::DealLeftOut] > 0.0)
    {
        let Some(Event::Signed { table, .. }) = cause.event.and_then(|earlier| case.event(earlier)) else { continue };
        if case.rules.table("ALL") != Some(usize::from(*table)) {
            continue;
        }
        named += 1;
        let gaza = case.rules.front("GAZ").unwrap();
        let of_gaza = matches!(event, Event::FireDay { front, .. } if usize::from(*front) == gaza);
        // It quiets no fire there; elsewhere it does.
        assert!(!of_gaza || told.link(cause) == "because", "{} {id}: {}: {cause:?}", case.name, told.sentence);
    }
    assert!(named >= 20, "{named} causes are that deal");
}

/// Where an equation has several terms of one name, each says which it is.
#[test]
fn terms_of_one_name_are_told_apart() {
    let mut several = 0;
    for case in cases() {
        for (id, _, told) in &case.told {
            let names: Vec<String> = told.terms.iter().map(|t| format!("{}{}", t.name, t.apart())).collect();
            several += usize::from(told.terms.iter().any(|t| t.which.is_some()));
            for (place, name) in names.iter().enumerate() {
                assert!(!names[..place].contains(name), "{} {id}: {}: {name} twice", case.name, told.sentence);
            }
        }
    }
    assert!(several >= 50, "{several} explanations");
}

/// A part that falls from a deal with all falls by the decision on the deal, and an explanation says so; a deal that ends because
/// too few of its parts are left says that, and names the parts that fell.
#[test]
fn a_part_that_falls_from_a_deal_is_explained_by_the_deal() {
    let (mut fell, mut ended) = (0, 0);
    for case in cases() {
        let Some(all) = case.rules.collective else { continue };
        for (id, event, told) in &case.told {
            let Event::Collapsed { table, .. } = event else { continue };
            let agreements = &case.mornings[id.day as usize].columns.agreements;
            let part = usize::from(*table);
            let whole = case.rules.tables[all].name.as_str();
            if part == all && told.chance.is_none() {
                ended += 1;
                assert!(told.decided.contains("Parts of the deal had fallen"), "{} {id}: {told}", case.name);
                let named = told.causes.iter().filter(|cause| cause.averts && cause.event.is_some()).count();
                assert!(named > 0, "{} {id}: {told}", case.name);
            }
            if part != all && agreements[all].in_force() && !agreements[part].in_force() {
                fell += 1;
                assert!(told.chance > told.draw, "{} {id}: {told}", case.name);
                assert!(told.decided.contains(whole) && told.decided.contains("in part"), "{} {id}: {told}", case.name);
                assert!(told.terms.iter().any(|term| term.name == "violations"), "{} {id}: {told}", case.name);
            }
        }
    }
    println!("{fell} parts fell, {ended} deals ended for want of parts");
    // A deal ends for want of parts only where truces of their own have collapsed under it: that is rare.
    assert!(fell >= 8, "{fell} parts fell, {ended} deals ended");
}

/// Votes are a decision like any other: the chance that this list would come first, what each pull made of it, and the elections.
#[test]
fn a_count_of_votes_says_what_made_that_list_the_first() {
    let mut counted = 0;
    for (case, id, event, told) in
        cases().iter().flat_map(|case| case.told.iter().map(move |(i, e, t)| (case, i, e, t)))
    {
        let Event::Path { step: PathStep::Votes { authority, group }, .. } = event else { continue };
        counted += 1;
        let (chance, draw) = (told.chance.unwrap(), told.draw.unwrap());
        assert!(draw <= chance && chance > 0.0 && chance <= 1.0, "{} {id}: {told}", case.name);
        let deaths = told.terms.iter().find(|term| term.name == "deaths in Gaza").unwrap();
        // The dead speak for the group: without them it comes first more seldom, and the Authority more often.
        assert!((deaths.without < chance) == (group > authority), "{} {id}: {told}", case.name);
        let held = |cause: &Cause| {
            let earlier = cause.event.and_then(|earlier| case.event(earlier));
            matches!(earlier, Some(Event::Path { step: PathStep::Elected, .. }))
        };
        assert!(told.causes.iter().any(held), "{} {id}: {told}", case.name);
    }
    assert!(counted >= 2, "{counted} counts");
}

/// Vetoes, cease-fire texts, admissions, leverage and a forum are named as causes where they bear, by what they did.
#[test]
fn votes_texts_leverage_and_forum_are_named_where_they_bear() {
    let mut met: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut scaled = 0;
    for (_, event, told) in cases().iter().flat_map(|case| &case.told) {
        scaled += u32::from(told.decided.contains("Its size was multiplied by"));
        assert!(
            !told.decided.contains("Its size was") || matches!(event.kind(), EventKind::AirStrike | EventKind::Salvo)
        );
    }
    for (case, _, event, _, cause) in causes() {
        let Some(earlier) = cause.event.and_then(|earlier| case.event(earlier)) else { continue };
        let what = match (event.kind(), earlier) {
            (EventKind::CouncilVote, Event::CouncilVote { .. }) => "a veto, of a vote",
            (EventKind::Signed, Event::CouncilVote { .. }) if cause.contribution.contains("fresh") => {
                "a text, of a truce"
            }
            (EventKind::Signed, Event::CouncilVote { .. }) => "an admission, of a truce",
            (EventKind::Path, Event::CouncilVote { .. }) => "an admission, of elections",
            (EventKind::Signed, Event::LeverMoved(c)) if c.lever == Lever::Leverage => "leverage, of a truce",
            (EventKind::Signed, Event::LeverMoved(c)) if c.lever == Lever::ZoneTalks => "a forum, of an agreement",
            _ => continue,
        };
        *met.entry(what).or_default() += 1;
    }
    println!("{met:?}, {scaled} answers with their scale");
    assert!(met.len() == 6 && met.values().all(|n| *n >= 1), "{met:?}");
    assert!(scaled >= 3, "{scaled}");
}

/// Whoever moved a lever is named: a user, the scenario, the administration, or the deal of which its value was an item.
#[test]
fn who_moved_a_lever_is_said_and_what_was_signed_is_the_cause_of_what_it_moved() {
    let mut met: BTreeMap<&'static str, u32> = BTreeMap::new();
    for case in cases() {
        for (id, event, told) in &case.told {
            let Event::LeverMoved(moved) = event else { continue };
            let of_all = |e: &Event| matches!(e, Event::Signed { table, .. } if case.rules.collective == Some(usize::from(*table)));
            let signed = case.events.iter().find(|(at, e)| at.day == id.day && at < id && of_all(e)).map(|(at, _)| *at);
            let (who, said) = if case.log.contains(moved) {
                ("user", "A user moved the lever.")
            } else if case.rules.frame.lever_log.contains(moved) {
                ("scenario", "The scenario moves the lever on that date")
            } else if signed.is_some() {
                ("deal", "It is an item of what was signed that day")
            } else {
                ("administration", "The course of the administration in office sets the lever.")
            };
            *met.entry(who).or_default() += 1;
            assert!(told.decided.starts_with(said), "{} {id}: {}: {}", case.name, told.sentence, told.decided);
            let causes: Vec<EventId> = told.causes.iter().filter_map(|cause| cause.event).collect();
            match who {
                "deal" => assert_eq!(causes, [signed.unwrap()], "{} {id}: {}", case.name, told.sentence),
                "administration" => assert!(!causes.is_empty(), "{} {id}: {}", case.name, told.sentence),
                _ => assert!(causes.is_empty(), "{} {id}: {causes:?}", case.name),
            }
        }
    }
    println!("{met:?}");
    assert!(met.len() == 4 && met.values().all(|n| *n >= 3), "{met:?}");
}

/// A debt that several channels would settle, each alone, is said to rest on mediation; and moves of those channels are causes.
#[test]
fn a_settlement_names_mediation_where_no_channel_is_needed_by_itself() {
    let (mut settled, mut any_would_do, mut moved) = (0, 0, 0);
    for (case, id, event, told) in
        cases().iter().flat_map(|case| case.told.iter().map(move |(id, event, told)| (case, id, event, told)))
    {
        if !matches!(event, Event::AnswerSettled { .. }) {
            continue;
        }
        settled += 1;
        let together = told.terms.iter().find(|term| term.name == "mediation");
        let together = together.unwrap_or_else(|| panic!("{} {id}: {told}", case.name));
        assert!(together.value > 0.0 && together.without.abs() < 1e-15, "{} {id}: {together:?}", case.name);
        let channels = told.terms.iter().filter(|term| term.unit == "intensity" && term.name != "mediation");
        any_would_do += u32::from(channels.clone().all(|term| alike(term.without, told.chance.unwrap())));
        assert!(channels.count() >= 3, "{} {id}", case.name);
        moved += told
            .causes
            .iter()
            .filter(|c| c.event.and_then(|at| case.event(at)).is_some_and(|e| matches!(e, Event::LeverMoved(_))))
            .count();
    }
    println!("{settled} settled, {any_would_do} where no channel is needed by itself, {moved} moves of levers named");
    assert!(settled >= 3 && any_would_do >= 1 && moved >= 1, "{settled} {any_would_do} {moved}");
}

/// A vote that is explained names the kind of draft that it was about, and what of it weighed.
#[test]
fn a_vote_names_what_of_its_draft_weighed() {
    let mut met: BTreeMap<&str, u32> = BTreeMap::new();
    for case in cases() {
        for (id, event, told) in &case.told {
            let Event::CouncilVote { council, draft, us, .. } = event else { continue };
            let draft = &case.rules.councils[usize::from(*council)].drafts[usize::from(*draft)];
            for (name, there) in [
                ("a draft of the United States' own", draft.us_draft),
                ("a call for the release of hostages", draft.hostages),
                ("provisions for aid", draft.aid),
            ] {
                let told_of = told.telling().find(|term| term.name == name);
                assert_eq!(told_of.is_some(), there, "{} {id}: {}: {name}", case.name, told.sentence);
                // Each speaks for a yes, and so against a vote against.
                if let Some(term) = told_of.filter(|_| *us != Vote::Abstain) {
                    let with = told.chance.unwrap();
                    assert!(
                        (term.without < with) == (*us == Vote::Yes) || alike(term.without, with),
                        "{term:?} {with}"
                    );
                    *met.entry(name).or_default() += 1;
                }
            }
        }
    }
    assert!(met.len() == 3 && met.values().all(|n| *n >= 10), "{met:?}");
}

/// A cap is said in per cent, as its lever takes it.
#[test]
fn a_cap_is_said_as_its_lever_takes_it() {
    let mut caps = 0;
    for told in cases().iter().flat_map(|case| case.told.iter().map(|(_, _, told)| told)) {
        for term in told.terms.iter().filter(|term| term.unit == "% U-235") {
            caps += 1;
            assert!([60.0, 20.0, 3.67].iter().any(|cap| (term.value - cap).abs() < 1e-12), "{term:?}");
        }
    }
    assert!(caps >= 1, "no cap was offered");
}

#[test]
fn a_cause_is_an_event_of_the_run_and_no_later_than_what_it_caused() {
    for (case, id, _, told, cause) in causes() {
        let Some(earlier) = cause.event else { continue };
        assert!(earlier < id, "{} {id}: {}: {cause:?}", case.name, told.sentence);
        assert!(case.event(earlier).is_some(), "{} {id}: {cause:?}", case.name);
        assert!(cause.sentence.ends_with('.') && cause.contribution.ends_with('.'), "{cause:?}");
    }
}

#[test]
fn what_is_said_to_be_in_force_is_in_force() {
    let (mut agreements, mut wars) = (0, 0);
    let mut wrong = Vec::new();
    for (case, id, _, told, cause) in causes() {
        let Some((earlier, event)) = cause.event.and_then(|earlier| Some((earlier, case.event(earlier)?))) else {
            continue;
        };
        // What ends in the evening was there for the day's fire.
        let ended =
            |is: &dyn Fn(&Event) -> bool| case.events.iter().any(|(at, e)| *at > earlier && at.day < id.day && is(e));
        let has_ended = match event {
            Event::Signed { table, .. } if cause.contribution.contains("in force") => {
                agreements += 1;
                ended(&|e| matches!(e, Event::Collapsed { table: t, .. } if t == table))
            }
            Event::War { pair, began: true, .. } => {
                wars += 1;
                ended(&|e| matches!(e, Event::War { pair: p, began: false, .. } if p == pair))
            }
            _ => false,
        };
        if has_ended {
            wrong.push(format!("{} {id}: {} because {}", case.name, told.sentence, cause.sentence));
        }
    }
    assert!(wrong.is_empty(), "{} had ended:\n{}", wrong.len(), wrong.join("\n"));
    assert!(agreements >= 20 && wars >= 20, "{agreements} agreements, {wars} wars");
}

/// "… of which 1.06 were left."
fn left(cause: &Cause) -> Option<f64> {
    let (_, rest) = cause.contribution.split_once("of which ")?;
    let (number, words) = rest.split_once(' ')?;
    words.starts_with("were left").then(|| number.parse().ok()).flatten()
}

/// Whose ledger an event rests on.
fn ledgers(case: &Case, event: &Event) -> Vec<usize> {
    match (subject(&case.rules, event), event) {
        (Some(Subject::Answer(l)), _) => vec![usize::from(l)],
        (_, Event::AnswerOwed { ledger }) => vec![usize::from(*ledger)],
        (_, Event::War { pair, .. }) => case.rules.pairs[usize::from(*pair)].ledgers.clone(),
        _ => Vec::new(),
    }
}

/// What answers struck off is struck off: the parts that are named sum to no more than the ledger held that morning.
#[test]
fn what_is_left_of_strikes_is_no_more_than_the_ledger_holds() {
    let (mut all, mut after_an_answer) = (0, 0);
    let mut wrong = Vec::new();
    for case in cases() {
        for (id, event, told) in &case.told {
            let (ledgers, parts) = (ledgers(case, event), told.causes.iter().filter_map(left));
            let (count, sum) = parts.fold((0, 0.0), |(n, sum), part| (n + 1, sum + part));
            if ledgers.is_empty() || count == 0 {
                continue;
            }
            let morning = &case.mornings[id.day as usize].columns;
            let held: f64 = ledgers.iter().map(|&l| morning.ledgers[l].blows).sum();
            all += 1;
            let answers = |e: &Event| matches!(e, Event::Struck(s) if ledgers.contains(&usize::from(s.ledger)));
            after_an_answer += u32::from(case.events.iter().any(|(at, e)| at.day < id.day && answers(e)));
            // Each is printed with two decimals.
            if sum > held + 1e-9 + 0.005 * f64::from(count) {
                wrong.push(format!("{} {id}: {sum:.2} are left of {held:.2}: {}", case.name, told.sentence));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {all} ledgers:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
    assert!(all >= 60 && after_an_answer >= 30, "{all} ledgers, {after_an_answer} after an answer");
}

/// To the last digit: a ledger's parts sum to its own value, and without one of them the answer has the chance that is said.
#[test]
fn the_parts_of_a_ledger_sum_to_it_and_each_is_taken_away_whole() {
    let (mut sums, mut chances, mut vows) = (0, 0, 0);
    for case in cases() {
        let answers = case.told.iter().filter_map(|(id, event, told)| match subject(&case.rules, event) {
            Some(Subject::Answer(l)) => Some((*id, usize::from(l), told)),
            _ => None,
        });
        for (id, l, told) in answers.step_by(5) {
            let account = ledger_parts(&case.rules, case.fate, &case.log, l, id.day - 1);
            let morning = &case.mornings[id.day as usize];
            let (sum, held) =
                (account.parts.iter().map(|part| part.left()).sum::<f64>(), morning.columns.ledgers[l].blows);
            assert!((sum - held).abs() <= 1e-9 * held.max(1.0), "{} {id}: {sum} of {held}", case.name);
            sums += 1;
            for cause in told.causes.iter().filter(|cause| cause.together.is_empty() && left(cause).is_some()) {
                let Some(part) = account.parts.iter().find(|part| match (part.origin, cause.event) {
                    (Origin::Event(other), Some(event)) => other == event,
                    (Origin::Start, None) => cause.sentence.contains("before"),
                    (Origin::Fire(_), None) => cause.sentence.contains("fire"),
                    _ => false,
                }) else {
                    panic!("{} {id}: no part of the ledger is {cause:?}", case.name)
                };
                let mut other = morning.clone();
                other.columns.ledgers[l].blows -= part.left();
                if cause.undecided.is_some() {
                    // Without it the vow would never have been made, or would have lapsed.
                    assert!(
                        other.columns.ledgers[l].blows < case.rules.ledgers[l].theta,
                        "{} {id}: {cause:?}",
                        case.name
                    );
                    vows += 1;
                } else {
                    let asked = Subject::Answer(l as u16);
                    let without =
                        decision_in(&case.rules, case.fate, &case.log, &other, asked).map_or(0.0, |d| d.chance);
                    let said = cause.chance_without.unwrap();
                    assert!(alike(said, without), "{} {id}: {said} is said, {without} is so: {cause:?}", case.name);
                    chances += 1;
                }
            }
        }
    }
    println!("{sums} ledgers, {chances} chances, {vows} vows");
    assert!(sums >= 20 && chances >= 5 && vows >= 5, "{sums} ledgers, {chances} chances, {vows} vows");
}

/// Debts and wars have causes: the strikes that wrote them.
#[test]
fn a_debt_and_a_war_name_what_they_would_not_have_begun_without() {
    let (mut all, mut without) = (0, Vec::new());
    for case in cases() {
        for (id, event, told) in &case.told {
            if matches!(event, Event::AnswerOwed { .. } | Event::War { began: true, .. }) {
                all += 1;
                without.extend(told.causes.is_empty().then(|| format!("{} {id}: {told}", case.name)));
            }
        }
    }
    // Routine fire of the very day may be what tipped it.
    assert!(all >= 100 && without.len() * 10 <= all, "{} of {all}: {}", without.len(), without.join("\n"));
}

/// The change of administration, and not the newest entry of the calendar.
#[test]
fn the_calendar_is_named_for_the_change_of_administration_only() {
    let mut named = 0;
    for (case, id, _, told, cause) in causes() {
        let Some(Event::Calendar { entry }) = cause.event.and_then(|earlier| case.event(earlier)) else { continue };
        let kind = case.rules.frame.calendar[usize::from(*entry)].kind;
        assert!(kind == CalendarKind::UsAdministration, "{} {id}: {}: {}", case.name, told.sentence, cause.sentence);
        named += 1;
    }
    assert!(named >= 5, "{named}");
}

/// A level that its fire moved: up by what was fired or by the war that is on, down by nothing; one that an agreement moved:
/// by that agreement, or by who is in it.
#[test]
fn a_level_that_no_draw_moved_names_the_fire_or_the_agreement_that_moved_it() {
    let (mut up, mut down, mut agreed) = (0, 0, 0);
    for case in cases() {
        for (id, event, told) in &case.told {
            let Event::LevelMoved { front, from, to, by } = event else { continue };
            let exchange = case.rules.fronts[usize::from(*front)].ladder == LadderRule::Exchange;
            assert!(
                !(exchange && *by == LevelMover::Decision),
                "{} {id}: no draw moves an exchange: {told}",
                case.name
            );
            assert_eq!(told.draw.is_some(), *by == LevelMover::Decision, "{} {id}: {told}", case.name);
            let named: Vec<_> = told.causes.iter().filter_map(|c| Some((c.event?, case.event(c.event?)?))).collect();
            let lately = |at: &EventId| f64::from(id.day - at.day) < case.rules.p.two_way_days;
            match by {
                LevelMover::Decision => {}
                LevelMover::Fire if to < from => {
                    down += 1;
                    assert!(named.is_empty(), "{} {id}: quiet days brought it down: {told}", case.name);
                }
                LevelMover::Fire => {
                    let fired = |(at, e): &(EventId, &Event)| match e {
                        Event::Struck(_) => lately(at),
                        Event::War { began, .. } => *began,
                        _ => false,
                    };
                    // Daily fire of a front is not logged event by event: only an exchange names its strikes.
                    assert!(!exchange || !named.is_empty(), "{} {id}: {told}", case.name);
                    assert!(named.iter().all(fired), "{} {id}: {told}", case.name);
                    up += usize::from(exchange);
                }
                LevelMover::Agreement => {
                    agreed += 1;
                    let deal = |(_, e): &(EventId, &Event)| {
                        matches!(e, Event::Signed { .. })
                            || matches!(e, Event::LeverMoved(change) if change.lever == Lever::DealLeftOut)
                    };
                    assert!(!named.is_empty() && named.iter().all(deal), "{} {id}: {told}", case.name);
                }
            }
        }
    }
    println!("{up} up, {down} down, {agreed} by agreement");
    assert!(up >= 10 && down >= 5 && agreed >= 5, "{up} up, {down} down, {agreed} by agreement");
}

/// A level is set by what moved it: not by the collapse of an agreement that leaves levels alone.
#[test]
fn a_collapse_that_set_no_level_is_not_said_to_have_set_it() {
    let mut set = 0;
    for (case, id, _, told, cause) in causes().filter(|(.., cause)| cause.contribution.contains("set the level")) {
        let Some(Event::Collapsed { table, .. }) = cause.event.and_then(|earlier| case.event(earlier)) else {
            continue;
        };
        let t = &case.rules.tables[usize::from(*table)];
        // A table that quiets no front has held one down only as a part of a deal with all.
        let earlier = cause.event.unwrap().day as usize;
        let part = case.rules.collective.is_some_and(|all| case.mornings[earlier].columns.agreements[all].in_force());
        let may = t.quiets.is_some() || t.collective || part;
        assert!(may, "{} {id}: {}: {}", case.name, told.sentence, cause.sentence);
        let levels = |day: usize| case.mornings[day].columns.fronts.iter().map(|front| front.level);
        let rose = levels(earlier).zip(levels(earlier + 1)).any(|(before, after)| before == 0 && after > 0);
        assert!(rose, "{} {id}: {}: no level rose with it: {}", case.name, told.sentence, cause.sentence);
        set += 1;
    }
    assert!(set >= 5, "{set}");
}

/// Air defence was cost by strikes that cost some.
#[test]
fn a_strike_of_no_size_is_not_said_to_have_cost_air_defence() {
    let mut named = 0;
    for (case, id, _, told, cause) in causes().filter(|(.., cause)| cause.contribution.contains("air defence")) {
        let Some(Event::Struck(s)) = cause.event.and_then(|earlier| case.event(earlier)) else { continue };
        assert!(s.magnitude > 0.05, "{} {id}: {}: {} {}", case.name, told.sentence, cause.sentence, cause.contribution);
        named += 1;
    }
    assert!(named >= 5, "{named}");
}

/// A lever is compared with what it would have been without the move, which is the scenario's start and not the table's
/// default: to double a readiness of .4 makes an answer likelier.
#[test]
fn a_lever_is_compared_with_the_scenarios_start() {
    let mut found = 0;
    for (case, id, event, told, cause) in causes() {
        let Some(Event::LeverMoved(change)) = cause.event.and_then(|earlier| case.event(earlier)) else { continue };
        let (Some(asked), true) = (case.asked(id, event), case.log.contains(change)) else { continue };
        // Sanctions follow their lever over months, and a lever moved that day stands in no morning.
        // A forum is what talks have made of it since, and is taken away whole.
        let grown = change.lever == Lever::ZoneTalks && cause.contribution.contains("forum");
        if change.lever == Lever::SanctionsPressure || grown || change.day >= id.day || told.chance.is_none() {
            continue;
        }
        let mut morning = case.mornings[id.day as usize].clone();
        morning.levers.set(change.lever, case.rules.frame.levers[change.lever]);
        let log: Vec<LeverChange> = case.log.iter().filter(|other| *other != change).copied().collect();
        let without = decision_in(&case.rules, case.fate, &log, &morning, asked).map_or(0.0, |d| d.chance);
        let said = cause.chance_without.unwrap();
        assert!(alike(said, without), "{} {id}: {} {said} is said, {without} is so", case.name, cause.sentence);
        if change.lever == Lever::IranResponseScale {
            assert_eq!(told.link(cause), "because", "{} {id}: {told}", case.name);
            found += 1;
        }
    }
    assert!(found >= 1, "{found}");
}

/// The chance without an agreement, an attack or a war is that of the rule, run again by hand from another morning.
#[test]
fn the_chance_without_a_cause_is_what_the_rule_gives() {
    let mut checked: BTreeMap<&'static str, u32> = BTreeMap::new();
    for (case, id, event, told, cause) in causes() {
        let (Some(earlier), Some(said), Some(_)) = (cause.event, cause.chance_without, told.chance) else { continue };
        let asked = match event {
            Event::FireDay { .. } => continue,
            _ => case.asked(id, event).unwrap(),
        };
        if earlier.day >= id.day || !cause.together.is_empty() {
            continue;
        }
        let mut morning = case.mornings[id.day as usize].clone();
        let before = |is: &dyn Fn(&Event) -> bool| {
            case.events.iter().rev().find(|(at, e)| *at < earlier && is(e)).map(|(at, _)| at.day)
        };
        let c = &mut morning.columns;
        let kind = match case.event(earlier).unwrap() {
            Event::Signed { table, .. } if cause.contribution == "It is in force." => {
                let t = &case.rules.tables[usize::from(*table)];
                let agreement = &mut c.agreements[usize::from(*table)];
                (agreement.status, agreement.since) = (Status::Collapsed, id.day);
                agreement.last_collapse = if t.roadmap { id.day } else { agreement.last_collapse };
                if t.collective {
                    continue;
                }
                if let Some(front) = t.quiets {
                    c.fronts[front].level = c.fronts[front].war_level;
                }
                "agreement"
            }
            Event::Spoiler { table, .. } => {
                let is = |e: &Event| matches!(e, Event::Spoiler { table: t, .. } if t == table);
                c.agreements[usize::from(*table)].last_spoiler = before(&is).unwrap_or(-100_000);
                "spoiler"
            }
            Event::War { pair, .. } => {
                let pair = usize::from(*pair);
                let high = case.rules.pairs[pair].ledgers.iter().any(|&l| c.ledgers[l].blows > case.rules.p.theta_war);
                if high {
                    continue;
                }
                c.pairs[pair].war = false;
                "war"
            }
            _ => continue,
        };
        let without = decision_in(&case.rules, case.fate, &case.log, &morning, asked).map_or(0.0, |d| d.chance);
        assert!(alike(said, without), "{} {id}: {} {said} is said, {without} is so", case.name, cause.sentence);
        *checked.entry(kind).or_default() += 1;
    }
    println!("{checked:?}");
    for kind in ["agreement", "spoiler", "war"] {
        assert!(checked.get(kind).copied().unwrap_or(0) >= 3, "{checked:?}");
    }
}

/// What has come under political authority is named for the fire and the attacks that it ended, with the step that set it going,
/// and the count without it is what the rule gives for a group as it stood at the start.
#[test]
fn incorporation_is_named_with_what_set_it_going_and_taken_away_whole() {
    let mut checked = 0;
    for (case, id, event, told, cause) in
        causes().filter(|(.., cause)| cause.contribution.contains("under the authority of the state"))
    {
        let earlier = case.event(cause.event.unwrap()).unwrap();
        let set_going = matches!(
            earlier,
            Event::Signed { .. }
                | Event::Roadmap { .. }
                | Event::Path { .. }
                | Event::Iraq { .. }
                | Event::LeverMoved(_)
        );
        assert!(set_going, "{} {id}: {}", case.name, cause.sentence);
        // The stream that most of a day's fire comes from is named in words.
        let stream =
            told.decided.split("comes from ").nth(1).and_then(|rest| case.rules.stream(rest.split(':').next()?));
        let asked = match (event, stream) {
            (Event::FireDay { .. }, Some(stream)) => Some(Subject::Stream(stream as u16)),
            _ => case.asked(id, event),
        };
        let Some(asked) = asked.filter(|_| cause.together.is_empty()) else { continue };
        let joins = |actor: usize| case.rules.actors[actor].incorporation;
        let group = match asked {
            Subject::Stream(stream) => joins(case.rules.streams[usize::from(stream)].attacker),
            Subject::Spoiler(_, actor) => joins(usize::from(actor)),
            Subject::Signing(table) => {
                case.rules.tables[usize::from(table)].parties.iter().find_map(|party| joins(party.actor))
            }
            _ => None,
        };
        let Some(group) = group else { continue };
        let mut morning = case.mornings[id.day as usize].clone();
        let share = case.rules.incorporations[group].share;
        morning.columns.incorporations[group].share = share;
        if case.rules.incorporations[group].process == detente_model::scenario::raw::Process::Integration {
            morning.columns.integrations[0].share = share;
        }
        let without = decision_in(&case.rules, case.fate, &case.log, &morning, asked).map_or(0.0, |d| d.chance);
        let said = cause.chance_without.unwrap();
        assert!(alike(said, without), "{} {id}: {} {said} is said, {without} is so", case.name, cause.sentence);
        checked += 1;
    }
    println!("{checked} checked");
    assert!(checked >= 3, "{checked}");
}
