//! The report: begun once the futures of the policy have come, with a picture of the map that is drawn for it.

use super::paper::{Paper, Printing, Tables};
use super::room::Studio;
use detente_session::chart::{Fans, Subject};
use detente_session::report::{Bundle, Draft, Extras};

impl Studio {
    /// Writes the report that waits, once nothing more is coming of the futures that it is about.
    pub(super) fn report_if_ready(&mut self) {
        let Some(name) = &self.report_waits else { return };
        let subject = Subject::policy(&self.sitting);
        if self.desk.whole(&subject, self.sitting.today()).is_none() {
            return;
        }
        let name = name.clone();
        self.report_waits = None;
        let paper = self.report_begun();
        self.hand_out(name, paper);
    }

    /// A report of what stands, begun.
    fn report_begun(&mut self) -> Paper {
        let look = self.look();
        let printing = Printing::new(&mut self.sitting, &self.map, look);
        let sitting = &self.sitting;
        let (fans, seconds) = self.desk.whole(&Subject::policy(sitting), sitting.today()).unzip();
        let compared = self.compared_whole();
        let wanted = self.futures.shown(sitting);
        let track = fans.and_then(|fans| fans.tracks.iter().position(|t| Some(*t) == wanted)).unwrap_or(0);
        let extras = Extras { fans, compared, track, picture: None, seconds: seconds.flatten() };
        let draft = Draft::new(sitting, &extras);
        Paper::new(draft, printing, Tables::begin(Bundle::new(sitting, fans, compared), self.desk.threads))
    }

    /// The futures of the two branches that are compared, where they are and have come.
    pub(super) fn compared_whole(&self) -> Option<&Fans> {
        let pair = self.comparing()?;
        let subject = Subject::branches(&self.sitting, pair);
        self.desk.whole(&subject, self.sitting.today()).map(|(fans, _)| fans)
    }

