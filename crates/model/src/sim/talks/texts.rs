//! Phase 4: what a veto costs, what adopted texts do by their kind, and how a text on credentials is lobbied against (claim
//! H8; ours, beside 6.17).
//!
//! The lever `council.consequences`, 0 by default, puts these weights in force: at 0 the Council and the Assembly are those of
//! [`super::council`] alone.

use crate::chance::DayKey;
use crate::chance::quantile::binomial;
use crate::sim::event::Vote;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::{CouncilRules, DraftRules, Rules};
use crate::sim::state::{Council, NEVER, Standing};
use crate::symbols::levers::Lever;
use crate::symbols::parameters::Parameters;

/// Permanent members: the one whose vote is modelled, then the others.
pub const PERMANENT: [&str; 5] = ["United States", "China", "France", "Russia", "United Kingdom"];

/// First step of the draws of states that are lobbied; those of [`super::council`] lie below.
const LOBBIED: u32 = 300;

/// The permanent member that vetoed alone, by its place in [`PERMANENT`]: nobody else with a veto was against, and at least
/// `veto_cost_least` members were in favour.
#[must_use]
pub fn lone_veto(us: Vote, draft: &DraftRules, yes: u8, p: &Parameters) -> Option<usize> {
    let against = draft.vetoing | u8::from(us == Vote::Against);
    let alone = against.count_ones() == 1 && f64::from(yes) >= p.veto_cost_least;
    alone.then(|| against.trailing_zeros() as usize)
}

/// Cost of earlier vetoes after one more: `K + isolation`. It fades by half in `veto_cost_half_life` days.
#[inline]
#[must_use]
pub fn charged(cost: f64, isolation: f64) -> f64 {
    cost + isolation
}

/// What the cost of earlier vetoes adds to a member's leaning: `un_cost · veto_cost · w · K`, with w 1 for a draft that provides
/// for aid and `veto_cost_other` for any other (statehood, membership, a plain cease-fire).
#[inline]
#[must_use]
pub fn veto_term(cost: f64, aid: bool, p: &Parameters) -> f64 {
    p.un_cost * p.veto_cost * if aid { 1.0 } else { p.veto_cost_other } * cost
}

/// What an adopted text brings of the rise in aid: all of it where it provides for aid, else `adopted_aid_other`.
#[inline]
#[must_use]
pub fn rise_of_aid(aid: bool, p: &Parameters) -> f64 {
    p.adopted_aid * if aid { 1.0 } else { p.adopted_aid_other }
}

/// Notes what kind of text was adopted today.
pub fn note(draft: &DraftRules, council: &mut Council, today: i32) {
    if draft.cease_fire {
        council.cease_fire_on = today;
    }
    if draft.statehood {
        council.membership_on = today;
    }
}

/// The council whose cease-fire text bears on a table today: adopted earlier, and no more than `text_days` ago.
#[must_use]
pub fn fresh(table: usize, rules: &Rules, councils: &[Council], today: i32) -> Option<usize> {
    let p = &rules.p;
    let is = |(rule, council): (&CouncilRules, &Council)| {
        let days = f64::from(today.saturating_sub(council.cease_fire_on));
        rule.table == Some(table) && council.cease_fire_on != NEVER && days > 0.0 && days <= p.text_days
    };
    rules.councils.iter().zip(councils).position(is)
}

/// The council that admitted the territory's authority as a member, where that bears on a table.
#[must_use]
pub fn admitted(table: usize, rules: &Rules, councils: &[Council], today: i32) -> Option<usize> {
    let is = |(rule, council): (&CouncilRules, &Council)| {
        rule.table == Some(table) && council.membership_on != NEVER && council.membership_on < today
    };
    rules.councils.iter().zip(councils).position(is)
}

/// What a fresh cease-fire text takes off a party's audience cost, at most all of it.
#[inline]
#[must_use]
pub fn concession(audience_cost: f64, p: &Parameters) -> f64 {
    p.text_concession.min(audience_cost.max(0.0))
}

/// Factor on signing by a fresh cease-fire text: it presses as a deadline does, and of the two the stronger counts.
#[inline]
#[must_use]
pub fn pressing(deadline: f64, fresh: bool, p: &Parameters) -> f64 {
    if fresh { deadline.max(p.text_deadline) } else { deadline }
}

/// Legitimacy of an authority, with what its admission adds: `ℒ + text_legitimacy [admitted]`, at most 1.
#[inline]
#[must_use]
pub fn recognised(legitimacy: f64, admitted: bool, p: &Parameters) -> f64 {
    if admitted { (legitimacy + p.text_legitimacy).min(1.0) } else { legitimacy }
}

/// Share of the states in favour of a text on credentials that lobbying turns: `min(1, lobby · max(0, 1 − posture)/share)`, so
/// that the yes share falls from `share` to `share − lobby (1 − posture)`.
#[inline]
#[must_use]
pub fn turned(share: f64, posture: f64, p: &Parameters) -> f64 {
    if p.credentials_lobby <= 0.0 || share <= 0.0 {
        return 0.0;
    }
    (p.credentials_lobby * (1.0 - posture).max(0.0) / share).min(1.0)
}

