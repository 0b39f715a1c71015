//! The window in the hand: a real window on a screen of its own, a real pointer and real keys, and pauses as people make
//! them. Nothing here makes the window draw: when nothing moves it rests, as it does for a person.
//!
//! They need a display server, a hand and a bus for screen readers, and fail without: `apt install xvfb xdotool openbox zenity
//! mesa-vulkan-drivers dbus at-spi2-core systemd`.
//! A test that fails leaves a picture of its screen in the folder `hand` of the build.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod anything;
mod clicks;
mod desk;
mod files;
mod futures;
mod kept;
mod lesson;
mod levers;
mod predict;
mod reader;
mod start;
mod steps;
mod timeline;
