//! Many runs: ensembles, paired effects, ranking, claims, patterns against the record, and tables that others read.

pub mod docs;
pub mod futures;
pub mod patterns;
pub mod tables;
