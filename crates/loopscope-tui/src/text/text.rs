//! Text from outside, made safe and measured: every scenario-given text reaches a buffer through
//! here, so none can move a column or send a control sequence.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Stands for a line break.
const BREAK: char = '¶';

/// Stands for a tab.
const TAB: char = '→';

/// Stands for every other character that would do something instead of being seen.
const UNSEEN: char = '¿';

/// Carries a combining mark that has no letter of its own.
const CARRIER: char = '○';

/// More marks than this on one letter are left out.
const MARKS: usize = 4;

/// How many columns `text` takes as it will be drawn.
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    cells(text).map(|(_, columns)| columns).sum()
}

/// Whether `text` is printable ASCII.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Whether `text` is one box-drawing or block character.
fn is_sign(text: &str) -> bool {
    let mut signs = text.chars();
    matches!(signs.next(), Some('\u{2500}'..='\u{25A0}')) && signs.next().is_none()
}

/// `text` with everything replaced that is not to be seen: control characters, escape sequences,
/// direction overrides, invisible characters, tabs and line breaks.
pub fn clean(text: &str) -> String {
    cells(text).map(|(symbol, _)| symbol).collect()
}

/// `text` in at most `columns` columns: cut with `…` where it is longer, and cleaned.
pub fn fit(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    let mut last_fit = 0;
    for (symbol, wide) in cells(text) {
        if used + wide > columns {
            out.truncate(last_fit);
            if columns > 0 {
                out.push('…');
            }
            return out;
        }
        out.push_str(&symbol);
        used += wide;
        if used < columns {
            last_fit = out.len();
        }
    }
    out
}

/// Writes `text` at `(x, y)` in at most `max_width` columns, cut with `…`; gives the columns used.
/// Outside the buffer nothing is written.
pub fn put(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    text: &str,
    max_width: impl Into<usize>,
    style: Style,
) -> u16 {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x < area.left() || x >= area.right() {
        return 0;
    }
    let room = max_width.into().min(usize::from(area.right() - x));
    // Most of a frame is single signs and plain words: neither needs a second look.
    if room > 0 && is_sign(text) {
        buf[(x, y)].set_symbol(text).set_style(style);
        return 1;
    }
    if text.len() <= room && is_plain(text) {
        for (at, byte) in (x..).zip(text.bytes()) {
            buf[(at, y)].set_char(byte.into()).set_style(style);
        }
        return text.len() as u16;
    }
    let mut at = x;
    for (symbol, wide) in cells(&fit(text, room)) {
        buf[(at, y)].set_symbol(&symbol).set_style(style);
        for hidden in 1..wide {
            let cell = &mut buf[(at + hidden as u16, y)];
            cell.reset();
            cell.set_style(style);
        }
        at += wide as u16;
    }
    at - x
}

/// Writes `text` in row `y` of the buffer, `x` columns from the left end of `area` and up to its
/// right one; gives the columns used.
pub(crate) fn put_in(
    buf: &mut Buffer,
    area: Rect,
    (x, y): (u16, u16),
    text: &str,
    style: Style,
) -> u16 {
    let room = area.width.saturating_sub(x);
    put(buf, area.x + x, y, text, room, style)
}

/// The columns of a text, or another count of cells; what no terminal has counts as the most.
pub(crate) fn cells_of(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Empties `area`, also of the halves of wide characters that reach into it.
pub(crate) fn clear(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        if area.left() > buf.area.left() && width(buf[(area.left() - 1, y)].symbol()) > 1 {
            buf[(area.left() - 1, y)].set_symbol(" ");
        }
        for x in area.left()..area.right() {
            let cell = &mut buf[(x, y)];
            cell.reset();
            cell.set_style(style);
        }
    }
}

