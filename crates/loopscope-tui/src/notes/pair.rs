//! Two runs on one clock: the notes of both.

use crate::model::model::Model;
use crate::notes::run;
use crate::session::compare::{Compare, Head};
use crate::session::session::{Run, Session};
use loopscope_protocol::notes::{Ahead, Page, Stand};
use loopscope_timeline::explain;
use loopscope_trace::Answers;

/// The page of a comparison.
pub(crate) fn page(model: &Model, compare: &Compare) -> Page {
    let [left, right] = &compare.sides;
    let titles = [left, right].map(|side| name(side).to_owned());
    let notes =
        [left, right].map(|side| run::note(side).map(|note| format!("{}: {note}", name(side))));
    let captions = [left, right].map(|side| format!("{}: {}", name(side), says(model, side)));
    Page {
        title: titles.join(" and "),
        place: "compare".to_owned(),
        playhead: Some(stand(compare)),
        notes: notes.into_iter().flatten().collect(),
        captions: captions.to_vec(),
        next: [left, right]
            .into_iter()
            .flat_map(|side| {
                let ahead = run::ahead(side, model.language).into_iter().take(1);
                ahead.map(|ahead| Ahead {
                    when: format!("{}, {}", name(side), ahead.when),
                    ..ahead
                })
            })
            .collect(),
        ..Page::default()
    }
}

fn name(side: &Session) -> &str {
    let story = side.timeline.story();
    if story.id.is_empty() {
        &story.title
    } else {
        &story.id
    }
}

/// What goes on in a side, or what it came to.
fn says(model: &Model, side: &Session) -> String {
    if side.run == Run::NotYet {
        return "has not begun.".to_owned();
    }
    let world = side.world();
    if world.ended.is_some() {
        return explain::result(&side.timeline, &Answers::default());
    }
    explain::caption(&side.timeline, &world, model.language)
}

fn stand(compare: &Compare) -> Stand {
    let at = format!("{}s", compare.now().hundredths());
    let end = format!("{}s", compare.end().hundredths());
    let (mode, of) = match compare.head {
        Head::Edge if compare.over() => ("ended", None),
        Head::Edge => ("live", None),
        Head::Playing(_) => ("playing", Some(end)),
        Head::Paused(_) if compare.sides.iter().all(|side| side.run == Run::NotYet) => {
            ("before the run", None)
        }
        Head::Paused(_) => ("paused", Some(end)),
    };
    Stand {
        mode: mode.to_owned(),
        at,
        of,
    }
}
