//! Tables of runs as CSV or Parquet, the dictionary of their columns, what a result is of, and folders that hold both.

pub mod designs;
pub mod dictionary;
pub mod events;
pub mod folder;
pub mod provenance;
pub mod read;
pub mod run;
pub mod table;
