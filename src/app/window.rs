//! The window: a Bevy app around the studio. Draws only when something moves.

use super::look::fonts;
use super::studio::Studio;
use bevy::app::{App, AppExit, Startup, Update};
use bevy::asset::AssetPlugin;
use bevy::camera::Camera2d;
use bevy::ecs::prelude::*;
use bevy::prelude::{DefaultPlugins, PluginGroup};
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
        ..Window::default()
    };
    App::new()
        .add_plugins(
            DefaultPlugins
                .set(WindowPlugin { primary_window: Some(window), ..WindowPlugin::default() })
                .set(AssetPlugin { file_path: ".".to_owned(), ..AssetPlugin::default() }),
        )
        .add_plugins(EguiPlugin::default())
        .insert_resource(WinitSettings {
            focused_mode: UpdateMode::reactive(Duration::from_secs(5)),
            unfocused_mode: UpdateMode::reactive_low_power(Duration::from_secs(60)),
        })
        .insert_resource(Room(studio))
        .add_systems(Startup, |mut commands: Commands| {
            commands.spawn(Camera2d);
        })
        .add_systems(Update, pass)
        .add_systems(EguiPrimaryContextPass, show)
        .run()
}

/// Lets time pass for whatever moves.
fn pass(time: Res<Time<Real>>, mut room: ResMut<Room>, mut redraw: MessageWriter<bevy::window::RequestRedraw>) {
    if room.0.pass(time.delta_secs_f64()) {
        redraw.write(bevy::window::RequestRedraw);
    }
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
    Ok(())
}
