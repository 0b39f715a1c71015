//! What a day starts from: the rules and the luck of its future, the date, the levers in force.

use super::luck::Luck;
use super::rules::Rules;
use super::state::Clock;
use crate::symbols::levers::LeverSet;
use bevy_ecs::resource::Resource;

/// Everything that most systems read and hardly any writes. One resource and not four: looking one up takes as long as
/// some mechanisms need for their whole day.
#[derive(Resource, Clone, Debug)]
pub struct Given {
    /// The rules of this future. Written between futures, and by `calendar` where a lever that scales parameters moves.
    pub rules: Rules,
    /// The draws of this future. Written between futures only.
    pub luck: Luck,
    /// Today. Owners: `calendar` (consent), `tally` (the day).
    pub clock: Clock,
    /// Levers in force. Owner: `calendar`.
    pub levers: LeverSet,
}
