//! What screen readers ask of the window's controls.
//!
//! `bevy_winit` keeps their requests, from whatever thread they come; `bevy_egui` 0.42 does not ask for them, and neither
//! wakes a window at rest. Both is done here.

use bevy::a11y::AccessibilityRequested;
use bevy::app::{App, PreUpdate, Startup};
use bevy::ecs::prelude::*;
use bevy::winit::accessibility::{WinitActionRequestHandler, WinitActionRequestHandlers};
use bevy::winit::{EventLoopProxy, EventLoopProxyWrapper, WinitUserEvent};
use bevy_egui::egui::Event;
use bevy_egui::{EguiInput, EguiPreUpdateSet};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// How often it is looked whether something was asked while the window rests.
const LOOK: Duration = Duration::from_millis(40);

/// Requests that wait, for whoever watches over a window at rest.
#[derive(Resource, Clone, Default)]
struct Waiting(Arc<Mutex<Vec<Weak<Mutex<WinitActionRequestHandler>>>>>);

/// Hands what is asked to egui, and has a frame made for it.
pub(super) fn answer(app: &mut App) {
    let hand_over = hand_over.after(EguiPreUpdateSet::ProcessInput).before(EguiPreUpdateSet::BeginPass);
    app.init_resource::<Waiting>().add_systems(Startup, wake).add_systems(PreUpdate, hand_over);
}

fn hand_over(handlers: Res<WinitActionRequestHandlers>, waiting: Res<Waiting>, mut inputs: Query<&mut EguiInput>) {
    if let Ok(mut known) = waiting.0.lock()
        && known.len() != handlers.len()
    {
        *known = handlers.values().map(Arc::downgrade).collect();
    }
    for handler in handlers.values() {
        let Ok(mut asked) = handler.lock() else { continue };
        for request in asked.drain(..) {
            for mut input in &mut inputs {
                input.events.push(Event::AccessKitActionRequest(request.clone()));
            }
        }
    }
}

/// Wakes the window when something is asked, and when a reader comes that has not been told of the controls yet.
fn wake(proxy: Res<EventLoopProxyWrapper>, requested: Res<AccessibilityRequested>, waiting: Res<Waiting>) {
    let (proxy, requested, waiting) = (EventLoopProxy::clone(&proxy), requested.clone(), waiting.clone());
    let mut told = false;
    let asked = move || {
        let handlers = waiting.0.lock().ok()?.iter().filter_map(Weak::upgrade).collect::<Vec<_>>();
        Some(handlers.iter().any(|handler| handler.lock().is_ok_and(|asked| !asked.is_empty())))
    };
    // It ends with the program; without a thread a request waits for the next frame.
    let _ = std::thread::Builder::new().name("screen readers".to_owned()).spawn(move || {
        loop {
            std::thread::sleep(LOOK);
            let comes = requested.get() && !std::mem::replace(&mut told, requested.get());
            let Some(asked) = asked() else { return };
            if (comes || asked) && proxy.send_event(WinitUserEvent::WakeUp).is_err() {
                return;
            }
        }
    });
}
