//! Phase 4: the Security Council, member by member, and the General Assembly (6.17, 12.11; claim H8).

use crate::chance::DayKey;
use crate::chance::quantile::{binomial, normal};
use crate::sim::event::{Event, EventKind, Vote};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, terms};
use crate::sim::rules::{CouncilRules, DraftRules, Rules};
use crate::sim::state::{Council, Standing, Territory};
use crate::sim::talks::texts;
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Members besides the United States.
pub const OTHERS: u8 = 14;
/// Votes that adopt a text.
pub const MAJORITY: u8 = 9;
/// What the US vote on a draft rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// A US draft.
    pub us_draft: bool,
    /// Calls for the release of hostages.
    pub hostages: bool,
    /// Provides for aid.
    pub aid: bool,
    /// Unconditional cease-fire.
    pub unconditional: bool,
    /// Statehood, membership, Chapter VII.
    pub statehood: bool,
    /// Deaths in Gaza.
    pub deaths: f64,
    /// Isolation: yes share on the Assembly's last text.
    pub isolation: f64,
    /// Cost of earlier vetoes cast alone (K).
    pub veto_cost: f64,
    /// Term of the administration (T).
    pub course: f64,
    /// Posture lever.
    pub posture: f64,
}

/// Leaning of the US vote:
/// `y = −.4 + 3 us draft + .9 hostages + .6 aid − 2 unconditional − 2.6 statehood + .30 deaths/10⁴ + un_cost (iso − .8) +
/// un_cost veto_cost w K − .9 T + posture`.
#[must_use]
pub fn leaning(i: &Inputs, p: &Parameters) -> f64 {
    let on = |flag: bool, weight: f64| if flag { weight } else { 0.0 };
    p.vote_base + on(i.us_draft, p.vote_cosponsor) + on(i.hostages, p.vote_hostages) + on(i.aid, p.vote_aid)
        - on(i.unconditional, p.vote_unconditional)
        - on(i.statehood, p.vote_statehood)
        + p.vote_deaths * i.deaths / 10_000.0
        + p.un_cost * (i.isolation - p.vote_isolation_reference)
        + texts::veto_term(i.veto_cost, i.aid, p)
        - p.vote_course * i.course
        + i.posture
}

/// Chance that the leaning with logistic noise stays below an edge.
#[must_use]
pub fn chance_below(edge: f64, leaning: f64, p: &Parameters) -> f64 {
    1.0 / (1.0 + libm::exp((leaning - edge) / p.vote_noise))
}

/// The US vote for one uniform: against below 0, abstention below 2, else yes.
#[must_use]
pub fn us_vote(u: f64, leaning: f64, p: &Parameters) -> Vote {
    if u < chance_below(0.0, leaning, p) {
        Vote::Against
    } else if u < chance_below(p.vote_yes, leaning, p) {
        Vote::Abstain
    } else {
        Vote::Yes
    }
}

/// Votes for, against, abstaining, and whether the text is adopted: nine in favour and no veto.
#[must_use]
pub fn tally(draft: &DraftRules, us: Vote) -> (u8, u8, u8, bool) {
    let (mut against, mut abstaining) = (draft.against.len() as u8, draft.abstaining.len() as u8);
    let mut yes = OTHERS.saturating_sub(against + abstaining);
    match us {
        Vote::Against => against += 1,
        Vote::Abstain => abstaining += 1,
        Vote::Yes => yes += 1,
    }
    let adopted = yes >= MAJORITY && us != Vote::Against && !draft.vetoed_by_others;
    (yes, against, abstaining, adopted)
}

/// Yes share that an Assembly text would draw: that of the start, moved by the drive and by the debate on membership.
#[must_use]
pub fn assembly_share(at_start: f64, drive: f64, suspension: f64, rejected: bool, p: &Parameters) -> f64 {
    let drive = p.assembly_drive * (drive - Lever::IranUnCostDrive.row().default);
    let debate = if suspension > 0.5 { p.assembly_debate } else { 0.0 };
    let credentials = if rejected { 2.0 * p.assembly_debate } else { 0.0 };
    (at_start + drive + debate + credentials).clamp(0.0, 1.0)
}

