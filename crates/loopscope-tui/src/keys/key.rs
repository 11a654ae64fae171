//! A key, and the places where keys mean something.

use loopscope_protocol::notes::NotesKey;

/// A key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which.
    pub code: KeyCode,
    /// Ctrl is held.
    pub control: bool,
    /// Alt is held.
    pub alt: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: KeyCode) -> Self {
        Self {
            code,
            control: false,
            alt: false,
        }
    }

    /// A character without modifiers.
    pub const fn char(character: char) -> Self {
        Self::plain(KeyCode::Char(character))
    }
}

impl From<NotesKey> for Key {
    fn from(key: NotesKey) -> Self {
        Self::plain(match key {
            NotesKey::PageDown => KeyCode::PageDown,
            NotesKey::PageUp => KeyCode::PageUp,
            NotesKey::Space => KeyCode::Char(' '),
            NotesKey::N => KeyCode::Char('n'),
        })
    }
}

/// The keys that we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyCode {
    /// A character, upper case with shift.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Shift and tab.
    BackTab,
    /// Deletes to the left.
    Backspace,
    /// Deletes to the right.
    Delete,
    /// Arrow.
    Left,
    /// Arrow.
    Right,
    /// Arrow.
    Up,
    /// Arrow.
    Down,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
}

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub kind: MouseKind,
    /// From the left, counted from 0.
    pub column: u16,
    /// From the top, counted from 0.
    pub row: u16,
}

/// What the mouse can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Press,
    /// It moved while the left button was down.
    Drag,
    /// The wheel turned away from the user.
    ScrollUp,
    /// The wheel turned towards the user.
    ScrollDown,
    /// The wheel was tilted to the left, or turned away with Shift.
    ScrollLeft,
    /// The wheel was tilted to the right, or turned towards the user with Shift.
    ScrollRight,
}

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The list of scenarios.
    Menu,
    /// The question, with options to choose from.
    Question,
    /// The question, with lines to put into order.
    Order,
    /// The question, with a number to type.
    Number,
    /// The question, while votes are counted.
    Votes,
    /// The question after the run, once its answer is shown.
    Answered,
    /// The stage.
    Stage,
    /// Two runs on one clock.
    Compare,
    /// Many runs of one scenario.
    Many,
    /// The help page.
    Help,
    /// The knobs.
    Knobs,
    /// A problem's details.
    Problem,
    /// A line on the stage that one types into.
    Prompt,
    /// The notes in a second terminal.
    Notes,
    /// The mistakes of a file that was saved.
    Mistakes,
    /// What can be exported.
    Export,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Menu,
        Self::Question,
        Self::Order,
        Self::Number,
        Self::Votes,
        Self::Answered,
        Self::Stage,
        Self::Compare,
        Self::Many,
        Self::Help,
        Self::Knobs,
        Self::Problem,
        Self::Prompt,
        Self::Notes,
        Self::Mistakes,
        Self::Export,
    ];
}

/// One entry of the last row: a key, and what it does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hint {
    /// As it is written: `space`, `, .`.
    pub key: &'static str,
    /// One or two words.
    pub does: &'static str,
}
