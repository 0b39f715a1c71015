//! Readers under what nobody would write: every reader of files and links of others is given changed copies of real ones, and its
//! answer is held to what it promises: something usable, or sentences that say what is wrong; never a panic, never without end.
//!
//! [`readers`] says which readers there are, what they promise and where their corpus lies; [`mutate`] changes an input;
//! [`hunt`] looks for one that breaks a promise, and makes it small. `cargo test` runs the corpus and a few hundred changed
//! inputs per reader, always the same; `cargo dev fuzz` goes on for as long as it is told, each time with another seed.
//!
//! Everything here runs on the pinned stable compiler. Coverage-guided engines (libFuzzer, AFL) need a nightly one or tools of their
//! own; what they find by coverage is found here by knowing the formats: changes are made to trees of TOML and JSON as well as to
//! words, lines and bytes.

pub mod hunt;
pub mod mutate;
pub mod readers;
