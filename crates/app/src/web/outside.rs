//! What stands outside the canvas and reaches into it: `window.detente`, turns between frames, the loading bar, and what the
//! page's own elements say for screen readers.

use super::alarm::wake;
use crate::command::run;
use crate::platform::now_seconds;
use crate::studio::Studio;
use crate::watch::Screen;
use bevy_egui::egui::Context;
use detente_session::ahead::spare_time;
use js_sys::{Error, Function, JSON, Object, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageChannel, MessagePort};

/// What is wished for.
enum What {
    /// That a line of command be obeyed.
    Command(String),
    /// To know what stands.
    State,
    /// That the session be kept at once.
    Keep,
}

/// Something that waits for the next frame.
struct Wish {
    what: What,
    granted: Function,
    refused: Function,
}

/// What the page knows beside the app.
#[derive(Default)]
struct Outside {
    wishes: Vec<Wish>,
    shown: bool,
    /// Where a message asks for a turn between frames.
    turn: Option<MessagePort>,
    /// Whether a turn is asked for.
    turning: bool,
    /// Whether a script looks at pictures.
    watched: bool,
    /// The last one that was made since.
    picture: Option<Screen>,
    /// What the page's own elements say for screen readers.
    read_out: Option<String>,
}

thread_local! {
    static OUTSIDE: RefCell<Outside> = RefCell::default();
}

/// Puts `window.detente` up.
pub(super) fn offer() {
    let Some(window) = web_sys::window() else { return };
    let command = Closure::<dyn FnMut(JsValue) -> Promise>::new(|line: JsValue| {
        wish(What::Command(line.as_string().unwrap_or_default()))
    });
    let state = Closure::<dyn FnMut() -> Promise>::new(|| wish(What::State));
    let keep = Closure::<dyn FnMut() -> Promise>::new(|| wish(What::Keep));
    let look = Closure::<dyn FnMut() -> JsValue>::new(last_picture);
    // How many workers run futures beside the page, and how many futures have come from them.
    let hands = Closure::<dyn FnMut() -> JsValue>::new(|| {
        let (hands, futures) = detente_session::away::at_work();
        js_sys::Array::of2(&(hands as f64).into(), &(futures as f64).into()).into()
    });
    let surface = Object::new();
    let all = [
        ("command", command.as_ref()),
        ("state", state.as_ref()),
        ("keep", keep.as_ref()),
        ("look", look.as_ref()),
        ("hands", hands.as_ref()),
    ];
    for (name, function) in all {
        // A fresh object takes any property.
        let _ = Reflect::set(&surface, &name.into(), function);
    }
    let _ = Reflect::set(&window, &"detente".into(), &surface);
    // They live as long as the page.
    command.forget();
    state.forget();
    keep.forget();
    look.forget();
    hands.forget();
}

fn wish(what: What) -> Promise {
    let mut what = Some(what);
    Promise::new(&mut |granted, refused| {
        let Some(what) = what.take() else { return };
        OUTSIDE.with_borrow_mut(|outside| outside.wishes.push(Wish { what, granted, refused }));
        wake();
    })
}

/// The last picture that was made since the first look; nothing is drawn for it.
fn last_picture() -> JsValue {
    let text = OUTSIDE.with_borrow_mut(|outside| {
        outside.watched = true;
        serde_json::to_string(outside.picture.as_ref()?).ok()
    });
    text.and_then(|text| JSON::parse(&text).ok()).unwrap_or(JsValue::NULL)
}

/// Notes what a picture shows, if a script looks at pictures.
pub(crate) fn note_picture(ctx: &Context, picture: impl FnOnce() -> Option<Screen>) {
    if !OUTSIDE.with_borrow(|outside| outside.watched) {
        return;
    }
    // The first picture after this names its controls.
    ctx.enable_accesskit();
    if let Some(picture) = picture() {
        OUTSIDE.with_borrow_mut(|outside| outside.picture = Some(picture));
    }
}

/// Whether a script looks at pictures.
pub(crate) fn is_watched() -> bool {
    OUTSIDE.with_borrow(|outside| outside.watched)
}

/// Obeys what was commanded since the last frame. Returns whether anything was.
pub(crate) fn attend(studio: &mut Studio) -> bool {
    work_between_frames();
    let wishes = OUTSIDE.with_borrow_mut(|outside| std::mem::take(&mut outside.wishes));
    let any = !wishes.is_empty();
    for Wish { what, granted, refused } in wishes {
        let answer = match what {
            What::Command(line) => run(studio, &line).map(JsValue::from),
            What::State => run(studio, "state").map(|answer| JSON::parse(&answer).unwrap_or(JsValue::NULL)),
            What::Keep => {
                studio.keeper.keep(&studio.sitting);
                Ok(JsValue::NULL)
            }
        };
        let (whom, answer) = match answer {
            Ok(answer) => (granted, answer),
            Err(why) => (refused, Error::new(&why).into()),
        };
        // Resolving a promise throws nothing.
        let _ = whom.call1(&JsValue::NULL, &answer);
    }
    read_out(studio);
    any
}

/// Says for screen readers what a note on the canvas says: a trouble at once, anything else when there is a pause.
fn read_out(studio: &Studio) {
    let now = studio.note();
    let is_new = OUTSIDE.with_borrow_mut(|outside| {
        let is_new = outside.read_out.as_deref() != now;
        if is_new {
            outside.read_out = now.map(str::to_owned);
        }
        is_new
    });
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(document) = document.filter(|_| is_new) {
        let trouble = studio.trouble();
        for (id, text) in [("said", now.filter(|_| trouble.is_none())), ("alarm", trouble)] {
            if let Some(place) = document.get_element_by_id(id) {
                place.set_text_content(text);
            }
        }
    }
}

/// Time that futures get in one turn between frames, seconds: short enough for a frame not to wait for it.
const TURN: f64 = 0.006;

/// Lets futures run between frames, as long as there are any: drawing waits for the graphics card, and that time is free.
fn work_between_frames() {
    let asked = OUTSIDE.with_borrow_mut(|outside| {
        if outside.turn.is_none() {
            let channel = MessageChannel::new().ok()?;
            let turn = Closure::<dyn FnMut()>::new(turn);
            channel.port1().set_onmessage(Some(turn.as_ref().unchecked_ref()));
            // Lives as long as the page.
            turn.forget();
            outside.turn = Some(channel.port2());
        }
        (!std::mem::replace(&mut outside.turning, true)).then(|| outside.turn.clone())?
    });
    if let Some(port) = asked {
        // A port takes any message.
        let _ = port.post_message(&JsValue::NULL);
    }
}

fn turn() {
    let until = now_seconds() + TURN;
    let mut any = false;
    let left = spare_time(|| {
        any = true;
        now_seconds() < until
    });
    OUTSIDE.with_borrow_mut(|outside| outside.turning = false);
    if left {
        work_between_frames();
    } else if any {
        // The last of them is there: it is shown at once, whenever the next picture was due.
        wake();
    }
}

/// Takes the loading bar away, once there is something to see.
pub(crate) fn uncover() {
    let first = OUTSIDE.with_borrow_mut(|outside| !std::mem::replace(&mut outside.shown, true));
    let document = web_sys::window().and_then(|window| window.document());
    if first && let Some(document) = document {
        if let Some(loading) = document.get_element_by_id("loading") {
            loading.remove();
        }
        if let Some(canvas) = document.get_element_by_id("studio") {
            let canvas: web_sys::HtmlElement = canvas.unchecked_into();
            // Keys go to the app from the start.
            let _ = canvas.focus();
        }
        super::hands::hire();
    }
}
