//! The window: a Bevy app around the studio. Draws only when something moves, does what the studio asks of the machine, and
//! says in a sentence what stands in the way of opening at all.

use super::look::fonts;
use super::studio::{Errand, Studio};
use crate::record::write::replace;
use bevy::app::{App, AppExit, Startup, Update};
use bevy::camera::Camera2d;
use bevy::ecs::prelude::*;
use bevy::log::LogPlugin;
use bevy::prelude::{DefaultPlugins, PluginGroup};
use bevy::render::renderer::RenderAdapterInfo;
use bevy::time::{Real, Time};
use bevy::window::{PresentMode, RequestRedraw, Window, WindowCloseRequested, WindowPlugin, WindowResolution};
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::egui::{self, LayerId, Ui, UiBuilder};
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the window opens.
pub struct Opening {
    /// Size in pixels.
    pub size: (u32, u32),
    /// Commands to carry out before closing.
    pub tour: Option<String>,
    /// Whether to offer what was kept from the last time.
    pub fresh: bool,
}

/// The studio, as a resource of the window's app.
#[derive(Resource)]
struct Room {
    studio: Studio,
    tour: Option<super::tour::Tour>,
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// One sentence with a way out, if there is no display or no way to draw.
pub fn open(mut studio: Studio, opening: Opening) -> Result<(), String> {
    a_display()?;
    if opening.fresh && opening.tour.is_none() {
        studio.kept = kept_file().and_then(|path| std::fs::read_to_string(path).ok()).and_then(|text| {
            // What an older version kept is not offered: it could not be shown as it was.
            super::studio::Studio::worth_keeping(&text)
        });
    }
    let window = Window {
        title: "Détente".to_owned(),
        name: Some("detente".to_owned()),
        resolution: WindowResolution::new(opening.size.0, opening.size.1),
        present_mode: PresentMode::AutoVsync,
        ..Window::default()
    };
    let tour = opening.tour.as_deref().map(super::tour::Tour::read).transpose()?;
    let run = std::panic::AssertUnwindSafe(move || {
        let focused = if tour.is_some() { UpdateMode::Continuous } else { UpdateMode::reactive(Duration::from_secs(60)) };
        App::new()
            .add_plugins(
                DefaultPlugins
                    .set(WindowPlugin { primary_window: Some(window), ..WindowPlugin::default() })
                    .disable::<LogPlugin>(),
            )
            .add_plugins(EguiPlugin::default())
            .insert_resource(WinitSettings { focused_mode: focused, unfocused_mode: focused })
            .insert_resource(Room { studio, tour })
            .add_systems(Startup, |mut commands: Commands| {
                commands.spawn(Camera2d);
            })
            .add_systems(Update, (pass, errands, leave).chain())
            .add_systems(EguiPrimaryContextPass, show)
            .run()
    });
    // The libraries below panic where there is no display or no device; a person gets a sentence.
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::panic::catch_unwind(run);
    std::panic::set_hook(before);
    match done {
        Ok(AppExit::Success) => Ok(()),
        Ok(AppExit::Error(code)) => Err(format!("The window closed with an error ({code}); `detente run` works without it.")),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Err(why_not(text.unwrap_or("unknown")))
        }
    }
}

/// Whether there is anything to open a window on.
fn a_display() -> Result<(), String> {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(all(unix, not(target_os = "macos"))) && !set("DISPLAY") && !set("WAYLAND_DISPLAY") {
        return Err(NO_DISPLAY.to_owned());
    }
    Ok(())
}

const NO_DISPLAY: &str = "There is no display to open a window on; `detente run` and `detente batch` give the same numbers as text, \
     and `detente --help` lists what works without one.";

fn why_not(panic: &str) -> String {
    let text = panic.to_lowercase();
    if text.contains("event loop") || text.contains("display") || text.contains("x11") || text.contains("wayland") {
        NO_DISPLAY.to_owned()
    } else if text.contains("gpu") || text.contains("adapter") {
        "No way to draw was found: neither a graphics device nor a software one (on Debian: `apt install mesa-vulkan-drivers`); \
         `detente run` works without it."
            .to_owned()
    } else {
        format!("The window failed ({panic}); `detente run` works without it. Your session is kept up to the last few seconds.")
    }
}

/// Where the session is kept for the next start.
fn kept_file() -> Option<PathBuf> {
    let home = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        home("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        home("HOME").map(|h| h.join("Library/Application Support"))
    } else {
        home("XDG_STATE_HOME").or_else(|| home("HOME").map(|h| h.join(".local/state")))
    };
    Some(base?.join("detente/kept.detente"))
}

