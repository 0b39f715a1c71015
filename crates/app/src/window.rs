//! The window: a Bevy app around the studio. Draws only when something moves, does what the studio asks of the machine, and
//! says in a sentence what stands in the way of opening at all.

use super::look::fonts;
use super::pace::{Pace, Wake};
use super::platform::now_seconds;
use super::studio::Studio;
use bevy::app::{App, AppExit, PreUpdate, Startup, Update};
use bevy::asset::Assets;
use bevy::camera::Camera2d;
use bevy::ecs::prelude::*;
use bevy::log::LogPlugin;
use bevy::prelude::{DefaultPlugins, PluginGroup};
use bevy::render::renderer::RenderAdapterInfo;
use bevy::render::view::Msaa;
use bevy::render::view::screenshot::{Screenshot, save_to_disk};
use bevy::shader::Shader;
use bevy::window::{PresentMode, RequestRedraw, Window, WindowCloseRequested, WindowPlugin, WindowResolution};
use bevy::winit::{UpdateMode, WinitSettings};
use bevy_egui::egui::{self, LayerId, Ui, UiBuilder};
use bevy_egui::render::EGUI_SHADER_HANDLE;
use bevy_egui::{EguiContextSettings, EguiContexts, EguiInput, EguiPlugin, EguiPreUpdateSet, EguiPrimaryContextPass};
use std::time::Duration;
#[cfg(not(target_arch = "wasm32"))]
use {
    super::watch::Screen,
    bevy::app::PostUpdate,
    bevy_egui::{EguiContext, EguiFullOutput, EguiPostUpdateSet},
};

/// The size of a window that nobody gave one, pixels.
const USUAL: (u32, u32) = (1440, 900);

/// How the window opens.
#[cfg(not(target_arch = "wasm32"))]
pub struct Opening {
    /// Size in pixels, if one was asked for: else the usual one, or what a smaller display has.
    pub size: Option<(u32, u32)>,
    /// Commands to carry out before closing.
    pub tour: Option<String>,
    /// Whether to offer what was kept from the last time.
    pub fresh: bool,
    /// The file in which what is on the screen is written down, for tests.
    pub watch: Option<std::path::PathBuf>,
    /// Path and text of the file that the session was read from.
    pub session: Option<(String, String)>,
}

/// The studio, as a resource of the window's app.
#[derive(Resource)]
struct Room {
    studio: Studio,
    tour: Option<super::tour::Tour>,
    pace: Pace,
    /// Seconds that this frame gave to days and futures.
    passed: f64,
    /// When screen readers are told what stands, where that is done by hand.
    #[cfg(target_arch = "wasm32")]
    rhythm: super::mirror::Rhythm,
    /// What they were told.
    #[cfg(target_arch = "wasm32")]
    told: Vec<super::mirror::Element>,
}

/// Why a tour ended early: the app is gone when this is told.
static TOUR_FAILED: std::sync::Mutex<Option<String>> = std::sync::Mutex::new(None);

