//! What the record says: observations, a filter that starts futures from them, and scores of forecasts beside simple rules.

pub mod observed;
pub mod score;
