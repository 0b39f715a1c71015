//! Kept sessions in the browser's database for this page, with a lock for the one that a tab goes on with.
//!
//! The database answers later: what it holds is read into memory once and again when the list is looked at, and the rest of
//! the program sees the memory. A page that is closed has no time for it; what changed last goes into the storage that takes
//! it at once, and from there into the database at the next start. Where there is no database, that storage holds all.

use super::super::answer::id_of;
use super::super::arrival::{Arrival, deliver};
use super::browser::{key, now_seconds, random, storage, wall_clock, words};
use super::tabs;
use crate::keep::store::{Record, Store};
use crate::web::alarm::wake;
use idb::{Database, DatabaseEvent as _, Factory, ObjectStoreParams, TransactionMode};
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Name of the table.
const TABLE: &str = "sessions";
/// What begins the name of a lock.
const LOCK: &str = "detente.session.";
/// What begins the keys of the storage: a last word, and a whole record where there is no database.
const LAST: &str = "last.";
const WHOLE: &str = "kept.";
/// Seconds before the list is read anew.
const FRESH: f64 = 1.0;

/// What this tab knows.
#[derive(Default)]
struct Shelf {
    records: BTreeMap<String, Record>,
    /// Those that this tab has written.
    written: BTreeSet<String>,
    /// Those that other tabs go on with.
    elsewhere: BTreeSet<String>,
    /// What the sitting would be kept as, for the moment at which the page is closed.
    last: Option<Record>,
    noted: f64,
    pause: f64,
    /// The one that this tab goes on with.
    own: Option<String>,
    /// The id in its place, if another tab was quicker with the lock.
    instead: Option<String>,
    release: Option<Function>,
    database: Option<Rc<Database>>,
    begun: bool,
    read: f64,
}

thread_local! {
    static SHELF: RefCell<Shelf> = RefCell::default();
}

pub(in super::super) fn store() -> Box<dyn Store> {
    if !SHELF.with_borrow_mut(|shelf| std::mem::replace(&mut shelf.begun, true)) {
        for record in left_behind() {
            SHELF.with_borrow_mut(|shelf| shelf.written.insert(record.id.clone()));
            take_in(record);
        }
        listen();
        if locks().is_none() {
            tabs::listen(own);
        }
        spawn_local(begin());
    }
    Box::new(Tab)
}

/// The younger of two versions stays.
fn take_in(record: Record) {
    SHELF.with_borrow_mut(|shelf| match shelf.records.get(&record.id) {
        Some(known) if known.changed >= record.changed => {}
        _ => drop(shelf.records.insert(record.id.clone(), record)),
    });
}

/// Keys of the storage that begin so.
fn keys(beginning: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let n = storage.length().unwrap_or(0);
    let all = (0..n).filter_map(|i| storage.key(i).ok().flatten());
    all.filter(|name| name.starts_with(&key(beginning))).collect()
}

fn item(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// What lies in the storage: last words of pages that were closed, whole records, and what earlier versions kept.
fn left_behind() -> Vec<Record> {
    let read = |name: &String| serde_json::from_str::<Record>(&item(name)?).ok();
    let mut records: Vec<Record> = keys(LAST).iter().chain(&keys(WHOLE)).filter_map(read).collect();
    for slot in ["before", "autosave"] {
        let old = item(&key(slot)).and_then(|tail| Record::of_tail(&tail, &format!("old-{slot}"), wall_clock()).ok());
        records.extend(old);
    }
    records
}

/// Removes what has found its way into the database.
fn clear(id: &str) {
    let Some(storage) = storage() else { return };
    let old = id.strip_prefix("old-").map(key);
    for name in [Some(key(&format!("{LAST}{id}"))), Some(key(&format!("{WHOLE}{id}"))), old].into_iter().flatten() {
        // Not there is as good as removed.
        let _ = storage.remove_item(&name);
    }
}

async fn begin() {
    read_all().await;
    // A page that was loaded anew, or closed this moment, may hold its lock a little longer: what only seems to be open elsewhere is
    // asked after again, or an older session would be offered in its place.
    for _ in 0..8 {
        if locks().is_none() || SHELF.with_borrow(|shelf| shelf.elsewhere.is_empty()) {
            break;
        }
        tabs::pause(150).await;
        let elsewhere = open_elsewhere().await;
        SHELF.with_borrow_mut(|shelf| shelf.elsewhere = elsewhere);
    }
    let left: Vec<String> = left_behind().into_iter().map(|record| record.id).collect();
    for id in left {
        put(id).await;
    }
    tell();
}

/// Has the list looked at again.
fn tell() {
    deliver(Ok(Arrival::Kept));
    wake();
}

async fn database() -> Result<Rc<Database>, idb::Error> {
    if let Some(database) = SHELF.with_borrow(|shelf| shelf.database.clone()) {
        return Ok(database);
    }
    let mut request = Factory::new()?.open("detente", Some(1))?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // If it cannot be made, the first write says so.
            let _ = database.create_object_store(TABLE, ObjectStoreParams::new());
        }
    });
    let database = Rc::new(request.await?);
    SHELF.with_borrow_mut(|shelf| shelf.database = Some(Rc::clone(&database)));
    Ok(database)
}

