//! The display that the window opens on: which of two to ask, how large a pixel is, and filling it whole.

use bevy::ecs::prelude::*;
use bevy::window::{Monitor, MonitorSelection, OnMonitor, PrimaryMonitor, PrimaryWindow, Window, WindowMode};

/// Width and height under which no window can be pulled, pixels of a display of ordinary density: one page at a time, with
/// everything in reach.
pub const SMALLEST: (u32, u32) = (360, 320);

/// What is said where there is none.
pub(super) const NO_DISPLAY: &str = "There is no display to open a window on; `detente run` and `detente batch` give the same numbers as text, \
     and `detente --help` lists what works without one.";

/// By how much everything is enlarged on a display that says of itself that its pixels are of ordinary size, although it has
/// so many that letters of 14 of them could not be read from a chair: what a display of 1920 × 1080 would show, in steps of a
/// quarter. A display that names a scale of its own is believed. A wide one of ordinary density is not high enough to be meant.
#[must_use]
pub fn enlarged(pixels: (u32, u32), scale: f64) -> Option<f32> {
    let (wide, high) = (f64::from(pixels.0), f64::from(pixels.1));
    if (scale - 1.0).abs() > 0.01 || wide < 3_000.0 || high < 1_700.0 {
        return None;
    }
    let times = (wide / 1_920.0).min(high / 1_080.0);
    Some(((times * 4.0).floor() / 4.0).clamp(1.25, 4.0) as f32)
}

/// Whether the window may be made as large as the display where nobody asked for a size.
#[derive(Resource)]
pub(super) struct Fits(pub(super) bool);

/// The size at which a window opens that nobody gave one: the usual one, or what a smaller display has.
fn fitting(window: (u32, u32), display: (u32, u32)) -> Option<(u32, u32)> {
    let size = (window.0.min(display.0), window.1.min(display.1));
    (size != window).then_some(size)
}

/// Suits the window to the display that it is on: at the start, and wherever it is moved.
pub(super) fn suit(
    fits: Res<Fits>,
    monitors: Query<(&Monitor, Has<PrimaryMonitor>)>,
    mut windows: Query<(&mut Window, Option<&OnMonitor>), With<PrimaryWindow>>,
    mut known: Local<Option<(u32, u32)>>,
) {
    for (mut window, on) in &mut windows {
        let here = on.and_then(|on| monitors.get(on.0).ok()).map(|(monitor, _)| monitor);
        let Some(monitor) = here.or_else(|| monitors.iter().max_by_key(|(_, primary)| *primary).map(|(m, _)| m)) else {
            continue;
        };
        let pixels = (monitor.physical_width, monitor.physical_height);
        if *known == Some(pixels) {
            continue;
        }
        let first = known.replace(pixels).is_none();
        let factor = enlarged(pixels, monitor.scale_factor);
        if first
            && fits.0
            && let Some((wide, high)) = fitting((window.physical_width(), window.physical_height()), pixels)
        {
            // Filled and not only as large: what a system keeps for its bars is known to it alone. Where nobody manages
            // windows, the size is all there is.
            window.resolution.set_physical_resolution(wide, high);
            window.set_maximized(true);
        }
        if factor == window.resolution.scale_factor_override() {
            continue;
        }
        window.resolution.set_scale_factor_override(factor);
        if let Some(factor) = factor.filter(|_| first) {
            // As large as it was asked for, in the eye of who sits before it.
            let size = |asked: u32, most: u32| ((asked as f32 * factor) as u32).min(most);
            let (wide, high) = (window.physical_width(), window.physical_height());
            window.resolution.set_physical_resolution(size(wide, pixels.0), size(high, pixels.1));
        }
    }
}

/// Fills the display, or gives it back.
pub(super) fn fill(windows: &mut Query<&mut Window, With<PrimaryWindow>>, full: bool) {
    for mut window in windows {
        // Whatever is written counts as a change, also of the same.
        if (window.mode != WindowMode::Windowed) != full {
            window.mode =
                if full { WindowMode::BorderlessFullscreen(MonitorSelection::Current) } else { WindowMode::Windowed };
        }
    }
}

