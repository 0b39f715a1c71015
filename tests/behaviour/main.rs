//! How the model behaves: tests that run whole worlds and could fail.
//!
//! * [`deals`]: what an agreement settles, what a level stands for, who comes home.
//! * [`determinism`]: one scenario, seed and lever log give one history, however it is run.
//! * [`extremes`]: worlds so plain that what they must do is known without the model.
//! * [`incorporation`]: armed groups under political authority, and what that ends.
//! * [`monotone`]: what moves which way, in pairs of futures with the same luck.
//! * [`neutrality`]: the same equations for everyone; exchange two actors' numbers and their behaviour is exchanged.
//! * [`reach`]: a lever leaves alone what no chain of causes joins to it.
//! * [`region`]: what the mechanisms of the wider region must do.
//!
//! Shares and tolerances stand beside each test with their reason. Everything runs on fixed seeds: a test that passes
//! passes always.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

mod common;
mod deals;
mod determinism;
mod extremes;
mod incorporation;
mod monotone;
mod neutrality;
mod reach;
mod region;
