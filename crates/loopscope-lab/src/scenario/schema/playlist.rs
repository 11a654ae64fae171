//! The tables of a playlist and their keys.
// table

use crate::scenario::schema::row::{Kind, Table, may, must};

/// The whole file.
#[rustfmt::skip]
pub(crate) const PLAYLIST: Table = Table {
    what: "a playlist",
    fields: &[
        must("title", Kind::Text, "The lecture's title."),
        must("scenario", Kind::Rows(&SCENARIO), "The scenarios, in their order."),
    ],
};

#[rustfmt::skip]
const SCENARIO: Table = Table {
    what: "a scenario of a playlist",
    fields: &[
        must("run", Kind::Text, "A scenario's id, or a file as seen from the playlist's folder."),
        may("panes", Kind::Panes, "The panes that it begins with."),
        may("big", Kind::Flag, "The big layout."),
        may("ask", Kind::Flag, "Whether its question is asked."),
        may("knobs", Kind::Figures, "Values of knobs, by name."),
        may("speed", Kind::Pace, "Scenario seconds in a wall second; its own unless told."),
        may("only", Kind::Text, "The one lane that is looked at, by its letter or name."),
        may("auto_stop", Kind::OneOf(&["off", "notes", "all"]), "Where the view stops by itself; at each note unless told."),
        may("notes", Kind::Text, "For the presenter; not on the screen."),
        may("stop", Kind::Rows(&STOP), "Stops in place of the scenario's own notes."),
    ],
};

#[rustfmt::skip]
const STOP: Table = Table {
    what: "a stop",
    fields: &[
        must("at", Kind::Text, "The moment: `first blocked-loop`, `second output \"bye\"`, or a time: `1.5s`."),
        may("say", Kind::Text, "The sentence."),
        may("panes", Kind::Panes, "The panes from here on."),
        may("only", Kind::Text, "The one lane that is looked at up to the next stop."),
        may("notes", Kind::Text, "For the presenter; not on the screen."),
    ],
};
