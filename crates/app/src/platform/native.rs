//! A machine: files, threads, a clock.

mod ask;
mod files;
mod home;
mod settings;
mod store;

pub(super) use ask::{ask_place, chooser, is_asking};
pub(super) use files::{is_there, open_file, save_file, save_folder, session_place};
pub(super) use settings::{read_settings, wish, write_settings};
pub(super) use store::store;

use super::answer::{LINK_MARK, Shared};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;
use std::time::{Instant, SystemTime};

pub(super) fn now_seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

pub(super) fn wall_clock() -> u64 {
    SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_millis() as u64)
}

/// Drawn by the system, once for every call.
pub(super) fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

pub(super) fn threads() -> usize {
    // One stays with the frame loop, where there is more than one.
    std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1))
}

pub(super) fn share_link(tail: &str) -> Shared {
    Shared {
        link: format!("{LINK_MARK}{tail}"),
        said: "Put this behind the address of the web page, wherever yours is hosted.".to_owned(),
    }
}

pub(super) fn opened_link() -> Option<String> {
    None
}
