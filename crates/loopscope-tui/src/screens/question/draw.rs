//! A question before the run or after it: the code, what will happen, and what one answers with.
//!
//! *In:* the model and a story. *Out:* cells. *Invariant:* nothing here hints at the answer before
//! it is told. *Absent on purpose:* notes, captions, and what the run will show.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::model::model::Model;
use crate::model::screen::Screen;
use crate::screens::question::{body, code, words};
use crate::session::asking::Asking;
use crate::session::session::Session;
use crate::text::sign::Sign;
use crate::text::text;
use crate::widgets::{letters, parts};
use loopscope_trace::{Language, Question, Story};

/// Where everything stands.
struct Places {
    /// The listing; no rows where there is no room.
    code: Rect,
    /// The requests and the runtime; no columns where there is no room.
    happens: Rect,
    /// The rule above the question.
    pub(crate) rule: u16,
    /// The question.
    ask: Rect,
    /// What one answers with.
    body: Rect,
    /// The rule above the caption.
    end: u16,
}

/// How many rows the words take.
struct Rows {
    /// The question.
    ask: u16,
    /// What one answers with.
    body: u16,
    /// The sentence below.
    caption: u16,
}

/// The question and its answers come first; code and requests get what is left.
fn places(story: &Story, language: Language, rows: &Rows, area: Rect) -> Places {
    let roomy = area.height >= 20;
    let caption = rows.caption.max(if roomy { 2 } else { 0 });
    let end = area.bottom().saturating_sub(caption + 2).max(area.y + 1);
    // Rule, question, answers, and air where there is some.
    let asked = rows
        .body
        .saturating_add(rows.ask + 1)
        .saturating_add(if roomy { 2 } else { 0 })
        .min(end.saturating_sub(area.y + 1));
    let lines = story
        .listing(language)
        .map_or(0, |listing| listing.lines.len());
    let wanted = u16::try_from(lines).unwrap_or(u16::MAX).max(7);
    let above = end.saturating_sub(area.y + 2 + asked).min(wanted);
    let left = match area.width {
        0..60 => area.width,
        60..100 => 38,
        _ => 46,
    };
    let top = area.y + 2;
    let rule = if above == 0 { area.y + 1 } else { top + above };
    let first = rule + 1 + u16::from(roomy);
    let answers = first + rows.ask;
    let (right, beside) = (area.x + left + 1, area.width.saturating_sub(left + 1));
    Places {
        code: Rect::new(area.x, top, left, above),
        happens: Rect::new(right.min(area.right()), top, beside, above),
        rule,
        ask: Rect::new(area.x + 1, first, area.width.saturating_sub(2), rows.ask),
        body: Rect::new(area.x, answers, area.width, end.saturating_sub(answers)),
        end,
    }
}

/// Everything that is drawn from.
struct Scene<'a> {
    model: &'a Model,
    session: &'a Session,
    asking: &'a Asking,
    question: &'a Question,
    places: Places,
    /// The question in large letters, where they fit.
    large: Option<Vec<String>>,
    /// How what can be chosen stands.
    spread: body::Spread,
    /// The sentence below, in rows.
    caption: Vec<String>,
}

impl<'a> Scene<'a> {
    fn of(model: &'a Model, asking: &'a Asking, session: &'a Session, area: Rect) -> Option<Self> {
        let story = session.timeline.story();
        let question = story.questions.get(asking.question)?;
        let wide = usize::from(area.width.saturating_sub(2));
        let (words, must) = words::below(model, session, asking);
        // In a low window only what has to be said is.
        let most = match area.height {
            20.. => usize::from(area.height / 5).min(4),
            _ if must => 3,
            _ => 0,
        };
        let caption = text::wrap(&words, wide, most);
        let ask = text::wrap(&question.ask, wide, usize::from(area.height / 3).min(4));
        let large = letters::large(&question.ask, wide, usize::from(area.height / 3));
        let large = large.filter(|_| model.big && !model.theme.ascii);
        let ask = large.as_ref().map_or(ask.len(), |rows| rows.len() + 1);
        let ask = text::cells_of(ask).max(2);
        // Some lines of the code stay in sight.
        let room = area
            .height
            .saturating_sub(ask + text::cells_of(caption.len()) + 12);
        let room = if model.big { room } else { 0 };
        let spread = body::Spread::of(asking, question, (area.width, room), !model.theme.ascii);
        let rows = Rows {
            ask,
            body: body::rows(session, asking, question, spread),
            caption: text::cells_of(caption.len()),
        };
        let language = story.shown_in(model.language);
        Some(Self {
            model,
            session,
            asking,
            question,
            places: places(story, language, &rows, area),
            large,
            spread,
            caption,
        })
    }
}

/// The option or line under a cell.
pub(crate) fn hit(model: &Model, column: u16, row: u16) -> Option<usize> {
    let (Screen::Question(asking), Some(session)) = (&model.screen, &model.session) else {
        return None;
    };
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let scene = Scene::of(model, asking, session, area)?;
    let body = scene.places.body;
    let place = scene.spread.at(row.checked_sub(body.y)?);
    let place = place + body::first(asking, scene.spread, body);
    let there = place < body::targets(asking, scene.question);
    (body.contains(Position::new(column, row)) && there).then_some(place)
}

