//! Keys that work wherever nothing is being typed.

use super::{Page, Studio};
use crate::app::act::{Act, Dialog, Tab};
use bevy_egui::egui::{self, Key, Modifiers, Ui};

impl Studio {
    /// Keys that work wherever nothing is being typed.
    pub(super) fn keys(&mut self, ui: &Ui, acts: &mut Vec<Act>) {
        // Not whether anything has the keyboard: a button that the Tab key came to takes no letters.
        let typing = ui.ctx().text_edit_focused();
        let pressed = |modifiers: Modifiers, key: Key| ui.input_mut(|i| i.consume_key(modifiers, key));
        let (plain, ctrl) = (Modifiers::NONE, Modifiers::COMMAND);
        if pressed(ctrl | Modifiers::SHIFT, Key::Z) || pressed(ctrl, Key::Y) {
            acts.push(Act::Redo);
        }
        if pressed(ctrl, Key::Z) {
            acts.push(Act::Undo);
        }
        if pressed(ctrl, Key::S) || pressed(ctrl, Key::O) {
            acts.push(Act::Dialog(Some(Dialog::Share)));
        }
        if pressed(ctrl, Key::Plus) || pressed(ctrl, Key::Equals) {
            acts.push(Act::Text(self.text + 0.1));
        }
        if pressed(ctrl, Key::Minus) {
            acts.push(Act::Text(self.text - 0.1));
        }
        if pressed(ctrl, Key::Num0) {
            acts.push(Act::Text(1.0));
        }
        if typing || self.dialog.is_some() {
            return;
        }
        let focused = ui.memory(egui::Memory::focused).is_some();
        if pressed(Modifiers::SHIFT, Key::Questionmark) || pressed(plain, Key::Questionmark) {
            acts.push(Act::Dialog(Some(Dialog::Help)));
        }
        // A control that has the keyboard keeps its arrows and its space; a map wants only arrows with Shift.
        let on_map = self.map.has_focus || self.other_map.has_focus;
        if !focused || on_map {
            if pressed(plain, Key::Space) {
                acts.push(Act::PlayPause);
            }
            let steps = [(Modifiers::SHIFT, 7), (plain, 1)];
            for (modifiers, days) in steps.into_iter().skip(usize::from(on_map)) {
                if pressed(modifiers, Key::ArrowRight) {
                    acts.push(Act::Step(days));
                }
                if pressed(modifiers, Key::ArrowLeft) {
                    acts.push(Act::Step(-days));
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
            self.levers_open = true;
            self.levers.focus = true;
            self.wide_page = Page::Levers;
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
        // Menus close by it as well: it is taken from them only where there is a word to put away.
        if self.note.is_some() && pressed(plain, Key::Escape) {
            self.note = None;
        }
    }
}
