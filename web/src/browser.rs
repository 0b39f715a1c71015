//! A headless Chromium, driven through its DevTools protocol.

use base64::Engine as _;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tungstenite::{Message, WebSocket};

/// One page in a browser of its own.
pub struct Browser {
    child: Child,
    socket: WebSocket<TcpStream>,
    session: Option<String>,
    next: u64,
    profile: PathBuf,
    /// What the page complained about.
    pub complaints: Vec<String>,
    /// Whether the page has loaded since the last look.
    loaded: bool,
}

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Browser {
    /// Starts a browser with an empty profile, and flags beside the usual ones.
    pub fn start(profile: &Path, flags: &[&str]) -> Result<Self, String> {
        if profile.exists() {
            std::fs::remove_dir_all(profile)
                .map_err(|cause| format!("{} cannot be emptied ({cause}).", profile.display()))?;
        }
        let mut child = launch(profile, flags)?;
        let address = match listening(&mut child) {
            Ok(address) => address,
            Err(why) => {
                let _ = child.kill();
                return Err(why);
            }
        };
        let host = address.trim_start_matches("ws://").split('/').next().unwrap_or_default().to_owned();
        let opened = TcpStream::connect(&host).map_err(|cause| cause.to_string()).and_then(|stream| {
            stream.set_read_timeout(Some(PATIENCE)).map_err(|cause| cause.to_string())?;
            tungstenite::client(&address, stream).map_err(|cause| cause.to_string())
        });
        let (socket, _) = opened.map_err(|why| format!("Chromium does not talk at {address} ({why})."))?;
        let mut browser = Self {
            child,
            socket,
            session: None,
            next: 0,
            profile: profile.to_owned(),
            complaints: Vec::new(),
            loaded: false,
        };
        let page = browser.ask("Target.createTarget", json!({ "url": "about:blank" }))?;
        let session = browser.ask("Target.attachToTarget", json!({ "targetId": page["targetId"], "flatten": true }))?;
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page.enable", "Runtime.enable", "Log.enable", "Performance.enable"] {
            browser.ask(domain, json!({}))?;
        }
        let screen = json!({ "width": 1280, "height": 720, "deviceScaleFactor": 1, "mobile": false });
        browser.ask("Emulation.setDeviceMetricsOverride", screen)?;
        Ok(browser)
    }

    /// Sends a message and waits for its answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.as_str().into();
        }
        self.socket.send(Message::text(message.to_string())).map_err(|cause| format!("Chromium hung up ({cause})."))?;
        loop {
            let answer = self.hear(method)?;
            if answer["id"] == self.next {
                if let Some(error) = answer.get("error") {
                    return Err(format!("{method}: {}", error["message"].as_str().unwrap_or("refused")));
                }
                return Ok(answer["result"].clone());
            }
        }
    }

    /// The next message, noted if it is an event.
    fn hear(&mut self, waiting_for: &str) -> Result<Value, String> {
        loop {
            let message =
                self.socket.read().map_err(|cause| format!("{waiting_for}: Chromium does not answer ({cause})."))?;
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).map_err(|cause| format!("{waiting_for}: {cause}"))?;
            let about = &message["params"];
            match message["method"].as_str() {
                Some("Runtime.exceptionThrown") => {
                    let details = &about["exceptionDetails"];
                    let what = details["exception"]["description"].as_str().or(details["text"].as_str());
                    self.complaints.push(format!("exception: {}", what.unwrap_or("unknown")));
                }
                Some("Runtime.consoleAPICalled") if matches!(about["type"].as_str(), Some("error" | "assert")) => {
                    let words = about["args"].as_array().into_iter().flatten();
                    let words: Vec<String> = words
                        .map(|a| a["value"].as_str().map_or(a["description"].to_string(), str::to_owned))
                        .collect();
                    self.complaints.push(format!("console: {}", words.join(" ")));
                }
                Some("Log.entryAdded") if about["entry"]["level"] == "error" => {
                    let entry = &about["entry"];
                    self.complaints.push(format!("log: {} {}", entry["text"], entry["url"]));
                }
                Some("Page.loadEventFired") => self.loaded = true,
                _ => {}
            }
            return Ok(message);
        }
    }

    /// Goes to an address and waits until it has loaded.
    pub fn go(&mut self, address: &str) -> Result<(), String> {
        self.loaded = false;
        self.ask("Page.navigate", json!({ "url": address }))?;
        self.wait_loaded()
    }

    /// Holds the network down to so many bytes a second; 0 sets it free.
    pub fn throttle(&mut self, bytes: u32) -> Result<(), String> {
        self.ask("Network.enable", json!({}))?;
        let down = if bytes == 0 { -1.0 } else { f64::from(bytes) };
        let how = json!({ "offline": false, "latency": 0, "downloadThroughput": down, "uploadThroughput": -1 });
        self.ask("Network.emulateNetworkConditions", how).map(drop)
    }

    /// Loads the page again.
    pub fn reload(&mut self) -> Result<(), String> {
        self.loaded = false;
        self.ask("Page.reload", json!({}))?;
        self.wait_loaded()
    }

    fn wait_loaded(&mut self) -> Result<(), String> {
        while !self.loaded {
            self.hear("loading the page")?;
        }
        Ok(())
    }

    /// Value of an expression of JavaScript, its promise kept.
    pub fn eval(&mut self, expression: &str) -> Result<Value, String> {
        let asked =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true });
        let answer = self.ask("Runtime.evaluate", asked).map_err(|why| self.stuck(expression, &why))?;
        if let Some(details) = answer.get("exceptionDetails") {
            let what = details["exception"]["description"].as_str().or(details["text"].as_str());
            return Err(format!("`{expression}` throws: {}", what.unwrap_or("something")));
        }
        Ok(answer["result"]["value"].clone())
    }

    /// A page that does not answer, with what still can be learnt of it: whether it draws frames, and whether a hand wakes it.
    fn stuck(&mut self, expression: &str, why: &str) -> String {
        let mut probe = |expression: &str| {
            let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
            match self.ask("Runtime.evaluate", asked) {
                Ok(answer) => answer["result"]["value"].to_string(),
                Err(why) => why,
            }
        };
        let within = |what: &str| {
            format!("Promise.race([{what}, new Promise(done => setTimeout(() => done('not within 5 s'), 5000))])")
        };
        let stands = probe("[document.visibilityState, document.hasFocus(), performance.now()].join()");
        let draws = probe(&within("new Promise(done => requestAnimationFrame(() => done('yes')))"));
        let turns = probe(&within("new Promise(done => setTimeout(() => done('yes'), 0))"));
        let answers = probe(&within("detente.state().then(s => JSON.stringify(s.frames))"));
        let hand = "document.getElementById('studio').dispatchEvent(new PointerEvent('pointermove', \
                    { clientX: 300, clientY: 300, bubbles: true, pointerId: 1, pointerType: 'mouse' }))";
        let moved = probe(hand);
        let after = probe(&within("detente.state().then(s => JSON.stringify(s.frames))"));
        format!(
            "`{expression}`: {why} The page: {stands}; a frame comes: {draws}; a timer: {turns}; its state: {answers}; \
             after a move of the pointer ({moved}): {after}. {}",
            self.complaints.join("\n")
        )
    }

    /// Asks again and again until the answer is `true`.
    pub fn wait(&mut self, what: &str, expression: &str, patience: Duration) -> Result<(), String> {
        let started = Instant::now();
        while self.eval(expression)? != true {
            if started.elapsed() > patience {
                let seen = self.eval("document.body.innerText.slice(0, 500)")?;
                let complaints = self.complaints.join("\n");
                return Err(format!(
                    "Not within {} s: {what}. The page says {seen}.\n{complaints}",
                    patience.as_secs()
                ));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// How long the page's program has run since it was loaded, seconds.
    pub fn script_seconds(&mut self) -> Result<f64, String> {
        let answer = self.ask("Performance.getMetrics", json!({}))?;
        let metrics = answer["metrics"].as_array().into_iter().flatten();
        let mut found = metrics.filter(|metric| metric["name"] == "ScriptDuration");
        found.next().and_then(|metric| metric["value"].as_f64()).ok_or_else(|| "Chromium measures nothing.".to_owned())
    }

    /// A picture of the page.
    pub fn picture(&mut self, path: &Path) -> Result<(), String> {
        let answer = self.ask("Page.captureScreenshot", json!({ "format": "png" }))?;
        let picture = answer["data"].as_str().unwrap_or_default();
        let picture = base64::engine::general_purpose::STANDARD.decode(picture).map_err(|cause| cause.to_string())?;
        std::fs::write(path, picture).map_err(|cause| format!("{} cannot be written ({cause}).", path.display()))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.session = None;
        // Asked first, so that its own children end too.
        let _ = self.ask("Browser.close", json!({}));
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

fn launch(profile: &Path, flags: &[&str]) -> Result<Child, String> {
    for name in ["chromium", "chromium-browser", "google-chrome"] {
        let child = Command::new(name)
            .args(["--headless=new", "--no-sandbox", "--disable-background-networking", "--disable-component-update"])
            .args(["--disable-sync", "--no-first-run", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"])
            .args(["--window-size=1280,720", "--remote-debugging-port=0", "--touch-events=enabled"])
            .arg(format!("--user-data-dir={}", profile.display()))
            .args(flags)
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        if let Ok(child) = child {
            return Ok(child);
        }
    }
    Err("The test needs a Chromium; install one (on Debian: `apt install chromium`), so that `chromium` is on the PATH.".to_owned())
}

/// The address at which a browser that has just started listens.
fn listening(child: &mut Child) -> Result<String, String> {
    let Some(stderr) = child.stderr.take() else { return Err("Chromium says nothing.".to_owned()) };
    let mut lines = BufReader::new(stderr).lines().map_while(Result::ok);
    let mut said = String::new();
    for line in lines.by_ref() {
        if let Some(address) = line.strip_prefix("DevTools listening on ") {
            let address = address.trim().to_owned();
            // Somebody must read on, or the browser stops when the pipe is full.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok(address);
        }
        said += &line;
        said.push('\n');
    }
    Err(format!("Chromium does not start. It says:\n{said}"))
}
