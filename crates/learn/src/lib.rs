//! What the record says: observations, a filter that starts futures from them, and scores of forecasts beside simple rules.

pub mod about;
pub mod alive;
pub mod decisions;
pub mod density;
pub mod evidence;
pub mod filter;
pub mod fit;
pub mod link;
pub mod now;
pub mod nowcast;
pub mod observed;
pub mod score;
pub mod twin;
pub mod windows;