/// Where the cursor stands: at the option or line, or behind the number.
pub(crate) fn cursor(
    model: &Model,
    asking: &Asking,
    session: &Session,
    area: Rect,
) -> Option<Position> {
    let scene = Scene::of(model, asking, session, area)?;
    body::position(asking, scene.spread, scene.places.body)
}

/// Draws the question.
pub(crate) fn draw(
    model: &Model,
    asking: &Asking,
    session: &Session,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = &model.theme;
    let story = session.timeline.story();
    let Some(scene) = Scene::of(model, asking, session, area) else {
        return;
    };
    let places = &scene.places;
    let stands = words::stands(model, session);
    parts::heading(buf, area, theme, &story.title, &stands);
    above(&scene, story, area, buf);
    let asked = match &scene.large {
        Some(rows) => {
            parts::put_rows(buf, places.ask, rows, theme.focus());
            places.ask.height
        }
        None => parts::paragraph(buf, places.ask, &scene.question.ask, theme.focus()),
    };
    hidden_votes(&scene, asked, area, buf);
    let look = (theme, scene.spread);
    body::draw(session, asking, scene.question, look, places.body, buf);
    parts::rule(buf, area, places.end, theme, "", None);
    let style = if asking.answered {
        theme.text()
    } else {
        theme.dim()
    };
    let top = places.end + 1;
    let below = Rect::new(
        area.x,
        top,
        area.width,
        (area.bottom() - 1).saturating_sub(top),
    );
    parts::put_rows(buf, below.inner(parts::SIDES), &scene.caption, style);
    let hints = words::hints(model, session, asking, scene.question, area.width >= 100);
    parts::footer(buf, area, theme, &hints);
}

/// How many votes were counted, beside the question; for which option stays hidden.
fn hidden_votes(scene: &Scene, asked: u16, area: Rect, buf: &mut Buffer) {
    let Some(words) = words::hidden(scene.session, scene.asking) else {
        return;
    };
    let wide = text::cells_of(text::width(&words));
    let ask = text::cells_of(text::width(&scene.question.ask));
    let x = body::VOTES.max(ask.saturating_add(4));
    let theme = &scene.model.theme;
    if asked == 1 && x.saturating_add(wide) < area.width {
        let y = scene.places.ask.y;
        text::put(buf, area.x + x, y, &words, wide, theme.muted());
    } else {
        let title = text::width(words::title(scene.asking, scene.question));
        let free = area.width.saturating_sub(title as u16 + 5);
        // Beside the rule's own title, or not at all: the count is told with the result.
        if wide + 3 > free {
            return;
        }
        let x = area.right().saturating_sub(wide.saturating_add(3));
        let words = format!(" {words} ");
        text::put(buf, x, scene.places.rule, &words, wide + 2, theme.muted());
    }
}

fn above(scene: &Scene, story: &Story, area: Rect, buf: &mut Buffer) {
    let (model, places) = (scene.model, &scene.places);
    let theme = &model.theme;
    let language = match story.shown_in(model.language) {
        Language::Python => "code  Python",
        Language::Rust => "code  Rust",
    };
    let asked = words::title(scene.asking, scene.question);
    if places.code.height == 0 {
        parts::rule(buf, area, places.rule, theme, asked, None);
        return;
    }
    let two = places.happens.width > 0;
    let column = places.code.width;
    let down = two.then_some((column, Sign::TeeDown, "what happens"));
    parts::rule(buf, area, area.y + 1, theme, language, down);
    let window = code_window(scene, story);
    code::draw(model, story, (window, " below: )"), places.code, buf);
    if two {
        let rows = places.code.y..places.code.bottom();
        parts::divider(buf, area, column, rows, theme);
        words::draw(story, places.happens, theme, buf);
    }
    let up = two.then_some((column, Sign::TeeUp, ""));
    parts::rule(buf, area, places.rule, theme, asked, up);
}

/// The line of code that is first in sight, and how many lines stand below the last one.
fn code_window(scene: &Scene, story: &Story) -> (usize, usize) {
    let Some(listing) = story.listing(story.shown_in(scene.model.language)) else {
        return (0, 0);
    };
    let (lines, rows) = (listing.lines.len(), usize::from(scene.places.code.height));
    let last = lines.saturating_sub(rows);
    let chosen = scene
        .session
        .code_first
        .filter(|(_, followed)| followed.is_none());
    let chosen = chosen.map(|(first, _)| first);
    let first = chosen.unwrap_or_else(|| code::asked_about(story, scene.question, listing, rows));
    (first.min(last), last - first.min(last))
}

/// The same for keys: `None` where no code is in sight, or where `at` is another cell.
pub(crate) fn code_shown(model: &Model, at: Option<Position>) -> Option<(usize, usize)> {
    let Screen::Question(asking) = &model.screen else {
        return None;
    };
    let session = model.session.as_ref()?;
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let scene = Scene::of(model, asking, session, area)?;
    let code = scene.places.code;
    let under = code.height > 0 && at.is_none_or(|at| code.contains(at));
    under.then(|| code_window(&scene, session.timeline.story()))
}
