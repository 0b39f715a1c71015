//! Which sessions other tabs go on with, where the browser has no locks (a page over plain http from another machine): tabs
//! of one address ask each other.

use js_sys::Promise;
use std::cell::RefCell;
use std::collections::BTreeSet;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

/// The name under which tabs hear each other.
const NAME: &str = "detente.sessions";
/// What a tab asks, and what begins an answer.
const WHO: &str = "who";
const MINE: &str = "mine ";
/// Milliseconds that an answer may take, and turns in which they pass. A page that is being set up keeps this thread for seconds, and of
/// a timer and an answer that both waited for it the timer may come first: answers are heard between the turns.
const PATIENCE: i32 = 1000;
const TURNS: i32 = 10;

thread_local! {
    static CHANNEL: RefCell<Option<BroadcastChannel>> = const { RefCell::new(None) };
    static ANSWERS: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Answers other tabs from now on with the ids of the sessions that this one goes on with.
pub(super) fn listen(own: impl Fn() -> Vec<String> + 'static) {
    let Ok(channel) = BroadcastChannel::new(NAME) else { return };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Some(words) = event.data().as_string() else { return };
        if words == WHO {
            own().iter().for_each(|id| say(&format!("{MINE}{id}")));
        } else if let Some(id) = words.strip_prefix(MINE) {
            ANSWERS.with_borrow_mut(|answers| answers.insert(id.to_owned()));
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // Lives as long as the page.
    heard.forget();
    CHANNEL.set(Some(channel));
}

fn say(words: &str) {
    CHANNEL.with_borrow(|channel| {
        if let Some(channel) = channel {
            // A channel that is closed has nobody to hear.
            let _ = channel.post_message(&JsValue::from(words));
        }
    });
}

/// Asks, waits, and gives the ids that others have named.
pub(super) async fn ask() -> BTreeSet<String> {
    if CHANNEL.with_borrow(Option::is_none) {
        return BTreeSet::new();
    }
    ANSWERS.with_borrow_mut(BTreeSet::clear);
    say(WHO);
    for _ in 0..TURNS {
        pause(PATIENCE / TURNS).await;
    }
    ANSWERS.with_borrow_mut(std::mem::take)
}

/// Waits so many milliseconds.
pub(super) async fn pause(milliseconds: i32) {
    let pause = Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            // Without a timer nobody waits, and nobody is named.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
        }
    });
    let _ = JsFuture::from(pause).await;
}
