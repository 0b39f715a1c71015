//! The page: the same app in a canvas, and `window.detente`, with which a script drives it.
//!
//! `await detente.command("go 60")` obeys one line of [`super::command`] before the next frame and resolves to its answer,
//! or rejects with a sentence; `await detente.state()` is what stands, as an object. Both ask for a frame. `detente.look()`
//! asks for none: it is what the last picture showed, with the place of every control, for tests that must not wake what
//! rests. `await detente.keep()` has the session kept now.

use super::command::run;
use super::platform::{now_seconds, opened_link, watch_address};
use super::studio::Studio;
use super::watch::Screen;
use super::window;
use bevy::winit::{EventLoopProxy, WinitUserEvent};
use bevy_egui::egui::Context;
use detente_model::scenario;
use detente_session::Sitting;
use detente_session::ahead::spare_time;
use js_sys::{Error, Function, JSON, Object, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageChannel, MessagePort};

/// The scenario on the map when the page opens.
const FIRST: &str = "november-2024";

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
    alarm: Option<EventLoopProxy<WinitUserEvent>>,
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

/// Opens the app in the page.
pub fn main() {
    std::panic::set_hook(Box::new(|panic| {
        let stack = Reflect::get(&Error::new(""), &"stack".into()).ok().and_then(|stack| stack.as_string());
        web_sys::console::error_1(&format!("{panic}\n\n{}", stack.unwrap_or_default()).into());
        tell(&format!(
            "The program has stopped because of a mistake in it. Reload the page: what you did up to a moment ago is kept. \
             If it happens again, report this: {panic}"
        ));
    }));
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

/// Puts `window.detente` up.
fn offer() {
    let Some(window) = web_sys::window() else { return };
    let command = Closure::<dyn FnMut(JsValue) -> Promise>::new(|line: JsValue| {
        wish(What::Command(line.as_string().unwrap_or_default()))
    });
    let state = Closure::<dyn FnMut() -> Promise>::new(|| wish(What::State));
    let keep = Closure::<dyn FnMut() -> Promise>::new(|| wish(What::Keep));
    let look = Closure::<dyn FnMut() -> JsValue>::new(last_picture);
    let surface = Object::new();
    let all =
        [("command", command.as_ref()), ("state", state.as_ref()), ("keep", keep.as_ref()), ("look", look.as_ref())];
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
pub(super) fn note_picture(ctx: &Context, picture: impl FnOnce() -> Option<Screen>) {
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
pub(super) fn is_watched() -> bool {
    OUTSIDE.with_borrow(|outside| outside.watched)
}

/// Asks for a frame soon.
pub(super) fn wake() {
    OUTSIDE.with_borrow(|outside| {
        if let Some(alarm) = &outside.alarm {
            // Only a program that has ended does not hear it.
            let _ = alarm.send_event(WinitUserEvent::WakeUp);
        }
    });
}

/// Learns how to ask for a frame.
pub(super) fn listen(alarm: EventLoopProxy<WinitUserEvent>) {
    OUTSIDE.with_borrow_mut(|outside| outside.alarm = Some(alarm));
    wake();
}

/// Obeys what was commanded since the last frame. Returns whether anything was.
pub(super) fn attend(studio: &mut Studio) -> bool {
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
pub(super) fn uncover() {
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
    }
}