#[cfg(not(target_arch = "wasm32"))]
fn tour_failed() -> Option<String> {
    TOUR_FAILED.lock().ok()?.clone()
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// One sentence with a way out, if there is no display or no way to draw.
#[cfg(not(target_arch = "wasm32"))]
pub fn open(mut studio: Studio, opening: Opening) -> Result<(), String> {
    super::display::there_is_one()?;
    if opening.tour.is_none() {
        studio.start_keeping(opening.fresh);
    }
    if let Some((path, text)) = &opening.session {
        studio.belongs_to(path, text);
    }
    studio.is_tour = opening.tour.is_some();
    let tour = opening.tour.as_deref().map(super::tour::Tour::read).transpose()?;
    let run = std::panic::AssertUnwindSafe(move || {
        let mut app = app(studio, tour, opening.size);
        if let Some(file) = opening.watch {
            watch(&mut app, file);
        }
        app.run()
    });
    // The libraries below panic where there is no display or no device; a person gets a sentence.
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::panic::catch_unwind(run);
    std::panic::set_hook(before);
    match done {
        Ok(AppExit::Success) => Ok(()),
        Ok(AppExit::Error(_)) if tour_failed().is_some() => Err(tour_failed().unwrap_or_default()),
        Ok(AppExit::Error(code)) => {
            Err(format!("The window closed with an error ({code}); `detente run` works without it."))
        }
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            Err(why_not(text.unwrap_or("unknown")))
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn why_not(panic: &str) -> String {
    let text = panic.to_lowercase();
    if text.contains("event loop") || text.contains("display") || text.contains("x11") || text.contains("wayland") {
        super::display::NO_DISPLAY.to_owned()
    } else if text.contains("gpu") || text.contains("adapter") {
        "No way to draw was found: neither a graphics device nor a software one (on Debian: `apt install mesa-vulkan-drivers`); \
         `detente run` works without it."
            .to_owned()
    } else {
        format!(
            "The window failed ({panic}); `detente run` works without it. Your session is kept up to the last few seconds."
        )
    }
}

/// Opens the app in the page's canvas.
#[cfg(target_arch = "wasm32")]
pub fn open_in_page(studio: Studio) {
    let mut app = app(studio, None, Some((1280, 720)));
    let after = (look, tell).after(bevy_egui::EguiPostUpdateSet::EndPass);
    app.add_systems(bevy::app::PostUpdate, after.before(bevy_egui::EguiPostUpdateSet::ProcessOutput));
    app.add_systems(PreUpdate, hear.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass));
    app.run();
}

/// The app around a studio.
fn app(studio: Studio, tour: Option<super::tour::Tour>, size: Option<(u32, u32)>) -> App {
    let (wide, high) = size.unwrap_or(USUAL);
    let window = Window {
        title: format!("Détente: {}", super::top::PURPOSE.replacen('A', "a", 1)),
        #[cfg(not(target_arch = "wasm32"))]
        resize_constraints: bevy::window::WindowResizeConstraints {
            min_width: super::display::SMALLEST.0 as f32,
            min_height: super::display::SMALLEST.1 as f32,
            ..Default::default()
        },
        name: Some("detente".to_owned()),
        resolution: WindowResolution::new(wide, high),
        present_mode: PresentMode::AutoVsync,
        // In a page: the canvas fills its parent, and the browser keeps its own keys (reload, tabs, copy and paste).
        canvas: Some("#studio".to_owned()),
        fit_canvas_to_parent: true,
        prevent_default_event_handling: false,
        ..Window::default()
    };
    let plugins = DefaultPlugins
        .set(WindowPlugin { primary_window: Some(window), ..WindowPlugin::default() })
        // The program speaks for itself; what the libraries below log is not for its users.
        .disable::<LogPlugin>();
    // The page tells the user itself.
    #[cfg(target_arch = "wasm32")]
    let plugins = plugins.disable::<bevy::app::PanicHandlerPlugin>();
    let scripted = tour.is_some();
    let mode = if scripted { UpdateMode::Continuous } else { UpdateMode::reactive(Duration::from_secs(60)) };
    let mut app = App::new();
    #[cfg(target_arch = "wasm32")]
    app.add_systems(Startup, listen);
    app.add_plugins(plugins)
        .add_plugins(EguiPlugin::default())
        .insert_resource(WinitSettings { focused_mode: mode, unfocused_mode: mode })
        .insert_resource(Room {
            studio,
            tour,
            pace: Pace::default(),
            passed: 0.0,
            #[cfg(target_arch = "wasm32")]
            rhythm: super::mirror::Rhythm::default(),
            #[cfg(target_arch = "wasm32")]
            told: Vec::new(),
        })
        .add_systems(Startup, |mut commands: Commands, mut shaders: ResMut<Assets<Shader>>| {
            let screen = Shader::from_wgsl(include_str!("screen.wgsl"), "screen.wgsl");
            // Only a handle whose generation is gone refuses; this one is a constant.
            let _ = shaders.insert(EGUI_SHADER_HANDLE.id(), screen);
            // Shapes come with smooth edges; smoothing the whole picture again would only cost.
            commands.spawn((Camera2d, Msaa::Off, typing()));
        })
        .add_systems(
            PreUpdate,
            super::held::keys_as_held.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass),
        )
        .add_systems(PreUpdate, quiet.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass))
        .add_systems(Update, pass)
        .add_systems(EguiPrimaryContextPass, show);
    #[cfg(not(target_arch = "wasm32"))]
    {
        super::asked::answer(&mut app);
        app.add_systems(
            Update,
            |room: Res<Room>, mut windows: Query<&mut Window, With<bevy::window::PrimaryWindow>>| {
                super::display::fill(&mut windows, room.studio.full_screen);
            },
        );
        // A script's pictures are as large as it asks for.
        if !scripted {
            app.insert_resource(super::display::Fits(size.is_none()));
            app.add_systems(bevy::app::First, super::display::suit);
        }
    }
    app
}

