//! What vetoes cost, what adopted texts do by their kind, and texts on credentials, with the weights of each at the strong end of
//! its range; and that nothing of it is felt without them.

use crate::common::*;
use detente_model::record::recorder::record;
use detente_model::sim::event::{Event, Vote};
use detente_model::sim::rules::Rules;
use detente_model::sim::state::NEVER;
use detente_model::sim::world::{Fate, Simulation};
use detente_model::symbols::levers::{Lever, LeverChange};

/// The rules of this file: the mechanism on, with what the overlay names of it.
fn rules(overlay: &str) -> Rules {
    with_only(Lever::CouncilConsequences, overlay)
}

/// Digests of the events of a version that had none of this.
const BEFORE: [(&str, u32, [&str; 3]); 2] = [
    ("november-2024", 365, ["2037a674ae8b2989", "8ee6f484941429e5", "7adedad4582f6855"]),
    ("october-2023", 404, ["5ced0da8c4760ed9", "d828ec75fe989e98", "0bcbd933079781bb"]),
];

/// With every weight at "no effect" the events are those of before, whatever the numbers that the weights would bring to bear.
#[test]
fn without_their_weights_nothing_is_felt_of_costs_texts_fear_and_forum() {
    let idle = "[parameters]\nveto_cost_half_life = 60\nveto_cost_least = 9\nveto_cost_other = 1\ntext_days = 120\nfear_front = 2\n\
                fear_exposure = 4\nfear_threat = 3\nleverage_effect = 0.6\nforum_loss = 0\nforum_relief = 0.3\nforum_benefit = 0.2\n\
                host_memory = 60\n";
    let null = "veto_cost = 0\nadopted_aid_other = 1\ntext_concession = 0\ntext_deadline = 1\ntext_legitimacy = 0\n\
                text_recognition = 0\ncredentials_lobby = 0\ncredentials_rally = 0\ncredentials_arms = 0\nfear_permission = 0\n\
                scale_fear = 0\nscale_suspension = 0\nforum_gain = 0\nhost_sites = 0\n";
    for (base, days, digests) in BEFORE {
        for overlay in [String::new(), format!("{idle}{null}")] {
            let toml = format!("format = 1\nextends = \"{base}\"\n{overlay}");
            let rules = Rules::new(&detente_model::scenario::load_text("idle", &toml).unwrap());
            let of = |seed| {
                let fate = Fate { seed, future: 0, prior: false };
                record(&rules, fate, &[], days, |_| true).unwrap().digest.events
            };
            assert_eq!([1, 2, 3].map(of), digests, "{base} with `{overlay}`");
        }
    }
}

/// The year's votes of a future on drafts of others: (whether the draft provides for aid, the US vote).
fn votes(sim: &mut Simulation, rules: &Rules, future: u64, log: &[LeverChange]) -> Vec<(bool, Vote)> {
    sim.begin(fate(future), log.to_vec());
    let mut votes = Vec::new();
    for _ in 0..YEAR {
        sim.step();
        votes.extend(sim.events().iter().filter_map(|event| match event {
            Event::CouncilVote { draft, us, .. } => {
                let draft = &rules.councils[0].drafts[usize::from(*draft)];
                (!draft.us_draft).then_some((draft.aid, *us))
            }
            _ => None,
        }));
    }
    votes
}

/// Share of the US votes on drafts with (or without) provisions for aid that are abstentions or in favour.
fn let_pass(rules: &Rules, log: &[LeverChange], aid: bool, futures: u64) -> f64 {
    let years = ensemble(futures, || world(rules), |sim, future| votes(sim, rules, future, log));
    let of: Vec<Vote> = years.into_iter().flatten().filter(|(is, _)| *is == aid).map(|(_, vote)| vote).collect();
    of.iter().filter(|vote| **vote != Vote::Against).count() as f64 / of.len() as f64
}

