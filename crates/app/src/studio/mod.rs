//! The whole screen (`room`), and the clock that plays days (`clock`). Panels show and wish; this room alone carries
//! wishes out: `acts` does what is asked, `walk` shows steps, the desk ([`detente_session::desk`]) keeps futures beside it, `keys` and
//! `screen` say what lies where.

mod acts;
pub(crate) mod bench;
mod clock;
mod evening;
mod files;
mod handout;
mod keys;
mod pair;
mod paper;
mod room;
mod screen;
pub(crate) mod settle;
mod walk;
mod work;

pub(crate) use self::files::Saving;

pub use self::bench::{Bench, Work};
pub use self::room::Studio;
