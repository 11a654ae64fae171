//! What keys mean where a program of the user's own is watched, and why some mean nothing there.

use crate::keys::action::{Action, Binding};

/// Keys of the stage that make no sense over a program that is watched, and what is said instead.
// table
const REFUSED: &[(Action, &str)] = &[
    (Action::Knobs, "a program of your own has no knobs"),
    (Action::AskAgain, "nothing was asked about this program"),
    (Action::Votes, "nothing was asked about this program"),
    (Action::Send, "requests come from the program's own clients"),
    (
        Action::RunMany,
        "a program of your own is run once at a time",
    ),
    (
        Action::Versus,
        "there is nothing to compare this program with",
    ),
    (Action::Code, "the code is shown as it stands in its file"),
    (Action::Console, "tokio-console is for programs on tokio"),
    (Action::Says, "tokio-console is for programs on tokio"),
    (Action::Copy, "tokio-console is for programs on tokio"),
    (
        Action::Metrics,
        "these counts are tokio's; this program has none",
    ),
    (
        Action::Pane('z'),
        "what tasks have in hand is not seen of this program",
    ),
    (Action::NextScenario, "there is no playlist"),
    (Action::PreviousScenario, "there is no playlist"),
    (Action::PaneMore, "1 to 6 show and hide the panes"),
    (Action::PaneFewer, "1 to 6 show and hide the panes"),
];

/// Keys of the stage that are for a program that is watched.
const ONLY: &[Action] = &[Action::Stack, Action::InSmall, Action::AllLanes];

/// What the help says where it is another thing than over a scenario.
// table
const HELP: &[(Action, &str)] = &[
    (
        Action::Play,
        "Play or pause the view; the program goes on. At the end: again from the start.",
    ),
    (
        Action::Offer,
        "The call stack of who held the loop, and what helps; while an answer to why is open: its cause.",
    ),
    (
        Action::NextStop,
        "The next stop: a finding or a printed line (N: previous; also PgDn, PgUp).",
    ),
    (Action::RunAgain, "Start the program again."),
    (Action::Edit, "Edit the line in $VISUAL or $EDITOR."),
    (Action::ToMenu, "Quit; the program is stopped."),
    (
        Action::Quit,
        "Stop the program, as Ctrl-C does in its own terminal; once more: quit.",
    ),
    (
        Action::Export,
        "Export the run as lines, or what is drawn as a picture.",
    ),
    (
        Action::Slower,
        "Watch slower, faster, where you look back (also [ ]).",
    ),
];

/// Why a key means nothing here; `None` where it does.
pub(crate) fn refused(action: Action, watched: bool) -> Option<&'static str> {
    if !watched {
        let only = ONLY.contains(&action);
        return only.then_some("this is for a program of your own: loopscope watch -- COMMAND");
    }
    let row = REFUSED.iter().find(|(refused, _)| *refused == action);
    row.map(|(_, why)| *why)
}

/// What the help says of a row of keys; `None` where none of them means anything.
pub(crate) fn help(row: &Binding, watched: bool) -> Option<&'static str> {
    let mut actions = row.keys.iter().map(|(_, action)| *action);
    if actions
        .clone()
        .all(|action| refused(action, watched).is_some())
    {
        return None;
    }
    let first = actions.next().filter(|_| watched);
    let other = HELP.iter().find(|(action, _)| Some(*action) == first);
    Some(other.map_or(row.help, |(_, words)| words))
}