/// A drive that makes vetoes costly brings abstentions, most where there is room: at the default posture nineteen drafts on aid in
/// twenty pass anyway.
#[test]
fn a_drive_that_makes_vetoes_costly_lets_drafts_on_aid_pass() {
    let with = |cost: f64, un_cost: f64| rules(&format!("[parameters]\nveto_cost = {cost:?}\nun_cost = {un_cost:?}\n"));
    let (off, on) = (with(0.0, 1.5), with(1.0, 1.5));
    for posture in [0.0, -0.5, -1.0] {
        for (name, rules) in [("without the cost", &off), ("with it", &on)] {
            let share = |drive: f64, aid| {
                let log = [change(0, Lever::IranUnCostDrive, drive), change(0, Lever::UnscPosture, posture)];
                let_pass(rules, &log, aid, 300)
            };
            println!(
                "posture {posture}, {name}: aid {:.3} → {:.3}, other {:.3} → {:.3}",
                share(0.0, true),
                share(1.0, true),
                share(0.0, false),
                share(1.0, false)
            );
        }
    }
    let passing = |rules: &Rules, drive: f64, posture: f64| {
        let log = [change(0, Lever::IranUnCostDrive, drive), change(0, Lever::UnscPosture, posture)];
        let_pass(rules, &log, true, 300)
    };
    for posture in [0.0, -1.0] {
        assert!(passing(&on, 1.0, posture) > passing(&on, 0.0, posture), "posture {posture}");
        assert!(passing(&on, 1.0, posture) > passing(&off, 1.0, posture), "posture {posture}");
    }
    // Where there is room the drive lets some more pass, and the cost as such many more.
    let strict = |rules: &Rules, drive: f64| passing(rules, drive, -1.0);
    assert!(strict(&on, 1.0) > strict(&on, 0.0) + 0.05 && strict(&on, 1.0) > strict(&off, 1.0) + 0.12);
    // H8 off: no cost, whatever the weight on it.
    let none = with(1.0, 0.0);
    let plain = with(0.0, 0.0);
    assert_eq!(passing(&none, 1.0, -1.0).to_bits(), passing(&plain, 1.0, -1.0).to_bits());
}

/// At the strong end of every weight a full drive lets ten drafts of others in a hundred more pass without a US vote against, at
/// the default posture and where Washington is strictest. Drafts on aid by themselves cannot show it at the default posture: nearly
/// all of them pass anyway. Where Washington is strictest they do, by some points less: nine in ten pass there without a drive.
#[test]
fn a_full_drive_spares_one_draft_in_ten_a_vote_against_at_the_strong_end() {
    let strong = rules(
        "[parameters]\nveto_cost = 1\nun_cost = 1.5\nveto_cost_other = 1\nveto_cost_least = 9\nveto_cost_half_life = 365\n",
    );
    let share = |drive: f64, posture: f64| {
        let log = [change(0, Lever::IranUnCostDrive, drive), change(0, Lever::UnscPosture, posture)];
        let years = ensemble(400, || world(&strong), |sim, future| votes(sim, &strong, future, &log));
        let all: Vec<(bool, Vote)> = years.into_iter().flatten().collect();
        let of = |aid: Option<bool>| {
            let of: Vec<Vote> =
                all.iter().filter(|(is, _)| aid.is_none_or(|aid| aid == *is)).map(|(_, v)| *v).collect();
            of.iter().filter(|vote| **vote != Vote::Against).count() as f64 / of.len() as f64
        };
        (of(None), of(Some(true)))
    };
    for posture in [0.0, -1.0] {
        let ((none, aid), (full, aid_full)) = (share(0.0, posture), share(1.0, posture));
        println!(
            "posture {posture}: all drafts of others {none:.3} → {full:.3}, those on aid {aid:.3} → {aid_full:.3}"
        );
        assert!(full > none + 0.1, "posture {posture}: {none} → {full}");
        assert!(posture < 0.0 || aid > 0.95, "there is room for drafts on aid, too: {aid} → {aid_full}");
        assert!(posture >= 0.0 || aid_full > aid + 0.05, "drafts on aid: {aid} → {aid_full}");
    }
}

/// Only drafts of one kind come, as often as may be.
fn only(kind: &str, parameters: &str) -> Rules {
    let kinds =
        ["aid", "ceasefire", "ceasefire_hostages", "ceasefire_other", "membership", "pauses", "us_deal", "us_draft"];
    let others: String = kinds
        .iter()
        .filter(|id| **id != kind)
        .map(|id| format!("[councils.UNSC.drafts.{id}]\nfrequency = 0\n"))
        .collect();
    rules(&format!(
        "[parameters]\ndraft_rate = 0.05\n{parameters}[levers]\nus.unsc_posture = 1.5\nus.administration = \"continuity\"\n{others}"
    ))
}

