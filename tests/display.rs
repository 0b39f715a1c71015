//! Which of two displays the window opens on, where one of them is only named. Needs a display, like `tests/window.rs`.
#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::path::Path;
use std::process::{Command, Output};

fn window(folder: &Path, display: bool) -> Output {
    std::fs::write(folder.join("short.tour"), "go 2\nexpect day 2\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.current_dir(folder).args(["window", "--size", "640x480", "--tour", "short.tour"]);
    command.env("XDG_DATA_HOME", folder).env("XDG_RUNTIME_DIR", folder).env_remove("WAYLAND_SOCKET");
    command.env("WAYLAND_DISPLAY", "wayland-bogus");
    if !display {
        command.env_remove("DISPLAY");
    }
    command.output().unwrap()
}

#[test]
fn a_wayland_display_that_does_not_answer_gives_way_to_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let output = window(folder.path(), true);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn where_there_is_no_other_the_name_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let output = window(folder.path(), false);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.lines().count() == 1 && said.contains("WAYLAND_DISPLAY names wayland-bogus"), "{said}");
    assert!(output.stdout.is_empty());
}