/// How states move from their recorded votes so that the yes share is `share` on average: (chance that a state recorded as
/// abstaining votes in favour, chance that a state in favour abstains). On any text a share `churn` of those that abstain votes
/// in favour, and as many of those in favour abstain: no two texts divide the Assembly alike.
#[must_use]
pub fn movement(share: f64, churn: f64, in_favour: u32, against: u32, abstaining: u32) -> (f64, f64) {
    let all = f64::from(in_favour + against + abstaining);
    let more = share * all - f64::from(in_favour);
    let part = |moved: f64, of: u32| if of == 0 { 0.0 } else { (moved / f64::from(of)).min(1.0) };
    let both = churn * f64::from(abstaining);
    (part(both + more.max(0.0), abstaining), part(both + (-more).max(0.0), in_favour))
}

/// An Assembly vote, state by state: (yes, against, abstaining, named against, named abstaining). States recorded against move
/// to abstention half as readily as those that abstain move to yes.
#[must_use]
pub fn assembly_vote(rule: &CouncilRules, share: f64, churn: f64, day: DayKey) -> (u8, u8, u8, u64, u64) {
    let named = rule.assembly_named.len() as u32;
    let opposed = rule.assembly_against as u32;
    let fixed = |state: u32| rule.assembly_fixed >> state & 1 == 1;
    let free = (opposed..named).filter(|&state| !fixed(state)).count() as u32;
    let (to_yes, to_abstain) = movement(share, churn, rule.assembly_for, named - free, free);
    let (mut against, mut abstaining) = (0_u64, 0_u64);
    for state in 0..named {
        // Nobody is moved by a draw of 1.
        let u = if fixed(state) { 1.0 } else { day.uniform(draw::STATE + state) };
        if state < opposed && u >= to_yes / 2.0 {
            against |= 1 << state;
        } else if state < opposed || u >= to_yes {
            abstaining |= 1 << state;
        }
    }
    let leaving = binomial(day.uniform(draw::YES), rule.assembly_for, to_abstain);
    let yes = rule.assembly_for - leaving + named - against.count_ones() - abstaining.count_ones();
    let (no, idle) = (against.count_ones(), abstaining.count_ones() + leaving);
    (yes as u8, no as u8, idle as u8, against, abstaining)
}

/// What adopted texts add to aid after one more of them: each brings its share of what is left to double it.
#[inline]
#[must_use]
pub fn raised(aid: f64, by: f64) -> f64 {
    aid + by * (1.0 - aid).max(0.0)
}

/// Draws a kind of draft, by frequency.
#[must_use]
pub fn choose_draft(u: f64, drafts: &[DraftRules]) -> usize {
    let mut left = u * drafts.iter().map(|d| d.frequency).sum::<f64>();
    for (i, draft) in drafts.iter().enumerate() {
        if left < draft.frequency {
            return i;
        }
        left -= draft.frequency;
    }
    drafts.len().saturating_sub(1)
}

/// Steps of the draws of a council.
mod draw {
    pub const DRAFT: u32 = 0;
    pub const KIND: u32 = 1;
    pub const VOTE: u32 = 2;
    pub const TEXT: u32 = 3;
    pub const YES: u32 = 4;
    pub const SPREAD: u32 = 5;
    pub const CREDENTIALS: u32 = 6;
    /// One draw per named state from here on.
    pub const STATE: u32 = 100;
}

/// What a text of the Assembly is about, and on what that rests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Text {
    /// Share of the votes around which those in favour are drawn.
    pub share: f64,
    /// Share of them that lobbying turns where credentials are at stake.
    pub turned: f64,
    /// Whether sponsors thought of a text on credentials.
    pub considered: bool,
    /// Whether it is one: they expect it to pass.
    pub credentials: bool,
}

