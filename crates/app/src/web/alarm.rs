//! Asking for a frame of the page from outside of one.

use bevy::winit::{EventLoopProxy, WinitUserEvent};
use std::cell::RefCell;

thread_local! {
    static ALARM: RefCell<Option<EventLoopProxy<WinitUserEvent>>> = const { RefCell::new(None) };
}

/// Asks for a frame soon.
pub(crate) fn wake() {
    ALARM.with_borrow(|alarm| {
        if let Some(alarm) = alarm {
            // Only a program that has ended does not hear it.
            let _ = alarm.send_event(WinitUserEvent::WakeUp);
        }
    });
}

/// Learns how to ask for a frame.
pub(crate) fn listen(alarm: EventLoopProxy<WinitUserEvent>) {
    ALARM.set(Some(alarm));
    wake();
}
