//! A server on loopback that answers as a test wants it to.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What was asked.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// Reads it; nothing if nobody asks after all.
    fn read(stream: &TcpStream) -> Option<Self> {
        let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
        let path = lines.next()?.split(' ').nth(1)?.to_owned();
        let headers = lines.take_while(|line| !line.is_empty());
        let headers = headers.filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        Some(Self {
            path,
            headers: headers.collect(),
        })
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Which of the four files is meant.
    pub fn file(&self) -> Option<&'static str> {
        super::NAMES
            .into_iter()
            .find(|name| self.path.ends_with(name))
    }

    /// The same without a range.
    pub fn whole(&self) -> Self {
        let mut request = self.clone();
        request.headers.retain(|(name, _)| name != "range");
        request
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    is_silent: bool,
    stalls: bool,
}

impl Reply {
    /// Nothing but a status.
    pub fn status(status: u16) -> Self {
        let headers = vec![("Content-Length".into(), "0".into())];
        Self {
            status,
            headers,
            body: Vec::new(),
            is_silent: false,
            stalls: false,
        }
    }

    /// Not even that.
    pub fn silence() -> Self {
        Self {
            is_silent: true,
            stalls: true,
            ..Self::status(200)
        }
    }

    /// `content`, or the range of it that is asked for; whatever `If-Range` says.
    pub fn of(request: &Request, content: &[u8], tag: &str) -> Self {
        let from = request.header("range").map(|range| {
            let from = range.trim_start_matches("bytes=").trim_end_matches('-');
            from.parse::<usize>().expect("it is a number")
        });
        let body = content[from.unwrap_or(0)..].to_vec();
        let range = from.map(|from| {
            let range = format!("bytes {from}-{}/{}", content.len() - 1, content.len());
            ("Content-Range", range)
        });
        let length = body.len();
        let reply = Self {
            status: if from.is_some() { 206 } else { 200 },
            body,
            ..Self::status(200)
        };
        reply
            .claims(length)
            .with(&[("ETag", tag.to_owned())])
            .with(range.as_slice())
    }

    /// With these headers, in place of others of the same names.
    pub fn with(mut self, headers: &[(&str, String)]) -> Self {
        for (name, value) in headers {
            self.headers.retain(|(header, _)| header != name);
            self.headers.push(((*name).into(), value.clone()));
        }
        self
    }

    /// Says that so many bytes come.
    pub fn claims(self, length: usize) -> Self {
        self.with(&[("Content-Length", length.to_string())])
    }

    /// Breaks off after so many bytes.
    pub fn cut(mut self, after: usize) -> Self {
        self.body.truncate(after);
        self
    }

    /// Says no more after so many bytes, and stays on the line.
    pub fn stalls_after(mut self, after: usize) -> Self {
        self.stalls = true;
        self.cut(after)
    }

    fn write(&self, mut stream: &TcpStream) {
        let mut head = format!("HTTP/1.1 {} As It Is\r\nConnection: close\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        // Whoever asked may have gone.
        let _ = stream.write_all(format!("{head}\r\n").as_bytes());
        let _ = stream.write_all(&self.body);
    }
}

/// It answers until it is dropped.
pub struct Server {
    address: String,
    requests: Arc<Mutex<Vec<Request>>>,
    has_ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(mut answer: impl FnMut(&Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback is there");
        let address = listener.local_addr().expect("it is bound").to_string();
        let requests = Arc::<Mutex<Vec<Request>>>::default();
        let has_ended = Arc::<AtomicBool>::default();
        let (asked, ended) = (Arc::clone(&requests), Arc::clone(&has_ended));
        let thread = thread::spawn(move || {
            let mut held = Vec::new();
            for stream in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let _ = stream.set_read_timeout(Some(Duration::from_secs(20)));
                let Some(request) = Request::read(&stream) else {
                    continue;
                };
                asked.lock().expect("nobody panics").push(request.clone());
                let reply = answer(&request);
                if !reply.is_silent {
                    reply.write(&stream);
                }
                if reply.stalls {
                    held.push(stream);
                }
            }
        });
        Self {
            address,
            requests,
            has_ended,
            thread: Some(thread),
        }
    }

    /// What `HF_ENDPOINT` is to name.
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("nobody panics").clone()
    }

    /// The address where nobody answers any more.
    pub fn stopped(self) -> String {
        self.address()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::Relaxed);
        // So that it notices.
        let _ = TcpStream::connect(&self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
