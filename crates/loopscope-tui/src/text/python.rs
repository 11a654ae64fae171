//! Python as it stands in a file of the user's, as coloured pieces: keywords, strings, numbers, comments, calls.

use loopscope_trace::{Token, TokenRole};

/// Words that Python keeps for itself.
// table
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "case", "class",
    "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if",
    "import", "in", "is", "lambda", "match", "nonlocal", "not", "or", "pass", "raise", "return",
    "try", "while", "with", "yield",
];

/// Reads the lines of a file one after the other: a string may go on over several of them.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    /// The three quotes that end the string in which the last line has ended.
    open: Option<&'static str>,
}

impl Reader {
    /// The pieces of the next line; all of its text is in them.
    pub fn line(&mut self, line: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut rest = line;
        if let Some(quotes) = self.open {
            rest = self.long_text(&mut tokens, rest, 0, quotes);
        }
        while let Some(first) = rest.chars().next() {
            rest = match first {
                '#' => push(&mut tokens, TokenRole::Comment, rest, rest.len()),
                '"' | '\'' => self.text(&mut tokens, rest, 0),
                _ if first.is_ascii_digit() => {
                    let end =
                        rest.find(|sign: char| !(sign.is_alphanumeric() || "._".contains(sign)));
                    push(
                        &mut tokens,
                        TokenRole::Number,
                        rest,
                        end.unwrap_or(rest.len()),
                    )
                }
                _ if is_name(first) => self.word(&mut tokens, rest),
                _ => push(&mut tokens, TokenRole::Plain, rest, first.len_utf8()),
            };
        }
        tokens
    }

    /// A name, a keyword, or the letters in front of a string.
    fn word<'a>(&mut self, tokens: &mut Vec<Token>, rest: &'a str) -> &'a str {
        let end = rest.find(|sign| !is_name(sign)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let prefix = word.len() <= 2 && word.chars().all(|sign| "rRbBuUfFtT".contains(sign));
        if prefix && after.starts_with(['"', '\'']) {
            return self.text(tokens, rest, end);
        }
        let role = if KEYWORDS.contains(&word) {
            TokenRole::Keyword
        } else if after.trim_start().starts_with('(') {
            TokenRole::Call
        } else {
            TokenRole::Plain
        };
        push(tokens, role, rest, end)
    }

    /// A string whose first quote stands behind `prefix` bytes.
    fn text<'a>(&mut self, tokens: &mut Vec<Token>, rest: &'a str, prefix: usize) -> &'a str {
        for quotes in ["\"\"\"", "'''"] {
            if rest[prefix..].starts_with(quotes) {
                return self.long_text(tokens, rest, prefix + quotes.len(), quotes);
            }
        }
        let quote = &rest[prefix..=prefix];
        let end = end_of_text(&rest[prefix + 1..], quote).map(|end| prefix + 1 + end);
        push(tokens, TokenRole::Text, rest, end.unwrap_or(rest.len()))
    }

    /// A string of three quotes from behind its `from` bytes on, as far as it goes in this line.
    fn long_text<'a>(
        &mut self,
        tokens: &mut Vec<Token>,
        rest: &'a str,
        from: usize,
        quotes: &'static str,
    ) -> &'a str {
        let end = end_of_text(&rest[from..], quotes).map(|end| from + end);
        self.open = end.is_none().then_some(quotes);
        push(tokens, TokenRole::Text, rest, end.unwrap_or(rest.len()))
    }
}

/// Behind the quotes that end a string; what stands behind a backslash does not.
fn end_of_text(text: &str, quotes: &str) -> Option<usize> {
    let mut escaped = false;
    for (place, sign) in text.char_indices() {
        if !escaped && text[place..].starts_with(quotes) {
            return Some(place + quotes.len());
        }
        escaped = !escaped && sign == '\\';
    }
    None
}

fn is_name(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// Adds the first `end` bytes as a piece, to the one before where both are plain; gives what is left.
fn push<'a>(tokens: &mut Vec<Token>, role: TokenRole, rest: &'a str, end: usize) -> &'a str {
    let (text, rest) = rest.split_at(end);
    match tokens.last_mut() {
        Some(last) if last.role == role && role == TokenRole::Plain => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => tokens.push(Token {
            role,
            text: text.to_owned(),
        }),
    }
    rest
}
