//! What answers, and debts that are settled, see of the world.

use crate::sim::luck::Luck;
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Arsenal, Channel, Factions, Front, Host};
use crate::symbols::levers::LeverSet;

/// What answers see of the world.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// Levers.
    pub levers: &'a LeverSet,
    /// Draws.
    pub luck: &'a Luck,
    /// Today.
    pub today: i32,
    /// Agreements.
    pub agreements: &'a [Agreement],
    /// Channels.
    pub channels: &'a [Channel],
    /// Hosts of bases.
    pub hosts: &'a [Host],
    /// Fronts.
    pub fronts: &'a [Front],
    /// Arsenals.
    pub arsenals: &'a [Arsenal],
    /// Factions at home.
    pub factions: &'a [Factions],
}
