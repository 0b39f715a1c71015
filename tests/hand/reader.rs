//! The window as a screen reader gets it: over AT-SPI, on a bus of its own, without `--watch`, which has the tree made for tests.

use crate::desk::Desk;
use serde_json::Value;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Roles, as AT-SPI counts them.
const IMAGE: u64 = 27;
const BUTTON: u64 = 43;
const SLIDER: u64 = 51;

/// A process that ends with the test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What asks as a screen reader does.
struct Reader {
    bus: String,
    app: String,
}

/// A control as it is exported.
#[derive(Debug)]
struct Met {
    path: String,
    name: String,
    role: u64,
}

fn busctl(address: &str, words: &[&str]) -> Option<Value> {
    let mut command = Command::new("busctl");
    command.arg(format!("--address={address}")).arg("--json=short").arg("--timeout=5").args(words);
    let output = command.output().expect("busctl runs; it comes with systemd");
    output.status.success().then(|| serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
}

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";

impl Reader {
    fn get(&self, path: &str, interface: &str, property: &str) -> Option<Value> {
        Some(busctl(&self.bus, &["get-property", &self.app, path, interface, property])?["data"].take())
    }

    fn children(&self, path: &str) -> Vec<String> {
        let answer = busctl(&self.bus, &["call", &self.app, path, ACCESSIBLE, "GetChildren"]);
        let list = answer.and_then(|mut answer| answer["data"][0].take().as_array().cloned()).unwrap_or_default();
        list.iter().filter_map(|child| child[1].as_str().map(str::to_owned)).collect()
    }

    /// Everything that has a name.
    fn all(&self) -> Vec<Met> {
        let (mut list, mut next) = (Vec::new(), self.children("/org/a11y/atspi/accessible/root"));
        while let Some(path) = next.pop() {
            next.extend(self.children(&path));
            let name = self.get(&path, ACCESSIBLE, "Name").and_then(|name| name.as_str().map(str::to_owned));
            let Some(name) = name.filter(|name| !name.is_empty()) else { continue };
            let role = busctl(&self.bus, &["call", &self.app, &path, ACCESSIBLE, "GetRole"]);
            let role = role.and_then(|role| role["data"][0].as_u64()).unwrap_or_default();
            list.push(Met { path, name, role });
        }
        list
    }

    fn find(&self, role: u64, is: impl Fn(&str) -> bool) -> Met {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let all = self.all();
            let names: Vec<(u64, &str)> = all.iter().map(|met| (met.role, met.name.as_str())).collect();
            let found = all.iter().position(|met| met.role == role && is(&met.name));
            assert!(found.is_some() || Instant::now() < end, "a reader does not get it; it gets {names:?}");
            if let Some(at) = found {
                return all.into_iter().nth(at).unwrap();
            }
        }
    }

    fn until(&self, what: &str, is_so: impl Fn() -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        while !is_so() {
            assert!(Instant::now() < end, "it is not so that {what}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn value(&self, slider: &Met, property: &str) -> f64 {
        self.get(&slider.path, "org.a11y.atspi.Value", property).and_then(|value| value.as_f64()).unwrap_or(f64::NAN)
    }
}

#[test]
fn a_screen_reader_gets_names_roles_and_values_without_a_watch_and_is_obeyed() {
    let desk = Desk::new("reader", 1280, 720);
    let mut bus = Command::new("dbus-daemon")
        .args(["--session", "--print-address", "--nofork"])
        .env("XDG_CACHE_HOME", desk.folder())
        .env("XDG_RUNTIME_DIR", desk.folder())
        .env("HOME", desk.folder())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("dbus-daemon runs (on Debian: `apt install dbus at-spi2-core`)");
    let mut address = String::new();
    BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let (_bus, session) = (Ended(bus), address.trim().to_owned());
    let status = ["org.a11y.Bus", "/org/a11y/bus"];
    let call = busctl(&session, &["call", status[0], status[1], "org.a11y.Bus", "GetAddress"]);
    let call = call.expect("there is a bus for screen readers (on Debian: `apt install at-spi2-core`)");
    let reader_bus = call["data"][0].as_str().unwrap().to_owned();
    for property in ["IsEnabled", "ScreenReaderEnabled"] {
        busctl(&session, &["set-property", status[0], status[1], "org.a11y.Status", property, "b", "true"]);
    }
    let mut window = desk.detente();
    window.arg("window").env("DBUS_SESSION_BUS_ADDRESS", &session).stdout(Stdio::null()).stderr(Stdio::null());
    let _window = Ended(window.spawn().unwrap());

    let end = Instant::now() + Duration::from_secs(40);
    let registry = ["call", "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root", ACCESSIBLE, "GetChildren"];
    let app = loop {
        let answer = busctl(&reader_bus, &registry).unwrap_or_default();
        if let Some(name) = answer["data"][0][0][0].as_str() {
            break name.to_owned();
        }
        assert!(Instant::now() < end, "the window never tells screen readers of itself");
        std::thread::sleep(Duration::from_millis(200));
    };
    let reader = Reader { bus: reader_bus, app };

    let lever = reader.find(SLIDER, |name| name == "UNIFIL strength");
    assert_eq!(reader.value(&lever, "CurrentValue").to_bits(), 10_000_f64.to_bits());
    assert_eq!(reader.value(&lever, "MaximumValue").to_bits(), 15_000_f64.to_bits());
    let day = reader.find(SLIDER, |name| name == "Day");
    assert_eq!(reader.value(&day, "CurrentValue").to_bits(), 0_f64.to_bits());
    reader.find(IMAGE, |name| name.contains("events a day") && name.contains("median"));

    // What it sets and presses reaches the window, which is at rest.
    let set = ["set-property", &reader.app, &lever.path, "org.a11y.atspi.Value", "CurrentValue", "d", "12000"];
    busctl(&reader.bus, &set).expect("a lever can be set");
    reader.until("the lever stands where it was set", || {
        reader.value(&lever, "CurrentValue").to_bits() == 12_000_f64.to_bits()
    });
    let play = reader.find(BUTTON, |name| name == "Play");
    let press = ["call", &reader.app, &play.path, "org.a11y.atspi.Action", "DoAction", "i", "0"];
    busctl(&reader.bus, &press).expect("a button can be pressed");
    reader.until("days pass", || reader.value(&day, "CurrentValue") > 1.0);
}
