//! How good a forecast was: scoring rules, simple rules to beat, and intervals of the difference.
//!
//! Reading order: [`law`] (distributions of counts), [`rules`] (scores), [`baselines`] (rules to beat; [`ingarch`] is one of
//! them, fitted with [`minimise`]), [`skill`] (the difference with its interval); then [`weeks`] (what is forecast),
//! [`forecast`] (members), [`backtest`] (all origins), [`summary`] (what they come to), [`kept`] (the folder), [`registered`],
//! [`shipped`] (the back-test that every program has).

pub mod backtest;
pub mod baselines;
pub mod forecast;
pub mod ingarch;
pub mod kept;
pub mod law;
pub mod minimise;
pub mod registered;
pub mod rules;
pub mod shipped;
pub mod skill;
pub mod summary;
pub mod weeks;
