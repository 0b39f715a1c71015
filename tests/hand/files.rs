//! Reports: several of them, with the truth in them, and with the whole map at any scale of the display.

use super::desk::{Desk, Screen};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::{Path, PathBuf};

/// Every report under the desk's folder.
fn reports(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|name| name == "report.html") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Clicks the report's button, and answers the system's dialog, if one asks for a name.
fn write_report(desk: &mut Desk, name: &str) -> PathBuf {
    let before = reports(desk.folder());
    // What was said of the one before goes away by itself.
    desk.until("nothing is said", 30.0, |s| !s.get("notice").is_string());
    desk.click("Write the report");
    let place = desk.folder().join(name);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    let mut answered = false;
    loop {
        // The folder has its name once the window says where it is.
        let told = |s: &Screen| s.get("notice").as_str().is_some_and(|said| said.contains("report is in"));
        if told(&desk.see()) {
            let new = reports(desk.folder()).into_iter().find(|path| !before.contains(path));
            return new.expect("the report that the window speaks of");
        }
        if !answered && desk.dialog().is_some() {
            desk.answer_file_dialog(&place);
            answered = true;
        }
        let said = desk.see().get("notice").clone();
        assert!(std::time::Instant::now() < end, "no report named {name} was written; the window says {said}");
        desk.rest(0.1);
    }
}

fn at_rest(desk: &mut Desk, args: &[&str]) {
    desk.open(args);
    desk.until("the first futures have come", 30.0, Screen::futures_are_there);
    desk.settle();
}

#[test]
fn a_second_report_lies_beside_the_first() {
    let mut desk = Desk::managed("files-two", 1440, 900);
    at_rest(&mut desk, &["--seed", "7"]);
    let first = write_report(&mut desk, "first");
    let text = std::fs::read_to_string(&first).unwrap();
    desk.drag_lever("UNIFIL strength", 1.0);
    let _ = desk.within(10.0, |s| s.futures_are_there() && !s.is("futures.null"));
    desk.rest(1.0);
    let second = write_report(&mut desk, "second");
    assert_ne!(first.parent(), second.parent());
    assert_eq!(std::fs::read_to_string(&first).unwrap(), text, "the first report is as it was");
    let second = std::fs::read_to_string(&second).unwrap();
    let moved = ["15,000", "15000"].iter().any(|value| second.contains(value));
    assert!(moved && !text.contains("15000 troops"), "the second report is of the lever that was moved");
}

/// A report says what its futures are of, whatever panel is open.
#[test]
fn a_report_with_compare_open_tells_the_truth() {
    let mut desk = Desk::managed("files-compare", 1440, 900);
    at_rest(&mut desk, &["--seed", "7"]);
    for _ in 0..6 {
        desk.key("shift+Right");
    }
    desk.key("b");
    desk.until("a branch", 3.0, |s| s.number("branches") == 2.0);
    desk.drag_lever("UNIFIL strength", 1.0);
    desk.rest(1.0);
    desk.key("c");
    let _ = desk.within(12.0, |s| s.futures_are_there() && !s.is("futures.null"));
    desk.rest(2.0);
    // The first branch is shown, so that nothing was moved on the branch that the report is of.
    let other = desk.see().find_like("Branch As it stands").cloned();
    if let Some(other) = other.filter(|c| c.on != Some(true)) {
        desk.click_at(other.at());
        desk.rest(2.0);
    }
    let _ = desk.within(12.0, Screen::futures_are_there);
    let shown = desk.see();
    let report = std::fs::read_to_string(write_report(&mut desk, "compared")).unwrap();
    let policy = shown.get("policy").as_array().unwrap().len();
    let null = report.contains("exactly zero");
    assert_eq!(
        policy == 0,
        null,
        "{policy} levers stand moved on the branch shown, and the report {}",
        if null { "says that every difference is zero" } else { "gives differences under the words of a policy" }
    );
    let column = report.find("with the policy").map(|_| "with the policy");
    assert!(
        column.is_none() || policy > 0 || null,
        "differences between two branches stand in a column that says “with the policy”"
    );
}

struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// The map in a report.
    fn of_report(report: &Path) -> Self {
        let html = std::fs::read_to_string(report).unwrap();
        let (_, rest) = html.split_once("data:image/png;base64,").expect("the map is in the report");
        let bytes = STANDARD.decode(rest.split('"').next().unwrap()).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let (width, height) = (info.width as usize, info.height as usize);
        let channels = pixels.len() / width / height;
        let pixels = pixels.chunks_exact(channels).flat_map(|pixel| pixel[..3].to_vec()).collect();
        Self { width, height, pixels }
    }

    /// The mean colour around a point, given as shares of width and height.
    fn around(&self, x: f64, y: f64) -> [f64; 3] {
        let r = self.width / 120;
        let (cx, cy) = ((x * self.width as f64) as usize, (y * self.height as f64) as usize);
        let mut sum = [0.0; 3];
        let mut n = 0.0;
        for row in cy.saturating_sub(r)..(cy + r).min(self.height) {
            for column in cx.saturating_sub(r)..(cx + r).min(self.width) {
                let at = (row * self.width + column) * 3;
                (0..3).for_each(|c| sum[c] += f64::from(self.pixels[at + c]));
                n += 1.0;
            }
        }
        sum.map(|s| s / n)
    }
}

fn picture_at(test: &str, scale: &str, width: u32, height: u32, args: &[&str]) -> Picture {
    let mut desk = Desk::managed(test, width, height);
    desk.environment.push(("WINIT_X11_SCALE_FACTOR".to_owned(), scale.to_owned()));
    at_rest(&mut desk, args);
    if let Some(away) = desk.see().find("Put the suggestions away").cloned() {
        desk.click_at(away.at());
        desk.settle();
    }
    Picture::of_report(&write_report(&mut desk, "picture"))
}

/// On a display of twice as many pixels the report has the same map as on a plain one, and nothing else.
#[test]
fn the_map_in_a_report_is_the_whole_map_at_any_scale() {
    let plain = picture_at("files-scale-1", "1", 1440, 900, &["--seed", "7"]);
    let fine = picture_at("files-scale-2", "2", 2880, 1800, &["--seed", "7"]);
    let ratio = |p: &Picture| p.width as f64 / p.height as f64;
    assert!(
        (ratio(&plain) / ratio(&fine) - 1.0).abs() < 0.02,
        "{}×{} and {}×{} are not the same cut-out",
        plain.width,
        plain.height,
        fine.width,
        fine.height
    );
    let (mut same, mut all) = (0, 0);
    for row in 1..20 {
        for column in 1..20 {
            let (x, y) = (f64::from(column) / 20.0, f64::from(row) / 20.0);
            let (a, b) = (plain.around(x, y), fine.around(x, y));
            let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            all += 1;
            same += i32::from(apart < 16.0);
        }
    }
    // Names keep their size in points and find other places.
    assert!(f64::from(same) > 0.85 * f64::from(all), "only {same} of {all} places on the two maps look alike");
}
