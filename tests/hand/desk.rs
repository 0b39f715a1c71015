//! A desk with a screen, a pointer and a keyboard of its own, and the window on it.
//!
//! The hand is real: the display server makes its events (XTEST), and the window cannot tell them from a person's. What is
//! on the screen is read from the file that `detente window --watch` writes after each picture. Reading it wakes nothing, so
//! the window rests when a person rests.

use serde::Deserialize;
use serde_json::Value;
use std::cell::Cell;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

/// A control, as `detente::app::watch::Control` writes it.
#[derive(Clone, Debug, Deserialize)]
pub struct Control {
    pub role: String,
    pub name: String,
    pub value: Option<String>,
    pub rect: [f64; 4],
    pub shown: Option<[f64; 4]>,
    pub enabled: bool,
    pub focused: bool,
    pub on: Option<bool>,
}

/// A line of text.
#[derive(Clone, Debug, Deserialize)]
pub struct Line {
    pub text: String,
    pub rect: [f64; 4],
    pub cut: bool,
}

/// What is on the screen.
#[derive(Clone, Debug, Deserialize)]
pub struct Screen {
    pub state: Value,
    pub scale: f64,
    pub controls: Vec<Control>,
    pub texts: Vec<Line>,
}

/// A point on the screen, in pixels.
pub type Point = (f64, f64);

fn middle(r: [f64; 4]) -> Point {
    ((r[0] + r[2]) / 2.0, (r[1] + r[3]) / 2.0)
}

impl Control {
    /// Where it is pointed at.
    pub fn at(&self) -> Point {
        middle(self.shown.unwrap_or(self.rect))
    }

    /// A place on it, as a share of its width.
    pub fn along(&self, share: f64) -> Point {
        (self.rect[0] + (self.rect[2] - self.rect[0]) * share, (self.rect[1] + self.rect[3]) / 2.0)
    }
}

impl Line {
    pub fn at(&self) -> Point {
        middle(self.rect)
    }
}

impl Screen {
    /// A part of `state`, by its path.
    pub fn get(&self, path: &str) -> &Value {
        path.split('.').fold(&self.state, |at, key| &at[key])
    }

    pub fn number(&self, path: &str) -> f64 {
        self.get(path).as_f64().unwrap_or_else(|| panic!("`{path}` is {}", self.get(path)))
    }

    pub fn is(&self, path: &str) -> bool {
        self.get(path) == &Value::Bool(true)
    }

    /// The control of this name that can be pointed at; the one in front, if there are several.
    pub fn find(&self, name: &str) -> Option<&Control> {
        let named = |c: &&Control| c.name == name && c.shown.is_some() && c.role != "Label";
        self.controls.iter().rfind(named)
    }

    pub fn find_role(&self, role: &str, name: &str) -> Option<&Control> {
        self.controls.iter().rfind(|c| c.role == role && c.name == name && c.enabled && c.shown.is_some())
    }

    /// The first control whose name begins so.
    pub fn find_like(&self, begin: &str) -> Option<&Control> {
        self.controls.iter().find(|c| c.name.starts_with(begin) && c.shown.is_some() && c.role != "Label")
    }

    /// The first line of text that is this.
    pub fn text(&self, words: &str) -> Option<&Line> {
        self.texts.iter().find(|line| line.text.trim() == words)
    }

    /// Whether these words stand anywhere in a line of text.
    pub fn says(&self, words: &str) -> bool {
        self.texts.iter().any(|line| line.text.contains(words))
    }

    /// The panel at the right, line by line from top to bottom.
    pub fn panel(&self) -> String {
        joined(self.right())
    }

    /// Lines of the panel at the right.
    pub fn right(&self) -> Vec<&Line> {
        let left = self.find("Futures").expect("the tabs of the panel").rect[0] - 6.0 * self.scale;
        self.texts.iter().filter(|line| line.rect[0] >= left && line.rect[1] > 48.0 * self.scale).collect()
    }

    /// The words of the panel at the right on the height of a line.
    pub fn row(&self, line: &Line) -> String {
        let mut row = self.right();
        row.retain(|other| (other.at().1 - line.at().1).abs() < 6.0 * self.scale);
        row.sort_by(|a, b| a.rect[0].total_cmp(&b.rect[0]));
        row.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ")
    }

