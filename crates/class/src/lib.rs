//! One world, many hands: a room of people in browsers plays the states, groups and mediators of this world against a model that
//! answers, and sees afterwards what its own orders changed on the same luck.
//!
//! The [`room`] is the fold of a journal ([`entry`]) that the [`keeper`] writes to disk ([`store`]) before anybody hears of it.
//! [`fog`] decides what each of the [`seats`] may know of the [`world`], which is one sitting. [`api`] and [`pages`] are thin.

pub mod api;
pub mod client;
pub mod debrief;
pub mod entry;
pub mod fog;
pub mod keeper;
pub mod limits;
pub mod pages;
pub mod predict;
pub mod refused;
pub mod room;
pub mod seats;
pub mod secret;
pub mod server;
pub mod store;
pub mod tls;
pub mod world;

pub use server::{Opened, Options, serve};