async fn all() -> Result<Vec<Record>, idb::Error> {
    let transaction = database().await?.transaction(&[TABLE], TransactionMode::ReadOnly)?;
    let values = transaction.object_store(TABLE)?.get_all(None, None)?.await?;
    Ok(values.iter().filter_map(|value| serde_json::from_str(&value.as_string()?).ok()).collect())
}

/// Reads what other tabs have written and which sessions they go on with.
async fn read_all() {
    if let Ok(records) = all().await {
        SHELF.with_borrow_mut(|shelf| {
            // What another tab has deleted is gone here as well.
            let there: BTreeSet<&String> = records.iter().map(|record| &record.id).collect();
            let written = &shelf.written;
            shelf.records.retain(|id, _| there.contains(id) || written.contains(id));
        });
        records.into_iter().for_each(take_in);
    }
    let elsewhere = open_elsewhere().await;
    SHELF.with_borrow_mut(|shelf| shelf.elsewhere = elsewhere);
}

/// The locks of the browser, where it has them: over `https` and on this machine.
fn locks() -> Option<JsValue> {
    let navigator = web_sys::window()?.navigator();
    Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)
}

fn method(of: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(of, &name.into()).ok()?.dyn_into().ok()
}

async fn open_elsewhere() -> BTreeSet<String> {
    let mut names = if locks().is_none() { tabs::ask().await } else { BTreeSet::new() };
    let asked = locks().and_then(|locks| method(&locks, "query")?.call0(&locks).ok());
    if let Some(promise) = asked.and_then(|asked| asked.dyn_into::<Promise>().ok())
        && let Ok(state) = JsFuture::from(promise).await
    {
        let held = Reflect::get(&state, &"held".into()).ok().and_then(|held| held.dyn_into::<Array>().ok());
        for lock in held.unwrap_or_default().iter() {
            let name = Reflect::get(&lock, &"name".into()).ok().and_then(|name| name.as_string());
            names.extend(name.and_then(|name| name.strip_prefix(LOCK).map(str::to_owned)));
        }
    }
    own().iter().for_each(|own| _ = names.remove(own));
    names
}

/// The ids under which this tab writes what it goes on with; also what it has only noted so far, and writes when it goes out of
/// sight.
fn own() -> Vec<String> {
    SHELF.with_borrow(|shelf| {
        let noted = shelf.last.as_ref().map(|record| &record.id);
        [shelf.own.as_ref(), shelf.instead.as_ref(), noted].into_iter().flatten().cloned().collect()
    })
}

/// Writes the record of this id as it is now.
async fn put(id: String) {
    let Some(record) = SHELF.with_borrow(|shelf| shelf.records.get(&id).cloned()) else { return };
    let text = serde_json::to_string(&record).unwrap_or_default();
    match try_put(&id, &text).await {
        Ok(()) => clear(&id),
        Err(why) => {
            let kept = storage().is_some_and(|s| s.set_item(&key(&format!("{WHOLE}{id}")), &text).is_ok());
            if !kept {
                deliver(Ok(Arrival::NotKept(format!(
                    "The session cannot be kept for the next visit ({why}); save it as a file or copy a link."
                ))));
                wake();
            }
        }
    }
}

async fn try_put(id: &str, text: &str) -> Result<(), idb::Error> {
    let transaction = database().await?.transaction(&[TABLE], TransactionMode::ReadWrite)?;
    transaction.object_store(TABLE)?.put(&text.into(), Some(&id.into()))?.await?;
    transaction.commit()?.await?;
    Ok(())
}

async fn delete(id: String) -> Result<(), idb::Error> {
    let transaction = database().await?.transaction(&[TABLE], TransactionMode::ReadWrite)?;
    transaction.object_store(TABLE)?.delete(JsValue::from_str(&id))?.await?;
    transaction.commit()?.await?;
    Ok(())
}

/// The last moment in which anything can be written: the page is closed, or hidden and may never be shown again.
fn write_last() {
    let Some(record) = SHELF.with_borrow_mut(|shelf| {
        let last = shelf.last.take()?;
        Some(Record { id: shelf.instead.clone().unwrap_or_else(|| last.id.clone()), ..last })
    }) else {
        return;
    };
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&record)) {
        // Nobody is there any more to be told.
        let _ = storage.set_item(&key(&format!("{LAST}{}", record.id)), &text);
    }
}

fn listen() {
    let Some(window) = web_sys::window() else { return };
    let closed = Closure::<dyn FnMut()>::new(write_last);
    let _ = window.add_event_listener_with_callback("pagehide", closed.as_ref().unchecked_ref());
    if let Some(document) = window.document() {
        let _ = document.add_event_listener_with_callback("visibilitychange", closed.as_ref().unchecked_ref());
    }
    // Lives as long as the page.
    closed.forget();
}

