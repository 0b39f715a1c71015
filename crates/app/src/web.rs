//! The page: the same app in a canvas, and `window.detente`, with which a script drives it.
//!
//! `await detente.command("go 60")` obeys one line of [`super::command`] before the next frame and resolves to its answer,
//! or rejects with a sentence; `await detente.state()` is what stands, as an object. Both ask for a frame. `detente.look()`
//! asks for none: it is what the last picture showed, with the place of every control, for tests that must not wake what
//! rests. `await detente.keep()` has the session kept now; `detente.hands()` says how many workers run futures beside the page, and how
//! many futures have come from them.

pub(crate) mod alarm;
mod hands;
pub(crate) mod outside;

use self::outside::offer;
use super::platform::{opened_link, watch_address};
use super::studio::Studio;
use super::window;
use detente_model::scenario;
use detente_session::Sitting;
use js_sys::{Error, Reflect};
use wasm_bindgen::JsCast as _;
use web_sys::DedicatedWorkerGlobalScope;

/// The scenario on the map when the page opens.
const FIRST: &str = "november-2024";

/// Opens the app in the page; in a worker of one, runs futures for it.
pub fn main() {
    std::panic::set_hook(Box::new(|panic| {
        let stack = Reflect::get(&Error::new(""), &"stack".into()).ok().and_then(|stack| stack.as_string());
        web_sys::console::error_1(&format!("{panic}\n\n{}", stack.unwrap_or_default()).into());
        tell(&format!(
            "The program has stopped because of a mistake in it. Reload the page: what you did up to a moment ago is kept. \
             If it happens again, report this: {panic}"
        ));
    }));
    if let Ok(worker) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        hands::serve(&worker);
        return;
    }
    match studio() {
        Ok(studio) => {
            watch_address();
            offer();
            window::open_in_page(studio);
        }
        Err(why) => tell(&why),
    }
}

/// The studio at the start: the session of the link, or the first scenario.
fn studio() -> Result<Studio, String> {
    let mut studio = Studio::new(first()?);
    studio.start_keeping(true);
    studio.start_settings(super::settings::Asked::default());
    // A session of somebody else may be long: it comes in slices, with a bar.
    if let Some(tail) = opened_link() {
        studio.follow(&tail);
    }
    Ok(studio)
}

fn first() -> Result<Sitting, String> {
    let loaded = scenario::load(FIRST).map_err(|errors| errors.to_string())?;
    Ok(Sitting::new(loaded, 1))
}

/// Shows a sentence over the page, where the app cannot.
fn tell(sentence: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let place = document.and_then(|document| document.get_element_by_id("trouble"));
    // The first trouble is the cause of those that follow.
    if let Some(place) = place.filter(|place| place.has_attribute("hidden")) {
        place.set_text_content(Some(sentence));
        // Shown by the page's style once it is not hidden.
        let _ = place.remove_attribute("hidden");
    }
}
