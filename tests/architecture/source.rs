//! A source file without its comments and texts, so that words in them are no code.

/// A file of a crate.
pub struct Source {
    /// The crate, and the path below its `src`: `loopscope-tui/view.rs`, with slashes.
    pub name: String,
    /// The text as it is.
    pub text: String,
    /// The text with comments, strings and characters blanked; the same lines.
    pub code: String,
}

impl Source {
    /// Reads a file.
    pub fn new(name: &str, text: &str) -> Self {
        Self {
            name: name.replace('\\', "/"),
            text: text.to_owned(),
            code: blanked(text),
        }
    }

    /// The name of its crate.
    pub fn member(&self) -> &str {
        self.name.split('/').next().unwrap_or("")
    }

    /// Its path below the `src` of its crate.
    pub fn inner(&self) -> &str {
        self.name.split_once('/').map_or("", |(_, inner)| inner)
    }

    /// The path of its folder.
    pub fn room(&self) -> &str {
        self.name.rsplit_once('/').map_or("", |(room, _)| room)
    }

    /// Whether it is the face of a room or of a crate.
    pub fn is_face(&self) -> bool {
        let inner = self.inner();
        inner == "lib.rs" || inner.ends_with("mod.rs")
    }

    /// Whether its first lines say that it is a table.
    pub fn is_table(&self) -> bool {
        let mark = |line: &str| line.starts_with("//") && line.ends_with(" table");
        self.text.lines().take(12).any(mark)
    }
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The places of a whole word.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(place, _)| place)
        .filter(move |&place| {
            let before = code[..place].chars().next_back();
            let after = code[place + word.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
}

/// The text with everything blanked that is no code.
fn blanked(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = skipped(rest, &code);
        if length == 0 {
            code.push(letter);
            rest = &rest[letter.len_utf8()..];
        } else {
            let gone = &rest[..length];
            code.extend(
                gone.chars()
                    .map(|letter| if letter == '\n' { '\n' } else { ' ' }),
            );
            rest = &rest[length..];
        }
    }
    code
}

/// How many bytes at the start are a comment, a string or a character.
fn skipped(rest: &str, before: &str) -> usize {
    let until = |end: &str, from: usize| {
        rest[from..]
            .find(end)
            .map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return until("*/", 2);
    }
    let in_word = before.chars().next_back().is_some_and(is_word);
    if rest.starts_with('r') && !in_word {
        let hashes = rest[1..]
            .chars()
            .take_while(|&letter| letter == '#')
            .count();
        if rest[1 + hashes..].starts_with('"') {
            return until(&format!("\"{}", "#".repeat(hashes)), 2 + hashes);
        }
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    if let Some(after) = rest.strip_prefix('\'') {
        let mut letters = after.chars();
        // A lifetime has no second quote right after its first letter.
        match (letters.next(), letters.next()) {
            (Some('\\'), _) | (Some(_), Some('\'')) => return quoted(rest, '\''),
            _ => {}
        }
    }
    0
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (place, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return place + letter.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}
