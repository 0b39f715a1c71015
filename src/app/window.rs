//! The window: a Bevy app around the studio. Draws only when something moves.

use super::look::fonts;
use super::studio::Studio;
use bevy::app::{App, AppExit, Startup, Update};
use bevy::asset::AssetPlugin;
use bevy::camera::Camera2d;
use bevy::ecs::prelude::*;
use bevy::prelude::{DefaultPlugins, PluginGroup};
use bevy::render::view::Msaa;
use bevy::time::{Real, Time};
use bevy::window::{PresentMode, Window, WindowPlugin, WindowResolution};
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::egui::{self, LayerId, Ui, UiBuilder};
use bevy_egui::{EguiContexts, EguiPlugin, EguiPrimaryContextPass};
use std::time::Duration;

/// The studio, as a resource of the window's app.
#[derive(Resource)]
struct Room(Studio);

/// Opens the window and returns when it is closed.
pub fn open(studio: Studio) -> AppExit {
    let window = Window {
        title: "Détente".to_owned(),
        name: Some("detente".to_owned()),
        resolution: WindowResolution::new(1440, 900),
        present_mode: PresentMode::AutoVsync,
        // In a page: the canvas fills its parent, and the browser keeps its own keys (reload, tabs, copy and paste).
        canvas: Some("#studio".to_owned()),
        fit_canvas_to_parent: true,
        prevent_default_event_handling: false,
        ..Window::default()
    };
    let plugins = DefaultPlugins
        .set(WindowPlugin { primary_window: Some(window), ..WindowPlugin::default() })
        .set(AssetPlugin { file_path: ".".to_owned(), ..AssetPlugin::default() });
    // The page tells the user itself.
    #[cfg(target_arch = "wasm32")]
    let plugins = plugins.disable::<bevy::app::PanicHandlerPlugin>();
    let mut app = App::new();
    #[cfg(target_arch = "wasm32")]
    app.add_systems(Startup, listen);
    app.add_plugins(plugins)
        .add_plugins(EguiPlugin::default())
        .insert_resource(WinitSettings {
            focused_mode: UpdateMode::reactive(Duration::from_secs(5)),
            unfocused_mode: UpdateMode::reactive_low_power(Duration::from_secs(60)),
        })
        .insert_resource(Room(studio))
        .add_systems(Startup, |mut commands: Commands| {
            // Shapes come with smooth edges; smoothing the whole picture again would only cost.
            commands.spawn((Camera2d, Msaa::Off));
        })
        .add_systems(Update, pass)
        .add_systems(EguiPrimaryContextPass, show)
        .run()
}

/// Lets time pass for whatever moves.
fn pass(
    time: Res<Time<Real>>,
    mut room: ResMut<Room>,
    mut redraw: MessageWriter<bevy::window::RequestRedraw>,
    mut closing: MessageReader<bevy::window::WindowCloseRequested>,
    mut moved: Local<bool>,
) {
    let studio = &mut room.0;
    // Frames apart from a rest: the rest is not time in which anything should have moved.
    let frame = if *moved { time.delta_secs_f64().min(0.25) } else { 0.0 };
    studio.frames.note(*moved, time.delta_secs_f64());
    let mut busy = studio.attend();
    #[cfg(target_arch = "wasm32")]
    {
        busy |= super::web::attend(studio);
    }
    busy |= studio.pass(frame);
    let keep_in = studio.keeper.pass(&studio.sitting, time.elapsed_secs_f64());
    if closing.read().next().is_some() {
        studio.keeper.keep(&studio.sitting);
    }
    *moved = busy;
    if busy || keep_in.is_some() {
        redraw.write(bevy::window::RequestRedraw);
    }
}

/// Gives the page a way to ask for a frame.
#[cfg(target_arch = "wasm32")]
fn listen(proxy: Res<bevy::winit::EventLoopProxyWrapper>) {
    super::web::listen((**proxy).clone());
}

/// Shows the studio.
fn show(mut contexts: EguiContexts, mut room: ResMut<Room>, mut ready: Local<bool>) -> Result {
    let ctx = contexts.ctx_mut()?.clone();
    if !*ready {
        ctx.set_fonts(fonts());
        room.0.look().apply(&ctx, false);
        *ready = true;
        return Ok(());
    }
    let whole = UiBuilder::new().layer_id(LayerId::background()).max_rect(ctx.viewport_rect());
    let mut ui = Ui::new(ctx, egui::Id::new("studio"), whole);
    room.0.ui(&mut ui);
    #[cfg(target_arch = "wasm32")]
    super::web::uncover();
    Ok(())
}
