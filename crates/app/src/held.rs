//! Keys are what was held as they were pressed.
//!
//! `bevy_egui` 0.42 reads all keys of a frame, and then gives each of them the modifiers that are held at its end. Where a
//! picture takes long, Ctrl, Z and their release come in one frame: a lost Ctrl+Z, and sometimes a letter that was not meant
//! or is missing. Here each key gets back what was held when it was pressed.

use bevy::ecs::prelude::*;
use bevy::input::keyboard::{Key, KeyboardInput};
use bevy_egui::EguiInput;
use bevy_egui::egui::{Event, Modifiers};
use bevy_egui::helpers::{bevy_to_egui_key, bevy_to_egui_physical_key};
use bevy_egui::input::ModifierKeysState;

/// A key going down or up, as egui knows it.
struct Press {
    /// What it writes.
    text: Option<String>,
    down: bool,
    held: Modifiers,
    /// Whether what was held lets it write.
    writes: bool,
}

/// Sets the keys of this frame right, after they were read and before egui sees them.
pub fn keys_as_held(
    now: Res<ModifierKeysState>,
    mut before: Local<Option<ModifierKeysState>>,
    mut messages: MessageReader<KeyboardInput>,
    mut inputs: Query<&mut EguiInput>,
) {
    let mut state = before.take().unwrap_or_else(|| *now);
    let presses: Vec<Press> = messages.read().filter_map(|message| press(message, &mut state)).collect();
    *before = Some(*now);
    if presses.is_empty() {
        return;
    }
    for mut input in &mut inputs {
        input.events = set_right(std::mem::take(&mut input.events), &presses);
    }
}

/// Follows what is held, and makes a press of what egui has a key for.
fn press(message: &KeyboardInput, state: &mut ModifierKeysState) -> Option<Press> {
    let down = message.state.is_pressed();
    match message.logical_key {
        Key::Shift => state.shift = down,
        Key::Control => state.ctrl = down,
        Key::Alt => state.alt = down,
        Key::Super | Key::Meta => state.win = down,
        _ => {}
    }
    bevy_to_egui_key(&message.logical_key).or(bevy_to_egui_physical_key(&message.key_code))?;
    let text = match &message.logical_key {
        Key::Character(text) if !text.chars().any(char::is_control) => Some(text.to_string()),
        Key::Space => Some(" ".to_owned()),
        _ => None,
    };
    Some(Press { text, down, held: state.to_egui_modifiers(), writes: state.text_input_is_allowed() })
}

/// Gives every key its own modifiers, takes away letters that were no letters, and puts back those that were.
fn set_right(events: Vec<Event>, presses: &[Press]) -> Vec<Event> {
    let keys = events.iter().filter(|event| matches!(event, Event::Key { .. })).count();
    if keys != presses.len() {
        // Another window's keys, or a way in that is not known here: left as they are.
        return events;
    }
    let mut presses = presses.iter();
    let mut list: Vec<Event> = Vec::with_capacity(events.len());
    for mut event in events {
        if let Event::Key { modifiers, .. } = &mut event
            && let Some(press) = presses.next()
        {
            *modifiers = press.held;
            if let Some(text) = press.text.as_ref().filter(|_| press.down) {
                let written = matches!(list.last(), Some(Event::Text(last)) if last == text);
                if written && !press.writes {
                    list.pop();
                } else if !written && press.writes {
                    list.push(Event::Text(text.clone()));
                }
            }
        }
        list.push(event);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use bevy::input::ButtonState;
    use bevy::input::keyboard::KeyCode;
    use bevy_egui::egui;

    fn message(key: Key, code: KeyCode, down: bool) -> KeyboardInput {
        let state = if down { ButtonState::Pressed } else { ButtonState::Released };
        KeyboardInput {
            key_code: code,
            logical_key: key,
            state,
            text: None,
            repeat: false,
            window: Entity::PLACEHOLDER,
        }
    }

    fn z(down: bool) -> KeyboardInput {
        message(Key::Character("z".into()), KeyCode::KeyZ, down)
    }

    fn control(down: bool) -> KeyboardInput {
        message(Key::Control, KeyCode::ControlLeft, down)
    }

    /// What egui gets of these, all in one frame, if `bevy_egui` gave every key what is held at the end.
    fn told(messages: &[KeyboardInput], at_the_end: Modifiers) -> Vec<Event> {
        let mut state = ModifierKeysState::default();
        let presses: Vec<Press> = messages.iter().filter_map(|m| press(m, &mut state)).collect();
        let mut events = Vec::new();
        for press in &presses {
            if let (Some(text), true, false) = (&press.text, press.down, at_the_end.command) {
                events.push(Event::Text(text.clone()));
            }
            let key = egui::Key::Z;
            events.push(Event::Key {
                key,
                physical_key: None,
                pressed: press.down,
                repeat: false,
                modifiers: at_the_end,
            });
        }
        set_right(events, &presses)
    }

    fn has_text(events: &[Event]) -> bool {
        events.iter().any(|event| matches!(event, Event::Text(_)))
    }

    fn command_of_the_press(events: &[Event]) -> Option<bool> {
        events.iter().find_map(|event| match event {
            Event::Key { pressed: true, modifiers, .. } => Some(modifiers.command),
            _ => None,
        })
    }

    #[test]
    fn ctrl_z_is_ctrl_z_although_ctrl_is_let_go_in_the_same_frame() {
        let events = told(&[control(true), z(true), z(false), control(false)], Modifiers::NONE);
        assert_eq!((command_of_the_press(&events), has_text(&events)), (Some(true), false), "{events:?}");
    }

    #[test]
    fn a_letter_is_a_letter_although_ctrl_comes_in_the_same_frame() {
        let events = told(&[z(true), z(false), control(true)], Modifiers::COMMAND);
        assert_eq!((command_of_the_press(&events), has_text(&events)), (Some(false), true), "{events:?}");
    }

    #[test]
    fn keys_from_elsewhere_are_left_alone() {
        let key = Event::Key {
            key: egui::Key::A,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::ALT,
        };
        assert_eq!(set_right(vec![key.clone()], &[]), vec![key]);
    }
}
