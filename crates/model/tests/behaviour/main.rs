//! How the model behaves: tests that run whole worlds and could fail.
//!
//! * [`council`]: what votes cost, what adopted texts do, texts on credentials.
//! * [`deals`]: what an agreement settles, what a level stands for, who comes home.
//! * [`determinism`]: one scenario, seed and lever log give one history, however it is run.
//! * [`extremes`]: worlds so plain that what they must do is known without the model.
//! * [`hosts`]: fear of war, leave to fly, the scale of answers, leverage, a forum.
//! * [`incorporation`]: armed groups under political authority, and what that ends.
//! * [`monotone`]: what moves which way, in pairs of futures with the same luck.
//! * [`neutrality`]: the same equations for everyone; exchange two actors' numbers and their behaviour is exchanged.
//! * [`reach`]: a lever leaves alone what no chain of causes joins to it.
//! * [`region`]: what the mechanisms of the wider region must do.
//! * [`restraint`]: restraint that is bought and returned, on and off.
//!
//! Shares and tolerances stand beside each test with their reason. Everything runs on fixed seeds: a test that passes
//! passes always.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

mod common;
mod council;
mod deals;
mod determinism;
mod extremes;
mod hosts;
mod incorporation;
mod monotone;
mod neutrality;
mod reach;
mod region;
mod restraint;
