//! What a visitor would find, in a real browser: it loads, plays, answers a lever with futures, gives the native digest,
//! opens links, and loses no session.

use super::browser::Browser;
use super::{Places, serve};
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Most seconds that 256 futures may take in a page.
const FUTURES_WITHIN: f64 = 4.0;

/// Commands, and the digest they give natively; the main package's tests check the same file.
#[derive(Deserialize)]
struct Golden {
    seed: u64,
    commands: Vec<String>,
    day: i64,
    digest: String,
}

struct Tour {
    browser: Browser,
    address: String,
    pictures: PathBuf,
}

pub fn test(places: &Places) -> Result<(), String> {
    let serving = serve::start(places, 0)?;
    let pictures = places.pictures();
    std::fs::create_dir_all(&pictures).map_err(|cause| format!("{} cannot be made ({cause}).", pictures.display()))?;
    let path = places.root.join("tests/expected/web_digest.json");
    let golden =
        std::fs::read_to_string(&path).map_err(|cause| format!("{} cannot be read ({cause}).", path.display()))?;
    let golden: Golden = serde_json::from_str(&golden).map_err(|cause| format!("{}: {cause}.", path.display()))?;
    let address = format!("http://{}/", serving.address);
    says_what_it_needs(&pictures, &address)?;
    let browser = Browser::start(&pictures.join("profile"), &[])?;
    let mut tour = Tour { browser, address, pictures };
    tour.shows_that_it_loads()?;
    tour.loads()?;
    tour.is_guarded()?;
    tour.plays()?;
    tour.answers_a_lever()?;
    tour.rests()?;
    tour.keeps_the_session()?;
    let link = tour.gives_the_native_digest(&golden)?;
    tour.opens_links(&golden, &link)?;
    tour.saves_and_opens(&golden)?;
    tour.listens_to_keys()?;
    tour.walks_a_lesson()?;
    tour.stays_put_under_fingers()?;
    tour.is_content()?;
    println!("The page holds.");
    Ok(())
}

/// The first file of a zip archive, unpacked.
fn first_of(archive: &[u8]) -> Option<String> {
    let number = |at: usize| Some(usize::from(*archive.get(at)?) + (usize::from(*archive.get(at + 1)?) << 8));
    let begins = 30 + number(26)? + number(28)?;
    let mut text = String::new();
    let mut packed = flate2::read::DeflateDecoder::new(archive.get(begins..)?);
    std::io::Read::read_to_string(&mut packed, &mut text).ok()?;
    Some(text)
}