/// Whether there is anything to open a window on. A display of one kind that does not answer is no reason to give up where
/// one of the other kind is named: then the program starts itself again without the first, since what opens windows looks at
/// the names alone.
///
/// # Errors
/// One sentence with a way out, if there is none.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn there_is_one() -> Result<(), String> {
    use std::os::unix::process::CommandExt as _;
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let (x11, wayland) = (named("DISPLAY"), named("WAYLAND_DISPLAY"));
    // A socket that is handed over is there.
    if named("WAYLAND_SOCKET").is_some() {
        return Ok(());
    }
    match (x11, wayland) {
        (None, None) => Err(NO_DISPLAY.to_owned()),
        (_, None) => Ok(()),
        (_, Some(name)) if answers(&name, named("XDG_RUNTIME_DIR")) => Ok(()),
        (None, Some(name)) => Err(format!(
            "WAYLAND_DISPLAY names {}, where no display answers, and DISPLAY names none; unset WAYLAND_DISPLAY or give it \
             the name of one that runs. `detente run` gives the same numbers as text.",
            name.to_string_lossy()
        )),
        (Some(_), Some(name)) => {
            let mut arguments = std::env::args_os();
            let own = arguments.next();
            let error = match std::env::current_exe() {
                Ok(program) => {
                    let mut again = std::process::Command::new(program);
                    own.into_iter().for_each(|name| {
                        again.arg0(name);
                    });
                    again.args(arguments).env_remove("WAYLAND_DISPLAY").exec()
                }
                Err(error) => error,
            };
            Err(format!(
                "WAYLAND_DISPLAY names {}, where no display answers ({error}); unset it, and the window opens on DISPLAY.",
                name.to_string_lossy()
            ))
        }
    }
}

/// Whether somebody listens where a Wayland display is named.
#[cfg(all(unix, not(target_os = "macos")))]
fn answers(name: &std::ffi::OsStr, folder: Option<std::ffi::OsString>) -> bool {
    let path = std::path::Path::new(name);
    let whole = match folder {
        _ if path.is_absolute() => path.to_owned(),
        Some(folder) => std::path::Path::new(&folder).join(path),
        None => return false,
    };
    std::os::unix::net::UnixStream::connect(whole).is_ok()
}

/// Whether there is anything to open a window on: other systems always have something.
///
/// # Errors
/// None here.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn there_is_one() -> Result<(), String> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_display_that_says_nothing_of_its_many_pixels_is_enlarged() {
        for (pixels, scale, times) in [
            ((3840, 2160), 1.0, Some(2.0)),
            ((3000, 2000), 1.0, Some(1.5)),
            ((3200, 1800), 1.0, Some(1.5)),
            ((5120, 2880), 1.0, Some(2.5)),
            ((7680, 4320), 1.0, Some(4.0)),
            ((3840, 2160), 2.0, None),
            ((3840, 2160), 1.5, None),
            ((2560, 1440), 1.0, None),
            ((1920, 1080), 1.0, None),
            // Wide, and of ordinary density.
            ((3440, 1440), 1.0, None),
            ((3840, 1600), 1.0, None),
        ] {
            assert_eq!(enlarged(pixels, scale), times, "{pixels:?} at {scale}");
        }
    }

    #[test]
    fn a_window_of_no_asked_size_is_no_larger_than_its_display() {
        assert_eq!(fitting((1440, 900), (1280, 720)), Some((1280, 720)));
        assert_eq!(fitting((1440, 900), (1366, 768)), Some((1366, 768)));
        assert_eq!(fitting((1440, 900), (1600, 860)), Some((1440, 860)));
        assert_eq!(fitting((1440, 900), (1920, 1080)), None);
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn a_wayland_display_is_there_where_somebody_listens() {
        let folder = tempfile::tempdir().unwrap();
        let _listens = std::os::unix::net::UnixListener::bind(folder.path().join("wayland-0")).unwrap();
        let at = |name: &str, folder: Option<&std::path::Path>| answers(name.as_ref(), folder.map(Into::into));
        assert!(at("wayland-0", Some(folder.path())));
        assert!(at(folder.path().join("wayland-0").to_str().unwrap(), None));
        assert!(!at("wayland-bogus", Some(folder.path())));
        assert!(!at("wayland-0", None));
    }
}
