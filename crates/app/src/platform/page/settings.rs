//! Settings in the browser's storage for this page, and what the browser says of dark windows and of motion.

use super::super::answer::Wish;
use super::browser::{key, storage, words};

pub(in super::super) fn read_settings() -> Option<String> {
    storage()?.get_item(&key("settings")).ok()?
}

pub(in super::super) fn write_settings(text: &str) -> Result<(), String> {
    let no = |why: &str| format!("Settings cannot be kept for the next visit ({why}).");
    let storage = storage().ok_or_else(|| no("the browser's storage is off for this page"))?;
    storage.set_item(&key("settings"), text).map_err(|why| no(&words(&why)))
}

pub(in super::super) fn wish() -> Wish {
    let matches = |query: &str| Some(web_sys::window()?.match_media(query).ok()??.matches());
    Wish { dark: matches("(prefers-color-scheme: dark)"), reduced_motion: matches("(prefers-reduced-motion: reduce)") }
}
