//! Votes in Palestinian elections: whose list wins, and what that does at the table of Gaza. Counted where
//! [`super::path`] has elections held.

use crate::chance::quantile::normal;
use crate::sim::event::PathStep;
use crate::sim::mechanism::Mechanism;
use crate::sim::probe::{Decision, Source, Subject, Term};
use crate::sim::rules::{PartyRules, Rules, TableRules};
use crate::sim::state::{NEVER, Path};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Whether anything reads the votes: without that none are counted, and elections are held as ever.
#[inline]
#[must_use]
pub fn counted(p: &Parameters) -> bool {
    p.ballot_benefit > 0.0 || p.incorporation_legitimacy > 0.0
}

/// How far settlements are given up: 1 for a withdrawal, a third of it for a freeze.
fn settled(levers: &LeverSet) -> f64 {
    match levers[Lever::IsraelSettlements] {
        x if x > 1.5 => 1.0,
        x if x > 0.5 => 1.0 / 3.0,
        _ => 0.0,
    }
}

/// Pulls of the Authority's list and of the group's against all others:
/// `a + services (y − y⁰) + settlements x + unity [one administration]` and `g + deaths ln(1 + killed/1000)`,
/// with x 1 for a withdrawal from settlements and ⅓ for a freeze.
#[must_use]
pub fn pulls(rules: &Rules, levers: &LeverSet, path: &Path, killed: u32) -> [f64; 2] {
    let (p, settled) = (&rules.p, settled(levers));
    let united = f64::from(u8::from(path.unified_on != NEVER));
    [
        p.ballot_authority
            + p.ballot_services * (path.activity - rules.activity_at_start())
            + p.ballot_settlements * settled
            + p.ballot_unity * united,
        p.ballot_group + p.ballot_deaths * libm::log1p(f64::from(killed) / 1000.0),
    ]
}

/// Shares of the votes, the Authority's list and the group's: `e^u_i / (1 + Σ e^u)`, with the noise of the day on the
/// difference between the two; what is left is for others.
#[must_use]
pub fn shares([authority, group]: [f64; 2], noise: f64) -> [f64; 2] {
    let weights = [authority + 0.5 * noise, group - 0.5 * noise].map(libm::exp);
    let all = 1.0 + weights[0] + weights[1];
    weights.map(|weight| weight / all)
}

/// Chance that the first of two lists comes before the other: `Φ((u_first − u_other)/σ)`, with σ the noise of the day.
#[must_use]
pub fn first_chance(first: f64, other: f64, p: &Parameters) -> f64 {
    match (first - other, p.ballot_noise) {
        (lead, noise) if noise > 0.0 => 0.5 * libm::erfc(-lead / noise * std::f64::consts::FRAC_1_SQRT_2),
        (lead, _) => f64::from(u8::from(lead >= 0.0)),
    }
}

/// Which list came first, as a decision: the chance that it would, and what each pull made of that. `draw` is the day's noise as a
/// uniform number.
pub fn decision(ix: u16, rules: &Rules, levers: &LeverSet, path: &Path, killed: u32, draw: f64) -> Decision {
    let p = &rules.p;
    let [authority, group] = pulls(rules, levers, path, killed);
    let [a, g] = shares([authority, group], p.ballot_noise * normal(draw));
    // The noise lies on the lead of the Authority's list: the group's leads from the other end.
    let authority_won = a >= g;
    let chance_of = |[authority, group]: [f64; 2]| {
        if authority_won { first_chance(authority, group, p) } else { first_chance(group, authority, p) }
    };
    let mut terms = Vec::new();
    let mut term = |name: &'static str, value: f64, unit, without: [f64; 2], source| {
        terms.push(Term { name: name.into(), value, unit, neutral: 0.0, without: chance_of(without), source });
    };
    let start = rules.activity_at_start();
    let services = p.ballot_services * (path.activity - start);
    let activity = "economic activity beyond that of the start";
    term(activity, path.activity - start, "share", [authority - services, group], Source::Activity(ix));
    let given_up = settled(levers);
    let settlements = Source::Lever(Lever::IsraelSettlements);
    term("settlements given up", given_up, "share", [authority - p.ballot_settlements * given_up, group], settlements);
    let united = f64::from(u8::from(path.unified_on != NEVER));
    term("one administration", united, "yes", [authority - p.ballot_unity * united, group], Source::Path(ix));
    let deaths = p.ballot_deaths * libm::log1p(f64::from(killed) / 1000.0);
    let territory = rules.paths[usize::from(ix)].territory;
    let place = territory.map_or(Source::Given, |t| Source::Territory(t as u16));
    term("deaths in Gaza", f64::from(killed), "persons", [authority, group - deaths], place);
    let draw = if authority_won { 1.0 - draw } else { draw };
    Decision { subject: Subject::Votes(ix), chance: chance_of([authority, group]), draw, terms }
}

/// The event of a count, in whole per cent.
#[must_use]
pub fn step(votes: [f64; 2]) -> PathStep {
    let [authority, group] = votes.map(|share| (100.0 * share).round() as u8);
    PathStep::Votes { authority, group }
}

