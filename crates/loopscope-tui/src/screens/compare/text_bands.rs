//! Code beside code and output beside output, with a sign where they differ: listings by their longest common part,
//! printed lines by place.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use crate::layout::plan::Size;
use crate::panes::{asked, code};
use crate::screens::compare::bands::Pair;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::parts;
use crate::widgets::scene::Scene;
use loopscope_trace::Listing;

/// The places of the lines that only one of the two has.
pub fn lines(left: &Listing, right: &Listing) -> [BTreeSet<usize>; 2] {
    let [left, right] = [left, right].map(|listing| {
        let lines = listing.lines.iter();
        let words = lines.map(|line| line.iter().map(|token| token.text.as_str()).collect());
        words.collect::<Vec<String>>()
    });
    let mut unlike: [BTreeSet<usize>; 2] = Default::default();
    let parts = capture_diff_slices(Algorithm::Myers, &left, &right);
    for part in parts.iter().filter(|part| part.tag() != DiffTag::Equal) {
        unlike[0].extend(part.old_range());
        unlike[1].extend(part.new_range());
    }
    unlike
}

/// The column of a pane in which a line that differs is marked, where it is wide enough.
const MARK: u16 = 40;

/// Both listings; lines that only one of them has are marked.
pub(crate) fn code(pair: &Pair<'_>, area: Rect, buf: &mut Buffer) {
    let halves = halves(pair, area, "1 code", buf);
    let [left, right] = &pair.scenes;
    let of = |scene: &Scene| {
        let story = scene.view.timeline.story();
        story.listing(scene.view.language).cloned()
    };
    let unlike = match (of(left), of(right)) {
        (Some(left), Some(right)) => lines(&left, &right),
        _ => Default::default(),
    };
    for ((scene, half), unlike) in pair.scenes.iter().zip(halves).zip(&unlike) {
        code::draw(scene, half, buf);
        for (line, y) in code::places(scene, half) {
            if unlike.contains(&line) {
                mark(pair, half, y, buf);
            }
        }
    }
}

/// The newest printed lines of both, place by place; the lines of many requests with their counts.
pub(crate) fn output(pair: &Pair<'_>, area: Rect, buf: &mut Buffer) {
    let halves = halves(pair, area, "3 output", buf);
    let crowds = [0, 1].map(|side| pair.scenes[side].crowd());
    let printed = [0, 1].map(|side| {
        let view = pair.scenes[side].view;
        view.world.outputs.min(view.timeline.outputs().len())
    });
    let theme = &pair.model.theme;
    let mut top = area.y + u16::from(pair.roomy());
    let below = |y: u16, half: Rect| Rect::new(half.x, y, half.width, area.bottom() - y);
    for (side, half) in halves.into_iter().enumerate().filter(|it| crowds[it.0]) {
        let (scene, half) = (&pair.scenes[side], below(top.min(area.bottom()), half));
        match asked::texts(scene.view) {
            Some(texts) => asked::draw_texts(scene, &texts, half, buf),
            None => asked::draw_crowd(scene, half, buf),
        }
    }
    let lists = || halves.into_iter().enumerate().filter(|it| !crowds[it.0]);
    if area.bottom() > top + 2 {
        for (side, half) in lists() {
            let words = [(4, pair.scenes[side].at_word()), (10, "printed")];
            for (x, word) in words {
                text::put_in(buf, half, (x, top), word, theme.dim());
            }
        }
        top += 1;
    }
    let rows = usize::from(area.bottom().saturating_sub(top));
    // Both sides scroll as one, so that lines of the same place stay beside each other, until the shorter one would leave
    // its half empty.
    let most = lists().map(|(side, _)| printed[side]).max().unwrap_or(0);
    let both = (most + usize::from(!pair.compare.over())).saturating_sub(rows);
    let first = printed.map(|own| match own > both {
        true => both,
        false => own.saturating_sub(rows.saturating_sub(1)),
    });
    let beside = first[0] == first[1];
    for (side, half) in lists() {
        for (place, y) in (first[side]..).zip(top..area.bottom()) {
            line(pair, side, (place, printed), (half, y), buf);
            if beside && differs(pair, side, place, printed) {
                mark(pair, half, y, buf);
            }
        }
    }
}

/// Whether both have printed a line of this place, and not the same one.
fn differs(pair: &Pair<'_>, side: usize, place: usize, printed: [usize; 2]) -> bool {
    let both = place < printed[0] && place < printed[1];
    both && text_of(pair, side, place) != text_of(pair, 1 - side, place)
}

/// One printed line of a side, or the sign that more may come.
fn line(
    pair: &Pair<'_>,
    side: usize,
    (place, printed): (usize, [usize; 2]),
    (half, y): (Rect, u16),
    buf: &mut Buffer,
) {
    let theme = &pair.model.theme;
    let scene = &pair.scenes[side];
    let room = |x: u16| half.width.saturating_sub(x);
    if place == printed[side] && scene.view.world.ended.is_none() {
        let more = theme.sign(Sign::Ellipsis);
        text::put(buf, half.x + 10, y, more, room(10), theme.dim());
    }
    if place >= printed[side] {
        return;
    }
    let Some(line) = scene.view.timeline.outputs().get(place) else {
        return;
    };
    let at = format!("{:>7}", scene.at(line.at));
    text::put(buf, half.x, y, &at, room(0), theme.dim());
    let lane = line.lane.and_then(|lane| scene.view.timeline.lane(lane));
    let letter = lane.map_or("", |lane| scene.letter(lane));
    let used = text::put(buf, half.x + 8, y, letter, room(8).min(3), theme.focus());
    let words = scene.view.timeline.trace().text(line.text);
    let x = 9 + used.max(1);
    text::put(
        buf,
        half.x + x,
        y,
        words,
        room(x).saturating_sub(2),
        theme.text(),
    );
}

fn text_of<'a>(pair: &Pair<'a>, side: usize, place: usize) -> &'a str {
    let timeline = pair.scenes[side].view.timeline;
    let line = timeline.outputs().get(place);
    line.map_or("", |line| timeline.trace().text(line.text))
}

fn mark(pair: &Pair<'_>, half: Rect, y: u16, buf: &mut Buffer) {
    let x = half.x + MARK.min(half.width.saturating_sub(2));
    let theme = &pair.model.theme;
    text::put(buf, x, y, theme.sign(Sign::Differs), 1_u16, theme.focus());
}

/// Both halves of a band, with the names in its rule.
fn halves(pair: &Pair<'_>, area: Rect, title: &str, buf: &mut Buffer) -> [Rect; 2] {
    let theme = &pair.model.theme;
    let left = area.width.saturating_sub(1) / 2;
    let [one, two] = pair.ids();
    let y = area.y.saturating_sub(1);
    let above = Rect::new(area.x, y, area.width, area.height + 1);
    let sign = if y > 1 { Sign::Cross } else { Sign::TeeDown };
    let title = if pair.scenes[0].size == Size::Roomy || title.starts_with('3') {
        format!("{title}  {one}")
    } else {
        title.to_owned()
    };
    parts::rule(buf, above, y, theme, &title, Some((left, sign, two)));
    let rows = area.y..area.bottom();
    parts::divider(buf, area, left, rows, theme);
    let half = |x: u16, width: u16| Rect::new(area.x + x, area.y, width, area.height);
    [half(0, left), half(left + 1, area.width - left - 1)]
}
