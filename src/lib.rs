//! Détente: an agent-based what-if simulation of regional conflict and negotiation.
//!
//! The program: the command line ([`cli`]) over crates that stand without it: the window and the page (`detente-app`, feature
//! `window`), the world and its day (`detente-model`), many runs (`detente-study`), a sitting with the model
//! (`detente-session`), a room for many hands (`detente-class`). Their rooms are named here once more, so that whoever uses the whole names one crate.

#[cfg(not(target_arch = "wasm32"))]
pub mod cli;

#[cfg(feature = "window")]
pub use detente_app as app;
#[cfg(not(target_arch = "wasm32"))]
pub use detente_class as class;
pub use detente_learn as learn;
pub use detente_model::{camps, chance, record, scenario, sim, symbols};
pub use detente_session as session;
pub use detente_study::{docs, futures, patterns, tables};
