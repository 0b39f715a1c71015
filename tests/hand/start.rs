//! How the window opens: on the display that is there, at the scale that it has.

use super::desk::Desk;

/// A name of a Wayland display that is not there is no reason not to open on the X display that is.
#[test]
fn a_wayland_display_that_is_not_there_is_no_obstacle_or_is_named() {
    let mut desk = Desk::new("start-wayland", 1280, 720);
    let mut command = desk.detente();
    command.env("WAYLAND_DISPLAY", "wayland-bogus").env("XDG_RUNTIME_DIR", desk.folder());
    let watch = desk.folder().join("wayland.json");
    command.args(["window", "--watch"]).arg(&watch).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    for _ in 0..400 {
        if watch.exists() || child.try_wait().unwrap().is_some() {
            break;
        }
        desk.rest(0.05);
    }
    let opened = watch.exists();
    let _ = child.kill();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(opened || said.contains("WAYLAND_DISPLAY"), "it did not open, and said: {said}");
    // The desk is as it was.
    desk.open(&[]);
}

/// A display of twice as many pixels is used for twice as fine a picture, and the pointer meets what it points at.
#[test]
fn a_fine_display_is_met_by_the_pointer() {
    let mut desk = Desk::new("start-fine", 2880, 1800);
    desk.environment.push(("WINIT_X11_SCALE_FACTOR".to_owned(), "2".to_owned()));
    let screen = desk.open(&["--seed", "7"]);
    assert!((screen.scale - 2.0).abs() < 0.01, "{} pixels to a point", screen.scale);
    desk.click("Why");
    desk.until("Why", 10.0, |s| s.find("Why").is_some_and(|c| c.on == Some(true)));
    desk.click("Play");
    desk.until("days pass", 20.0, |s| s.number("day") > 2.0);
}

/// A window that nobody gave a size fits the display of a projector. (The managed desks make every window fill the screen, so
/// this is one without a manager.)
#[test]
fn a_window_fits_a_display_smaller_than_it_would_be() {
    let mut desk = Desk::new("start-small", 1280, 720);
    desk.open(&[]);
    let help = |screen: &super::desk::Screen| screen.find("Help and keys (?)").map_or(f64::MAX, |c| c.rect[2]);
    let screen = desk.until("everything is on the display", 10.0, |screen| help(screen) <= 1280.0);
    for control in &screen.controls {
        if let Some([_, _, right, bottom]) = control.shown {
            assert!(right <= 1280.5 && bottom <= 720.5, "{} ends at {right}, {bottom}", control.name);
        }
    }
}
