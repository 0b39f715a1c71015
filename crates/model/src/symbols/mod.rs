//! The symbol table: every parameter and every lever, once.
//!
//! Scenario validation, the command line, the docs, the prior draws and the tests all read these rows; nothing else in
//! the project repeats a default or a range.

pub mod claims;
pub mod essay;
pub mod families;
pub mod levers;
pub mod parameters;
pub mod reached;
pub mod strengths;

use serde::Serialize;

/// How well a number is supported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Evidence {
    /// A stored public source is named.
    S,
    /// Published literature, cited from memory.
    L,
    /// Chosen so that the model meets an observed magnitude of the training window.
    C,
    /// Assumption.
    A,
    /// Assumption by someone who knows what happened after November 2024.
    H,
}

impl Evidence {
    /// The tag in words, for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::S => "sourced",
            Self::L => "literature, from memory",
            Self::C => "calibrated",
            Self::A => "assumption",
            Self::H => "assumption with hindsight",
        }
    }
}