/// The Assembly's text of a day on which one comes. The credentials route needs a majority of the Assembly only; one text in five
/// takes it while it is driven. Sponsors who expect to lose table an ordinary text.
#[must_use]
pub fn text(rule: &CouncilRules, council: &Council, levers: &LeverSet, day: DayKey, p: &Parameters) -> Text {
    let (drive, suspension) = (levers[Lever::IranUnCostDrive], levers[Lever::SuspensionDrive]);
    let share = assembly_share(rule.isolation, drive, suspension, council.credentials_rejected, p);
    let turned = texts::turned(share, levers[Lever::UnscPosture], p);
    let considered = suspension > 1.5 && day.uniform(draw::CREDENTIALS) < 0.2;
    let credentials = considered && (turned <= 0.0 || texts::expected_to_pass(share, turned, rule));
    Text { share, turned, considered, credentials }
}

/// The day's drafts and texts.
pub fn sit<P: Probe>(
    rules: &Rules,
    levers: &LeverSet,
    luck: &Luck,
    today: i32,
    territories: &[Territory],
    councils: &mut [Council],
    standings: &mut [Standing],
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let p = &rules.p;
    let drive = levers[Lever::IranUnCostDrive];
    for (i, (rule, council)) in rules.councils.iter().zip(councils).enumerate() {
        let ix = i as u16;
        if council.aid > 0.0 {
            council.aid *= rules.adopted_retention;
        }
        if council.veto_cost.iter().any(|&cost| cost > 0.0) {
            council.veto_cost.iter_mut().for_each(|cost| *cost *= rules.veto_retention);
        }
        let day = luck.council[i].day(today);
        let pace = 1.0 + drive - Lever::IranUnCostDrive.row().default;
        let arrival = -libm::expm1(-p.draft_rate * pace);
        if day.uniform(draw::DRAFT) < arrival && !rule.drafts.is_empty() {
            let kind = choose_draft(day.uniform(draw::KIND), &rule.drafts);
            let inputs = inputs(rule, &rule.drafts[kind], council, territories, rules, levers, today);
            let (y, u) = (leaning(&inputs, p), day.uniform(draw::VOTE));
            let us = us_vote(u, y, p);
            probe.decided(|| explain(ix, &inputs, us, u, rules, rule.territory));
            let (yes, against, abstaining, adopted) = tally(&rule.drafts[kind], us);
            if adopted {
                let draft = &rule.drafts[kind];
                council.aid = raised(council.aid, texts::rise_of_aid(draft.aid, p));
                texts::note(draft, council, today);
            }
            if let Some(member) = texts::lone_veto(us, &rule.drafts[kind], yes, p) {
                council.veto_cost[member] = texts::charged(council.veto_cost[member], council.isolation);
            }
            journal.push(Event::CouncilVote { council: ix, draft: kind as u16, us, yes, against, abstaining, adopted });
        }
        let arrival = -libm::expm1(-p.assembly_rate * pace);
        if day.uniform(draw::TEXT) < arrival {
            let Text { share, turned, credentials, .. } = text(rule, council, levers, day, p);
            // No two texts are alike, and none draws the roll call of another.
            let share = (share + p.assembly_spread * normal(day.uniform(draw::SPREAD))).clamp(0.0, 1.0);
            let vote = assembly_vote(rule, share, p.assembly_churn, day);
            let (yes, against, abstaining, named_against, named_abstaining) =
                if credentials { texts::lobbied(vote, turned, rule, day) } else { vote };
            let all = u32::from(yes) + u32::from(against) + u32::from(abstaining);
            council.isolation = f64::from(yes) / f64::from(all.max(1));
            if credentials && yes > against {
                council.credentials_rejected = true;
                texts::rally(rule, standings, p);
            }
            journal.push(Event::AssemblyVote {
                council: ix,
                yes,
                against,
                abstaining,
                named_against,
                named_abstaining,
                credentials,
            });
        }
    }
}