/// How letters come to a field.
fn typing() -> EguiContextSettings {
    // On X11 each move of a field's cursor makes a new input context, and a key pressed just then may be lost, Enter among
    // them. The scripts of the region need none: their letters are keys.
    EguiContextSettings { enable_ime: cfg!(not(target_os = "linux")), ..EguiContextSettings::default() }
}

/// Sets right what `bevy_egui` 0.42 tells egui.
///
/// The time is that on the wall: the clock it takes is one drawn frame old, which after a rest is as old as the rest, so that
/// a press and its release lay seconds apart and were no click. And a rest is kept a rest: egui draws again after whatever it
/// is told, and it is told in each frame which modifier keys are held. Only a change is news.
fn quiet(mut inputs: Query<&mut EguiInput>, mut held: Local<Option<egui::Modifiers>>) {
    for mut input in &mut inputs {
        input.time = Some(now_seconds());
        input.events.retain(|event| match event {
            egui::Event::ModifiersChanged(now) => held.replace(*now) != Some(*now),
            _ => true,
        });
    }
}

/// Time that a frame gives to futures where there are no threads, seconds; most of their time lies between frames.
const SLICE: f64 = 0.004;
/// The same while a first band is waited for and nothing moves: it stands in the frame that begins it, and with what is drawn the
/// frame stays under the 50 ms from which motion is seen to halt.
const FIRST_SLICE: f64 = 0.03;
/// Where a picture takes far longer than that anyway, as where it is drawn in software, the next one would come late for what this
/// one just misses: half of the time that a picture takes goes to it, and this much at most, seconds.
const LONGEST_FIRST_SLICE: f64 = 0.1;

/// Time for a first band in a frame, where so many frames are drawn a second; 0 is not known yet.
fn first_slice(frames_per_second: f64) -> f64 {
    let half = if frames_per_second > 0.0 { 0.5 / frames_per_second } else { 0.0 };
    half.clamp(FIRST_SLICE, LONGEST_FIRST_SLICE)
}

