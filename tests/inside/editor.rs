//! The person's editor: its words, and which one.

use super::*;

fn chosen(visual: &str, editor: &str, there: &[&str]) -> Result<Vec<String>, String> {
    let some = |said: &str| Some(said.to_owned());
    choose(some(visual), some(editor), |name| there.contains(&name))
}

#[test]
fn words_are_split_as_a_shell_does() {
    for (text, words) in [
        ("code -w", &["code", "-w"][..]),
        ("  vim  ", &["vim"]),
        ("'/my apps/ed' -n", &["/my apps/ed", "-n"]),
        ("\"a b\"c 'it''s'", &["a bc", "its"]),
        (r"a\ b \'c", &["a b", "'c"]),
        ("ed ''", &["ed", ""]),
        (r#"ed "a\"b""#, &["ed", "a\"b"]),
        (r"ed 'a\b'", &["ed", r"a\b"]),
    ] {
        assert_eq!(chosen("", text, &[]).unwrap(), words, "{text}");
    }
    for open in ["ed 'a", "ed \"a"] {
        assert!(chosen("", open, &[]).is_err(), "{open}");
    }
}

#[test]
fn what_was_said_goes_before_what_is_usual() {
    assert_eq!(chosen("code -w", "vim", &[]).unwrap(), ["code", "-w"]);
    assert_eq!(chosen(" ", "vim", &["nano"]).unwrap(), ["vim"]);
    assert_eq!(chosen("", "", &["vi", "nano"]).unwrap(), ["nano"]);
    assert_eq!(chosen("", "", &["vi"]).unwrap(), ["vi"]);
    assert!(chosen("", "", &[]).unwrap_err().contains("set EDITOR"));
    assert!(chosen("ed 'x", "", &[]).unwrap_err().contains("VISUAL"));
}
