//! The lines between presenter and notes: what survives the way, and what is refused.

use super::*;
use loopscope_tui::keys::key::KeyCode;

/// Reads a byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let Some((first, rest)) = self.0.split_first() else {
            return Ok(0);
        };
        into[0] = *first;
        self.0 = rest;
        Ok(1)
    }
}

#[test]
fn a_page_survives_the_way() {
    let page = Page {
        title: "a\nb".to_owned(),
        notes: vec!["\u{1b}[2J".to_owned()],
        ..Page::default()
    };
    let told = PageLine::new(page.clone(), Duration::from_secs(3), None);
    let line = of(&told).unwrap();
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
    let heard = Lines::long(Slow(&line)).next().unwrap();
    let parts = to_page(&heard).unwrap().parts();
    assert_eq!(parts, (page, Duration::from_secs(3), None));
}

#[test]
fn only_the_few_keys_are_passed_on() {
    for key in KEYS {
        let line = of_key(Key::from(key)).unwrap();
        assert_eq!(to_key(&line), Some(key));
    }
    let control = Key {
        control: true,
        ..Key::char('n')
    };
    for key in [Key::char('q'), Key::plain(KeyCode::Enter), control] {
        assert_eq!(of_key(key), None);
    }
    for strange in [
        &b"{\"notes\":1,\"key\":\"q\"}"[..],
        b"{\"notes\":2,\"key\":\"n\"}",
        b"\xff\xfe",
        b"",
    ] {
        assert_eq!(to_key(strange), None);
    }
}

#[test]
fn another_version_and_garbage_are_told_apart() {
    assert_eq!(
        to_page(b"{\"notes\":7,\"new\":1}").unwrap_err(),
        Wrong::Version(7)
    );
    for strange in [&b"hello"[..], b"{}", b"{\"notes\":1}", b"\xff"] {
        assert_eq!(to_page(strange).unwrap_err(), Wrong::Strange);
    }
}

#[test]
fn a_line_without_an_end_is_given_up() {
    assert_eq!(Lines::short(Slow(b"half")).next(), None);
    assert_eq!(Lines::short(&[b'a'; 9000][..]).next(), None);
    let mut two = Lines::short(&b"one\ntwo\nthr"[..]);
    assert_eq!(two.next(), Some(b"one".to_vec()));
    assert_eq!(two.next(), Some(b"two".to_vec()));
    assert_eq!(two.next(), None);
}
