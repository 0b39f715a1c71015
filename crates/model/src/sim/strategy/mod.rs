//! Decisions to strike: initiative, answers, what holds decision makers back, bases and their hosts.

pub mod answer;
pub mod bases;
pub mod caution;
pub mod fear;
pub mod hosts;
pub mod initiative;
pub mod restraint;
pub mod scene;
pub mod step;
