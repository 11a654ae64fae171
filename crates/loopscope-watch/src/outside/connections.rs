//! Who waits at the sockets of a process: connections that it has not accepted, or has not read from.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The states of a socket, as `/proc/net/tcp` has them.
const ESTABLISHED: u8 = 0x01;
const CLOSE_WAIT: u8 = 0x08;
const LISTEN: u8 = 0x0a;

/// A socket, as a line of `/proc/net/tcp` or `tcp6` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Its own address.
    pub own: SocketAddr,
    /// The other end's.
    pub other: SocketAddr,
    state: u8,
    /// How many bytes came that were not read yet; of a listener, how many connections wait.
    pub unread: u32,
    /// Its inode; 0 as long as no process has accepted it.
    pub inode: u64,
}

/// A connection that waits for the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiting {
    /// The client's end.
    pub client: SocketAddr,
    /// It was accepted, and has sent what was not read yet.
    pub is_accepted: bool,
    /// Its client sends no more: it has closed its end.
    pub is_closed: bool,
}

/// The sockets that a table lists.
pub fn parse(table: &str) -> Vec<Socket> {
    table.lines().skip(1).filter_map(socket).collect()
}

fn socket(line: &str) -> Option<Socket> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let own = address(words.next()?)?;
    let other = address(words.next()?)?;
    let state = u8::from_str_radix(words.next()?, 16).ok()?;
    let (_, unread) = words.next()?.split_once(':')?;
    Some(Socket {
        own,
        other,
        state,
        unread: u32::from_str_radix(unread, 16).ok()?,
        inode: words.nth(4)?.parse().ok()?,
    })
}

/// `0100007F:1F40`: words of four bytes in the order of the machine, and a port.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |at: usize| {
        u32::from_str_radix(address.get(at..at + 8)?, 16)
            .ok()
            .map(u32::to_ne_bytes)
    };
    let address = if address.len() == 8 {
        IpAddr::V4(Ipv4Addr::from(word(0)?))
    } else {
        let words = [word(0)?, word(8)?, word(16)?, word(24)?].concat();
        let long = Ipv6Addr::from(<[u8; 16]>::try_from(words).ok()?);
        long.to_canonical()
    };
    Some(SocketAddr::new(address, port))
}

/// The ports that the process with these sockets listens at.
pub fn listened(sockets: &[Socket], inodes: &HashSet<u64>) -> HashSet<u16> {
    let listeners = sockets.iter().filter(|socket| socket.state == LISTEN);
    let own = listeners.filter(|socket| inodes.contains(&socket.inode));
    own.map(|socket| socket.own.port()).collect()
}

/// Where a process listens now, in the order of the system's table.
pub fn listening(pid: u32) -> Vec<SocketAddr> {
    let inodes = inodes(pid);
    let all = TABLES
        .iter()
        .flat_map(|table| listeners(pid, table, usize::MAX));
    let own = all.filter(|socket| inodes.contains(&socket.inode));
    own.map(|socket| socket.own).collect()
}

/// The connections to these ports that wait.
pub fn waiting(sockets: &[Socket], ports: &HashSet<u16>) -> Vec<Waiting> {
    let open = sockets
        .iter()
        .filter(|socket| matches!(socket.state, ESTABLISHED | CLOSE_WAIT));
    let here = open.filter(|socket| ports.contains(&socket.own.port()));
    here.filter(|socket| socket.inode == 0 || socket.has_sent())
        .map(|socket| Waiting {
            client: socket.other,
            is_accepted: socket.inode != 0,
            is_closed: socket.state == CLOSE_WAIT,
        })
        .collect()
}

impl Socket {
    /// Whether something waits to be read. The end of what a client sends counts as a byte.
    const fn has_sent(&self) -> bool {
        self.unread > (self.state == CLOSE_WAIT) as u32
    }
}

/// The kernel's tables of sockets.
pub(crate) const TABLES: [&str; 2] = ["tcp", "tcp6"];

/// All sockets of a table that the network of a process has.
pub(crate) fn all(pid: u32, table: &str) -> Vec<Socket> {
    let path = format!("/proc/{pid}/net/{table}");
    parse(&fs::read_to_string(path).unwrap_or_default())
}

/// The listeners among the first `most` sockets of a table. They stand at its beginning, and asking for little at once
/// keeps the kernel from going through all connections.
pub(crate) fn listeners(pid: u32, table: &str, most: usize) -> Vec<Socket> {
    let mut found = Vec::new();
    let Ok(mut file) = File::open(format!("/proc/{pid}/net/{table}")) else {
        return found;
    };
    let (mut row, mut bytes, mut is_header) = (String::new(), [0; 64], true);
    while found.len() < most {
        let count = file.read(&mut bytes).unwrap_or(0);
        if count == 0 {
            break;
        }
        row.push_str(&String::from_utf8_lossy(&bytes[..count]));
        let Some((line, rest)) = row.split_once('\n') else {
            continue;
        };
        if !std::mem::take(&mut is_header) {
            match socket(line).filter(|socket| socket.state == LISTEN) {
                Some(socket) => found.push(socket),
                None => break,
            }
        }
        row = rest.to_owned();
    }
    found
}

/// The inodes of the sockets that a process has open.
pub(crate) fn inodes(pid: u32) -> HashSet<u64> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/fd")) else {
        return HashSet::new();
    };
    let targets = entries
        .flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok());
    let inode = |target: std::path::PathBuf| {
        let target = target
            .to_str()?
            .strip_prefix("socket:[")?
            .strip_suffix(']')?
            .to_owned();
        target.parse().ok()
    };
    targets.filter_map(inode).collect()
}
