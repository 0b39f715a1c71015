//! Links in a page: the address, the clipboard, and what a browser or a frame around the page refuses.

use super::super::answer::{LINK_MARK, Shared};
use super::super::arrival::{Arrival, deliver};
use super::browser::window;
use crate::web::alarm::wake;
use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Window;

pub(in super::super) fn share_link(tail: &str) -> Shared {
    let end = format!("{LINK_MARK}{tail}");
    let Some(window) = window() else { return Shared { link: end, said: String::new() } };
    // A frame may forbid it.
    let set = window.history().and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&end)));
    let here = window.location().href().unwrap_or_default();
    let stands = set.is_ok() && here.ends_with(&end);
    let link = if stands { here } else { format!("{}{end}", here.split('#').next().unwrap_or_default()) };
    copy(&window, &link, stands);
    let said = if stands { "The link stands in the address." } else { "The link is made." };
    Shared { link, said: said.to_owned() }
}

/// Copies a link, and says so when the browser has done it and not before. Where it refuses, the page's own script shows the
/// link to be copied by hand.
fn copy(window: &Window, link: &str, stands: bool) {
    let navigator = window.navigator();
    let can_ask = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    let asked = can_ask.then(|| navigator.clipboard().write_text(link));
    spawn_local(async move {
        let copied = match asked {
            Some(promise) => JsFuture::from(promise).await.is_ok(),
            None => false,
        };
        let said = match (copied, stands) {
            (true, true) => "The link is copied, and stands in the address.",
            (true, false) => "The link is copied.",
            (false, true) => {
                "The browser does not let this page copy. The link stands in the address and is shown, to be copied by hand."
            }
            (false, false) => "The browser does not let this page copy. The link is shown, to be copied by hand.",
        };
        deliver(Ok(Arrival::Said(said.to_owned())));
        wake();
    });
}

/// What to tell of a download. A frame around the page may refuse it without a word, and the page cannot know.
pub(super) fn downloaded(name: &str) -> String {
    if in_foreign_frame() {
        return format!(
            "{name} was given to the browser. If it is not among the downloads, the page around this one forbids them: open \
             this page in a tab of its own."
        );
    }
    format!("{name} is in the browser's downloads.")
}

/// Whether the page is shown inside one of another address.
fn in_foreign_frame() -> bool {
    let Some(window) = window() else { return false };
    let top = window.top().ok().flatten();
    let is_framed = top.is_some_and(|top| !js_sys::Object::is(&top, &window));
    // The frame's element is seen from the same address only.
    is_framed && !window.frame_element().is_ok_and(|frame| frame.is_some())
}

pub(in super::super) fn opened_link() -> Option<String> {
    let hash = window()?.location().hash().ok()?;
    hash.strip_prefix(LINK_MARK).filter(|tail| !tail.is_empty()).map(str::to_owned)
}

/// Tells of links that are pasted into the address of an open page.
pub(in super::super) fn watch_address() {
    let Some(window) = window() else { return };
    let changed = Closure::<dyn FnMut()>::new(|| {
        if let Some(tail) = opened_link() {
            deliver(Ok(Arrival::Link(tail)));
            wake();
        }
    });
    window.set_onhashchange(Some(changed.as_ref().unchecked_ref()));
    // Lives as long as the page.
    changed.forget();
}
