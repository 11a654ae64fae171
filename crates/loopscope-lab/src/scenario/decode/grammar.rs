//! The grammar of expressions: names, whole numbers, 'strings', `+ -`, and one comparison.

use std::ops::Range;

use crate::scenario::model::expression::Operator;
use crate::scenario::schema::row::MAX_NAME;
use crate::scenario::text::words;

/// Something in an expression that is wrong; the bytes are those of the string that holds it.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub(crate) at: Range<usize>,
    pub(crate) message: String,
    pub(crate) help: String,
}

/// The longer signs first: `<` begins two of them.
const OPERATORS: &[Operator] = &[
    Operator::Equal,
    Operator::NotEqual,
    Operator::LessOrEqual,
    Operator::GreaterOrEqual,
    Operator::Less,
    Operator::Greater,
    Operator::Add,
    Operator::Subtract,
];

/// The most `+` and `-` in a row.
const MOST: usize = 50;

const SIGNS: &str = "an expression has names, whole numbers, 'strings', `+`, `-` and one \
    comparison; write {{ for a brace";

const CALL: &str = "a call is a name, and its arguments in parentheses: \"work(1, {x})\"";

const OPERAND: &str = "write a name, a whole number or a 'string', as in {x + 1}";

/// What `text`, which begins with `{`, has in its braces, and how long that is with them. Nothing
/// where the brace begins no expression: `{"a": 1}`, `{}`, `{these words}`.
pub(crate) fn braces(text: &str) -> Option<Result<(Raw, usize), (Mistake, usize)>> {
    if !text.starts_with('{') {
        return None;
    }
    let mut reader = Reader { text, at: 1 };
    reader.operand().ok()?;
    reader.space();
    let next = reader.rest().chars().next();
    if next.is_some_and(|next| next.is_alphanumeric() || next == '_') {
        return None;
    }
    reader.at = 1;
    let found = reader.expression().and_then(|raw| {
        reader.space();
        if reader.eat("}") {
            return Ok(raw);
        }
        Err(reader.unknown())
    });
    Some(match found {
        Ok(raw) => Ok((raw, reader.at)),
        Err(mistake) => {
            let end = text.find('}').map_or(text.len(), |at| at + 1);
            Err((mistake, end.max(1)))
        }
    })
}

/// An argument as it is written, and its bytes.
type Argument = (Raw, Range<usize>);

/// The bytes of the name and the arguments of a call.
pub(crate) fn call(text: &str) -> Result<(Range<usize>, Vec<Argument>), Mistake> {
    let mut reader = Reader { text, at: 0 };
    reader.space();
    let Some(name) = reader.word() else {
        return Err(Mistake {
            at: 0..text.len(),
            message: format!("`{}` cannot be a name", words::short(text)),
            help: "write a function's name, with arguments where it takes some: \"work(1, {x})\""
                .to_owned(),
        });
    };
    if name.len() > MAX_NAME {
        let most = MAX_NAME;
        return Err(Mistake {
            message: format!("`{}` cannot be a name", words::short(&text[name.clone()])),
            help: format!("a name has letters, digits and `_`, no digit first, at most {most}"),
            at: name,
        });
    }
    reader.space();
    let arguments = reader.arguments()?;
    if reader.at < text.len() {
        return Err(reader.no_call("a call ends after its arguments"));
    }
    Ok((name, arguments))
}

