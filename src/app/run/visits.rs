//! Sends requests to a program that is watched, over loopback, as soon as it listens.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use loopscope_protocol::request::Visit;
use loopscope_watch::outside::connections;

/// How often it is looked whether the program listens.
const LOOK: Duration = Duration::from_millis(20);
/// How long a connection may take to come about, and how long a request may wait for its answer.
const CONNECTING: Duration = Duration::from_secs(2);
const ANSWER: Duration = Duration::from_secs(600);
/// How long the program goes on once all is answered, where it is asked to end then.
const AFTER: Duration = Duration::from_secs(1);

/// The requests of a run, and how far they are.
pub(crate) struct Visits {
    requests: Vec<Visit>,
    until_answered: bool,
    looked: Option<Instant>,
    sent: Vec<Sent>,
    /// What became of them, counted: `200`, or why there was no answer.
    answers: BTreeMap<String, usize>,
    /// Since when all of them are answered.
    done: Option<Instant>,
}

/// What there is to do about them.
pub(crate) enum Step {
    /// Nothing yet.
    Wait,
    /// They came to this.
    Tell(String),
    /// The program is to be asked to end.
    End,
}

/// A request that waits for its answer.
struct Sent {
    stream: TcpStream,
    at: Instant,
    /// The first line of the answer, as far as it has come.
    head: Vec<u8>,
}

impl Visits {
    pub(crate) fn new(requests: Vec<Visit>, until_answered: bool) -> Self {
        Self {
            requests,
            until_answered,
            looked: None,
            sent: Vec::new(),
            answers: BTreeMap::new(),
            done: None,
        }
    }

    /// Looks once; `processes` are those of the program. Never waits for long.
    pub(crate) fn step(&mut self, processes: impl FnOnce() -> Vec<u32>) -> Step {
        if let Some(done) = self.done {
            let is_over = self.until_answered && done.elapsed() > AFTER;
            self.until_answered &= !is_over;
            return if is_over { Step::End } else { Step::Wait };
        }
        let asked: usize = self.requests.iter().map(|visit| visit.times as usize).sum();
        if asked == 0 {
            return Step::Wait;
        }
        if self.answers.is_empty() && self.sent.is_empty() {
            if self.looked.is_some_and(|looked| looked.elapsed() < LOOK) {
                return Step::Wait;
            }
            self.looked = Some(Instant::now());
            let Some(address) = door(processes()) else {
                return Step::Wait;
            };
            self.send(address);
        }
        self.read();
        if !self.sent.is_empty() {
            return Step::Wait;
        }
        self.done = Some(Instant::now());
        let counted = self
            .answers
            .iter()
            .map(|(what, count)| format!("{what} {count}×"));
        Step::Tell(format!(
            "sent {asked} over loopback, answered: {}",
            counted.collect::<Vec<_>>().join(", ")
        ))
    }

    /// Sends all of them, one right behind the other.
    fn send(&mut self, address: SocketAddr) {
        for visit in &self.requests {
            for _ in 0..visit.times {
                match send(visit, address) {
                    Ok(stream) => self.sent.push(Sent {
                        stream,
                        at: Instant::now(),
                        head: Vec::new(),
                    }),
                    Err(error) => *self.answers.entry(named(error.kind())).or_default() += 1,
                }
            }
        }
    }

    fn read(&mut self) {
        let answers = &mut self.answers;
        self.sent.retain_mut(|sent| match sent.read() {
            Some(what) => {
                *answers.entry(what).or_default() += 1;
                false
            }
            None => true,
        });
    }
}

impl Sent {
    /// What became of it, once that is known: all of its answer is read, and let go.
    fn read(&mut self) -> Option<String> {
        let mut bytes = [0; 16 * 1024];
        loop {
            match self.stream.read(&mut bytes) {
                Ok(0) => return Some(self.status()),
                Ok(count) => {
                    let room = 64_usize.saturating_sub(self.head.len()).min(count);
                    self.head.extend(&bytes[..room]);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return (self.at.elapsed() > ANSWER).then(|| "no answer".to_owned());
                }
                Err(error) => return Some(named(error.kind())),
            }
        }
    }

    /// `200` of `HTTP/1.1 200 OK`.
    fn status(&self) -> String {
        let head = String::from_utf8_lossy(&self.head);
        let status = head
            .strip_prefix("HTTP/1.")
            .and_then(|rest| rest.split(' ').nth(1));
        let digits =
            |status: &&str| status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit());
        status
            .filter(digits)
            .map_or_else(|| "closed without an answer".to_owned(), str::to_owned)
    }
}

fn send(visit: &Visit, address: SocketAddr) -> std::io::Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&address, CONNECTING)?;
    let Visit { method, path, .. } = visit;
    let length = match method.as_str() {
        "POST" | "PUT" | "PATCH" => "Content-Length: 0\r\n",
        _ => "",
    };
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: loopscope\r\nAccept: */*\r\nConnection: close\r\n{length}\r\n"
    );
    stream.write_all(request.as_bytes())?;
    stream.set_nonblocking(true)?;
    Ok(stream)
}

fn named(kind: ErrorKind) -> String {
    match kind {
        ErrorKind::ConnectionRefused => "refused".to_owned(),
        ErrorKind::ConnectionReset => "reset".to_owned(),
        ErrorKind::TimedOut => "no connection".to_owned(),
        kind => kind.to_string(),
    }
}

/// Where the first of the processes that listens can be reached over loopback.
fn door(processes: Vec<u32>) -> Option<SocketAddr> {
    let mut all = processes
        .into_iter()
        .flat_map(connections::listening)
        .filter_map(|address| {
            let ip = match address.ip() {
                ip if ip.is_loopback() => ip,
                ip if !ip.is_unspecified() => return None,
                IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
                IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
            };
            Some(SocketAddr::new(ip, address.port()))
        });
    all.next()
}
