//! Agreements and what hangs on them: tables, truces, peacekeepers, the Council, the roadmap, Iraq, the Gaza path, incorporation.

pub mod ballot;
pub mod council;
pub mod forum;
pub mod incorporation;
pub mod integration;
pub mod negotiation;
pub mod packages;
pub mod path;
pub mod peacekeeping;
pub mod roadmap;
pub mod spread;
pub mod stages;
pub mod texts;
pub mod truce;
