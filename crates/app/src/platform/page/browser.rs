//! What the browser has: its window, clocks, chance and storage, and what it says when it refuses.

use js_sys::Reflect;
use wasm_bindgen::JsValue;
use web_sys::{Storage, Window};

pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

pub(in super::super) fn now_seconds() -> f64 {
    window().and_then(|w| w.performance()).map_or(0.0, |p| p.now() / 1_000.0)
}

pub(in super::super) fn wall_clock() -> u64 {
    js_sys::Date::now() as u64
}

pub(in super::super) fn random() -> u64 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}

/// What a thrown value says.
pub(super) fn words(value: &JsValue) -> String {
    Reflect::get(value, &"message".into()).ok().and_then(|m| m.as_string()).unwrap_or_else(|| format!("{value:?}"))
}

pub(super) fn storage() -> Option<Storage> {
    // Throws where the user has forbidden it.
    window()?.local_storage().ok()?
}

pub(super) fn key(slot: &str) -> String {
    format!("detente.{slot}")
}
