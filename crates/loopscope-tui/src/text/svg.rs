//! A frame as a picture: its cells become an SVG file of real text.
//!
//! Fonts differ in how wide their signs are, so each piece of text says how long it is: columns stay columns.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::text::text;
use crate::text::theme::{Palette, Theme};
use loopscope_trace::xml;

/// The width of a cell in user units, and the height of a row.
const CELL: (u32, u32) = (8, 16);

/// How far below the top of its row the letters stand.
const BASELINE: u32 = 12;

/// The margin around the frame.
const MARGIN: u32 = 8;

/// The frame as an SVG file; `title` is what a screen reader says of it. The same frame gives the same bytes.
pub(crate) fn svg(buf: &Buffer, theme: &Theme, title: &str) -> String {
    let (columns, rows) = (u32::from(buf.area.width), u32::from(buf.area.height));
    let width = columns * CELL.0 + 2 * MARGIN;
    let height = rows * CELL.1 + 2 * MARGIN;
    let paper = Paper::of(theme);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"13.3\" xml:space=\"preserve\">\n<title>{}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        xml(title),
        paper.paper
    );
    for y in 0..buf.area.height {
        let row: Vec<&Cell> = (0..buf.area.width)
            .map(|x| &buf[(buf.area.x + x, buf.area.y + y)])
            .collect();
        grounds(&mut out, &row, u32::from(y), &paper);
        texts(&mut out, &row, u32::from(y), &paper);
    }
    out.push_str("</svg>\n");
    out
}

/// What stands for the terminal's own colors.
struct Paper {
    paper: String,
    text: String,
}

impl Paper {
    fn of(theme: &Theme) -> Self {
        let (paper, text) = match (theme.color, theme.palette) {
            (true, Palette::Dark) => (233, 254),
            _ => (231, 16),
        };
        let of_theme = theme.colors().and_then(|colors| colors.paper);
        Self {
            paper: hex(of_theme.unwrap_or(paper)),
            text: hex(text),
        }
    }

    /// The inks of a cell: the letter's, and the ground's where it is not the paper.
    fn inks(&self, cell: &Cell) -> (String, Option<String>) {
        let ink = |color| match color {
            Color::Indexed(number) => Some(hex(number)),
            _ => None,
        };
        let letter = ink(cell.fg).unwrap_or_else(|| self.text.clone());
        let ground = ink(cell.bg).unwrap_or_else(|| self.paper.clone());
        if cell.modifier.contains(Modifier::REVERSED) {
            return (ground, Some(letter));
        }
        let painted = ground != self.paper;
        (letter, painted.then_some(ground))
    }
}

/// A color of the 256 as web pages write it. From 16 on they are a cube of six steps each and 24 grays; those below
/// have no fixed value, and none of our palettes has them.
fn hex(number: u8) -> String {
    let step = |place: u8| if place == 0 { 0 } else { 55 + 40 * place };
    let (red, green, blue) = match number {
        0..16 => (0, 0, 0),
        16..232 => {
            let place = number - 16;
            (step(place / 36), step(place / 6 % 6), step(place % 6))
        }
        232.. => {
            let gray = 8 + 10 * (number - 232);
            (gray, gray, gray)
        }
    };
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The grounds of a row that are not the paper.
fn grounds(out: &mut String, row: &[&Cell], y: u32, paper: &Paper) {
    let mut x = 0;
    for piece in row.chunk_by(|a, b| paper.inks(a).1 == paper.inks(b).1) {
        let columns = u32::try_from(piece.len()).unwrap_or(0);
        if let Some(ground) = paper.inks(piece[0]).1 {
            let _ = writeln!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{ground}\"/>",
                MARGIN + x * CELL.0,
                MARGIN + y * CELL.1,
                columns * CELL.0,
                CELL.1
            );
        }
        x += columns;
    }
}

/// A piece of a row that is written at once.
#[derive(Default)]
struct Piece {
    x: u32,
    columns: u32,
    text: String,
}

/// The letters of a row, a piece for each change of ink, for each gap, and for signs beside letters: a sign may come from
/// another font.
fn texts(out: &mut String, row: &[&Cell], y: u32, paper: &Paper) {
    let mut piece = Piece::default();
    let mut before: Option<&Cell> = None;
    let mut x = 0;
    let mut cells = row.iter();
    while let Some(cell) = cells.next() {
        let symbol = cell.symbol();
        let columns = u32::try_from(text::width(symbol)).unwrap_or(1).max(1);
        let same = before.is_some_and(|before| {
            look(before) == look(cell) && before.symbol().is_ascii() == symbol.is_ascii()
        });
        let gap = piece.text.ends_with(' ') && symbol == " ";
        if !same || gap {
            if let Some(before) = before {
                write(out, &piece, before, y, paper);
            }
            piece = Piece {
                x,
                ..Piece::default()
            };
        }
        piece.text.push_str(symbol);
        piece.columns += columns;
        before = Some(cell);
        x += columns;
        // What a wide letter covers holds nothing.
        for _ in 1..columns {
            cells.next();
        }
    }
    if let Some(before) = before {
        write(out, &piece, before, y, paper);
    }
}

/// What two cells must share to be written at once.
fn look(cell: &Cell) -> (Color, Color, Modifier) {
    (cell.fg, cell.bg, cell.modifier)
}

fn write(out: &mut String, piece: &Piece, cell: &Cell, y: u32, paper: &Paper) {
    let text = piece.text.trim_end_matches(' ');
    let left = text.trim_start_matches(' ');
    if left.is_empty() {
        return;
    }
    let cut = |from: &str, to: &str| u32::try_from(from.len() - to.len()).unwrap_or(0);
    let ahead = cut(text, left);
    let columns = piece.columns - ahead - cut(&piece.text, text);
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"{}\"",
        MARGIN + (piece.x + ahead) * CELL.0,
        MARGIN + y * CELL.1 + BASELINE,
        columns * CELL.0,
        paper.inks(cell).0
    );
    let modifiers = [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::DIM, " opacity=\"0.6\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ];
    for (_, words) in modifiers
        .iter()
        .filter(|(modifier, _)| cell.modifier.contains(*modifier))
    {
        out.push_str(words);
    }
    let _ = writeln!(out, ">{}</text>", xml(left));
}
