//! Détente: an agent-based what-if simulation of regional conflict and negotiation.

pub mod app;
pub mod chance;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod docs;
pub mod futures;
pub mod patterns;
pub mod record;
pub mod scenario;
pub mod session;
pub mod sim;
pub mod symbols;