/// Lets time pass for whatever moves, and carries a tour on.
fn pass(
    adapter: Option<Res<RenderAdapterInfo>>,
    mut room: ResMut<Room>,
    mut redraw: MessageWriter<RequestRedraw>,
    mut closing: MessageReader<WindowCloseRequested>,
    mut pace: ResMut<WinitSettings>,
    mut exit: MessageWriter<AppExit>,
    mut commands: Commands,
) {
    let room = &mut *room;
    let studio = &mut room.studio;
    if let Some(adapter) = adapter.filter(|_| studio.corner.is_none()) {
        let software = format!("{:?}", adapter.device_type) == "Cpu";
        studio.corner = Some(if software { "drawn in software: slower".to_owned() } else { String::new() });
    }
    let frame = room.pace.begin(now_seconds(), room.tour.is_some());
    studio.frames.note(frame.followed, frame.since);
    let told = studio.attend();
    #[cfg(target_arch = "wasm32")]
    let told = super::web::outside::attend(studio) || told;
    let begun = now_seconds();
    let until = begun + if studio.awaits_a_band() { first_slice(studio.frames.per_second) } else { SLICE };
    let wake = studio.pass(frame.moves, || now_seconds() < until);
    room.passed = now_seconds() - begun;
    #[cfg(target_arch = "wasm32")]
    let wake = room.rhythm.sooner(wake, now_seconds());
    if let (Wake::Within(rest), None) = (wake, &room.tour) {
        let mode = UpdateMode::reactive(Duration::from_secs_f64(rest));
        (pace.focused_mode, pace.unfocused_mode) = (mode, mode);
    }
    if let Some(tour) = &mut room.tour {
        match tour.go_on(studio, frame.moves) {
            super::tour::Turn::Wait => {}
            super::tour::Turn::Picture(path) => {
                commands.spawn(Screenshot::primary_window()).observe(save_to_disk(path));
            }
            super::tour::Turn::Done(done) => {
                let ended = done.is_ok();
                if let (Err(why), Ok(mut place)) = (done, TOUR_FAILED.lock()) {
                    *place = Some(why);
                }
                exit.write(if ended { AppExit::Success } else { AppExit::error() });
            }
        }
    }
    if closing.read().next().is_some() {
        studio.keeper.keep(&studio.sitting);
    }
    if room.pace.end(wake, told) {
        redraw.write(RequestRedraw);
    }
}

/// Has every picture written down, for tests: after the pass that made it, and before it is taken apart for drawing.
#[cfg(not(target_arch = "wasm32"))]
fn watch(app: &mut App, file: std::path::PathBuf) {
    let note = move |mut contexts: Query<(&mut EguiContext, &EguiFullOutput)>, room: Res<Room>| {
        for (mut context, output) in &mut contexts {
            let ctx = context.get_mut();
            ctx.enable_accesskit();
            let Some(screen) = output.0.as_ref().and_then(|output| Screen::of(&room.studio, ctx, output)) else {
                continue;
            };
            // A test that waits for the file says that it is not there.
            let _ = screen.write(&file);
        }
    };
    app.add_systems(PostUpdate, note.after(EguiPostUpdateSet::EndPass).before(EguiPostUpdateSet::ProcessOutput));
}

/// Keeps what every picture shows, once a script has asked for it.
#[cfg(target_arch = "wasm32")]
fn look(mut contexts: Query<(&mut bevy_egui::EguiContext, &bevy_egui::EguiFullOutput)>, room: Res<Room>) {
    for (mut context, output) in &mut contexts {
        let ctx = &*context.get_mut();
        super::web::outside::note_picture(ctx, || super::watch::Screen::of(&room.studio, ctx, output.0.as_ref()?));
    }
}

/// Takes what a screen reader wishes, and has the tree of controls made in this frame if readers are to be told of it.
#[cfg(target_arch = "wasm32")]
fn hear(mut contexts: Query<(&mut bevy_egui::EguiContext, &mut EguiInput)>, mut room: ResMut<Room>) {
    let deeds = super::platform::heard();
    if !deeds.is_empty() {
        room.rhythm.read = true;
        room.rhythm.told_something();
    }
    let moving = room.pace.is_moving();
    let due = room.rhythm.begin(now_seconds(), moving);
    for (mut context, mut input) in &mut contexts {
        let ctx = context.get_mut();
        if due || super::web::outside::is_watched() {
            ctx.enable_accesskit();
        } else {
            ctx.disable_accesskit();
        }
        let requests = deeds.iter().map(|(id, deed)| super::mirror::request(*id, *deed));
        input.events.extend(requests.map(egui::Event::AccessKitActionRequest));
    }
}

/// Tells screen readers what stands, if its tree was made.
#[cfg(target_arch = "wasm32")]
fn tell(contexts: Query<&bevy_egui::EguiFullOutput>, mut room: ResMut<Room>) {
    if room.rhythm.rest(now_seconds()).is_some() {
        return;
    }
    for output in &contexts {
        let Some(update) = output.0.as_ref().and_then(|output| output.platform_output.accesskit_update.as_ref()) else {
            continue;
        };
        let new = super::mirror::elements(update, room.studio.text);
        let focus = (update.focus.0 != 0).then_some(update.focus.0);
        let changes = super::mirror::changes(&room.told, &new);
        if !changes.is_empty() {
            room.rhythm.told_something();
        }
        super::platform::tell(&changes, focus);
        room.told = new;
    }
}

