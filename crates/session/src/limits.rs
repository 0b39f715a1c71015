//! How much a stranger's session may ask of this machine before any of it is done.

use detente_model::scenario::raw;

/// Most entities of a scenario that comes with a session; the built-in ones have about 270. To read and check so many takes
/// a fifth of a second.
pub const MOST_ENTITIES: usize = 2_048;
/// Most work of a session: entities times days, summed over its branches. Sixty-four branches of a thousand days of any
/// built-in scenario are within it (17 million). An entity-day was measured at 40 to 120 ns on a machine, and takes some
/// forty bytes: all of it is there within a few seconds, and in less than a gigabyte.
pub const MOST_WORK: u64 = 20_000_000;

/// How many things a scenario holds that have a state, a series or a date.
#[must_use]
pub fn entities(s: &raw::Scenario) -> usize {
    let parts = [
        s.actors.len(),
        s.sites.len(),
        s.fronts.len(),
        s.streams.len(),
        s.ledgers.len(),
        s.initiatives.len(),
        s.tables.len(),
        s.channels.len(),
        s.missions.len(),
        s.institutions.len(),
        s.territories.len(),
        s.hosts.len(),
        s.economies.len(),
        s.corridors.len(),
        s.factions.len(),
        s.programmes.len(),
        s.roadmaps.len(),
        s.integrations.len(),
        s.councils.len(),
        s.paths.len(),
        s.incorporations.len(),
        s.forced.len(),
        s.calendar.len(),
        s.lever_changes.len(),
    ];
    parts.iter().sum()
}
