//! The list of controls for screen readers: an element of the page for each, over its place on the canvas, seen by nobody and
//! reached by no pointer. The canvas has the keyboard; elements take it only from a reader, and Escape gives it back.

use super::browser::window;
use crate::mirror::{Change, Deed, Element, Kind};
use crate::web::alarm::wake;
use std::cell::RefCell;
use std::collections::BTreeMap;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Document, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

/// What begins the id of an element.
const ID: &str = "c";

/// What this page tells readers.
#[derive(Default)]
struct Told {
    nodes: BTreeMap<u64, HtmlElement>,
    focus: Option<u64>,
    list: Option<HtmlElement>,
}

thread_local! {
    static TOLD: RefCell<Told> = RefCell::default();
    static HEARD: RefCell<Vec<(u64, Deed)>> = const { RefCell::new(Vec::new()) };
}

pub(in super::super) fn heard() -> Vec<(u64, Deed)> {
    HEARD.with_borrow_mut(std::mem::take)
}

fn hear(id: u64, deed: Deed) {
    HEARD.with_borrow_mut(|heard| heard.push((id, deed)));
    wake();
}

pub(in super::super) fn tell(changes: &[Change], focus: Option<u64>) {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    TOLD.with_borrow_mut(|told| {
        if told.list.is_none() {
            told.list = document.get_element_by_id("controls").and_then(|list| list.dyn_into().ok());
            listen(&document);
        }
        // A page of other makers may lack the list; the program goes on without.
        let Some(list) = told.list.clone() else { return };
        for change in changes {
            // An element that cannot be made leaves the others as they are.
            let _ = carry_out(&document, &list, &mut told.nodes, change);
        }
        if told.focus != focus {
            told.focus = focus;
            point(&document, focus.filter(|id| told.nodes.contains_key(id)));
        }
    });
}

fn carry_out(
    document: &Document,
    list: &HtmlElement,
    nodes: &mut BTreeMap<u64, HtmlElement>,
    change: &Change,
) -> Result<(), JsValue> {
    match change {
        Change::Gone(id) => {
            if let Some(node) = nodes.remove(id) {
                node.remove();
            }
        }
        Change::Says(new) => {
            if let Some(node) = nodes.get(&new.id) {
                describe(node, new)?;
            }
        }
        Change::Put(new, before) => {
            let node = match nodes.remove(&new.id) {
                Some(node) => node,
                None => make(document, new)?,
            };
            describe(&node, new)?;
            let before = before.and_then(|id| nodes.get(&id));
            list.insert_before(&node, before.map(AsRef::as_ref))?;
            nodes.insert(new.id, node);
        }
    }
    Ok(())
}

fn make(document: &Document, new: &Element) -> Result<HtmlElement, JsValue> {
    let tag = match new.kind {
        Kind::Button => "button",
        Kind::Slider => "input",
        Kind::Text | Kind::Other(_) => "div",
    };
    let node: HtmlElement = document.create_element(tag)?.dyn_into()?;
    node.set_id(&format!("{ID}{}", new.id));
    match new.kind {
        Kind::Button => node.set_attribute("type", "button")?,
        Kind::Slider => node.set_attribute("type", "range")?,
        Kind::Other(role) => node.set_attribute("role", role)?,
        Kind::Text => {}
    }
    // The canvas is what Tab comes to; its own controls are inside.
    if !matches!(new.kind, Kind::Text | Kind::Other("img" | "group" | "progressbar")) {
        node.set_tab_index(-1);
    }
    Ok(node)
}

