//! Ink and signs: how each state, each sign and each kind of text looks, also without color.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::text::sign::Sign;
use crate::text::text;
use loopscope_timeline::State;
use loopscope_trace::TokenRole;

/// Which background the colors are made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Palette {
    /// Light text on a dark background.
    #[default]
    Dark,
    /// Dark text on a light background.
    Light,
    /// Black on white, whatever the terminal's own background is: the strongest contrast that a
    /// washed-out projector leaves.
    Projector,
    /// Bold, dim and reverse only.
    Mono,
}

impl Palette {
    /// The one that the key for it leads to, and its name.
    #[must_use]
    pub(crate) const fn next(self) -> (Self, &'static str) {
        match self {
            Self::Dark => (Self::Light, "light"),
            Self::Light => (Self::Projector, "projector"),
            Self::Projector => (Self::Mono, "mono"),
            Self::Mono => (Self::Dark, "dark"),
        }
    }
}

/// How everything looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Theme {
    /// The palette.
    pub palette: Palette,
    /// Draws with ASCII characters only.
    pub ascii: bool,
    /// Sends colors; without it every palette is mono.
    pub color: bool,
    /// The terminal's own background is light.
    pub on_light: bool,
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            palette: Palette::Dark,
            ascii: false,
            color: true,
            on_light: false,
        }
    }
}

/// Numbers of the terminal's 256 colors, from 16 on: those below have no fixed color.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colors {
    /// Plain text.
    pub text: u8,
    /// Ready, overdue, queued, backlog.
    pub muted: u8,
    /// Rules, headings, units.
    pub dim: u8,
    /// What holds the loop.
    pub accent: u8,
    /// What all of it stands on; the terminal's own background where it is `None`.
    pub paper: Option<u8>,
}

const DARK: Colors = Colors {
    text: 254,
    muted: 146,
    dim: 245,
    accent: 208,
    paper: None,
};

const LIGHT: Colors = Colors {
    text: 234,
    muted: 60,
    dim: 242,
    accent: 124,
    paper: None,
};

const PROJECTOR: Colors = Colors {
    text: 16,
    muted: 236,
    dim: 239,
    accent: 124,
    paper: Some(231),
};

impl Theme {
    /// The colors in use; `None` without color, where the terminal's own text and background stand. A palette for
    /// another background than the terminal's brings its own.
    pub const fn colors(&self) -> Option<Colors> {
        let (colors, paper) = match (self.color, self.palette) {
            (false, _) | (_, Palette::Mono) => return None,
            (true, Palette::Dark) if self.on_light => (DARK, Some(233)),
            (true, Palette::Light) if !self.on_light => (LIGHT, Some(231)),
            (true, Palette::Dark) => (DARK, DARK.paper),
            (true, Palette::Light) => (LIGHT, LIGHT.paper),
            (true, Palette::Projector) => (PROJECTOR, PROJECTOR.paper),
        };
        Some(Colors { paper, ..colors })
    }

    fn ink(&self, choose: fn(Colors) -> u8, otherwise: Modifier) -> Style {
        let Some(colors) = self.colors() else {
            return Style::new().add_modifier(otherwise);
        };
        let style = Style::new().fg(Color::Indexed(choose(colors)));
        match colors.paper {
            Some(paper) => style.bg(Color::Indexed(paper)),
            None => style,
        }
    }

    /// What holds the loop: the only saturated color.
    pub fn accent(&self) -> Style {
        self.ink(|colors| colors.accent, Modifier::empty()).bold()
    }

    /// Rules, headings, line numbers, units; waiting and done.
    pub(crate) fn dim(&self) -> Style {
        self.ink(|colors| colors.dim, Modifier::DIM)
    }

    /// Plain text; running.
    pub(crate) fn text(&self) -> Style {
        self.ink(|colors| colors.text, Modifier::empty())
    }

    /// Ready, overdue, queued, backlog.
    pub(crate) fn muted(&self) -> Style {
        self.ink(|colors| colors.muted, Modifier::empty())
    }

