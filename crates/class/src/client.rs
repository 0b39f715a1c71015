//! A plain client of a room, over a socket and nothing else: for tests, for figures, and as the shortest description of the API.

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Status.
    pub status: u16,
    /// Header lines, as they came.
    pub head: String,
    /// Body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON; null where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// A client, with the token that it shows.
pub struct Client {
    at: SocketAddr,
    /// Token or key.
    pub token: Option<String>,
    open: Option<BufReader<TcpStream>>,
}

impl Clone for Client {
    fn clone(&self) -> Self {
        Self { at: self.at, token: self.token.clone(), open: None }
    }
}

fn bad(why: &str) -> Error {
    Error::new(ErrorKind::InvalidData, why)
}

impl Client {
    /// A client of the room at an address as the server prints it.
    ///
    /// # Errors
    /// If it is no address.
    pub fn new(address: &str, token: Option<&str>) -> Result<Self> {
        let at = address.trim_start_matches("http://").parse().map_err(|_| bad("no address"))?;
        Ok(Self { at, token: token.map(str::to_owned), open: None })
    }

    fn connect(&self) -> Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect_timeout(&self.at, Duration::from_secs(10))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        Ok(BufReader::new(stream))
    }

    fn head(&self, method: &str, path: &str, more: &str) -> String {
        let token = self.token.as_ref().map_or_else(String::new, |t| format!("Authorization: Bearer {t}\r\n"));
        format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{token}{more}", self.at)
    }

    /// Asks, on the connection of before where it is still open.
    ///
    /// # Errors
    /// If the server is not there, or went away in between.
    pub fn ask(&mut self, method: &str, path: &str, body: Option<&Value>) -> Result<Reply> {
        let text = body.map(Value::to_string);
        let more = text.as_ref().map_or_else(String::new, |text| {
            format!("Content-Type: application/json\r\nContent-Length: {}\r\n", text.len())
        });
        let request = format!("{}\r\n{}", self.head(method, path, &more), text.unwrap_or_default());
        self.send(request.as_bytes())
    }

    /// Sends bytes as they are, and reads what comes back.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn send(&mut self, request: &[u8]) -> Result<Reply> {
        let mut stream = match self.open.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        stream.get_mut().write_all(request)?;
        let (reply, goes_on) = read(&mut stream)?;
        if goes_on {
            self.open = Some(stream);
        }
        Ok(reply)
    }

    /// Asks with GET.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn get(&mut self, path: &str) -> Result<Reply> {
        self.ask("GET", path, None)
    }

    /// Asks with POST.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn post(&mut self, path: &str, body: &Value) -> Result<Reply> {
        self.ask("POST", path, Some(body))
    }

    /// Comes in with a code, and keeps the token.
    ///
    /// # Errors
    /// As [`Client::ask`], and where the room says no.
    pub fn join(address: &str, code: &str, nickname: &str) -> Result<Self> {
        let mut client = Self::new(address, None)?;
        let reply = client.post("/api/join", &serde_json::json!({ "code": code, "nickname": nickname }))?;
        let token = reply.json()["token"].as_str().map(str::to_owned);
        client.token = Some(token.ok_or_else(|| bad(&String::from_utf8_lossy(&reply.body)))?);
        Ok(client)
    }

    /// Listens to a stream from after an item on.
    ///
    /// # Errors
    /// If the server is not there, or says no.
    pub fn listen(&self, path: &str, after: u64) -> Result<Listening> {
        let mut stream = self.connect()?;
        let resumed = format!("Accept: text/event-stream\r\nLast-Event-ID: {after}\r\n");
        stream.get_mut().write_all(format!("{}\r\n", self.head("GET", path, &resumed)).as_bytes())?;
        let (status, head) = read_head(&mut stream)?;
        if status != 200 {
            return Err(bad(&format!("status {status}: {head}")));
        }
        Ok(Listening { stream })
    }
}

/// A stream that is listened to.
pub struct Listening {
    stream: BufReader<TcpStream>,
}

impl Listening {
    /// The next item: its id, and what it is.
    ///
    /// # Errors
    /// If the stream has ended, or nothing came for as long as the client waits.
    pub fn next_item(&mut self) -> Result<(u64, Value)> {
        let mut id = 0;
        loop {
            let line = line(&mut self.stream)?;
            // Sizes of chunks, signs of life and empty lines stand between.
            if let Some(text) = line.strip_prefix("id:") {
                id = text.trim().parse().map_err(|_| bad("no id"))?;
            } else if let Some(text) = line.strip_prefix("data:") {
                return Ok((id, serde_json::from_str(text.trim()).map_err(|_| bad("no item"))?));
            }
        }
    }

    /// How long an item is waited for.
    ///
    /// # Errors
    /// If the socket does not take it.
    pub fn wait(&mut self, longest: Duration) -> Result<()> {
        self.stream.get_mut().set_read_timeout(Some(longest))
    }
}

fn line(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}

fn read_head(stream: &mut BufReader<TcpStream>) -> Result<(u16, String)> {
    let first = line(stream)?;
    let status = first.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(|| bad("no status"))?;
    let mut head = String::new();
    loop {
        let line = line(stream)?;
        if line.is_empty() {
            return Ok((status, head));
        }
        head.push_str(&line);
        head.push('\n');
    }
}

fn read(stream: &mut BufReader<TcpStream>) -> Result<(Reply, bool)> {
    let (status, head) = read_head(stream)?;
    let of = |name: &str| {
        let is = |line: &&str| line.split(':').next().is_some_and(|key| key.eq_ignore_ascii_case(name));
        head.lines().find(is).and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    };
    let mut body = Vec::new();
    if of("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        loop {
            let size = usize::from_str_radix(&line(stream)?, 16).map_err(|_| bad("no chunk"))?;
            let mut chunk = vec![0; size + 2];
            stream.read_exact(&mut chunk)?;
            if size == 0 {
                break;
            }
            body.extend_from_slice(&chunk[..size]);
        }
    } else {
        let size = of("content-length").and_then(|size| size.parse().ok()).unwrap_or(0);
        body.resize(size, 0);
        stream.read_exact(&mut body)?;
    }
    let goes_on = !of("connection").is_some_and(|word| word.eq_ignore_ascii_case("close"));
    Ok((Reply { status, head, body }, goes_on))
}
