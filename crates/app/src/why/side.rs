//! On which side an actor stands.

use detente_model::scenario::raw::Side;
use detente_session::Sitting;

/// On which side an actor stands.
pub(crate) fn side_of(sitting: &Sitting, actor: usize) -> Side {
    let id = &sitting.rules.actors[actor].id.text;
    sitting.loaded.scenario.actors.get(id).map_or(Side::Other, |a| a.side)
}
