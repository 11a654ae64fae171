//! Large letters for the last row of the room: each of three to five columns and three rows, drawn
//! from half blocks alone.
//!
//! `tui-big-text` has letters too; but its small sizes need quadrants, which many fonts lack, and
//! its half-height ones take eight columns a letter, so that no sentence fits into a window.

use crate::text::text;

/// Rows of a letter.
pub const HEIGHT: usize = 3;

/// Columns of a space, without the gaps beside it.
const SPACE: usize = 2;

/// The pixels of each letter, row by row from above; the sixth row is for tails.
// table
#[rustfmt::skip]
const LETTERS: &[(char, &str)] = &[
    ('A', ".#. #.# ### #.# #.#"), ('B', "##. #.# ##. #.# ##."), ('C', ".## #.. #.. #.. .##"),
    ('D', "##. #.# #.# #.# ##."), ('E', "### #.. ##. #.. ###"), ('F', "### #.. ##. #.. #.."),
    ('G', ".## #.. #.# #.# .##"), ('H', "#.# #.# ### #.# #.#"), ('I', "### .#. .#. .#. ###"),
    ('J', "..# ..# ..# #.# .#."), ('K', "#.# #.# ##. #.# #.#"), ('L', "#.. #.. #.. #.. ###"),
    ('M', "#...# ##.## #.#.# #...# #...#"), ('N', "#..# ##.# #.## #..# #..#"),
    ('O', ".##. #..# #..# #..# .##."), ('P', "##. #.# ##. #.. #.."),
    ('Q', ".##. #..# #..# #.## .###"), ('R', "##. #.# ##. #.# #.#"),
    ('S', ".## #.. .#. ..# ##."), ('T', "### .#. .#. .#. .#."), ('U', "#.# #.# #.# #.# ###"),
    ('V', "#.# #.# #.# #.# .#."), ('W', "#...# #...# #.#.# ##.## #...#"),
    ('X', "#.# #.# .#. #.# #.#"), ('Y', "#.# #.# .#. .#. .#."), ('Z', "### ..# .#. #.. ###"),
    ('a', "... .## #.# #.# .##"), ('b', "#.. ##. #.# #.# ##."), ('c', "... .## #.. #.. .##"),
    ('d', "..# .## #.# #.# .##"), ('e', "... .#. ### #.. .##"), ('f', ".## #.. ##. #.. #.."),
    ('g', "... .## #.# .## ..# ##."), ('h', "#.. ##. #.# #.# #.#"), ('i', "# . # # #"),
    ('j', ".# .. .# .# .# #."), ('k', "#.. #.# ##. ##. #.#"), ('l', "#. #. #. #. .#"),
    ('m', "..... ##.#. #.#.# #.#.# #.#.#"), ('n', "... ##. #.# #.# #.#"),
    ('o', "... .#. #.# #.# .#."), ('p', "... ##. #.# #.# ##. #.."),
    ('q', "... .## #.# #.# .## ..#"), ('r', "... #.# ##. #.. #.."), ('s', "... .## ##. .## ##."),
    ('t', ".#. ### .#. .#. .##"), ('u', "... #.# #.# #.# .##"), ('v', "... #.# #.# #.# .#."),
    ('w', "..... #...# #.#.# #.#.# .#.#."), ('x', "... #.# .#. .#. #.#"),
    ('y', "... #.# #.# .## ..# ##."), ('z', "... ### .#. #.. ###"),
    ('0', "### #.# #.# #.# ###"), ('1', ".#. ##. .#. .#. ###"), ('2', "##. ..# .#. #.. ###"),
    ('3', "##. ..# .#. ..# ##."), ('4', "#.# #.# ### ..# ..#"), ('5', "### #.. ##. ..# ##."),
    ('6', ".## #.. ### #.# ###"), ('7', "### ..# .#. .#. .#."), ('8', "### #.# ### #.# ###"),
    ('9', "### #.# ### ..# ##."), ('.', ". . . . #"), (',', ".. .. .. .. .# #."),
    (':', ". # . . #"), (';', ".. .# .. .. .# #."), ('!', "# # # . #"), ('?', "##. ..# .#. ... .#."),
    ('\'', "# # . . ."), ('"', "#.# #.# ... ... ..."), ('(', ".# #. #. #. .#"),
    (')', "#. .# .# .# #."), ('[', "## #. #. #. ##"), (']', "## .# .# .# ##"),
    ('{', ".## .#. #.. .#. .##"), ('}', "##. .#. ..# .#. ##."), ('-', "... ... ### ... ..."),
    ('_', "... ... ... ... ###"), ('/', "..# ..# .#. #.. #.."), ('+', "... .#. ### .#. ..."),
    ('=', "... ### ... ### ..."), ('<', "..# .#. #.. .#. ..#"), ('>', "#.. .#. ..# .#. #.."),
    ('%', "#.# ..# .#. #.. #.#"), ('*', "#.# .#. #.# ... ..."), ('#', ".#.#. ##### .#.#. ##### .#.#."),
    ('&', ".#.. #.#. .#.. #.#. .#.#"), ('@', ".##. #..# #.## #... .##."),
    ('…', "..... ..... ..... ..... #.#.#"), ('→', "..... ...#. ##### ...#. ....."),
];