    /// The longest that one frame gave to futures, seconds.
    pub fn longest_frame(&self) -> f64 {
        self.number("futures.longest")
    }

    /// Whether the futures of what stands have all come.
    pub fn futures_are_there(&self) -> bool {
        let asked = self.number("futures.asked");
        asked > 0.0 && !self.is("futures.running") && self.number("futures.baseline") >= asked
    }
}

/// Lines as they are read: from top to bottom and from left to right, joined by spaces, so that broken text reads on.
fn joined(mut lines: Vec<&Line>) -> String {
    let place = |line: &Line| ((line.at().1 / 6.0) as i32, line.rect[0] as i32);
    lines.sort_by_key(|line| place(line));
    lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ")
}

/// How many windows may stand on this machine's screens at once: more would only wait for each other.
const SEATS: usize = 2;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// So many of the seats, until it is dropped.
struct Seats(usize);

impl Seats {
    fn take(wanted: usize) -> Self {
        let taken = TAKEN.lock().unwrap_or_else(|broken| broken.into_inner());
        let mut taken = FREED.wait_while(taken, |taken| *taken + wanted > SEATS).unwrap();
        *taken += wanted;
        Self(wanted)
    }
}

impl Drop for Seats {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(|broken| broken.into_inner()) -= self.0;
        FREED.notify_all();
    }
}

/// A process that ends with the test.
struct Helper(Child);

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the tests need, and the Debian package that has it.
const TOOLS: [(&str, &str); 4] =
    [("Xvfb", "xvfb"), ("xdotool", "xdotool"), ("openbox", "openbox"), ("zenity", "zenity")];

fn require_tools() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let has = |tool: &str| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    let missing: Vec<&str> = TOOLS.iter().filter(|(tool, _)| !has(tool)).map(|(_, package)| *package).collect();
    assert!(missing.is_empty(), "The tests with a hand need a display and a hand: apt install {}", missing.join(" "));
}

/// Rules of the window manager.
const BARE: &str = r#"<openbox_config xmlns="http://openbox.org/3.4/rc">
<theme><keepBorder>no</keepBorder></theme><applications>
<application class="*"><decor>no</decor></application>
</applications></openbox_config>"#;

/// The window, when it runs.
struct Window {
    child: Child,
    watch: PathBuf,
}

/// A screen, a hand, and a folder to work in.
pub struct Desk {
    test: String,
    display: String,
    folder: tempfile::TempDir,
    window: Option<Window>,
    more: Vec<Window>,
    starts: usize,
    /// Pictures that were drawn before the hand moved last.
    drawn_before: Cell<f64>,
    /// Set for the window alone, such as the scale of the display.
    pub environment: Vec<(String, String)>,
    _manager: Option<Helper>,
    _server: Helper,
    _seats: Seats,
}

impl Desk {
    /// A desk with a screen of this size.
    pub fn new(test: &str, width: u32, height: u32) -> Self {
        Self::set_up(test, width, height, 1, false)
    }

    /// A desk on which nothing else runs: for how long things take.
    pub fn alone(test: &str, width: u32, height: u32) -> Self {
        Self::set_up(test, width, height, SEATS, false)
    }

    /// A desk with a window manager, for dialogs of the system.
    pub fn managed(test: &str, width: u32, height: u32) -> Self {
        Self::set_up(test, width, height, 1, true)
    }

    fn set_up(test: &str, width: u32, height: u32, seats: usize, managed: bool) -> Self {
        require_tools();
        let seats = Seats::take(seats);
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", &format!("{width}x{height}x24")])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let server = Helper(server);
        assert!(!line.trim().is_empty(), "Xvfb gives no display");
        let display = format!(":{}", line.trim());
        let folder = tempfile::tempdir().unwrap();
        let manager = managed.then(|| {
            // Windows fill the screen, without a frame around them.
            let rules = folder.path().join("openbox.xml");
            std::fs::write(&rules, BARE).unwrap();
            let mut command = Command::new("openbox");
            command.arg("--config-file").arg(&rules).env("DISPLAY", &display).env("HOME", folder.path());
            Helper(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("openbox starts"))
        });
        Self {
            test: test.to_owned(),
            display,
            folder,
            window: None,
            more: Vec::new(),
            starts: 0,
            drawn_before: Cell::new(-1.0),
            environment: Vec::new(),
            _manager: manager,
            _server: server,
            _seats: seats,
        }
    }