/// Reads a string from left to right.
#[derive(Debug)]
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, word: &str) -> bool {
        let there = self.rest().starts_with(word);
        self.at += if there { word.len() } else { 0 };
        there
    }

    /// A mistake at the next character.
    fn wrong(&self, message: &str) -> Mistake {
        let next = self.rest().chars().next().map_or(0, char::len_utf8);
        Mistake {
            at: self.at..self.at + next,
            message: message.to_owned(),
            help: OPERAND.to_owned(),
        }
    }

    /// A sign that no expression goes on with.
    fn unknown(&self) -> Mistake {
        let found = match self.rest().chars().next() {
            Some('=') => "a comparison is written `==`".to_owned(),
            Some(c) => format!("`{c}` cannot stand here"),
            None => "this brace is never closed".to_owned(),
        };
        Mistake {
            help: SIGNS.to_owned(),
            ..self.wrong(&found)
        }
    }

    fn no_call(&self, message: &str) -> Mistake {
        Mistake {
            help: CALL.to_owned(),
            ..self.wrong(message)
        }
    }

    /// The arguments of a call in their parentheses, where there are some.
    fn arguments(&mut self) -> Result<Vec<Argument>, Mistake> {
        let mut arguments = Vec::new();
        if !self.eat("(") {
            return Ok(arguments);
        }
        self.space();
        while !self.eat(")") {
            let begun = self.at;
            let braced = self.eat("{");
            let raw = self.expression()?;
            self.space();
            if braced && !self.eat("}") {
                return Err(self.unknown());
            }
            arguments.push((raw, begun..self.at));
            self.space();
            if self.eat(",") {
                self.space();
            } else if !self.text[self.at..].starts_with(')') {
                return Err(self.no_call("the arguments of a call end with `)`"));
            }
        }
        self.space();
        Ok(arguments)
    }

    fn word(&mut self) -> Option<Range<usize>> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if !(first.is_ascii_alphabetic() || first == '_') {
            return None;
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let found = self.at..self.at + end.unwrap_or(rest.len());
        self.at = found.end;
        Some(found)
    }

    /// A sum, or one comparison of two sums.
    fn expression(&mut self) -> Result<Raw, Mistake> {
        let left = self.sum()?;
        self.space();
        let Some(operator) = self.operator() else {
            return Ok(left);
        };
        let right = self.sum()?;
        self.space();
        if self.operator().is_some() {
            let mut wrong = self.wrong("one comparison cannot follow another");
            wrong.at = wrong.at.start.saturating_sub(1)..wrong.at.start;
            "nest two `if` steps instead".clone_into(&mut wrong.help);
            return Err(wrong);
        }
        Ok(Raw::Binary(Box::new(left), operator, Box::new(right)))
    }

    fn sum(&mut self) -> Result<Raw, Mistake> {
        let mut left = self.operand()?;
        for _ in 0..MOST {
            self.space();
            let operator = match self.rest().chars().next() {
                Some('+') => Operator::Add,
                Some('-') => Operator::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.operand()?;
            left = Raw::Binary(Box::new(left), operator, Box::new(right));
        }
        let mut wrong = self.wrong(&format!("an expression has at most {MOST} signs"));
        "keep a part of it in a variable".clone_into(&mut wrong.help);
        Err(wrong)
    }

    fn operator(&mut self) -> Option<Operator> {
        let rest = self.rest();
        let mut operators = OPERATORS.iter().copied();
        let operator = operators.find(|operator| rest.starts_with(operator.sign()))?;
        self.at += operator.sign().len();
        Some(operator)
    }

    fn operand(&mut self) -> Result<Raw, Mistake> {
        self.space();
        if let Some(name) = self.word() {
            return Ok(Raw::Name(self.text[name.clone()].to_owned(), name));
        }
        let begun = self.at;
        if self.eat("'") {
            let Some(length) = self.rest().find('\'') else {
                let mut wrong = self.wrong("this string has no end");
                wrong.at = begun..self.text.len();
                "close it with another '".clone_into(&mut wrong.help);
                return Err(wrong);
            };
            let text = self.rest()[..length].to_owned();
            self.at += length + 1;
            return Ok(Raw::Text(text));
        }
        self.integer()
    }

    fn integer(&mut self) -> Result<Raw, Mistake> {
        let begun = self.at;
        let minus = self.eat("-");
        let digits = self.rest().len()
            - self
                .rest()
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        if digits == 0 {
            self.at = begun;
            let message = match self.rest().chars().next() {
                Some('(') => "there are no parentheses in an expression".to_owned(),
                Some(c) if c != '}' => format!("`{c}` cannot stand here"),
                _ => "something is missing here".to_owned(),
            };
            return Err(self.wrong(&message));
        }
        let end = self.at + digits;
        let number = self.text[self.at..end].parse::<i64>();
        self.at = end;
        match number {
            Ok(number) => Ok(Raw::Integer(if minus { -number } else { number })),
            Err(_) => Err(Mistake {
                at: begun..end,
                message: "this number is too large".to_owned(),
                help: format!("the largest number is {}", i64::MAX),
            }),
        }
    }
}

/// An expression as it is written.
#[derive(Debug)]
pub(crate) enum Raw {
    Integer(i64),
    Text(String),
    Name(String, Range<usize>),
    Binary(Box<Raw>, Operator, Box<Raw>),
}