/// `words` in large letters: lines of [`HEIGHT`] rows with a blank row between two, at most `rows`
/// rows of `columns` columns. `None` where that has no room, or a letter is missing.
pub fn large(words: &str, columns: usize, rows: usize) -> Option<Vec<String>> {
    let words = text::clean(words);
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        if width(word)? > columns {
            return None;
        }
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (joined, lines.last_mut()) {
            (Some(joined), Some(line)) if width(&joined)? <= columns => *line = joined,
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.is_empty() || lines.len() * (HEIGHT + 1) - 1 > rows {
        return None;
    }
    let mut drawn = Vec::new();
    for line in &lines {
        if !drawn.is_empty() {
            drawn.push(String::new());
        }
        drawn.extend((0..HEIGHT).map(|row| row_of(line, row)));
    }
    Some(drawn)
}

/// The columns of a line, with a gap between two letters; `None` where a letter is missing.
fn width(line: &str) -> Option<usize> {
    let letters = line.chars().map(|letter| match letter {
        ' ' => Some(SPACE),
        letter => pixels(letter).map(|pixels| pixels.find(' ').unwrap_or(pixels.len())),
    });
    letters
        .map(|wide| Some(wide? + 1))
        .sum::<Option<usize>>()?
        .checked_sub(1)
}

fn pixels(letter: char) -> Option<&'static str> {
    let letter = match letter {
        '\u{2019}' | '`' => '\'',
        '\u{201C}' | '\u{201D}' => '"',
        '\u{2013}' | '\u{2014}' => '-',
        letter => letter,
    };
    let found = LETTERS.iter().find(|(known, _)| *known == letter);
    found.map(|(_, pixels)| *pixels)
}

/// One row of cells, which is two rows of pixels.
fn row_of(line: &str, row: usize) -> String {
    let mut cells = String::new();
    for letter in line.chars() {
        match pixels(letter) {
            None => cells.push_str(&" ".repeat(SPACE)),
            Some(pixels) => {
                let rows: Vec<&str> = pixels.split(' ').collect();
                let wide = rows.first().map_or(0, |row| row.len());
                let ink = |row: usize, column: usize| {
                    let row = rows.get(row).map(|row| row.as_bytes());
                    row.and_then(|row| row.get(column)) == Some(&b'#')
                };
                cells.extend((0..wide).map(|column| {
                    match (ink(row * 2, column), ink(row * 2 + 1, column)) {
                        (true, true) => '█',
                        (true, false) => '▀',
                        (false, true) => '▄',
                        (false, false) => ' ',
                    }
                }));
            }
        }
        cells.push(' ');
    }
    cells.pop();
    cells
}
