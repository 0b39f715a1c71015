//! A page: downloads, the browser's dialog, its storage, the address.

mod browser;
mod link;
mod reader;
mod settings;
mod store;
mod tabs;

pub(super) use browser::{now_seconds, random, wall_clock};
pub(super) use link::{opened_link, share_link, watch_address};
pub(super) use reader::{heard, tell};
pub(super) use settings::{read_settings, wish, write_settings};
pub(super) use store::store;

use super::answer::{Chooser, There, too_large};
use super::arrival::{Arrival, Opened, Purpose, deliver};
use crate::archive::zipped;
use crate::web::alarm::wake;
use browser::{window, words};
use detente_session::file::{EXTENSION, MOST_BYTES};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, FileReader, HtmlAnchorElement, HtmlElement, HtmlInputElement, Url};

pub(super) fn threads() -> usize {
    0
}

pub(super) fn chooser() -> Chooser {
    Chooser::Browser
}

pub(super) fn ask_place(purpose: Purpose, suggested: &str) {
    // Where a download goes is the browser's own question.
    if purpose == Purpose::Open {
        open_file(suggested);
    }
}

pub(super) fn is_asking() -> bool {
    false
}

/// A page sees nothing of the downloads.
pub(super) fn is_there(_name: &str) -> bool {
    false
}

/// What stands behind the last slash of a name.
fn last_part(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name).trim()
}

pub(super) fn session_place(name: &str) -> Result<(String, There), String> {
    let name = last_part(name);
    if name.is_empty() {
        return Err("The file needs a name, such as lesson.detente.".to_owned());
    }
    let ending = format!(".{EXTENSION}");
    let ended = name.to_lowercase().ends_with(&ending);
    Ok((if ended { name.to_owned() } else { format!("{name}{ending}") }, There::Nothing))
}

pub(super) fn save_file(name: &str, bytes: &[u8]) -> Result<String, String> {
    let name = last_part(name);
    download(name, bytes).map_err(|why| {
        format!("The browser does not let the page save {name} ({}); allow downloads for this page.", words(&why))
    })?;
    Ok(link::downloaded(name))
}

pub(super) fn save_folder(name: &str, files: &[(String, Vec<u8>)]) -> Result<String, String> {
    // A browser asks about every further file: they come as one.
    let name = if name.ends_with(".zip") { name.to_owned() } else { format!("{name}.zip") };
    save_file(&name, &zipped(files)?)
}

fn download(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let window = window().ok_or("no page")?;
    let document = window.document().ok_or("no page")?;
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // Some browsers still read from it for a while.
    let forget = Closure::once_into_js(move || Url::revoke_object_url(&address));
    window.set_timeout_with_callback_and_timeout_and_arguments_0(forget.unchecked_ref(), 60_000).map(drop)
}

pub(super) fn open_file(_path: &str) {
    if let Err(why) = choose() {
        deliver(Err(format!("The browser does not let the page open a file ({}).", words(&why))));
    }
}

/// Opens the browser's dialog. Its listeners live as long as its element, which is thrown away after use.
fn choose() -> Result<(), JsValue> {
    let document = window().and_then(|w| w.document()).ok_or("no page")?;
    let input: HtmlInputElement = document.create_element("input")?.dyn_into()?;
    input.set_type("file");
    input.set_accept(&format!(".{EXTENSION},.toml"));
    let chosen = input.clone();
    let changed = Closure::once_into_js(move || {
        if let Some(file) = chosen.files().and_then(|files| files.get(0)) {
            read(&file);
        }
    });
    input.set_onchange(Some(changed.unchecked_ref()));
    // Some browsers ask nothing for an element that is not in the page.
    input.set_hidden(true);
    if let Some(body) = document.body() {
        if let Some(old) = document.get_element_by_id("file") {
            old.remove();
        }
        input.set_id("file");
        body.append_child(&input)?;
    }
    input.unchecked_ref::<HtmlElement>().click();
    Ok(())
}

fn read(file: &web_sys::File) {
    let name = file.name();
    // Asked first: a film that was chosen by mistake would end the tab.
    if file.size() > MOST_BYTES as f64 {
        deliver(Err(too_large(&name, file.size() as u64)));
        return wake();
    }
    let no = format!("{name} cannot be read; choose it once more.");
    let Ok(reader) = FileReader::new() else { return deliver(Err(no)) };
    let done = reader.clone();
    let why = no.clone();
    let ended = Closure::once_into_js(move || {
        deliver(match done.result() {
            Ok(content) if content.is_object() => {
                Ok(Arrival::File(Opened { name, bytes: Uint8Array::new(&content).to_vec() }))
            }
            _ => Err(why),
        });
        wake();
    });
    reader.set_onloadend(Some(ended.unchecked_ref()));
    if reader.read_as_array_buffer(file).is_err() {
        deliver(Err(no));
    }
}
