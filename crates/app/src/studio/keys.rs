//! Keys that work wherever nothing is being typed.

use super::room::Studio;
use crate::act::Act;
use crate::commands::{COMMANDS, Shortcut, When};
use bevy_egui::egui::{self, Event, InputState, Key, Modifiers, Ui};

impl Studio {
    /// Keys that work wherever nothing is being typed: those of the table of commands, and Escape.
    pub(super) fn keys(&mut self, ui: &Ui, acts: &mut Vec<Act>) {
        // Not whether anything has the keyboard: a button that the Tab key came to takes no letters.
        let typing = ui.ctx().text_edit_focused();
        let focused = ui.memory(egui::Memory::focused).is_some();
        self.map.takes_keys = !typing && !focused && self.dialog.is_none() && !egui::Popup::is_any_open(ui.ctx());
        pressed(ui, When::Always, acts);
        if self.dialog.is_some() {
            return;
        }
        pressed(ui, When::NoDialog, acts);
        // What is typed is the field's own, and so is taking it back.
        if typing {
            return;
        }
        ui.input_mut(by_place);
        pressed(ui, When::NotTyping, acts);
        if self.steps.shown {
            pressed(ui, When::WithSteps, acts);
        }
        // A control that has the keyboard keeps its arrows and its space; a map wants only arrows with Shift.
        let on_map = self.map.has_focus || self.other_map.has_focus;
        if !focused && !on_map {
            pressed(ui, When::Unfocused, acts);
        }
        if !focused || on_map {
            pressed(ui, When::UnfocusedOrMap, acts);
        }
        self.escape(ui);
    }

    /// The Escape key puts away what is open, one thing at a time. Menus close by it as well: it is taken from them only
    /// where there is a word to put away.
    fn escape(&mut self, ui: &Ui) {
        let pressed = || ui.input_mut(|i| take(i, Modifiers::NONE, Key::Escape) > 0);
        if self.note.is_some() {
            if pressed() {
                self.note = None;
            }
        } else if self.map.key_open && !egui::Popup::is_any_open(ui.ctx()) && pressed() {
            self.map.key_open = false;
        }
    }
}

/// What is asked for by the keys that mean something now.
fn pressed(ui: &Ui, when: When, acts: &mut Vec<Act>) {
    let here = |shortcut: &&Shortcut| shortcut.when == when && (shortcut.on_page || cfg!(not(target_arch = "wasm32")));
    for shortcut in COMMANDS.iter().flat_map(|command| command.keys).filter(here) {
        // Several may come between two pictures: where each counts, none is lost.
        let times = ui.input_mut(|i| take(i, shortcut.modifiers, shortcut.key));
        let times = if shortcut.each { times } else { times.min(1) };
        acts.extend((0..times).map(|_| shortcut.act.clone()));
    }
}

/// Takes the presses of a key out of the input, and returns how many there were. Alt makes another key of a letter: with it
/// nothing is meant here.
fn take(input: &mut InputState, modifiers: Modifiers, wanted: Key) -> i32 {
    let mut times = 0;
    input.events.retain(|event| match event {
        Event::Key { key, pressed: true, modifiers: held, .. }
            if *key == wanted && !held.alt && held.matches_logically(modifiers) =>
        {
            times += 1;
            false
        }
        _ => true,
    });
    times
}

/// Lets every key mean what its place on the keyboard says, where its layout has no Latin letter there.
fn by_place(input: &mut InputState) {
    for event in &mut input.events {
        if let Event::Key { key, physical_key, modifiers, .. } = event {
            *key = key_meant(*key, *physical_key, modifiers.shift);
        }
    }
}

/// The key that is meant by a key of some layout. A Latin letter is meant as it is written, wherever it lies. Where another
/// script has no letter that egui knows, egui falls back to the place by itself; but on a Hebrew keyboard `W` is an
/// apostrophe, and on a Greek one `Q` a semicolon: signs in the place of a letter that mean nothing here stand for the letter.
fn key_meant(key: Key, place: Option<Key>, shift: bool) -> Key {
    match place {
        Some(place) if is_letter(place) && is_sign(key) => place,
        // Arabic and Persian have a question mark of their own, in the place of ours.
        Some(Key::Slash) if key == Key::Slash && shift => Key::Questionmark,
        _ => key,
    }
}

fn is_letter(key: Key) -> bool {
    matches!(key.name().as_bytes(), [b'A'..=b'Z'])
}

/// Signs that mean nothing here. The others (`?`, `+`, `−`, `=`) stay what they are, wherever they lie.
fn is_sign(key: Key) -> bool {
    use Key as K;
    matches!(
        key,
        K::Colon
            | K::Comma
            | K::Period
            | K::Semicolon
            | K::Quote
            | K::Backtick
            | K::Slash
            | K::Backslash
            | K::Pipe
            | K::Exclamationmark
            | K::OpenBracket
            | K::CloseBracket
            | K::OpenCurlyBracket
            | K::CloseCurlyBracket
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_other_layouts_mean_their_place_and_latin_letters_themselves() {
        let meant = |key, place| key_meant(key, Some(place), false);
        // Hebrew: an apostrophe on W, a slash on Q; letters come by their place already.
        assert_eq!(meant(Key::Quote, Key::W), Key::W);
        assert_eq!(meant(Key::Slash, Key::Q), Key::Q);
        assert_eq!(meant(Key::F, Key::F), Key::F);
        // French and German: the letter that is written on the key.
        assert_eq!(meant(Key::A, Key::Q), Key::A);
        assert_eq!(meant(Key::Z, Key::W), Key::Z);
        assert_eq!(meant(Key::Y, Key::Z), Key::Y);
        // Signs that mean something stay what they are, wherever they lie.
        assert_eq!(meant(Key::Plus, Key::CloseBracket), Key::Plus);
        assert_eq!(meant(Key::Minus, Key::Slash), Key::Minus);
        assert_eq!(key_meant(Key::Questionmark, Some(Key::Minus), true), Key::Questionmark);
        // The Arabic question mark is known by its place only; a German slash is a slash.
        assert_eq!(key_meant(Key::Slash, Some(Key::Slash), true), Key::Questionmark);
        assert_eq!(key_meant(Key::Slash, Some(Key::Num7), true), Key::Slash);
        assert_eq!(key_meant(Key::Comma, None, false), Key::Comma);
        assert_eq!(meant(Key::ArrowLeft, Key::ArrowLeft), Key::ArrowLeft);
    }
}