fn describe(node: &HtmlElement, new: &Element) -> Result<(), JsValue> {
    let put = |name: &str, value: Option<&str>| match value {
        Some(value) if node.get_attribute(name).as_deref() == Some(value) => Ok(()),
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
    if new.kind == Kind::Text {
        node.set_text_content(Some(&new.name));
    } else {
        put("aria-label", Some(&new.name))?;
    }
    if let (Kind::Slider, Some([now, low, high])) = (new.kind, new.number) {
        // In this order: a value outside of what is allowed would be moved.
        for (name, number) in [("min", low), ("max", high)] {
            put(name, Some(&number.to_string()))?;
        }
        put("step", Some("any"))?;
        if let Some(input) = node.dyn_ref::<HtmlInputElement>() {
            input.set_value(&now.to_string());
        }
        put("aria-valuetext", new.value.as_deref())?;
    } else if let Some([now, low, high]) = new.number {
        for (name, number) in [("aria-valuenow", now), ("aria-valuemin", low), ("aria-valuemax", high)] {
            put(name, Some(&number.to_string()))?;
        }
    } else if matches!(new.kind, Kind::Other(_)) {
        node.set_text_content(new.value.as_deref());
    }
    let on = new.on.map(|on| if on { "true" } else { "false" });
    match new.kind {
        Kind::Button => put("aria-pressed", on)?,
        Kind::Other("checkbox" | "radio") => put("aria-checked", on.or(Some("false")))?,
        Kind::Other("combobox") => {
            put("aria-haspopup", Some("listbox"))?;
            put("aria-expanded", Some("false"))?;
        }
        _ => {}
    }
    put("aria-disabled", (!new.enabled).then_some("true"))?;
    let style = node.style();
    for (name, length) in ["left", "top", "width", "height"].iter().zip(new.place) {
        style.set_property(name, &format!("{length}px"))?;
    }
    Ok(())
}

/// Says which control of the canvas has the keyboard.
fn point(document: &Document, to: Option<u64>) {
    let Some(canvas) = document.get_element_by_id("studio") else { return };
    // The canvas takes any attribute.
    let _ = match to {
        Some(id) => canvas.set_attribute("aria-activedescendant", &format!("{ID}{id}")),
        None => canvas.remove_attribute("aria-activedescendant"),
    };
}

/// The element that something happened to, and its number.
fn target(event: &Event) -> Option<(u64, HtmlElement)> {
    let node: HtmlElement = event.target()?.dyn_into().ok()?;
    Some((node.id().strip_prefix(ID)?.parse().ok()?, node))
}

fn is(node: &HtmlElement, role: &str) -> bool {
    node.get_attribute("role").as_deref() == Some(role)
}

fn to_the_canvas() {
    let canvas = window().and_then(|w| w.document()).and_then(|document| document.get_element_by_id("studio"));
    if let Some(canvas) = canvas.and_then(|canvas| canvas.dyn_into::<HtmlElement>().ok()) {
        let _ = canvas.focus();
    }
}

/// Presses an element; into a field letters are written on the canvas.
fn press(id: u64, node: &HtmlElement) {
    hear(id, Deed::Focus);
    if is(node, "textbox") {
        return to_the_canvas();
    }
    hear(id, Deed::Press);
}

fn keyed(event: &Event) {
    let (Some((id, node)), Some(key)) = (target(event), event.dyn_ref::<KeyboardEvent>()) else { return };
    let slides = is(&node, "spinbutton") || node.dyn_ref::<HtmlInputElement>().is_some();
    match key.key().as_str() {
        "Enter" | " " => press(id, &node),
        "ArrowRight" | "ArrowUp" if slides => hear(id, Deed::Step(true)),
        "ArrowLeft" | "ArrowDown" if slides => hear(id, Deed::Step(false)),
        "Escape" => to_the_canvas(),
        _ => return,
    }
    event.prevent_default();
}

/// One listener for all elements.
fn listen(document: &Document) {
    let Some(list) = document.get_element_by_id("controls") else { return };
    let add = |name: &str, what: fn(&Event)| {
        let heard = Closure::<dyn FnMut(Event)>::new(move |event: Event| what(&event));
        let _ = list.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        // Lives as long as the page.
        heard.forget();
    };
    add("click", |event| {
        // A slider is set by what it says, not by being pressed.
        if let Some((id, node)) = target(event).filter(|(_, node)| node.dyn_ref::<HtmlInputElement>().is_none()) {
            press(id, &node);
        }
    });
    add("focusin", |event| {
        if let Some((id, _)) = target(event) {
            hear(id, Deed::Focus);
        }
    });
    add("input", |event| {
        let Some((id, node)) = target(event) else { return };
        if let Some(value) = node.dyn_ref::<HtmlInputElement>().and_then(|input| input.value().parse().ok()) {
            hear(id, Deed::Set(value));
        }
    });
    add("keydown", keyed);
}
