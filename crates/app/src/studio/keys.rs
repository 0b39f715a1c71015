//! Keys that work wherever nothing is being typed.

use super::room::{Page, Studio};
use crate::act::{Act, Dialog, Tab};
use bevy_egui::egui::{self, Event, InputState, Key, Modifiers, Ui};

impl Studio {
    /// Keys that work wherever nothing is being typed.
    pub(super) fn keys(&mut self, ui: &Ui, acts: &mut Vec<Act>) {
        // Not whether anything has the keyboard: a button that the Tab key came to takes no letters.
        let typing = ui.ctx().text_edit_focused();
        let times = |modifiers: Modifiers, key: Key| ui.input_mut(|i| take(i, modifiers, key));
        let pressed = |modifiers: Modifiers, key: Key| times(modifiers, key) > 0;
        let (plain, ctrl) = (Modifiers::NONE, Modifiers::COMMAND);
        // What makes the screen readable works always.
        let larger = times(ctrl, Key::Plus) + times(ctrl, Key::Equals) - times(ctrl, Key::Minus);
        if larger != 0 {
            acts.push(Act::Text(self.text + 0.1 * larger as f32));
        }
        if pressed(ctrl, Key::Num0) {
            acts.push(Act::Text(1.0));
        }
        // In a page the browser has a key of its own for it.
        if cfg!(not(target_arch = "wasm32")) && pressed(plain, Key::F11) {
            acts.push(Act::FullScreen);
        }
        if self.dialog.is_some() {
            return;
        }
        if pressed(ctrl, Key::S) || pressed(ctrl, Key::O) {
            acts.push(Act::Dialog(Some(Dialog::Share)));
        }
        if pressed(ctrl, Key::F) {
            self.search_levers();
        }
        // What is typed is the field's own, and so is taking it back.
        if typing {
            return;
        }
        ui.input_mut(by_place);
        for _ in 0..times(ctrl | Modifiers::SHIFT, Key::Z) + times(ctrl, Key::Y) {
            acts.push(Act::Redo);
        }
        for _ in 0..times(ctrl, Key::Z) {
            acts.push(Act::Undo);
        }
        let focused = ui.memory(egui::Memory::focused).is_some();
        if pressed(Modifiers::SHIFT, Key::Questionmark) || pressed(plain, Key::Questionmark) {
            acts.push(Act::Dialog(Some(Dialog::Help)));
        }
        // A control that has the keyboard keeps its arrows and its space; a map wants only arrows with Shift.
        let on_map = self.map.has_focus || self.other_map.has_focus;
        if !focused || on_map {
            for _ in 0..times(plain, Key::Space) {
                acts.push(Act::PlayPause);
            }
            let steps = [(Modifiers::SHIFT, 7), (plain, 1)];
            for (modifiers, days) in steps.into_iter().skip(usize::from(on_map)) {
                // Several may come between two pictures: none is lost.
                let (on, back) = (times(modifiers, Key::ArrowRight), times(modifiers, Key::ArrowLeft));
                if on > 0 {
                    acts.push(Act::Step(days * on));
                }
                if back > 0 {
                    acts.push(Act::Step(-days * back));
                }
            }
        }
        if pressed(plain, Key::Home) {
            acts.push(Act::GoTo(0));
        }
        if pressed(plain, Key::End) {
            acts.push(Act::GoTo(self.sitting.branch().history.days()));
        }
        for (key, tab) in [(Key::F, Tab::Futures), (Key::W, Tab::Why), (Key::I, Tab::Inspect), (Key::C, Tab::Compare)] {
            if pressed(plain, key) {
                acts.push(Act::Tab(tab));
            }
        }
        if pressed(plain, Key::L) {
            self.search_levers();
        }
        if pressed(plain, Key::B) {
            acts.push(Act::Fork);
        }
        if pressed(plain, Key::T) {
            acts.push(Act::Theme);
        }
        if pressed(plain, Key::K) {
            self.map.key_open = !self.map.key_open;
        }
        self.escape(ui);
    }

    /// Shows the levers, with the search box ready to be typed into.
    fn search_levers(&mut self) {
        self.levers_open = Some(true);
        self.levers.focus = true;
        self.wide_page = Page::Levers;
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