/// Gives the page a way to ask for a frame.
#[cfg(target_arch = "wasm32")]
fn listen(proxy: Res<bevy::winit::EventLoopProxyWrapper>) {
    super::web::alarm::listen((**proxy).clone());
}

/// Shows the studio.
fn show(mut contexts: EguiContexts, mut room: ResMut<Room>, mut ready: Local<bool>) -> Result {
    let ctx = contexts.ctx_mut()?.clone();
    if !*ready {
        ctx.set_fonts(fonts());
        // However long a button is held, letting go of it where it was pressed is a click.
        ctx.options_mut(|options| options.input_options.max_click_duration = f64::INFINITY);
        *ready = true;
        return Ok(());
    }
    if (ctx.zoom_factor() - room.studio.text).abs() > 0.001 {
        ctx.set_zoom_factor(room.studio.text);
    }
    room.studio.pixels_per_point = ctx.pixels_per_point();
    let whole = UiBuilder::new().layer_id(LayerId::background()).max_rect(ctx.viewport_rect());
    let mut ui = Ui::new(ctx, egui::Id::new("studio"), whole);
    let begun = now_seconds();
    room.studio.ui(&mut ui);
    let work = room.passed + now_seconds() - begun;
    room.studio.frames.note_work(work);
    #[cfg(target_arch = "wasm32")]
    super::web::outside::uncover();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::asset::{AssetApp, AssetPlugin};
    use bevy::image::Image;

    /// The last step of the shader that `screen.wgsl` was taken from, which it has another of.
    const LAST_STEP: &str = r#"
    // "We multiply the colors in gamma space, because that's the only way to get text to look right."
    let texture_color_linear = textureSample(image_texture, image_sampler, in.uv);
    let texture_color_gamma = gamma_from_linear_rgba(texture_color_linear);
    let color_gamma = texture_color_gamma * in.color;

    return vec4<f32>(linear_from_gamma_rgb(color_gamma.rgb), color_gamma.a);
}
"#;
    #[test]
    fn a_first_band_gets_a_longer_slice_where_pictures_take_long() {
        let slices = [0.0, 60.0, 20.0, 8.0, 5.0, 2.0, 0.5].map(|per_second| (1000.0 * first_slice(per_second)).round());
        assert_eq!(slices, [30.0, 30.0, 30.0, 63.0, 100.0, 100.0, 100.0]);
    }

    /// What to do when the shader is another one.
    const ANEW: &str = "bevy_egui has another shader than the one that screen.wgsl was taken from: take it anew from its \
                        src/render/egui.wgsl, with the last step of ours, and put its own last step here";

    /// The shader that the window draws with is that of `bevy_egui` but for its last step. Where the crate changes its own, this says so:
    /// what it then hands over (bindings, vertices) may be something else.
    #[test]
    fn the_shader_is_the_crates_own_but_for_its_last_step() {
        let mut app = App::new();
        app.add_plugins(AssetPlugin::default()).init_asset::<Shader>().init_asset::<Image>();
        app.add_plugins(EguiPlugin::default());
        let theirs = app.world().resource::<Assets<Shader>>().get(EGUI_SHADER_HANDLE.id()).map(|s| s.source.as_str());
        let theirs = theirs.expect("the crate has no shader under this handle").replace("\r\n", "\n");
        let ours = include_str!("screen.wgsl");
        let (_, ours) = ours.split_once('\n').unwrap();
        let (kept, _) = ours.split_once("    // Text and faint colours come").unwrap();
        let (same, last) = theirs.split_once("    // Quoting the Egui's glsl shader:").expect(ANEW);
        assert!(kept == same, "{ANEW}");
        assert_eq!(last, LAST_STEP, "{ANEW}");
    }
}
