//! What a person sees: the window and the page. The only room that knows rendering.
//!
//! Everything is one function from (sitting, view) to shapes, so that the window, the page and the tests show the same. A
//! person's moves become lever changes and view state, nothing else.

pub mod command;
pub mod foresight;
pub mod keep;
pub mod look;
pub mod map;
pub mod platform;
pub mod studio;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod window;