    /// The folder that the window works in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program, on this desk.
    pub fn detente(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
        let folder = self.folder();
        command.current_dir(folder).env("DISPLAY", &self.display).env("WINIT_X11_SCALE_FACTOR", "1");
        for (name, place) in [("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("HOME", "home")] {
            command.env(name, folder.join(place));
        }
        for name in ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS"] {
            command.env_remove(name);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        command
    }

    /// Opens the window as `detente window ARGS` does, and waits until it is drawn and at rest.
    pub fn open(&mut self, args: &[&str]) -> Screen {
        assert!(self.window.is_none(), "a window is open");
        self.starts += 1;
        let watch = self.folder().join(format!("watch-{}.json", self.starts));
        std::fs::create_dir_all(self.folder().join("home")).unwrap();
        let said = std::fs::File::create(self.folder().join(format!("said-{}.txt", self.starts))).unwrap();
        let mut command = self.detente();
        command.arg("window").args(args).arg("--watch").arg(&watch).stdout(Stdio::null()).stderr(said);
        self.window = Some(Window { child: command.spawn().expect("the program starts"), watch });
        self.until("the window is drawn", 60.0, |screen| screen.number("frames.drawn") > 3.0);
        // Where no window manager does it, the newest window is given the keyboard.
        let found = self.ask(&["search", "--onlyvisible", "--class", "detente"]);
        let newest = found.lines().last().expect("the window is on the screen").to_owned();
        self.hand(&["windowfocus", "--sync", &newest]);
        let place = self.ask(&["getwindowgeometry", "--shell", &newest]);
        assert!(place.contains("X=0") && place.contains("Y=0"), "the window is not in the corner: {place}");
        self.settle()
    }

    /// Leaves the open window open, and opens another over it.
    pub fn open_another(&mut self, args: &[&str]) -> Screen {
        self.more.extend(self.window.take());
        self.open(args)
    }

    /// Ends the window at once, as a power cut does.
    pub fn kill(&mut self) {
        let mut window = self.window.take().expect("a window is open");
        window.child.kill().unwrap();
        window.child.wait().unwrap();
    }

    /// Ends all windows at once.
    pub fn kill_all(&mut self) {
        self.kill();
        for mut window in self.more.drain(..) {
            window.child.kill().unwrap();
            window.child.wait().unwrap();
        }
    }

    /// What is on the screen now.
    pub fn see(&mut self) -> Screen {
        let end = Instant::now() + Duration::from_secs(1);
        loop {
            if let Some(screen) = self.look() {
                return screen;
            }
            assert!(Instant::now() < end, "nothing was drawn yet");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn look(&mut self) -> Option<Screen> {
        let window = self.window.as_mut().expect("a window is open");
        if let Some(ended) = window.child.try_wait().unwrap() {
            let said = std::fs::read_to_string(self.folder.path().join(format!("said-{}.txt", self.starts)));
            panic!("the window has closed ({ended}): {}", said.unwrap_or_default());
        }
        let text = std::fs::read(&window.watch).ok()?;
        Some(serde_json::from_slice(&text).expect("the file is whole"))
    }

    /// Looks until it is so, and fails if it is not within so many seconds. Nothing is moved meanwhile.
    pub fn until(&mut self, what: &str, seconds: f64, so: impl Fn(&Screen) -> bool) -> Screen {
        match self.within(seconds, so) {
            Ok(screen) => screen,
            Err(last) => panic!(
                "waited {seconds} s, nothing moved, and still not: {what}. The window says: {}",
                last.map(|screen| screen.state.to_string()).unwrap_or_default()
            ),
        }
    }

    /// The screen as soon as it is so, or what it was at last.
    pub fn within(&mut self, seconds: f64, so: impl Fn(&Screen) -> bool) -> Result<Screen, Option<Screen>> {
        let end = Instant::now() + Duration::from_secs_f64(seconds);
        loop {
            let screen = self.look();
            match screen {
                Some(screen) if so(&screen) => return Ok(screen),
                other if Instant::now() > end => return Err(other),
                _ => std::thread::sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Waits until what the hand did last has been drawn, and no pictures are drawn any more.
    pub fn settle(&mut self) -> Screen {
        let begun = Instant::now();
        let (mut last, mut since) = (self.drawn_before.get(), begun);
        // Where pictures take long, so may the next one.
        let mut calm = Duration::from_millis(350);
        loop {
            let screen = self.look();
            let drawn = screen.as_ref().map_or(-1.0, |screen| screen.number("frames.drawn"));
            if drawn > last {
                let longest = screen.as_ref().map_or(0.0, |screen| screen.number("frames.longest"));
                calm = calm.max(Duration::from_secs_f64(1.3 * longest)).min(Duration::from_secs(3));
                (last, since) = (drawn, Instant::now());
            }
            // What the hand did may have changed nothing, and not even been drawn.
            let seen = last > self.drawn_before.get() || begun.elapsed() > Duration::from_millis(1200);
            match screen {
                Some(screen) if seen && since.elapsed() > calm => return screen,
                _ => assert!(begun.elapsed() < Duration::from_secs(60), "the window never comes to rest"),
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }

    /// Does nothing for so long.
    pub fn rest(&self, seconds: f64) {
        std::thread::sleep(Duration::from_secs_f64(seconds));
    }

    fn hand(&self, words: &[&str]) {
        let drawn = self.window.as_ref().and_then(|window| std::fs::read(&window.watch).ok());
        let drawn = drawn.and_then(|text| serde_json::from_slice::<Screen>(&text).ok());
        self.drawn_before.set(drawn.map_or(-1.0, |screen| screen.number("frames.drawn")));
        let output = Command::new("xdotool").args(words).env("DISPLAY", &self.display).output().expect("xdotool runs");
        assert!(output.status.success(), "xdotool {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// What the display says.
    fn ask(&self, words: &[&str]) -> String {
        let output = Command::new("xdotool").args(words).env("DISPLAY", &self.display).output().expect("xdotool runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Where the pointer is.
    fn pointer(&self) -> Point {
        let text = self.ask(&["getmouselocation", "--shell"]);
        let value = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|value| value.parse().ok()).unwrap_or(0.0)
        };
        (value("X="), value("Y="))
    }

    /// Moves the pointer there, over the ground between, as a hand does.
    pub fn point(&self, to: Point) {
        let from = self.pointer();
        const STEPS: u32 = 6;
        let mut words: Vec<String> = Vec::new();
        for step in 1..=STEPS {
            let t = f64::from(step) / f64::from(STEPS);
            let at = |a: f64, b: f64| format!("{:.0}", a + (b - a) * t);
            words.extend(["mousemove".to_owned(), at(from.0, to.0), at(from.1, to.1), "sleep".into(), "0.02".into()]);
        }
        self.hand(&words.iter().map(String::as_str).collect::<Vec<_>>());
    }

    pub fn press(&self) {
        self.hand(&["mousedown", "1"]);
    }

    pub fn release(&self) {
        self.hand(&["mouseup", "1"]);
    }

    /// Presses and lets go where the pointer is, without moving it.
    pub fn click_here(&self) {
        self.hand(&["mousedown", "1", "sleep", "0.07", "mouseup", "1"]);
    }

    /// Points and clicks at once.
    pub fn click_at(&self, at: Point) {
        self.point(at);
        self.rest(0.12);
        self.click_here();
    }

    /// Points at a control and clicks.
    pub fn click(&mut self, name: &str) {
        let at = self.control(name).at();
        self.click_at(at);
    }

    /// Turns the wheel: down, or up with a negative number.
    pub fn wheel(&self, clicks: i32) {
        let button = if clicks > 0 { "5" } else { "4" };
        self.hand(&["click", "--repeat", &clicks.abs().to_string(), "--delay", "25", button]);
    }

    /// Presses a key, such as `ctrl+z`, and lets it go.
    pub fn key(&self, key: &str) {
        let keys: Vec<&str> = key.split('+').collect();
        let mut words: Vec<&str> = Vec::new();
        // One finger after the other, and none is quicker than a finger is: whoever presses two keys holds the first.
        let held = if keys.len() > 1 { "0.25" } else { "0.1" };
        keys.iter().for_each(|key| words.extend(["keydown", key, "sleep", held]));
        keys.iter().rev().for_each(|key| words.extend(["keyup", key, "sleep", "0.06"]));
        self.hand(&words);
    }

    /// Types text as a keyboard does.
    pub fn write(&self, text: &str) {
        self.hand(&["type", "--delay", "25", text]);
    }

    /// The control of this name, once it is there.
    pub fn control(&mut self, name: &str) -> Control {
        match self.within(3.0, |screen| screen.find(name).is_some()) {
            Ok(screen) => screen.find(name).unwrap().clone(),
            Err(last) => {
                let names: Vec<String> = last.iter().flat_map(|s| &s.controls).map(|c| c.name.clone()).collect();
                panic!("no control is called `{name}`; there are {names:?}")
            }
        }
    }

    /// The slider of a lever, scrolled into sight and standing still: nobody takes hold of one that slides in with its panel.
    pub fn lever(&mut self, name: &str) -> Control {
        let is = |screen: &Screen| screen.find_role("Slider", name).cloned();
        if self.within(0.5, |screen| is(screen).is_some()).is_err() {
            // As a person finds one of so many: by a word in the search box.
            self.click("Search levers");
            self.until("the search takes what is typed", 5.0, |s| s.find("Search levers").is_some_and(|c| c.focused));
            self.key("ctrl+a");
            self.write(name);
            self.until("the search finds the lever", 3.0, |screen| is(screen).is_some());
        }
        let end = Instant::now() + Duration::from_secs(5);
        let (mut stands, mut since) = ([f64::NAN; 4], Instant::now());
        loop {
            assert!(Instant::now() < end, "the slider of {name} does not come to rest on the screen");
            match self.look().as_ref().and_then(is) {
                Some(slider) if slider.rect == stands => {
                    if since.elapsed() > Duration::from_millis(250) && slider.rect[0] >= 0.0 {
                        return slider;
                    }
                }
                other => (stands, since) = (other.map_or([f64::NAN; 4], |slider| slider.rect), Instant::now()),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Clicks on a lever's track, a share of its length along.
    pub fn click_lever(&mut self, name: &str, share: f64) {
        let at = self.lever(name).along(share);
        self.click_at(at);
    }

    /// Drags a lever's knob until the lever has the value; `share` is about where that is on its slider.
    pub fn drag_lever(&mut self, name: &str, share: f64) {
        let slider = self.lever(name);
        let y = slider.at().1;
        let (left, right) = (slider.rect[0] + 7.0, slider.rect[2] - 7.0);
        let to = left + (right - left) * share;
        self.point((to.clamp(left + 20.0, right - 20.0) - 15.0, y));
        self.rest(0.2);
        self.press();
        self.rest(0.2);
        self.point((to, y));
        self.rest(0.35);
        self.release();
    }

    /// The system's dialog that asks for a file, if one is open.
    pub fn dialog(&self) -> Option<String> {
        self.ask(&["search", "--onlyvisible", "--class", "zenity"]).lines().last().map(str::to_owned)
    }

    /// Answers the system's dialog that asks for a file with this name.
    pub fn answer_file_dialog(&self, path: &Path) {
        let end = Instant::now() + Duration::from_secs(8);
        let dialog = loop {
            if let Some(dialog) = self.dialog() {
                break dialog;
            }
            assert!(Instant::now() < end, "no dialog of the system asks for a file");
            std::thread::sleep(Duration::from_millis(100));
        };
        self.hand(&["windowactivate", "--sync", &dialog]);
        self.rest(0.4);
        self.key("ctrl+a");
        self.write(&path.display().to_string());
        self.rest(0.2);
        self.key("Return");
    }

    /// A picture of the whole screen, and what was written down of it, beside the other results of the build.
    fn keep_evidence(&self) {
        self.keep_evidence_as(&self.test);
    }

    pub fn keep_evidence_as(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("hand");
        let _ = std::fs::create_dir_all(&folder);
        let picture = folder.join(format!("{name}.png"));
        // Without ImageMagick there is no picture; the test has failed anyway.
        let _ = Command::new("import").args(["-window", "root"]).arg(&picture).env("DISPLAY", &self.display).output();
        if let Some(window) = &self.window {
            let _ = std::fs::copy(&window.watch, folder.join(format!("{name}.json")));
        }
        eprintln!("a picture of the screen is in {}", picture.display());
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.keep_evidence();
        }
        for window in self.window.iter_mut().chain(&mut self.more) {
            let _ = window.child.kill();
            let _ = window.child.wait();
        }
    }
}
