//! What goes on inside a state: economy under sanctions, factions, the nuclear programme.

pub mod economy;
pub mod factions;
pub mod nuclear;
