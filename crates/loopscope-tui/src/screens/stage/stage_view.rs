//! From the model to what the stage is told.

use ratatui::layout::Rect;

use crate::keys::key::{Hint, Place};
use crate::model::model::Model;
use crate::model::screen::{Presenting, Prompt, PromptKind};
use crate::screens::common::footer;
use crate::screens::common::footer::EndOffers;
use crate::session::playhead::Mode;
use crate::session::session::Session;
use crate::session::votes::VoteBars;
use crate::widgets::stage_view::{Look, Predicted, StageView};
use loopscope_protocol::console::ConsoleState;
use loopscope_timeline::explain;
use loopscope_timeline::explain::Why;

/// Builds what the stage is told.
pub(crate) fn with_stage<T>(
    model: &Model,
    session: &Session,
    area: Rect,
    then: impl FnOnce(&StageView<'_>) -> T,
) -> T {
    let timeline = &session.timeline;
    let language = timeline.story().shown_in(model.language);
    let mode = session.mode();
    let moment = session.here();
    let world = session.world();
    let why = session.trail.as_ref().and(session.selected).map(|lane| {
        let mut why = explain::why(timeline, &world, lane, language);
        let called = explain::console(timeline, lane, &world)
            .and_then(|(word, number)| Some(format!(" tokio-console: task {}, {word}.", number?)));
        why.now += &called.unwrap_or_default();
        why
    });
    let wide = area.width >= 100;
    let console = (model.console != ConsoleState::Off).then(|| model.console.words(wide));
    let words = session.predicted_words();
    let prompt = model
        .prompt
        .as_ref()
        .filter(|_| model.place() == Place::Prompt);
    let footer = footer(model, session, (prompt, why.as_ref()), wide);
    then(&StageView {
        timeline,
        world: &world,
        moment,
        language,
        theme: &model.theme,
        mode,
        play_speed: session.play_speed,
        panes: session.panes,
        selected: session.selected,
        first_lane: session.first_lane,
        furthest: session.furthest.max(moment.at),
        answers: &session.answers,
        console: console.as_deref(),
        notice: model.notice.as_ref().map(|notice| notice.text.as_str()),
        own_requests: session.own_requests,
        big: model.big,
        place: model.lecture().map(Presenting::place),
        footer: &footer,
        next: model.next_id().filter(|_| session.next_why().is_none()),
        look: Look {
            zoom: session.zoom,
            focus: session.focus,
            only: session.only,
            why: why.as_ref(),
            prompt,
            predicted: Predicted {
                lines: session.predicted_lines(),
                words: words.as_deref(),
                end: session.predicted_end(),
            },
            vote_bars: vote_bars(session),
        },
    })
}

/// The last row: what is useful now.
fn footer(
    model: &Model,
    session: &Session,
    (prompt, why): (Option<&Prompt>, Option<&Why>),
    wide: bool,
) -> Vec<Hint> {
    let mode = session.mode();
    if prompt.is_some() {
        let mut hints = footer::footer(Place::Prompt, mode, wide);
        // There is but one time.
        let one = prompt.is_some_and(|prompt| prompt.kind == PromptKind::Time);
        hints.retain(|hint| !one || hint.key != "↑ ↓");
        hints
    } else if why.is_some() {
        let mut hints = footer::why_footer(mode, wide);
        let leads = why.is_some_and(|why| why.cause.is_some());
        hints.retain(|hint| leads || hint.key != "Enter");
        hints
    } else {
        let end = EndOffers {
            knobs: !session.timeline.story().knobs.is_empty(),
            votes: !session.counted().is_empty(),
            why: session.next_why().is_some(),
        };
        let hints = footer::stage_footer(mode, wide, end);
        if model.lecture().is_some() {
            footer::lecture_footer(hints, mode, wide)
        } else {
            hints
        }
    }
}

/// The votes that lie over the end of the run.
fn vote_bars(session: &Session) -> Option<VoteBars<'_>> {
    let place = session
        .vote_bars
        .filter(|_| session.mode() == Mode::Ended)?;
    VoteBars::of(session, place)
}