/// Who governs after the votes and steps so far: 0 each its own part, 1 one administration of both, 2 the Authority by
/// votes, 3 the group by votes.
#[inline]
#[must_use]
pub fn governs(path: &Path) -> u8 {
    let [authority, group] = path.votes;
    if authority + group <= 0.0 {
        u8::from(path.unified_on != NEVER)
    } else if authority >= group {
        2
    } else {
        3
    }
}

/// What the votes add to a party's value of a truce: `ballot_benefit (v_g − v_a)/(v_g + v_a)` for the group that stood, at the
/// table of its path; nothing before a vote, and nothing for others.
#[inline]
#[must_use]
pub fn benefit(rules: &Rules, t: &TableRules, party: &PartyRules, paths: &[Path]) -> f64 {
    let p = &rules.p;
    if p.ballot_benefit <= 0.0 {
        return 0.0;
    }
    let Some(path) = t.path.filter(|&path| rules.paths[path].group == Some(party.actor)) else { return 0.0 };
    let Some([authority, group]) = paths.get(path).map(|path| path.votes) else { return 0.0 };
    if authority + group > 0.0 { p.ballot_benefit * (group - authority) / (group + authority) } else { 0.0 }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "ballot",
    phase: 4,
    title: "Votes in Palestinian elections, and what they are worth at the table of Gaza",
    section: "after 6.18",
    reads: &[],
    writes: &[],
    levers: &[Lever::IsraelSettlements, Lever::StatesIncorporation],
    events: &[],
    source: include_str!("ballot.rs"),
    links: |_, _| {},
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::columns::Columns;

    fn rules(overlay: &str) -> Rules {
        let text = format!("format = 1\nextends = \"november-2024\"\n{overlay}");
        Rules::new(&crate::scenario::load_text("test.toml", &text).unwrap_or_else(|e| panic!("{e}")))
    }

    #[test]
    fn votes_lean_as_each_term_says_and_add_up() {
        let rules = rules("");
        let mut levers = rules.frame.levers.clone();
        let path = Columns::start(&rules).paths[0];
        let of = |levers: &LeverSet, path: &Path, killed| shares(pulls(&rules, levers, path, killed), 0.0);
        let [authority, group] = of(&levers, &path, 0);
        assert!((0.2..0.3).contains(&authority) && (0.35..0.5).contains(&group), "{authority} {group}");
        assert!(of(&levers, &Path { activity: 1.5, ..path }, 0)[0] > authority, "services");
        assert!(of(&levers, &Path { unified_on: 3, ..path }, 0)[0] > authority, "unity");
        assert!(of(&levers, &path, 20_000)[1] > group, "deaths");
        levers.set(Lever::IsraelSettlements, 2.0);
        assert!(of(&levers, &path, 0)[0] > authority, "settlements");
        let all = shares([3.0, 2.0], 5.0);
        assert!(all[0] + all[1] < 1.0 && all[0] > all[1]);
    }

    #[test]
    fn the_winner_moves_the_groups_value_of_a_truce_and_nobody_elses() {
        let rules = rules("[parameters]\nballot_benefit = 0.3\n[levers]\nstates.incorporation = 1\n");
        let t = &rules.tables[rules.table("GAZ").unwrap()];
        let start = Columns::start(&rules).paths[0];
        let added = |votes: [f64; 2], who: &str| {
            let party = t.parties.iter().find(|party| rules.actors[party.actor].id.text == who).unwrap();
            benefit(&rules, t, party, &[Path { votes, ..start }])
        };
        assert!(added([0.3, 0.5], "HAM") > 0.0 && added([0.5, 0.3], "HAM") < 0.0);
        assert!(added([0.0, 0.0], "HAM").abs() < 1e-15 && added([0.3, 0.5], "ISR").abs() < 1e-15);
        assert!((added([0.0, 0.4], "HAM") - 0.3).abs() < 1e-12);
        let governs = |votes, unified_on| governs(&Path { votes, unified_on, ..start });
        assert_eq!(
            [governs([0.0; 2], NEVER), governs([0.0; 2], 5), governs([0.5, 0.3], 5), governs([0.3, 0.5], NEVER)],
            [0, 1, 2, 3]
        );
    }

    /// Which list comes first is what the noise of the day makes of the lead: over many draws as often as the chance says, and the
    /// decision came out as its draw says.
    #[test]
    fn a_list_comes_first_as_often_as_its_chance_says() {
        let rules = rules("[levers]\nstates.incorporation = 1\n");
        let levers = rules.frame.levers.clone();
        let path = Columns::start(&rules).paths[0];
        let n = 4000;
        let mut of_group = [0, 0];
        let mut chance = [0.0; 2];
        for k in 0..n {
            let u = (f64::from(k) + 0.5) / f64::from(n);
            let [a, g] = shares(pulls(&rules, &levers, &path, 500), rules.p.ballot_noise * normal(u));
            let said = decision(0, &rules, &levers, &path, 500, u);
            assert!(said.draw <= said.chance, "{u}: {said:?}");
            of_group[usize::from(g > a)] += 1;
            chance[usize::from(g > a)] = said.chance;
        }
        for won in [0, 1] {
            let share = f64::from(of_group[won]) / f64::from(n);
            assert!(of_group[won] > 0 && (share - chance[won]).abs() < 1e-3, "{share} of {}", chance[won]);
        }
    }
}