    /// The picture of the map that a report of what stands would have, at once.
    #[cfg(test)]
    fn map_picture(&mut self) -> Option<Vec<u8>> {
        let look = self.look();
        let mut printing = Printing::new(&mut self.sitting, &self.map, look);
        while printing.step(&self.sitting) {}
        printing.picture()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::Act;
    use crate::look::fonts;
    use crate::platform::now_seconds;
    use bevy_egui::egui::Ui;
    use detente_model::scenario::load;
    use detente_model::symbols::levers::Lever;
    use detente_session::Sitting;
    use egui_kittest::Harness;

    fn studio(day: i32) -> Studio {
        let mut sitting = Sitting::new(load("november-2024").unwrap(), 7);
        sitting.go_to(day);
        let mut studio = Studio::new(sitting);
        (studio.is_tour, studio.reduced_motion) = (true, true);
        (studio.desk.ask.futures, studio.desk.ask.days, studio.desk.threads) = (16, 30, 0);
        studio
    }

    /// The picture of a studio that stood on a screen of this size.
    fn pictured(size: [f32; 2], prepare: impl FnOnce(&mut Studio)) -> Vec<u8> {
        let mut dressed = false;
        let app = move |ui: &mut Ui, studio: &mut Studio| {
            if !dressed {
                ui.ctx().set_fonts(fonts());
                dressed = true;
                return;
            }
            studio.pass(0.05, || true);
            studio.ui(ui);
        };
        let mut harness = Harness::builder().with_size(size).with_step_dt(0.05).build_ui_state(app, studio(40));
        prepare(harness.state_mut());
        harness.run_steps(6);
        harness.state_mut().map_picture().unwrap()
    }

    /// A studio with a policy whose futures have come, and a place for a report that does not lie there yet.
    fn ready(day: i32, threads: usize) -> (Studio, tempfile::TempDir, String) {
        let mut s = studio(day);
        s.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
        while s.is_busy() {
            s.pass(0.05, || true);
        }
        s.desk.threads = threads;
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("report").to_string_lossy().into_owned();
        (s, folder, place)
    }

    /// Nothing of a report holds up a picture: its map, its page and its tables come in pieces, and what is in the file is what would be
    /// there at once.
    #[test]
    fn a_report_comes_in_slices_none_of_which_holds_up_a_picture() {
        let (mut s, _folder, place) = ready(365, 0);
        (s.bench.at_once, s.bench.slice) = (0.0, 0.0);
        let begun = now_seconds();
        let at_once = {
            let picture = s.map_picture();
            let (fans, seconds) = s.desk.whole(&Subject::policy(&s.sitting), s.sitting.today()).unwrap();
            let track = fans.tracks.iter().position(|t| Some(*t) == s.futures.shown(&s.sitting)).unwrap();
            let extras = Extras { fans: Some(fans), compared: None, track, picture: picture.as_deref(), seconds };
            detente_session::report::page(&s.sitting, &extras)
        };
        println!("at once the page with its map takes {:.0} ms", 1_000.0 * (now_seconds() - begun));
        s.act(Act::ReportTo(place.clone()));
        let (mut slices, mut longest, mut shares) = (0, 0.0_f64, Vec::new());
        while s.report_waits.is_some() || s.is_working() {
            let begun = now_seconds();
            s.pass(0.0, || false);
            longest = longest.max(now_seconds() - begun);
            shares.extend(s.bench.work.as_ref().map(|work| work.share()));
            slices += 1;
            assert!(slices < 10_000);
        }
        println!("{slices} slices, {:.0} ms the longest", 1_000.0 * longest);
        assert!(slices > 60, "{slices} slices");
        assert!(shares.is_sorted() && shares.iter().any(|share| (0.3..0.7).contains(share)), "{shares:?}");
        // Loose: a test machine may be busy. At once it took more than that.
        assert!(longest < 0.4, "a slice took {longest} s");
        let page = std::fs::read_to_string(std::path::Path::new(&place).join("report.html")).unwrap();
        assert!(page == at_once, "made in pieces it is another page");
        assert!(page.contains("data:image/png;base64,"), "it has no map");
    }

    /// While it is read from, the sitting stands still and says so; then it goes on, whatever is still to be drawn. Cancel leaves
    /// nothing behind.
    #[test]
    fn a_report_in_the_making_lets_levers_move_as_soon_as_it_has_read_them() {
        let (mut s, _folder, place) = ready(120, 0);
        (s.bench.at_once, s.bench.slice) = (0.0, 0.0);
        s.act(Act::ReportTo(place.clone()));
        s.pass(0.0, || false);
        assert!(s.is_working() && s.holder().is_some());
        let moves = |s: &Studio| s.sitting.branch().changes.len();
        let before = moves(&s);
        s.act(Act::SetLever(Lever::UnifilTroops, 0.0));
        assert_eq!(moves(&s), before);
        assert!(s.note().is_some_and(|note| note.contains("Writing the report") && note.contains("cancel")));
        while s.holder().is_some() {
            s.pass(0.0, || false);
        }
        assert!(s.is_working(), "there is more to do than to read");
        s.act(Act::SetLever(Lever::UnifilTroops, 0.0));
        assert_eq!(moves(&s), before + 1);
        s.act(Act::StopWork);
        s.pass(0.0, || true);
        assert!(!s.is_working() && !std::path::Path::new(&place).exists());
    }

    /// It is of the map and of nothing that lies over it or in its place: the same from a phone on which the levers stand and
    /// something is said, and from a wide screen.
    #[test]
    fn the_picture_of_the_map_is_the_same_whatever_is_shown_and_however_large() {
        let wide = pictured([1440.0, 900.0], |_| {});
        let phone = pictured([390.0, 844.0], |studio| {
            studio.act(Act::SearchLevers);
            studio.say("Something that is said over the map.".to_owned(), true);
        });
        assert!(wide.starts_with(b"\x89PNG"));
        assert!(wide == phone, "a report from a phone has another map");
        assert!(wide != pictured([1440.0, 900.0], |studio| studio.map.insets_hidden = true), "every picture is alike");
    }
}
