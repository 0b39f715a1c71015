//! A state taken over into a scenario that begins on another day: every day that it remembers is counted from there.
//!
//! A filter runs one scenario up to a date; futures then start from its state under the rules, levers and calendar of a scenario that
//! begins on the day after. Whatever is a date in the state moves by the days between the two starts.

use super::columns::Columns;
use super::rules::{Id, Rules};
use super::start;
use super::tally::{Spell, Tally};
use super::world::Snapshot;

/// Ids of everything that has a state, in order: two scenarios with the same can take over each other's.
fn entities(rules: &Rules) -> impl Iterator<Item = &Id> {
    let actors = rules.actors.iter().map(|x| &x.id);
    let fire = rules.fronts.iter().map(|x| &x.id).chain(rules.streams.iter().map(|x| &x.id));
    let exchange = rules.ledgers.iter().map(|x| &x.id).chain(rules.pairs.iter().map(|x| &x.id));
    let talks = rules.tables.iter().map(|x| &x.id).chain(rules.channels.iter().map(|x| &x.id));
    let ground = rules.missions.iter().map(|x| &x.id).chain(rules.territories.iter().map(|x| &x.id));
    let sites = rules.frame.sites.iter().map(|x| &x.id);
    let region = rules.hosts.iter().map(|x| &x.id).chain(rules.economies.iter().map(|x| &x.id));
    let supply = rules.corridors.iter().map(|x| &x.id).chain(rules.factions.iter().map(|x| &x.id));
    let files = rules.programmes.iter().map(|x| &x.id).chain(rules.roadmaps.iter().map(|x| &x.id));
    let states = rules.integrations.iter().map(|x| &x.id).chain(rules.councils.iter().map(|x| &x.id));
    let paths = rules.paths.iter().map(|x| &x.id).chain(rules.incorporations.iter().map(|x| &x.id));
    actors
        .chain(fire)
        .chain(exchange)
        .chain(talks)
        .chain(ground)
        .chain(sites)
        .chain(region)
        .chain(supply)
        .chain(files)
        .chain(states)
        .chain(paths)
}

/// Whether a state of one scenario has a place in another for everything, and nothing is left without.
///
/// # Errors
/// The first place at which they differ: the ids that stand there, empty where a list has ended.
pub fn fits(from: &Rules, to: &Rules) -> Result<(), [String; 2]> {
    let (mut a, mut b) = (entities(from), entities(to));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ok(()),
            (Some(a), Some(b)) if a.text == b.text => {}
            (a, b) => {
                return Err([a, b].map(|id| id.map(|id| id.text.clone()).unwrap_or_default()));
            }
        }
    }
}

/// A snapshot of a scenario that began `days` days earlier, as day 0 of these rules: their levers, calendar and totals from 0,
/// its state. Agreements in force go on being the ones that they were. The two must fit ([`fits`]).
#[must_use]
pub fn taken_over(snapshot: &Snapshot, days: i32, rules: &Rules) -> Snapshot {
    let mut columns: Columns = snapshot.columns.clone();
    columns.recount(days);
    // The dead of before are what the scenario says of them.
    columns.territories.iter_mut().for_each(|territory| territory.killed = 0);
    let mut tally = Tally::new(rules);
    for (table, agreement) in columns.agreements.iter().enumerate() {
        if agreement.in_force() {
            tally.spells.push(Spell { table: table as u16, signed: agreement.since, ended: None });
        }
    }
    Snapshot {
        clock: start::clock(rules),
        levers: rules.frame.levers.clone(),
        columns,
        strikes: snapshot.strikes.clone(),
        tally,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{load, load_text};
    use crate::sim::course::Course;
    use crate::sim::state::NEVER;
    use crate::sim::world::Fate;

    /// Every number under a key that is a day, by the words that such keys end in.
    fn days(value: &serde_json::Value, key: &str, into: &mut Vec<(String, i64)>) {
        match value {
            serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| days(value, key, into)),
            serde_json::Value::Array(list) => list.iter().for_each(|value| days(value, key, into)),
            serde_json::Value::Number(number) => {
                let is_day = ["since", "_on", "last_answer", "last_fire", "last_blow", "last_step", "last_loud"];
                let is_day = is_day.iter().any(|end| key.ends_with(end))
                    || ["last_spoiler", "last_collapse", "noted"].contains(&key);
                if let Some(day) = number.as_i64().filter(|_| is_day) {
                    into.push((key.to_owned(), day));
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_day_that_a_state_remembers_moves_and_nothing_else() {
        let rules = Rules::new(&load("october-2023").unwrap_or_else(|errors| panic!("{errors}")));
        let mut course: Course = Course::new(&rules, Fate { seed: 5, future: 1, prior: false }, Vec::new());
        course.run(300);
        let before = course.snapshot().columns;
        let mut after = before.clone();
        after.recount(300);
        let [mut old, mut new] = [Vec::new(), Vec::new()];
        for (columns, list) in [(&before, &mut old), (&after, &mut new)] {
            days(&serde_json::to_value(columns).unwrap_or_default(), "", list);
        }
        assert_eq!(old.len(), new.len());
        assert!(old.iter().filter(|(_, day)| *day != i64::from(NEVER)).count() > 30);
        for ((key, old), (_, new)) in old.iter().zip(&new) {
            let moved = if *old == i64::from(NEVER) { *old } else { old - 300 };
            assert_eq!(moved, *new, "{key}");
        }
        after.recount(-300);
        assert_eq!(after, before);
    }

    #[test]
    fn the_state_of_one_scenario_goes_on_in_another_of_the_same_entities() {
        let [past, next] = ["october-2023", "november-2024"]
            .map(|name| Rules::new(&load(name).unwrap_or_else(|errors| panic!("{errors}"))));
        let less = "format = 1\nextends = \"november-2024\"\nname = \"less\"\nwithout = [\"incorporation\"]\n";
        let less = Rules::new(&load_text("less", less).unwrap_or_else(|errors| panic!("{errors}")));
        assert_eq!(fits(&past, &next), Ok(()));
        assert!(fits(&past, &less).is_err());
        let fate = Fate { seed: 5, future: 1, prior: false };
        let mut course: Course = Course::new(&past, fate, Vec::new());
        course.run(397);
        let snapshot = taken_over(&course.snapshot(), 397, &next);
        let mut course: Course = Course::new(&next, fate, Vec::new());
        course.restore(&snapshot, fate, Vec::new());
        assert_eq!(course.day(), 0);
        course.run(60);
        assert_eq!(course.tally().days, 60);
        assert!(course.tally().events.iter().sum::<u64>() > 0);
    }
}