/// Whether the sponsors of a text on credentials expect more states in favour than against, knowing how many are turned: those
/// that are vote for taking no action, and so against.
#[must_use]
pub fn expected_to_pass(share: f64, turned: f64, rule: &CouncilRules) -> bool {
    let [in_favour, against] = expected(share, turned, rule);
    in_favour > against
}

/// States that sponsors of a text on credentials expect in favour and against.
#[must_use]
pub fn expected(share: f64, turned: f64, rule: &CouncilRules) -> [f64; 2] {
    let all = f64::from(rule.assembly_for) + rule.assembly_named.len() as f64;
    let in_favour = share * all;
    [in_favour * (1.0 - turned), rule.assembly_against as f64 + in_favour * turned]
}

/// A vote of the Assembly after lobbying, state by state: each in favour votes against with chance `turned`.
#[must_use]
pub fn lobbied(
    (yes, no, idle, against, abstaining): (u8, u8, u8, u64, u64),
    turned: f64,
    rule: &CouncilRules,
    day: DayKey,
) -> (u8, u8, u8, u64, u64) {
    if turned <= 0.0 {
        return (yes, no, idle, against, abstaining);
    }
    let named = rule.assembly_named.len() as u32;
    let in_favour = |state: &u32| (against | abstaining) >> state & 1 == 0;
    let free = (0..named).filter(in_favour).count() as u32;
    let moved = (0..named).filter(in_favour).filter(|state| day.uniform(LOBBIED + 1 + state) < turned);
    let mask = moved.fold(0_u64, |mask, state| mask | 1 << state);
    let unnamed = binomial(day.uniform(LOBBIED), u32::from(yes) - free, turned);
    let moved = (unnamed + mask.count_ones()) as u8;
    (yes - moved, no + moved, idle, against | mask, abstaining)
}

/// What rejected credentials do to the side of the state concerned: its public rallies, `O ← min(1, O + credentials_rally)`.
pub fn rally(rule: &CouncilRules, standings: &mut [Standing], p: &Parameters) {
    if let Some(subject) = rule.subject.filter(|_| p.credentials_rally > 0.0) {
        standings[subject].opinion = (standings[subject].opinion + p.credentials_rally).min(1.0);
    }
}

/// Share of its usual arms that an actor is still sent: third states withhold `credentials_arms` of them while its credentials
/// stand rejected.
#[inline]
#[must_use]
pub fn still_sent(actor: usize, rules: &Rules, councils: &[Council]) -> f64 {
    let rejected = rules.p.credentials_arms > 0.0
        && rules.councils.iter().zip(councils).any(|(r, c)| r.subject == Some(actor) && c.credentials_rejected);
    if rejected { 1.0 - rules.p.credentials_arms } else { 1.0 }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "texts",
    phase: 4,
    title: "What a veto costs, what adopted texts do by their kind, lobbying against texts on credentials",
    section: "6.17",
    reads: &["Council"],
    writes: &[],
    levers: &[Lever::UnscPosture, Lever::CouncilConsequences],
    events: &[],
    source: include_str!("texts.rs"),
    links,
};

