//! Détente: an agent-based what-if simulation of regional conflict and negotiation.

pub mod chance;
pub mod scenario;
pub mod symbols;