/// Sum of the daily aid of some futures, trucks, and the texts adopted, under a posture.
fn trucks(rules: &Rules, posture: f64, futures: u64) -> (f64, usize) {
    let years = ensemble(
        futures,
        || world(rules),
        |sim, future| {
            sim.begin(fate(future), vec![change(0, Lever::UnscPosture, posture)]);
            let (mut sum, mut adopted) = (0.0, 0);
            for _ in 0..YEAR {
                sim.step();
                adopted +=
                    sim.events().iter().filter(|e| matches!(e, Event::CouncilVote { adopted: true, .. })).count();
                sum += sim.snapshot().columns.paths[0].aid;
            }
            (sum, adopted)
        },
    );
    (years.iter().map(|y| y.0).sum(), years.iter().map(|y| y.1).sum())
}

/// A text on membership brings no trucks once only texts on aid do; one on aid brings the same as before.
#[test]
fn a_membership_text_adds_no_trucks_where_only_aid_texts_do() {
    let kinds = "adopted_aid_other = 0\n";
    let (none, vetoed) = trucks(&only("membership", kinds), -1.0, 12);
    let (member, adopted) = trucks(&only("membership", kinds), 1.5, 12);
    assert!(vetoed * 10 < adopted && adopted > 10, "{vetoed} and {adopted} memberships");
    assert_eq!(member.to_bits(), none.to_bits(), "a membership moves no truck");
    let (as_one, _) = trucks(&only("membership", ""), 1.5, 12);
    assert!(as_one > none * 1.05, "{as_one} and {none}: all texts as one, by default");
    let [apart, one] = [kinds, ""].map(|more| trucks(&only("aid", more), 1.5, 6).0);
    assert_eq!(apart.to_bits(), one.to_bits(), "a text on aid does what it did");
}

/// A cease-fire text brings the truce in Gaza forward while it is fresh, and nothing else does of itself.
#[test]
fn a_cease_fire_text_brings_the_truce_in_gaza_forward() {
    let days = |parameters: &str, kind: &str| {
        let rules = only(kind, parameters);
        let table = rules.table("GAZ").unwrap();
        ensemble(
            150,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                sim.run(YEAR);
                let first = sim.tally().spells.iter().find(|s| usize::from(s.table) == table);
                first.map_or(f64::from(YEAR), |s| f64::from(s.signed))
            },
        )
    };
    let paired = |a: Vec<f64>, b: Vec<f64>| Ordering::of(a.into_iter().zip(b));
    let (plain, strong) = ("", "text_concession = 0.15\ntext_deadline = 3\n");
    paired(days(plain, "ceasefire"), days(strong, "ceasefire")).assert_falls("day of the truce in Gaza", 0.3, 0.95);
    paired(days(plain, "ceasefire"), days("text_deadline = 3\n", "ceasefire")).assert_falls("by pressure", 0.2, 0.95);
    paired(days(plain, "ceasefire"), days("text_concession = 0.15\n", "ceasefire")).assert_falls("by terms", 0.2, 0.95);
    let other = paired(days(plain, "aid"), days(strong, "aid"));
    assert!(other.differing() == 0.0, "a text on aid is no cease-fire text: {other:?}");
}

/// An admission lends legitimacy to whoever is admitted, and makes the truce dearer to who is on record against it.
#[test]
fn an_admission_lends_legitimacy_and_makes_signing_dearer_to_who_opposed_it() {
    let seen = |parameters: &str| {
        let rules = only("membership", parameters);
        let table = rules.table("GAZ").unwrap();
        let log = [change(0, Lever::ElectionDate, 150.0)];
        ensemble(
            200,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), log.to_vec());
                sim.run(YEAR);
                let end = sim.snapshot().columns;
                let first = sim.tally().spells.iter().find(|s| usize::from(s.table) == table);
                let signed = first.map_or(f64::from(YEAR), |s| f64::from(s.signed));
                (f64::from(u8::from(end.paths[0].elected_on != NEVER)), signed)
            },
        )
    };
    let plain = seen("");
    let pairs = |other: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| {
        Ordering::of(plain.iter().map(of).zip(other.iter().map(of)).collect::<Vec<_>>())
    };
    pairs(&seen("text_legitimacy = 0.3\n"), |y| y.0).assert_rises("elections held", 0.03, 1.0);
    pairs(&seen("text_recognition = 0.15\n"), |y| y.1).assert_rises("day of the truce in Gaza", 0.1, 0.95);
}

