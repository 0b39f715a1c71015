//! What a person sees: the window and the page. The only room that knows rendering.
//!
//! Everything is one function from (sitting, view) to shapes, so that the window, the page and the tests show the same. A
//! person's moves become lever changes and view state, nothing else.
#![cfg(feature = "window")]

pub mod act;
pub mod archive;
#[cfg(not(target_arch = "wasm32"))]
mod asked;
mod branches;
pub mod causes;
pub mod chart;
pub mod command;
pub mod commands;
pub mod compare;
pub mod contested;
pub mod dialogs;
#[cfg(not(target_arch = "wasm32"))]
pub mod display;
pub mod draw;
pub mod file_names;
pub mod frames;
pub mod futures;
pub mod glossary;
pub mod guess;
pub mod held;
pub mod inspect;
pub mod keep;
pub mod language;
pub mod levers;
pub mod look;
pub mod map;
pub mod mirror;
pub mod pace;
pub mod platform;
pub mod question;
pub mod raster;
pub mod scores;
pub mod script;
pub mod settings;
pub mod shelf;
pub mod start;
pub mod steps;
pub mod studio;
pub mod timeline;
pub mod top;
pub mod tour;
pub mod watch;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod why;
pub mod window;
pub mod work_ui;
