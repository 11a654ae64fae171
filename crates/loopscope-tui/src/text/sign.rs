//! Signs of the frame, each with an ASCII fallback.
// table

/// Makes the signs, all of them as a list, and from each to its two forms.
macro_rules! signs {
    ($($name:ident $sign:literal $ascii:literal,)*) => {
        /// A sign that is no letter; each has an ASCII fallback of the same width, one column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[expect(missing_docs, reason = "the table below shows each one")]
        pub enum Sign {
            $($name,)*
        }

        impl Sign {
            /// Every sign.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The sign, and its ASCII fallback.
            pub(crate) const fn pair(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$name => ($sign, $ascii),)*
                }
            }
        }
    };
}

#[rustfmt::skip]
signs! {
    Rule "─" "-",
    Bar "│" "|",
    TeeDown "┬" "+",
    TeeUp "┴" "+",
    TeeRight "├" "+",
    TeeLeft "┤" "+",
    Cross "┼" "+",
    TopLeft "┌" "+",
    TopRight "┐" "+",
    BottomLeft "└" "+",
    BottomRight "┘" "+",
    HeldRule "═" "=",
    HeldBar "║" "#",
    HeldTopLeft "╔" "#",
    HeldTopRight "╗" "#",
    HeldBottomLeft "╚" "#",
    HeldBottomRight "╝" "#",
    Left "←" "<",
    Right "→" ">",
    Up "↑" "^",
    Down "↓" "v",
    Into "▲" "^",
    Playhead "▼" "v",
    Cursor "►" ">",
    Live "●" "*",
    Slot "·" ".",
    Ellipsis "…" "~",
    Beat "│" "|",
    Differs "≠" "!",
    Good "√" "+",
    Bad "×" "x",
    Seen "·" ".",
    Point "■" "#",
    Simulated "□" "o",
    VotesBefore "▒" "+",
    VotesAfter "█" "#",
    Said "◊" "*",
}