/// What a year says of texts on credentials: how many came to a vote, how many passed.
fn credentials(parameters: &str, posture: f64, futures: u64) -> Vec<(u32, u32)> {
    let rules = rules(&format!("[parameters]\n{parameters}[levers]\nun.suspension_drive = \"credentials\"\n"));
    let log = [change(0, Lever::IranUnCostDrive, 1.0), change(0, Lever::UnscPosture, posture)];
    ensemble(
        futures,
        || world(&rules),
        |sim, future| {
            sim.begin(fate(future), log.to_vec());
            let mut seen = (0, 0);
            for _ in 0..YEAR {
                sim.step();
                for event in sim.events() {
                    if let Event::AssemblyVote { yes, against, credentials: true, .. } = event {
                        seen = (seen.0 + 1, seen.1 + u32::from(yes > against));
                    }
                }
            }
            seen
        },
    )
}

/// Sponsors table a text on credentials only where they expect to win: with full lobbying none passes in nine years of ten.
#[test]
fn full_lobbying_keeps_texts_on_credentials_from_the_floor() {
    let years = |seen: &[(u32, u32)]| seen.iter().filter(|(_, passed)| *passed > 0).count() as f64 / seen.len() as f64;
    let mut before = 1.0;
    for lobby in [0.0, 0.2, 0.35, 0.42, 0.6] {
        let seen = credentials(&format!("credentials_lobby = {lobby:?}\n"), 0.0, 200);
        let (tabled, passed) = seen.iter().fold((0, 0), |(a, b), (c, d)| (a + c, b + d));
        let share = years(&seen);
        println!("lobby {lobby}: {tabled} tabled, {passed} passed, in {share:.3} of years");
        assert!(share <= before + 1e-12, "more lobbying, fewer texts");
        before = share;
    }
    assert!(before < 0.1, "passed in {before} of the years with full lobbying");
    let all = years(&credentials("credentials_lobby = 0\n", 0.0, 200));
    let lenient = years(&credentials("credentials_lobby = 0.6\n", 1.0, 200));
    assert!(
        (all - lenient).abs() < 1e-12 && all > 0.5,
        "a United States that lets it pass does not lobby: {all}, {lenient}"
    );
}

/// Rejected credentials rally the side concerned, and third states send it less; neither without its weight.
#[test]
fn rejected_credentials_rally_a_side_and_cost_it_arms() {
    let end = |parameters: &str| {
        let rules = rules(&format!(
            "[parameters]\nassembly_rate = 0.03\n{parameters}[levers]\nun.suspension_drive = \"credentials\"\n"
        ));
        let isr = rules.actor("ISR").unwrap();
        ensemble(
            60,
            || world(&rules),
            |sim, future| {
                sim.begin(fate(future), Vec::new());
                let mut opinion = 0.0;
                for _ in 0..YEAR {
                    sim.step();
                    opinion += sim.snapshot().columns.standings[isr].opinion / f64::from(YEAR);
                }
                (opinion, sim.snapshot().columns.arsenals[isr].interceptors)
            },
        )
    };
    let plain = end("");
    let (rallied, sent) = (end("credentials_rally = 0.3\n"), end("credentials_arms = 0.3\n"));
    let of = |runs: &[(f64, f64)]| runs.iter().map(|r| r.0).collect::<Vec<f64>>();
    Ordering::of(of(&plain).into_iter().zip(of(&rallied))).assert_rises("mean support for continuing", 0.9, 0.9);
    let of = |runs: &[(f64, f64)]| runs.iter().map(|r| r.1).collect::<Vec<f64>>();
    Ordering::of(of(&plain).into_iter().zip(of(&sent))).assert_falls("interceptors at the end", 0.9, 0.9);
}