    /// The pane or lane that keys go to.
    pub(crate) fn focus(&self) -> Style {
        self.text().bold()
    }

    /// The row or option under the cursor.
    pub(crate) fn cursor(&self) -> Style {
        self.text().reversed()
    }

    /// Titles in rules.
    pub(crate) fn title(&self) -> Style {
        self.text()
    }

    /// A key in the last row.
    pub(crate) fn key(&self) -> Style {
        self.text().bold()
    }

    /// A state's ink; its glyph and its word stand beside it, so nothing depends on the color.
    pub(crate) fn state(&self, state: State) -> Style {
        match state {
            State::Blocking => self.accent(),
            State::Running | State::OnPool => self.text(),
            State::InBacklog | State::Ready | State::Overdue | State::Queued => self.muted(),
            State::Waiting | State::Done | State::Created | State::Unknown => self.dim(),
            State::Cancelled | State::Failed => self.focus(),
        }
    }

    /// A state's glyph.
    // table
    pub const fn glyph(&self, state: State) -> &'static str {
        let (sign, ascii) = match state {
            State::InBacklog => (">", ">"),
            State::Created => ("○", "o"),
            State::Ready => ("▒", "+"),
            State::Overdue => ("░", "!"),
            State::Queued => (":", ":"),
            State::Running => ("█", "#"),
            State::Blocking => ("▓", "X"),
            State::OnPool => ("■", "@"),
            State::Waiting => ("─", "-"),
            State::Done => ("·", "."),
            State::Cancelled => ("×", "x"),
            State::Failed => ("¤", "%"),
            State::Unknown => ("?", "?"),
        };
        if self.ascii { ascii } else { sign }
    }

    /// A sign.
    pub const fn sign(&self, sign: Sign) -> &'static str {
        let (unicode, ascii) = sign.pair();
        if self.ascii { ascii } else { unicode }
    }

    /// The rule above a band.
    pub(crate) const fn rule(&self) -> &'static str {
        self.sign(Sign::Rule)
    }

    /// The divider between two panes.
    pub(crate) const fn bar(&self) -> &'static str {
        self.sign(Sign::Bar)
    }

    /// A piece of a listing; tones only, since the one color belongs to what holds the loop.
    pub(crate) fn token(&self, role: TokenRole) -> Style {
        match role {
            TokenRole::Plain => self.text(),
            TokenRole::Keyword | TokenRole::Call => self.text().bold(),
            TokenRole::Text | TokenRole::Number => self.muted(),
            TokenRole::Comment => self.dim(),
        }
    }

    /// The last step of every frame: in ASCII mode, whatever is not ASCII is replaced, a sign by
    /// its fallback and a letter of another script by `?` in each of its columns.
    pub(crate) fn finish(&self, area: Rect, buf: &mut Buffer) {
        if !self.ascii {
            return;
        }
        for at in area.intersection(buf.area).positions() {
            let symbol = buf[at].symbol();
            if !symbol.is_ascii() {
                let plain = ascii_of(symbol);
                let next = (at.x + 1, at.y);
                if text::width(symbol) > 1 && next.0 < area.right().min(buf.area.right()) {
                    buf[next].set_symbol(plain);
                }
                buf[at].set_symbol(plain);
            }
        }
    }
}

/// The ASCII fallback of a sign or a glyph; `?` for everything else.
fn ascii_of(symbol: &str) -> &'static str {
    const ASCII: Theme = Theme {
        palette: Palette::Mono,
        ascii: true,
        color: false,
        on_light: false,
    };
    const WIDE: Theme = Theme {
        ascii: false,
        ..ASCII
    };
    // `─` and `·` are a glyph and a sign, and mean the same in both.
    State::ALL
        .iter()
        .find(|state| WIDE.glyph(**state) == symbol)
        .map(|state| ASCII.glyph(*state))
        .or_else(|| {
            Sign::ALL
                .iter()
                .map(|sign| sign.pair())
                .find(|pair| pair.0 == symbol)
                .map(|pair| pair.1)
        })
        .unwrap_or("?")
}
