//! The role of each piece of a generated line. The lines are our own, so a few words suffice.

use loopscope_trace::{Language, Token, TokenRole};

const PYTHON: &[&str] = &[
    "app", "async", "await", "def", "for", "in", "pass", "return",
];

const RUST: &[&str] = &["async", "await", "fn", "for", "in", "let", "move", "return"];

/// The tokens of `line`; together they are the line.
pub(crate) fn of(language: Language, line: &str) -> Vec<Token> {
    let (keywords, comment) = match language {
        Language::Python => (&PYTHON[1..], "#"),
        Language::Rust => (RUST, "//"),
    };
    let attribute = language == Language::Rust && line.starts_with("#[");
    let mut tokens: Vec<Token> = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (role, length) = if rest.starts_with(comment) && !attribute {
            (TokenRole::Comment, rest.len())
        } else if first == '"' {
            (TokenRole::Text, text(rest))
        } else if first.is_ascii_digit() {
            (
                TokenRole::Number,
                run(rest, |c| c.is_ascii_digit() || c == '.'),
            )
        } else if first.is_alphabetic() || first == '_' {
            let length = run(rest, |c| c.is_alphanumeric() || c == '_');
            let (word, after) = rest.split_at(length);
            let called = after.starts_with('(') || after.starts_with("!(");
            let role = match (keywords.contains(&word), called) {
                (true, _) => TokenRole::Keyword,
                (false, true) => TokenRole::Call,
                (false, false) => TokenRole::Plain,
            };
            (role, length)
        } else {
            (TokenRole::Plain, first.len_utf8())
        };
        // `0..3` is a number, two points, a number.
        let length = match (role, rest[..length].find("..")) {
            (TokenRole::Number, Some(at)) => at,
            _ => length,
        };
        let (piece, after) = rest.split_at(length);
        push(&mut tokens, role, piece);
        rest = after;
    }
    tokens
}

/// A piece without a role of its own.
pub(crate) fn plain(text: &str) -> Token {
    Token {
        role: TokenRole::Plain,
        text: text.to_owned(),
    }
}

fn push(tokens: &mut Vec<Token>, role: TokenRole, text: &str) {
    match tokens.last_mut() {
        Some(last) if last.role == role => last.text.push_str(text),
        _ => tokens.push(Token {
            role,
            text: text.to_owned(),
        }),
    }
}

fn run(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|c| !fits(c)).unwrap_or(text.len())
}

/// The length of the text that `line` begins with, quotes included.
fn text(line: &str) -> usize {
    let mut escaped = false;
    for (at, c) in line.char_indices().skip(1) {
        if c == '"' && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    line.len()
}