/// Lets time pass for whatever moves.
fn pass(time: Res<Time<Real>>, mut room: ResMut<Room>, mut redraw: MessageWriter<RequestRedraw>, mut exit: MessageWriter<AppExit>, mut commands: Commands) {
    let room = &mut *room;
    let seconds = time.delta_secs_f64();
    let moving = room.studio.pass(seconds, || false);
    if let Some(tour) = &mut room.tour {
        match tour.go_on(&mut room.studio, seconds) {
            super::tour::Turn::Wait => {}
            super::tour::Turn::Picture(path) => {
                use bevy::render::view::screenshot::{Screenshot, save_to_disk};
                commands.spawn(Screenshot::primary_window()).observe(save_to_disk(path));
            }
            super::tour::Turn::Done(Ok(())) => {
                exit.write(AppExit::Success);
            }
            super::tour::Turn::Done(Err(why)) => {
                let _ = writeln!(std::io::stderr(), "{why}");
                exit.write(AppExit::error());
            }
        }
    }
    if moving {
        redraw.write(RequestRedraw);
    }
}

/// Does what the studio asks of the machine.
fn errands(mut room: ResMut<Room>, mut contexts: EguiContexts, adapter: Option<Res<RenderAdapterInfo>>) {
    let studio = &mut room.studio;
    if let Some(adapter) = adapter.filter(|_| studio.corner.is_none()) {
        let software = format!("{:?}", adapter.device_type) == "Cpu";
        studio.corner = Some(if software { "drawn in software: slower".to_owned() } else { String::new() });
    }
    for errand in std::mem::take(&mut studio.errands) {
        match errand {
            Errand::Save { name, bytes } => {
                let path = PathBuf::from(&name);
                match replace(&path, true, |out| out.write_all(&bytes)) {
                    Ok(()) => {
                        let shown = std::path::absolute(&path).unwrap_or(path);
                        studio.say(format!("Saved as {}.", shown.display()), false);
                    }
                    Err(trouble) => studio.say(format!("{}; choose another place.", super::draw::capital(&trouble.to_string())), true),
                }
            }
            Errand::Open(name) => {
                let text = std::fs::read_to_string(&name)
                    .map_err(|error| format!("“{name}” cannot be read ({error}); give the path of a saved session."));
                studio.receive(text);
            }
            Errand::Copy(text) => {
                if let Ok(ctx) = contexts.ctx_mut() {
                    ctx.copy_text(text);
                }
            }
            Errand::Link(tail) => {
                if let Ok(ctx) = contexts.ctx_mut() {
                    ctx.copy_text(format!("#s={tail}"));
                }
                studio.say("Copied: put it behind the address of the web page.".to_owned(), false);
            }
            Errand::Keep(text) => {
                // Keeping must not disturb; where it cannot be done, saving by hand says why.
                if let Some(path) = kept_file() {
                    let _ = path.parent().map(std::fs::create_dir_all);
                    let _ = replace(&path, false, |out| out.write_all(text.as_bytes()));
                }
            }
            Errand::Report(name) => {
                let done = write_report(studio, Path::new(&name));
                match done {
                    Ok(()) => studio.say(format!("The report is in {name}: open report.html."), false),
                    Err(why) => studio.say(why, true),
                }
            }
        }
    }
}

fn write_report(_studio: &Studio, _folder: &Path) -> Result<(), String> {
    Err("The report cannot be written yet.".to_owned())
}

/// Keeps the session when the window is closed.
fn leave(mut closing: MessageReader<WindowCloseRequested>, mut room: ResMut<Room>) {
    if closing.read().next().is_some() {
        room.studio.keep();
    }
}

/// Shows the studio.
fn show(mut contexts: EguiContexts, mut room: ResMut<Room>, mut ready: Local<bool>) -> Result {
    let ctx = contexts.ctx_mut()?.clone();
    if !*ready {
        ctx.set_fonts(fonts());
        *ready = true;
        return Ok(());
    }
    if (ctx.zoom_factor() - room.studio.text).abs() > 0.001 {
        ctx.set_zoom_factor(room.studio.text);
    }
    let whole = UiBuilder::new().layer_id(LayerId::background()).max_rect(ctx.viewport_rect());
    let mut ui = Ui::new(ctx, egui::Id::new("studio"), whole);
    room.studio.ui(&mut ui);
    Ok(())
}
