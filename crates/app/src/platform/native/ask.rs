//! The dialogs of the system in which files are chosen.

use super::super::answer::Chooser;
use super::super::arrival::{Arrival, Purpose, deliver};
use super::files::{open_file, whole};
use detente_session::file::EXTENSION;
use rfd::AsyncFileDialog;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whether a dialog is open.
static ASKING: AtomicBool = AtomicBool::new(false);

/// Nobody answers a dialog this soon: it never opened.
const NOBODY: Duration = Duration::from_millis(250);

pub(in super::super) fn chooser() -> Chooser {
    if cfg!(any(windows, target_os = "macos")) || has_portal() || on_path("zenity") {
        Chooser::System
    } else {
        Chooser::Typed
    }
}

/// Whether a desktop is there that shows dialogs for programs which ask it.
fn has_portal() -> bool {
    let service = "dbus-1/services/org.freedesktop.portal.Desktop.service";
    let folders = std::env::var("XDG_DATA_DIRS").unwrap_or_default();
    let folders = if folders.is_empty() { "/usr/local/share:/usr/share".to_owned() } else { folders };
    let bus = std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|address| !address.is_empty());
    bus && std::env::split_paths(&folders).any(|folder| folder.join(service).is_file())
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

pub(in super::super) fn is_asking() -> bool {
    ASKING.load(Ordering::Relaxed)
}

pub(in super::super) fn ask_place(purpose: Purpose, suggested: &str) {
    if ASKING.swap(true, Ordering::Relaxed) {
        return;
    }
    let suggested = whole(suggested);
    // The window goes on meanwhile; it looks for the answer while one is awaited.
    let asked = std::thread::Builder::new().spawn(move || {
        let begun = Instant::now();
        let chosen = bevy::tasks::block_on(ask(purpose, &suggested));
        match (chosen, purpose) {
            (Some(path), Purpose::Open) => open_file(&path),
            (Some(path), _) => deliver(Ok(Arrival::Place(purpose, path))),
            (None, _) if begun.elapsed() < NOBODY => deliver(Ok(Arrival::NoChooser)),
            (None, _) => {}
        }
        ASKING.store(false, Ordering::Relaxed);
    });
    if asked.is_err() {
        ASKING.store(false, Ordering::Relaxed);
        deliver(Ok(Arrival::NoChooser));
    }
}

async fn ask(purpose: Purpose, suggested: &Path) -> Option<String> {
    let name = suggested.file_name().unwrap_or_default().to_string_lossy();
    let dialog = AsyncFileDialog::new();
    // To open there is no name to suggest, only the folder.
    let folder = if purpose == Purpose::Open { Some(suggested) } else { suggested.parent() };
    let dialog = match folder {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    };
    let chosen = match purpose {
        Purpose::Open => {
            let dialog = dialog.set_title("Open a session, a scenario or a camp");
            let kinds = [("Sessions, scenarios and camps", &[EXTENSION, "toml"][..]), ("All files", &["*"][..])];
            kinds.iter().fold(dialog, |dialog, (name, endings)| dialog.add_filter(*name, endings)).pick_file().await
        }
        Purpose::Save => {
            let dialog = dialog.set_title("Save the session").add_filter("Sessions", &[EXTENSION]);
            dialog.set_file_name(name).save_file().await
        }
        Purpose::Report => dialog.set_title("Name a new folder for the report").set_file_name(name).save_file().await,
    };
    chosen.map(|file| file.path().to_string_lossy().into_owned()).filter(|path| !path.is_empty())
}