fn inputs(
    rule: &CouncilRules,
    draft: &DraftRules,
    council: &Council,
    territories: &[Territory],
    rules: &Rules,
    levers: &LeverSet,
    today: i32,
) -> Inputs {
    Inputs {
        us_draft: draft.us_draft,
        hostages: draft.hostages,
        aid: draft.aid,
        unconditional: draft.unconditional,
        statehood: draft.statehood,
        deaths: rule.deaths_before + f64::from(territories[rule.territory].killed),
        isolation: council.isolation,
        veto_cost: council.veto_cost[0],
        course: rules.course(levers, today).map_or(0.0, |course| course.council_term),
        posture: levers[Lever::UnscPosture],
    }
}

/// The terms of the US vote, each with the chance of that vote in its absence.
fn explain(ix: u16, i: &Inputs, us: Vote, draw: f64, rules: &Rules, territory: usize) -> Decision {
    let p = &rules.p;
    let of = |inputs: &Inputs| {
        let y = leaning(inputs, p);
        let (against, not_yes) = (chance_below(0.0, y, p), chance_below(p.vote_yes, y, p));
        match us {
            Vote::Against => against,
            Vote::Abstain => not_yes - against,
            Vote::Yes => 1.0 - not_yes,
        }
    };
    let term = terms(of);
    let terms = vec![
        term(
            "deaths in Gaza",
            i.deaths,
            "persons",
            0.0,
            Inputs { deaths: 0.0, ..*i },
            Source::Territory(territory as u16),
        ),
        term(
            "isolation in the Assembly",
            i.isolation,
            "share",
            p.vote_isolation_reference,
            Inputs { isolation: p.vote_isolation_reference, ..*i },
            Source::Assembly(ix),
        ),
        term(
            "the cost of earlier vetoes",
            i.veto_cost,
            "yes shares",
            0.0,
            Inputs { veto_cost: 0.0, ..*i },
            Source::Vetoes(ix),
        ),
        term("posture", i.posture, "logit", 0.0, Inputs { posture: 0.0, ..*i }, Source::Lever(Lever::UnscPosture)),
        term(
            "the administration's course",
            i.course,
            "term",
            0.0,
            Inputs { course: 0.0, ..*i },
            Source::Lever(Lever::Administration),
        ),
        term(
            "a draft of the United States' own",
            f64::from(u8::from(i.us_draft)),
            "yes",
            0.0,
            Inputs { us_draft: false, ..*i },
            Source::Given,
        ),
        term(
            "a call for the release of hostages",
            f64::from(u8::from(i.hostages)),
            "yes",
            0.0,
            Inputs { hostages: false, ..*i },
            Source::Given,
        ),
        term("provisions for aid", f64::from(u8::from(i.aid)), "yes", 0.0, Inputs { aid: false, ..*i }, Source::Given),
        term(
            "an unconditional demand",
            f64::from(u8::from(i.unconditional)),
            "yes",
            0.0,
            Inputs { unconditional: false, ..*i },
            Source::Given,
        ),
        term(
            "statehood or membership",
            f64::from(u8::from(i.statehood)),
            "yes",
            0.0,
            Inputs { statehood: false, ..*i },
            Source::Given,
        ),
    ];
    Decision { subject: Subject::UsVote(ix), chance: of(i), draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "council",
    phase: 4,
    title: "The Security Council member by member, and the General Assembly",
    section: "6.17, 12.11",
    reads: &["Territory"],
    writes: &["Council", "Standing"],
    levers: &[
        Lever::UnscPosture,
        Lever::IranUnCostDrive,
        Lever::SuspensionDrive,
        Lever::Administration,
        Lever::CouncilConsequences,
    ],
    events: &[EventKind::CouncilVote, EventKind::AssemblyVote],
    source: include_str!("council.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, c) in rules.councils.iter().enumerate() {
        link(Node::Territory(c.territory), Node::Council(i));
        for lever in [Lever::UnscPosture, Lever::IranUnCostDrive, Lever::SuspensionDrive, Lever::Administration] {
            link(Node::Lever(lever), Node::Council(i));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Inputs = Inputs {
        us_draft: false,
        hostages: false,
        aid: true,
        unconditional: false,
        statehood: false,
        deaths: 20_000.0,
        isolation: 0.82,
        veto_cost: 0.0,
        course: 0.0,
        posture: 0.0,
    };

    #[test]
    fn the_us_vote_leans_as_each_term_says() {
        let p = Parameters::at_start();
        let base = leaning(&PLAIN, &p);
        for more in [
            Inputs { us_draft: true, ..PLAIN },
            Inputs { hostages: true, ..PLAIN },
            Inputs { deaths: 40_000.0, ..PLAIN },
            Inputs { isolation: 0.95, ..PLAIN },
            Inputs { posture: 1.0, ..PLAIN },
        ] {
            assert!(leaning(&more, &p) > base);
        }
        for less in [
            Inputs { unconditional: true, ..PLAIN },
            Inputs { statehood: true, ..PLAIN },
            Inputs { course: 1.0, ..PLAIN },
        ] {
            assert!(leaning(&less, &p) < base);
        }
        let off = Parameters { un_cost: 0.0, ..p };
        assert!((leaning(&Inputs { isolation: 1.0, ..PLAIN }, &off) - leaning(&PLAIN, &off)).abs() < 1e-12, "H8 off");
    }

    /// The cost of vetoes pulls the US vote to abstention, on aid most; without weight it is not felt.
    #[test]
    fn earlier_vetoes_weigh_on_the_next_vote_only_where_they_are_given_weight() {
        let off = Parameters::at_start();
        let on = Parameters { veto_cost: 1.0, ..off.clone() };
        let after = Inputs { veto_cost: 2.0, ..PLAIN };
        assert_eq!(leaning(&after, &off).to_bits(), leaning(&PLAIN, &off).to_bits());
        let rise = |i: Inputs| leaning(&Inputs { veto_cost: 2.0, ..i }, &on) - leaning(&i, &on);
        let plain = Inputs { aid: false, unconditional: true, ..PLAIN };
        assert!(rise(PLAIN) > rise(plain) && rise(plain) > 0.0);
        assert!((rise(PLAIN) - on.un_cost * 2.0).abs() < 1e-12);
    }

    /// The recorded votes to 7 November 2024 that the coefficients were set on.
    #[test]
    fn recorded_votes_are_the_likeliest_or_near_it() {
        surprise_below(0.5, &Parameters::at_start());
    }

    /// The same with the whole weight of the vetoes cast before each vote: it stays well below climatology.
    #[test]
    fn recorded_votes_stay_near_the_likeliest_with_the_cost_of_vetoes() {
        surprise_below(0.6, &Parameters { veto_cost: 1.0, ..Parameters::at_start() });
    }

    fn surprise_below(most: f64, p: &Parameters) {
        // With the days between them, and whether the veto was cast alone against twelve or more.
        let votes = [
            (Inputs { unconditional: true, aid: false, deaths: 17_000.0, ..PLAIN }, Vote::Against, 51, true),
            (Inputs { deaths: 20_000.0, ..PLAIN }, Vote::Abstain, 14, false),
            (Inputs { unconditional: true, aid: false, deaths: 29_000.0, ..PLAIN }, Vote::Against, 60, true),
            (Inputs { us_draft: true, hostages: true, deaths: 32_000.0, ..PLAIN }, Vote::Yes, 31, false),
            (Inputs { hostages: true, deaths: 32_000.0, ..PLAIN }, Vote::Abstain, 3, false),
            (Inputs { statehood: true, aid: false, deaths: 34_000.0, ..PLAIN }, Vote::Against, 24, true),
            (Inputs { us_draft: true, hostages: true, deaths: 37_000.0, ..PLAIN }, Vote::Yes, 53, false),
        ];
        let (mut surprise, mut cost) = (0.0, 0.0);
        for (i, vote, days, alone) in &votes {
            cost *= libm::exp2(-f64::from(*days) / p.veto_cost_half_life);
            let y = leaning(&Inputs { veto_cost: cost, ..*i }, p);
            if *alone {
                cost = texts::charged(cost, i.isolation);
            }
            let (against, not_yes) = (chance_below(0.0, y, p), chance_below(p.vote_yes, y, p));
            let chance = match vote {
                Vote::Against => against,
                Vote::Abstain => not_yes - against,
                Vote::Yes => 1.0 - not_yes,
            };
            surprise -= libm::log(chance) / votes.len() as f64;
        }
        assert!(surprise < most, "mean surprise {surprise}, climatology .94");
    }

    #[test]
    fn votes_add_up_and_a_veto_stops_a_text() {
        let draft = |against: &[&str], by_others| DraftRules {
            id: crate::sim::rules::Id::of("d"),
            name: String::new(),
            frequency: 1.0,
            us_draft: false,
            hostages: false,
            aid: false,
            unconditional: false,
            statehood: false,
            cease_fire: false,
            vetoing: u8::from(by_others),
            against: against.iter().map(|s| (*s).to_owned()).collect(),
            abstaining: vec!["United Kingdom".to_owned()],
            vetoed_by_others: by_others,
        };
        for us in [Vote::Against, Vote::Abstain, Vote::Yes] {
            let (yes, against, abstaining, adopted) = tally(&draft(&[], false), us);
            assert_eq!(yes + against + abstaining, 15);
            assert_eq!(adopted, us != Vote::Against);
        }
        assert!(!tally(&draft(&["Russia", "China"], true), Vote::Yes).3);
        let six = ["a", "b", "c", "d", "e", "f"];
        assert!(!tally(&draft(&six, false), Vote::Abstain).3, "seven in favour are not nine");
    }

    /// State by state, the shares come out as asked, and nobody is lost.
    #[test]
    fn an_assembly_votes_state_by_state_around_the_share() {
        let rule = CouncilRules {
            id: super::super::super::rules::Id::of("c"),
            isolation: 0.823,
            territory: 0,
            table: None,
            subject: None,
            deaths_before: 0.0,
            assembly_for: 153,
            assembly_named: (0..33).map(|i| format!("state {i}")).collect(),
            assembly_against: 10,
            assembly_fixed: 0b1_0000_0001,
            drafts: Vec::new(),
        };
        let key = crate::chance::Key::new(3, 3).of("assembly");
        for (share, churn) in [0.75, 0.823, 0.88, 0.93].into_iter().flat_map(|s| [(s, 0.0), (s, 0.1)]) {
            let mut sum = 0.0;
            for day in 0..400 {
                let (yes, no, idle, named_no, named_idle) = assembly_vote(&rule, share, churn, key.day(day));
                assert_eq!(u32::from(yes) + u32::from(no) + u32::from(idle), 186);
                assert_eq!(named_no.count_ones(), u32::from(no));
                assert_eq!(named_no & named_idle, 0);
                assert_eq!(named_no & rule.assembly_fixed, rule.assembly_fixed, "actors vote as recorded");
                sum += f64::from(yes) / 186.0 / 400.0;
            }
            assert!((sum - share).abs() < 0.01, "{share}: {sum}");
        }
        assert_eq!(assembly_vote(&rule, 153.0 / 186.0, 0.0, key.day(0)).0, 153, "the recorded vote itself");
    }

    #[test]
    fn adopted_texts_at_most_double_aid() {
        assert_eq!(raised(0.0, 0.4).to_bits(), 0.4_f64.to_bits());
        let many = (0..50).fold(0.0, |aid, _| raised(aid, 0.4));
        assert!(many <= 1.0 && raised(many, 1.0) <= 1.0, "{many}");
        assert_eq!(raised(0.5, 0.0).to_bits(), 0.5_f64.to_bits(), "off");
    }

    #[test]
    fn the_drive_and_the_debate_raise_isolation_only() {
        let p = Parameters::at_start();
        let base = assembly_share(0.82, 0.3, 0.0, false, &p);
        assert!((base - 0.82).abs() < 1e-12);
        assert!(assembly_share(0.82, 1.0, 0.0, false, &p) > base);
        assert!(assembly_share(0.82, 0.3, 1.0, false, &p) > base);
        assert!(assembly_share(0.82, 0.3, 2.0, true, &p) > assembly_share(0.82, 0.3, 2.0, false, &p));
    }
}