/// Waits for a download.
fn arrives(file: &Path) -> Result<(), String> {
    let started = Instant::now();
    while !file.is_file() {
        check(started.elapsed() < Duration::from_secs(30), || format!("{} is not downloaded.", file.display()))?;
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

/// Without WebGL 2 the page says so.
fn says_what_it_needs(pictures: &Path, address: &str) -> Result<(), String> {
    let mut browser = Browser::start(&pictures.join("profile"), &["--disable-3d-apis"])?;
    browser.go(address)?;
    let said = "document.getElementById('trouble').innerText.includes('WebGL 2')";
    browser.wait("the page says that it needs WebGL 2", said, Duration::from_secs(20))?;
    browser.picture(&pictures.join("without.png"))
}

fn check(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(sentence()) }
}

impl Tour {
    fn command(&mut self, line: &str) -> Result<String, String> {
        let answer = self.browser.eval(&format!("detente.command({})", json!(line)))?;
        Ok(answer.as_str().unwrap_or_default().to_owned())
    }

    fn state(&mut self) -> Result<Value, String> {
        self.browser.eval("detente.state()")
    }

    /// Waits until an expression over the state `s` holds.
    fn until(&mut self, what: &str, expression: &str, seconds: u64) -> Result<(), String> {
        let asked = format!("window.detente ? detente.state().then(s => {expression}) : false");
        self.browser.wait(what, &asked, Duration::from_secs(seconds))
    }

    fn picture(&mut self, name: &str) -> Result<(), String> {
        self.browser.picture(&self.pictures.join(name))
    }

    /// A page as somebody sees it who comes to it anew.
    fn visit(&mut self, end: &str) -> Result<(), String> {
        self.browser.go("about:blank")?;
        let address = format!("{}{end}", self.address);
        self.browser.go(&address)?;
        self.until("the app draws", "s.frames.drawn > 5", 180)
    }

    fn is_content(&mut self) -> Result<(), String> {
        let complaints = &self.browser.complaints;
        check(complaints.is_empty(), || format!("The page complains:\n{}", complaints.join("\n")))
    }

    /// A slow network: the bar moves, and says how far it is.
    fn shows_that_it_loads(&mut self) -> Result<(), String> {
        self.browser.throttle(2_000_000)?;
        let address = self.address.clone();
        self.browser.go(&address)?;
        let moves =
            "/^Loading: [1-9]\\d*\\.\\d of \\d+\\.\\d MB$/.test(document.getElementById('progress')?.innerText)";
        self.browser.wait("the loading bar moves", moves, Duration::from_secs(60))?;
        let bar = number(&self.browser.eval("document.getElementById('bar').value")?);
        check(bar > 0.05 && bar < 1.0, || format!("The loading bar stands at {bar}."))?;
        self.picture("loading.png")?;
        self.browser.throttle(0)?;
        self.is_content()
    }

    fn loads(&mut self) -> Result<(), String> {
        let started = Instant::now();
        self.visit("")?;
        println!("It draws after {:.1} s.", started.elapsed().as_secs_f64());
        let covered = self.browser.eval("document.getElementById('loading') !== null")?;
        check(covered == false, || "The loading bar stays although the app draws.".to_owned())?;
        self.until("the first futures come", "!s.futures.running && s.futures.baseline == s.futures.asked", 120)?;
        let state = self.state()?;
        println!("The first {} futures took {:.2} s.", state["futures"]["asked"], number(&state["futures"]["took"]));
        check(state["offered"] == false, || "A first visit is offered an earlier session.".to_owned())?;
        self.picture("start.png")?;
        self.is_content()
    }

    /// A policy lets nothing but the page's own scripts run, and the server knows no names but those of the page's files.
    fn is_guarded(&mut self) -> Result<(), String> {
        self.is_content()?;
        let asked = "fetch('./').then(a => ['x-content-type-options', 'referrer-policy', 'content-security-policy'] \
                     .map(name => a.headers.get(name)).join('|'))";
        let head = self.browser.eval(asked)?;
        let is_guarded = head.as_str().is_some_and(|head| head.starts_with("nosniff|no-referrer|default-src 'none'; "));
        check(is_guarded, || format!("The page is served with {head}."))?;
        let odd = "Promise.all(['C:index.html', 'C%3Aindex.html', '%2e%2e%2fCargo.toml', 'index.html%00', 'dist', 'NUL'] \
                   .map(name => fetch('/' + name).then(a => a.status))).then(all => all.every(status => status === 404))";
        check(self.browser.eval(odd)? == true, || "The server gives out more than the page.".to_owned())?;
        let foreign = "{ const own = document.createElement('script'); own.textContent = 'window.foreign = 1'; \
                       document.body.append(own); own.remove(); window.foreign === undefined }";
        check(self.browser.eval(foreign)? == true, || "A script that is not the page's runs in it.".to_owned())?;
        // These were asked for.
        self.browser.complaints.clear();
        Ok(())
    }

    fn plays(&mut self) -> Result<(), String> {
        // Hardly any futures, so that what is measured is drawing.
        self.command("futures 1 30")?;
        self.command("play 10")?;
        self.until("days pass", "s.day >= 3", 60)?;
        let before = (self.browser.script_seconds()?, self.state()?);
        self.until("days pass", "s.day >= 20", 60)?;
        let after = (self.browser.script_seconds()?, self.state()?);
        let frames = number(&after.1["frames"]["drawn"]) - number(&before.1["frames"]["drawn"]);
        println!(
            "It plays at {:.0} frames a second, drawn by software; a frame costs the page itself {:.1} ms.",
            number(&after.1["frames"]["per_second"]),
            1_000.0 * (after.0 - before.0) / frames
        );
        self.picture("playing.png")?;
        self.command("pause")?;
        self.command("futures 256 180")?;
        self.is_content()
    }

    fn answers_a_lever(&mut self) -> Result<(), String> {
        self.until("futures are renewed from today", "!s.futures.running && s.futures.from == s.day", 60)?;
        let before = self.state()?;
        check(before["futures"]["null"] == true, || "There is a policy before a lever was moved.".to_owned())?;
        let by_hands = |tour: &mut Self| -> Result<(u64, u64), String> {
            let told = tour.browser.eval("detente.hands()")?;
            Ok((told[0].as_u64().unwrap_or(0), told[1].as_u64().unwrap_or(0)))
        };
        let earlier = by_hands(self)?;
        self.command("lever unifil.troops 15000")?;
        let all = "!s.futures.null && !s.futures.running && s.futures.policy == s.futures.asked";
        self.until("a lever is answered", all, 60)?;
        let after = self.state()?;
        let (hands, futures) = by_hands(self)?;
        println!("{hands} hands beside the page ran {} of them.", futures - earlier.1);
        check(hands > 0 && futures > earlier.1, || "No worker runs futures beside the page.".to_owned())?;
        let futures = &after["futures"];
        println!(
            "A lever is answered by {} futures in {:.2} s; the longest slice of a frame was {:.0} ms.",
            futures["fresh"],
            number(&futures["took"]),
            1_000.0 * number(&futures["longest"])
        );
        check(futures["fresh"] == 256, || format!("{} futures were run anew, not 256.", futures["fresh"]))?;
        check(futures["ends"] != before["futures"]["ends"], || "The lever does not move the futures.".to_owned())?;
        check(number(&futures["took"]) <= FUTURES_WITHIN, || {
            format!("{} futures took {} s, more than {FUTURES_WITHIN}.", futures["fresh"], futures["took"])
        })?;
        self.picture("lever.png")?;
        self.is_content()
    }

    /// Nothing moves: nothing is drawn.
    fn rests(&mut self) -> Result<(), String> {
        let mut drawn = f64::NAN;
        // The session is kept first, notes go, and the last picture settles.
        for _ in 0..5 {
            let before = number(&self.state()?["frames"]["drawn"]);
            std::thread::sleep(Duration::from_secs(4));
            drawn = number(&self.state()?["frames"]["drawn"]) - before;
            if drawn <= 4.0 {
                return Ok(());
            }
        }
        let state = self.state()?;
        Err(format!("{drawn} frames were drawn in 4 s although nothing moved: {state}"))
    }

    fn keeps_the_session(&mut self) -> Result<(), String> {
        let left = self.state()?;
        // It is kept a second after the last change; a change right before the page is closed goes with it.
        std::thread::sleep(Duration::from_secs(3));
        self.browser.reload()?;
        self.until("the app draws again", "s.frames.drawn > 5", 180)?;
        // The browser's database answers a moment later.
        self.until("the session is offered", "s.offered", 20)?;
        let anew = self.state()?;
        check(anew["offered"] == true && anew["day"] == 0, || format!("A reload does not offer the session: {anew}"))?;
        self.picture("offered.png")?;
        self.command("restore")?;
        let back = self.state()?;
        for what in ["day", "digest", "policy", "seed"] {
            check(back[what] == left[what], || {
                format!("The kept session has {what} {}, not {}.", back[what], left[what])
            })?;
        }
        check(back["offered"] == false, || "A restored session is still offered.".to_owned())?;
        self.is_content()
    }

    fn gives_the_native_digest(&mut self, golden: &Golden) -> Result<String, String> {
        self.visit("")?;
        self.command("decline")?;
        self.command(&format!("seed {}", golden.seed))?;
        for line in &golden.commands {
            self.command(line)?;
        }
        let state = self.state()?;
        check(state["day"] == golden.day && state["digest"] == golden.digest.as_str(), || {
            format!(
                "Day {} has digest {} here, and day {} has {} natively.",
                state["day"], state["digest"], golden.day, golden.digest
            )
        })?;
        println!("Day {} has the native digest.", state["day"]);
        self.command("link")
    }

    fn opens_links(&mut self, golden: &Golden, link: &str) -> Result<(), String> {
        let is_it = |state: &Value| {
            check(state["day"] == golden.day && state["digest"] == golden.digest.as_str(), || {
                format!("The link opens day {} with digest {}: {}", state["day"], state["digest"], state["notice"])
            })
        };
        self.visit(&format!("#s={link}"))?;
        let state = self.state()?;
        is_it(&state)?;
        println!("A link of {} characters opens the same session.", link.len());
        self.picture("link.png")?;

        let shared = self.command("share")?;
        let address = self.browser.eval("location.href")?;
        check(address == shared.as_str() && shared.contains("#s="), || {
            format!("Sharing leaves the address at {address}.")
        })?;

        self.visit("#s=broken")?;
        let state = self.state()?;
        let notice = state["notice"].as_str().unwrap_or_default();
        check(notice.ends_with('.') && state["day"] == 0, || format!("A broken link is met with “{notice}”."))?;
        self.browser.eval(&format!("location.hash = 's={link}'; true"))?;
        self.until("a link pasted into the address is opened", &format!("s.day == {}", golden.day), 60)?;
        let state = self.state()?;
        is_it(&state)?;
        self.is_content()
    }

    /// Files leave as downloads and come back through the browser's dialog.
    fn saves_and_opens(&mut self, golden: &Golden) -> Result<(), String> {
        let downloads = self.pictures.join("downloads");
        if downloads.exists() {
            std::fs::remove_dir_all(&downloads).map_err(|cause| cause.to_string())?;
        }
        let behaviour = json!({ "behavior": "allow", "downloadPath": downloads });
        self.browser.ask("Page.setDownloadBehavior", behaviour)?;
        self.command("save lesson.detente")?;
        let file = downloads.join("lesson.detente");
        arrives(&file)?;
        self.command("report lesson")?;
        let report = downloads.join("lesson.zip");
        arrives(&report)?;
        let archive = std::fs::read(&report).map_err(|cause| format!("The report cannot be read ({cause})."))?;
        for table in ["events.csv", "events.parquet", "series.csv", "series.parquet"] {
            let there = archive.windows(table.len()).any(|name| name == table.as_bytes());
            check(there, || format!("The archive of the report lacks {table}."))?;
        }
        let report = first_of(&archive).ok_or("The archive of the report does not begin with a page.")?;
        let whole = report.contains(&golden.digest) && report.contains("data:image/png");
        check(whole, || "The report lacks the digest or the picture of the map.".to_owned())?;
        // Something else, so that opening shows.
        self.command("go 3")?;
        self.command("load anything")?;
        let page = self.browser.ask("DOM.getDocument", json!({}))?;
        let asked = json!({ "nodeId": page["root"]["nodeId"], "selector": "#file" });
        let input = self.browser.ask("DOM.querySelector", asked)?;
        let chosen = json!({ "nodeId": input["nodeId"], "files": [file] });
        self.browser.ask("DOM.setFileInputFiles", chosen)?;
        self.until("the saved file opens", &format!("s.day == {}", golden.day), 60)?;
        let state = self.state()?;
        check(state["digest"] == golden.digest.as_str(), || {
            format!("The file opens with digest {}.", state["digest"])
        })?;
        self.picture("opened.png")?;
        self.is_content()
    }

    /// Space plays and pauses from the start, without a click first; and it scrolls nothing.
    fn listens_to_keys(&mut self) -> Result<(), String> {
        self.visit("")?;
        for playing in [true, false] {
            for kind in ["keyDown", "keyUp"] {
                let mut key = json!({ "type": kind, "key": " ", "code": "Space", "windowsVirtualKeyCode": 32 });
                if kind == "keyDown" {
                    key["text"] = " ".into();
                }
                self.browser.ask("Input.dispatchKeyEvent", key)?;
            }
            self.until("Space plays and pauses", &format!("s.playing == {playing}"), 20)?;
        }
        self.is_content()
    }

    /// A lesson opens at its first step, and the keys that a presenter's remote sends walk it.
    fn walks_a_lesson(&mut self) -> Result<(), String> {
        self.visit("")?;
        self.command("lesson one-deal-or-many")?;
        self.until("the lesson is there", "s.step === 1 && s.steps === 9 && s.seed === 80", 20)?;
        for (key, code, step) in [("PageDown", 34, 2), ("PageUp", 33, 1)] {
            for kind in ["keyDown", "keyUp"] {
                let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
                self.browser.ask("Input.dispatchKeyEvent", event)?;
            }
            self.until(&format!("{key} walks"), &format!("s.step === {step}"), 20)?;
        }
        self.is_content()
    }

    /// Wheel, drag and pinch belong to the map and never move the page.
    fn stays_put_under_fingers(&mut self) -> Result<(), String> {
        let finger = |id: u32, x: f64, y: f64| json!({ "id": id, "x": x, "y": y });
        let mut touch = |kind: &str, points: Value| {
            self.browser.ask("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points })).map(drop)
        };
        touch("touchStart", json!([finger(0, 640.0, 360.0)]))?;
        for step in 1..8 {
            touch("touchMove", json!([finger(0, 640.0, 360.0 - 30.0 * f64::from(step))]))?;
        }
        touch("touchEnd", json!([]))?;
        touch("touchStart", json!([finger(0, 600.0, 360.0), finger(1, 680.0, 360.0)]))?;
        for step in 1..8 {
            let apart = 20.0 * f64::from(step);
            touch("touchMove", json!([finger(0, 600.0 - apart, 360.0), finger(1, 680.0 + apart, 360.0)]))?;
        }
        touch("touchEnd", json!([]))?;
        let wheel = json!({ "type": "mouseWheel", "x": 640, "y": 360, "deltaX": 0, "deltaY": 300, "modifiers": 2 });
        self.browser.ask("Input.dispatchMouseEvent", wheel)?;
        self.until("the app draws on", "s.frames.drawn > 5", 20)?;
        let moved = self
            .browser
            .eval("[scrollX, scrollY, visualViewport.scale, document.scrollingElement.scrollTop].join()")?;
        check(moved == "0,0,1,0", || format!("Fingers move the page itself: {moved}."))?;
        self.picture("fingers.png")
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}