/// The sessions of the page, as this tab sees them.
struct Tab;

impl Store for Tab {
    fn list(&mut self) -> Vec<Record> {
        let now = now_seconds();
        let old = SHELF.with_borrow_mut(|shelf| {
            let old = now - shelf.read > FRESH;
            if old {
                shelf.read = now;
            }
            old
        });
        if old {
            spawn_local(async {
                let before = listed();
                read_all().await;
                if listed() != before {
                    tell();
                }
            });
        }
        listed()
    }

    fn write(&mut self, record: &Record) -> Result<(), String> {
        let id = SHELF.with_borrow_mut(|shelf| {
            let own = shelf.own.as_ref() == Some(&record.id);
            let id = shelf.instead.clone().filter(|_| own).unwrap_or_else(|| record.id.clone());
            shelf.records.insert(id.clone(), Record { id: id.clone(), ..record.clone() });
            shelf.written.insert(id.clone());
            if own {
                shelf.last = None;
            }
            id
        });
        spawn_local(put(id));
        Ok(())
    }

    fn wave(&mut self, id: &str) -> Result<(), String> {
        let id = id.to_owned();
        spawn_local(async move {
            // Another tab may have gone on with it since the list was read.
            read_all().await;
            let free = SHELF.with_borrow_mut(|shelf| {
                let free = !shelf.elsewhere.contains(&id);
                if let Some(record) = shelf.records.get_mut(&id).filter(|_| free) {
                    record.waved = true;
                }
                free
            });
            if free {
                put(id).await;
            }
        });
        Ok(())
    }

    fn remove(&mut self, id: &str) {
        SHELF.with_borrow_mut(|shelf| {
            shelf.records.remove(id);
            shelf.written.remove(id);
        });
        clear(id);
        let id = id.to_owned();
        spawn_local(async move {
            // Another tab may have gone on with it since the list was read.
            read_all().await;
            if SHELF.with_borrow(|shelf| shelf.elsewhere.contains(&id)) {
                return tell();
            }
            SHELF.with_borrow_mut(|shelf| shelf.records.remove(&id));
            // What cannot be removed is offered again; nothing is lost by it.
            let _ = delete(id).await;
        });
    }

    fn claim(&mut self, id: Option<&str>) -> bool {
        let release = SHELF.with_borrow_mut(|shelf| {
            (shelf.own, shelf.instead, shelf.last) = (None, None, None);
            shelf.release.take()
        });
        if let Some(release) = release {
            // Resolving a promise throws nothing.
            let _ = release.call0(&JsValue::NULL);
        }
        let Some(id) = id else { return true };
        if SHELF.with_borrow(|shelf| shelf.elsewhere.contains(id)) {
            return false;
        }
        SHELF.with_borrow_mut(|shelf| shelf.own = Some(id.to_owned()));
        lock(id);
        true
    }

    fn note_last(&mut self, record: &dyn Fn() -> Record) {
        let now = now_seconds();
        if SHELF.with_borrow(|shelf| now - shelf.noted < shelf.pause) {
            return;
        }
        let record = record();
        SHELF.with_borrow_mut(|shelf| {
            shelf.last = Some(record);
            shelf.noted = now_seconds();
            // A twentieth of the time at most.
            shelf.pause = 20.0 * (shelf.noted - now);
        });
    }
}

fn listed() -> Vec<Record> {
    SHELF.with_borrow(|shelf| {
        let elsewhere = |id: &String| shelf.elsewhere.contains(id);
        shelf.records.values().map(|record| Record { elsewhere: elsewhere(&record.id), ..record.clone() }).collect()
    })
}

/// Holds the lock of this id until another is claimed or the tab ends.
fn lock(id: &str) {
    let Some(locks) = locks() else { return };
    let Some(request) = method(&locks, "request") else { return };
    let own = id.to_owned();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let still = SHELF.with_borrow(|shelf| shelf.own.as_ref() == Some(&own));
        if !still {
            return JsValue::UNDEFINED;
        }
        if lock.is_null() {
            // Another tab was quicker. This one writes under an id of its own.
            SHELF.with_borrow_mut(|shelf| shelf.instead = Some(id_of(wall_clock(), random())));
            return JsValue::UNDEFINED;
        }
        Promise::new(&mut |release, _| SHELF.with_borrow_mut(|shelf| shelf.release = Some(release))).into()
    });
    let options = Object::new();
    // A fresh object takes any property.
    let _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    let name = JsValue::from(format!("{LOCK}{id}"));
    if let Err(why) = request.call3(&locks, &name, &options, &granted) {
        // Where locks are refused, ids alone keep tabs apart.
        web_sys::console::warn_1(&words(&why).into());
    }
}