/// `text` in rows of at most `columns` columns, broken at words where possible; what does not fit
/// into `rows` is cut with `…`.
pub fn wrap(text: &str, columns: usize, rows: usize) -> Vec<String> {
    let text = clean(text);
    let mut out: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() && out.len() < rows && columns > 0 {
        if width(rest) <= columns || out.len() + 1 == rows {
            out.push(fit(rest, columns));
            break;
        }
        let cut = break_before(rest, columns);
        let (row, more) = rest.split_at(cut);
        out.push(fit(row.trim_end(), columns));
        rest = more.trim_start();
    }
    out
}

/// Where to cut `text` so that the part before it fits: after a word, or wherever it must be.
fn break_before(text: &str, columns: usize) -> usize {
    let mut used = 0;
    let mut space = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        if cluster == " " {
            space = at;
        }
        used += width(cluster);
        if used > columns {
            return if space > 0 {
                space
            } else if at > 0 {
                at
            } else {
                cluster.len()
            };
        }
    }
    text.len()
}

/// The cells of a text: each a symbol that is safe to send, and its columns (1 or 2).
fn cells(text: &str) -> impl Iterator<Item = (String, usize)> {
    text.graphemes(true).flat_map(|cluster| {
        let mut out: Vec<(String, usize)> = Vec::with_capacity(1);
        let mut plain = String::new();
        for sign in cluster.chars() {
            match seen(sign) {
                Seen::As(sign) => plain.push(sign),
                Seen::Never => {}
                Seen::Joined => {
                    // Terminals disagree about the width of joined pictures: the first one stands
                    // for the whole.
                    if cluster.chars().next().is_some_and(is_picture) {
                        break;
                    }
                }
            }
        }
        split(&plain, &mut out);
        out
    })
}

/// Cuts a cluster into cells of at most two columns.
fn split(cluster: &str, out: &mut Vec<(String, usize)>) {
    let mut marks = 0;
    for sign in cluster.chars() {
        let mut bytes = [0; 4];
        let wide = sign.encode_utf8(&mut bytes).width();
        match out.last_mut() {
            // What stands for something unseen carries no mark.
            Some((symbol, columns))
                if (wide == 0 && !symbol.starts_with(UNSEEN)) || flags(symbol, sign) =>
            {
                marks += 1;
                if marks <= MARKS {
                    symbol.push(sign);
                    *columns = symbol.width().clamp(*columns, 2);
                }
            }
            _ if wide == 0 => out.push((carried(sign), 1)),
            _ => {
                marks = 0;
                out.push((sign.to_string(), wide.min(2)));
            }
        }
    }
}

/// A mark on the carrier; what cannot be carried (half a Hangul syllable) is shown as unseen.
fn carried(mark: char) -> String {
    let carried = format!("{CARRIER}{mark}");
    if carried.graphemes(true).nth(1).is_none() {
        carried
    } else {
        UNSEEN.to_string()
    }
}

/// Two regional letters make one flag.
fn flags(symbol: &str, next: char) -> bool {
    let regional = |sign: char| ('\u{1F1E6}'..='\u{1F1FF}').contains(&sign);
    let mut signs = symbol.chars();
    regional(next) && signs.next().is_some_and(regional) && signs.next().is_none()
}

/// How a character is shown.
enum Seen {
    As(char),
    Never,
    Joined,
}

// table
#[rustfmt::skip]
fn seen(sign: char) -> Seen {
    match sign {
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Seen::As(BREAK),
        '\t' => Seen::As(TAB),
        sign if sign.is_control() => Seen::As(UNSEEN),
        // Joiners are lawful between letters of many scripts, and need no column there.
        '\u{200C}' | '\u{200D}' => Seen::Joined,
        // Which of two pictures to draw, and skin tones: widths differ between terminals.
        '\u{FE00}'..='\u{FE0F}' | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}' => Seen::Never,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}' => Seen::As(UNSEEN),
        sign => Seen::As(sign),
    }
}

/// Emoji and the like, as far as it matters for joining.
fn is_picture(sign: char) -> bool {
    matches!(sign, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// `1`, `0.5`, `50`.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