/// What adopted texts bear on: the table of the front they are about, the standing and the arms of whom they concern. The links
/// of [`path`] hold what they do there.
fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, c) in rules.councils.iter().enumerate() {
        link(Node::Lever(Lever::CouncilConsequences), Node::Council(i));
        for table in c.table.into_iter().chain(rules.collective) {
            link(Node::Council(i), Node::Table(table));
        }
        if let Some(subject) = c.subject {
            link(Node::Council(i), Node::Opinion(subject));
            link(Node::Council(i), Node::Arsenal(subject));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Key;

    fn rules() -> Rules {
        Rules::new(&crate::scenario::load("november-2024").unwrap())
    }

    fn draft<'a>(rules: &'a Rules, id: &str) -> &'a DraftRules {
        rules.councils[0].drafts.iter().find(|d| d.id.text == id).unwrap()
    }

    #[test]
    fn only_who_vetoes_alone_against_many_pays_and_all_pay_alike() {
        let rules = rules();
        let aid = draft(&rules, "aid");
        assert_eq!(lone_veto(Vote::Against, aid, 13, &rules.p), Some(0));
        assert_eq!(lone_veto(Vote::Abstain, aid, 13, &rules.p), None);
        assert_eq!(lone_veto(Vote::Against, aid, 11, &rules.p), None, "too few in favour");
        for (place, member) in PERMANENT.iter().enumerate().skip(1) {
            let alone = DraftRules { against: vec![(*member).to_owned()], vetoing: 1 << place, ..aid.clone() };
            assert_eq!(lone_veto(Vote::Yes, &alone, 13, &rules.p), Some(place));
            assert_eq!(lone_veto(Vote::Against, &alone, 12, &rules.p), None, "two are not alone");
        }
        assert_eq!(lone_veto(Vote::Yes, draft(&rules, "us_draft"), 12, &rules.p), None, "Russia and China");
        assert!((charged(0.5, 0.8) - 1.3).abs() < 1e-12);
    }

    #[test]
    fn the_cost_of_vetoes_weighs_on_aid_most_and_not_at_all_by_default() {
        let p = Parameters::at_start();
        assert!(veto_term(3.0, true, &p).abs() < 1e-15, "off");
        let on = Parameters { veto_cost: 1.0, ..p };
        assert!(veto_term(3.0, true, &on) > veto_term(3.0, false, &on) && veto_term(3.0, false, &on) > 0.0);
        assert!(veto_term(3.0, true, &on) > veto_term(1.0, true, &on));
        assert!(veto_term(3.0, true, &Parameters { un_cost: 0.0, ..on }).abs() < 1e-15, "H8 off");
    }

    #[test]
    fn a_text_does_what_its_kind_does() {
        let rules = rules();
        let p = Parameters { adopted_aid_other: 0.0, ..rules.p.clone() };
        assert!(rise_of_aid(false, &p).abs() < 1e-15 && (rise_of_aid(true, &p) - p.adopted_aid).abs() < 1e-15);
        assert_eq!(rise_of_aid(false, &rules.p).to_bits(), rise_of_aid(true, &rules.p).to_bits(), "as one by default");
        let start = crate::sim::start::council(&rules.councils[0]);
        let (mut truce, mut member) = (start, start);
        note(draft(&rules, "ceasefire"), &mut truce, 10);
        note(draft(&rules, "membership"), &mut member, 10);
        assert_eq!((truce.cease_fire_on, truce.membership_on), (10, NEVER));
        assert_eq!((member.cease_fire_on, member.membership_on), (NEVER, 10));
        let gaza = rules.table("GAZ").unwrap();
        assert_eq!(rules.councils[0].table, Some(gaza));
        assert_eq!(fresh(gaza, &rules, &[truce], 10), None, "from the next day on");
        assert_eq!(fresh(gaza, &rules, &[truce], 11), Some(0));
        assert_eq!(fresh(gaza, &rules, &[truce], 11 + rules.p.text_days as i32), None);
        assert_eq!(fresh(rules.table("LEB").unwrap(), &rules, &[truce], 11), None);
        assert_eq!(admitted(gaza, &rules, &[member], 400), Some(0), "membership stays");
        assert_eq!(fresh(gaza, &rules, &[start], 11).or(admitted(gaza, &rules, &[start], 11)), None);
        for id in ["aid", "pauses"] {
            let mut other = start;
            note(draft(&rules, id), &mut other, 10);
            assert_eq!(other, start, "{id} is about aid alone");
        }
    }

    #[test]
    fn concession_pressure_and_recognition_keep_their_bounds() {
        let p =
            Parameters { text_concession: 0.15, text_deadline: 2.0, text_legitimacy: 0.3, ..Parameters::at_start() };
        assert!((concession(0.1, &p) - 0.1).abs() < 1e-12 && (concession(0.4, &p) - 0.15).abs() < 1e-12);
        assert!(concession(-0.1, &p).abs() < 1e-12);
        assert!((pressing(1.0, true, &p) - 2.0).abs() < 1e-12 && (pressing(3.0, true, &p) - 3.0).abs() < 1e-12);
        assert!((pressing(1.0, false, &p) - 1.0).abs() < 1e-12);
        assert!((recognised(0.9, true, &p) - 1.0).abs() < 1e-12 && (recognised(0.4, false, &p) - 0.4).abs() < 1e-12);
        let off = Parameters::at_start();
        assert!(concession(0.4, &off).abs() < 1e-15 && (pressing(1.0, true, &off) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn lobbying_lowers_the_yes_share_by_what_is_said_and_loses_nobody() {
        let rules = rules();
        let rule = &rules.councils[0];
        let p = Parameters { credentials_lobby: 0.3, ..rules.p.clone() };
        let key = Key::new(5, 5).of("assembly");
        for posture in [-1.0, 0.0, 1.5] {
            let q = turned(0.84, posture, &p);
            let expected = 0.84 - p.credentials_lobby * (1.0_f64 - posture).max(0.0);
            let mut sum = 0.0;
            for day in 0..300 {
                let plain = super::super::council::assembly_vote(rule, 0.84, p.assembly_churn, key.day(day));
                let vote = lobbied(plain, q, rule, key.day(day));
                assert_eq!(u32::from(vote.0) + u32::from(vote.1) + u32::from(vote.2), 186);
                assert!(vote.3 & vote.4 == 0 && vote.0 <= plain.0 && vote.2 == plain.2);
                sum += f64::from(vote.0) / 186.0 / 300.0;
            }
            assert!((sum - expected).abs() < 0.01, "{posture}: {sum}, {expected}");
        }
        assert!(turned(0.84, 0.0, &rules.p).abs() < 1e-15, "off");
        assert!((turned(0.84, -1.0, &Parameters { credentials_lobby: 0.6, ..p.clone() }) - 1.0).abs() < 1e-12);
        assert!(expected_to_pass(0.84, 0.0, rule));
        assert!(!expected_to_pass(0.84, turned(0.84, 0.0, &Parameters { credentials_lobby: 0.5, ..p }), rule));
    }
}
