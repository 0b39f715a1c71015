//! Tables of runs as CSV or Parquet, the dictionary of their columns, and what a result is of.

pub mod dictionary;
pub mod provenance;
pub mod write;
