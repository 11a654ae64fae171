//! A source file without its comments and texts, so that words in them are no code.

/// A file below `src`.
pub struct Source {
    /// Its path below `src`, with slashes.
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

    /// The first folder, or the file itself for `lib.rs` and `main.rs`.
    pub fn layer(&self) -> &str {
        self.name.split(['/', '.']).next().unwrap_or("")
    }

    /// How many modules deep the file is: `tui/view.rs` and `tui/view/mod.rs` are 2.
    fn depth(&self) -> usize {
        let parts = self.name.split('/').count();
        parts - usize::from(self.name.ends_with("/mod.rs"))
    }

    /// The other layers that the file names.
    pub fn imports(&self) -> Vec<String> {
        let mut roots = Vec::new();
        for place in words(&self.code, "crate") {
            if let Some(rest) = self.code[place + 5..].strip_prefix("::") {
                roots.extend(heads(rest));
            }
        }
        let up = "super::".repeat(self.depth());
        for (place, _) in self.code.match_indices(&up) {
            let rest = &self.code[place + up.len()..];
            let before = &self.code[..place];
            if !before.ends_with("super::") && !rest.starts_with("super::") {
                roots.extend(heads(rest));
            }
        }
        roots.retain(|root| root != self.layer() && root != "self");
        roots
    }
}

/// The first names of a path or of a group of paths.
fn heads(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        return name(rest).into_iter().collect();
    };
    let mut depth = 0;
    let mut found = Vec::new();
    let mut fresh = true;
    for (place, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            _ if fresh && (letter.is_alphabetic() || letter == '_') => {
                found.extend(name(&group[place..]));
                fresh = false;
            }
            _ => {}
        }
    }
    found
}

fn name(rest: &str) -> Option<String> {
    let name: String = rest.chars().take_while(|&letter| is_word(letter)).collect();
    // A type or a macro at the root would be a word of its own; layers are in lower case.
    (!name.is_empty()).then_some(name)
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
