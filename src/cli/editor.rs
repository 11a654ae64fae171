//! The person's editor: which program, and the words that it is started with.

use std::ffi::OsString;
use std::path::Path;

/// What is tried where nobody has said which.
const USUAL: [&str; 2] = ["nano", "vi"];

/// The command that edits a file, or why there is none.
pub(super) fn command(file: &Path) -> Result<Vec<OsString>, String> {
    let said = |name: &str| std::env::var(name).ok();
    let mut words: Vec<OsString> = choose(said("VISUAL"), said("EDITOR"), is_there)?
        .into_iter()
        .map(OsString::from)
        .collect();
    words.push(file.as_os_str().to_owned());
    Ok(words)
}

fn choose(
    visual: Option<String>,
    editor: Option<String>,
    there: impl Fn(&str) -> bool,
) -> Result<Vec<String>, String> {
    for (name, said) in [("VISUAL", visual), ("EDITOR", editor)] {
        let Some(said) = said.filter(|said| !said.trim().is_empty()) else {
            continue;
        };
        return split(&said)
            .filter(|words| !words.is_empty())
            .ok_or_else(|| format!("{name} has a quote that does not end: {said}"));
    }
    match USUAL.into_iter().find(|name| there(name)) {
        Some(name) => Ok(vec![name.to_owned()]),
        None => Err("no editor is found: set EDITOR to the one that you use".to_owned()),
    }
}

/// Splits words as a shell does: at blanks, but not inside quotes or after a backslash. `None`
/// where a quote does not end.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), close) if open == close => quote = None,
            (Some('"') | None, '\\') => {
                word.get_or_insert_default().push(letters.next()?);
            }
            (Some(_), _) => word.get_or_insert_default().push(letter),
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (None, _) => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
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
            ("", &[]),
        ] {
            assert_eq!(
                split(text).as_deref(),
                Some(
                    words
                        .iter()
                        .map(|w| (*w).to_owned())
                        .collect::<Vec<_>>()
                        .as_slice()
                ),
                "{text}"
            );
        }
        for open in ["ed 'a", "ed \"a", "ed \\"] {
            assert_eq!(split(open), None, "{open}");
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
}
