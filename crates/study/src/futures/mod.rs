//! Many futures: ensembles, paired effects, and the statistics that do not depend on who ran what first.
//!
//! A future is a pure function of (scenario, seed, number, lever log, `--params`). Workers take blocks of futures from a
//! counter and add each to an [`accumulate::Accumulator`] of whole numbers; sums of whole numbers do not depend on order, so
//! neither do the results on the number of workers or on which finished first.

pub mod accumulate;
pub mod arms;
pub mod blocks;
pub mod causes;
pub mod causes_said;
pub mod claims;
pub mod contested;
pub mod effect;
pub mod effect_rows;
pub mod ensemble;
pub mod hazard;
pub mod interval;
pub mod pairs;
pub mod posterior;
pub mod rank;
pub mod rows;
pub mod survival;
