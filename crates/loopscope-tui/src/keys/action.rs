//! Everything that a key can do, in one table: keys, footer words and help sentences.
// table

use crate::keys::action::Press::{AnyDigit, Char, Control, Key};
use crate::keys::place::Place;
use crate::keys::place::Place::{
    Compare, Export, Hands, Help, Knobs, Many, Menu, Mistakes, Notes, Number, Order, Problem,
    Prompt, Question, Stage, Told,
};
use crate::message::KeyCode as Code;

/// What a key does. The table [`TABLE`] says which key, where, and in what words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Plays or pauses the view; before the run it runs.
    Play,
    /// Does what the last row offers first.
    Offer,
    /// Closes what lies on top.
    Close,
    /// Goes to the menu; the run is kept.
    ToMenu,
    /// Leaves the program.
    Quit,
    /// Shows all keys and words of this screen.
    Help,
    /// Goes back to the previous moment.
    MomentBack,
    /// Goes on to the next moment.
    MomentForward,
    /// Moves the cursor up.
    Up,
    /// Moves the cursor down.
    Down,
    /// Takes back one event.
    EventBack,
    /// Goes on by one event.
    EventForward,
    /// Goes to the next stop.
    NextStop,
    /// Goes to the previous stop.
    PreviousStop,
    /// Goes to the start or the first row.
    First,
    /// Goes to the live edge, the end or the last row.
    Last,
    /// Watches slower.
    Slower,
    /// Watches faster.
    Faster,
    /// A digit: a pane, a scenario's number, or a choice.
    Digit(u8),
    /// Says why the selected lane is not running.
    Why,
    /// Goes back from a cause to what it caused.
    Back,
    /// Shows a shorter time, round the playhead.
    ZoomIn,
    /// Shows a longer time, round the playhead.
    ZoomOut,
    /// Shows the whole run so far.
    Fit,
    /// Shows what was before, without moving the playhead.
    Earlier,
    /// Shows what comes after, without moving the playhead.
    Later,
    /// Asks for a time to go to.
    GoTo,
    /// Takes back the last jump.
    Undo,
    /// The arrows move by what the next pane shows.
    NextPane,
    /// The arrows move by what the previous pane shows.
    PreviousPane,
    /// Shows only the selected lane.
    Only,
    /// Goes to what was typed.
    Go,
    /// Runs compute their time, or no longer.
    Instant,
    /// Runs many times and counts.
    RunMany,
    /// Compares with what it goes with; in a comparison: one side again.
    Versus,
    /// Chooses the first of any two that are to be compared.
    VersusAny,
    /// Sends one more request, now.
    Send,
    /// Runs again.
    RunAgain,
    /// Shows the knobs.
    Knobs,
    /// Asks the question again.
    AskAgain,
    /// Switches the listing's language.
    Code,
    /// Stops by itself at each stop, or no longer does.
    AutoStop,
    /// The presenter's first button: on.
    On,
    /// The presenter's second button: back.
    Return,
    /// Opens the next scenario of the playlist.
    NextScenario,
    /// Opens the previous scenario of the playlist.
    PreviousScenario,
    /// Shows the next pane that is hidden.
    PaneMore,
    /// Hides the last pane that was shown.
    PaneFewer,
    /// Switches the big layout.
    Big,
    /// Switches the theme.
    Theme,
    /// Opens tokio-console's door for the next run.
    Console,
    /// Shows the runtime's own counts.
    Metrics,
    /// Shows tokio-console's word for each task.
    Says,
    /// Copies the line for another terminal.
    Copy,
    /// Opens the scenario under the cursor.
    Open,
    /// Goes to the previous folder.
    FolderBack,
    /// Goes to the next folder.
    FolderForward,
    /// Begins to find.
    Find,
    /// Clears the filter.
    ClearFilter,
    /// Switches between folders and scenarios.
    Switch,
    /// Goes back to the run that was left.
    Resume,
    /// Runs with the choice under the cursor.
    RunChosen,
    /// Runs without a prediction.
    RunPlain,
    /// Carries the line under the cursor up.
    CarryUp,
    /// Carries the line under the cursor down.
    CarryDown,
    /// Counts hands; at the end: shows and hides them.
    Hands,
    /// Takes back what was typed last.
    Erase,
    /// Goes on after the reply.
    GoOn,
    /// Turns the knob down.
    Less,
    /// Turns the knob up.
    More,
    /// Turns the knob to where the file has it; while digits are typed: takes one back.
    Usual,
    /// Runs with one value of the knob after the other.
    Sweep,
    /// Scrolls up by a page.
    PageUp,
    /// Scrolls down by a page.
    PageDown,
    /// Opens the scenario in the person's editor.
    Edit,
    /// Shows what can be exported.
    Export,
    /// Paints everything again.
    Repaint,
    /// Stops the process until the shell continues it.
    Suspend,
}

/// A key as the table names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Press {
    /// A character.
    Char(char),
    /// A character with Ctrl.
    Control(char),
    /// Another key.
    Key(Code),
    /// Any digit.
    AnyDigit,
}

/// One row of the help page: keys that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Where it works.
    pub at: &'static [Place],
    /// The keys, and what each does.
    pub keys: &'static [(Press, Action)],
    /// How the keys are written.
    pub written: &'static str,
    /// One or two words for the last row.
    pub word: &'static str,
    /// The same where there are 100 columns.
    pub long: &'static str,
    /// What it does, for the help page.
    pub help: &'static str,
}

const fn row(
    at: &'static [Place],
    keys: &'static [(Press, Action)],
    written: &'static str,
    words: (&'static str, &'static str),
    help: &'static str,
) -> Row {
    Row {
        at,
        keys,
        written,
        word: words.0,
        long: words.1,
        help,
    }
}

/// All keys of all screens, in the order of the help page.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(&[Stage, Compare], &[(Char(' '), Action::Play)], "space", ("pause", "pause"),
        "Play or pause the view; the run goes on. At the end: again from the start."),
    row(&[Question, Order, Number], &[(Char(' '), Action::RunPlain)], "space", ("run, no guess", "run without a guess"),
        "Run, or go on, without a guess; after the run: tell what is right."),
    row(&[Menu], &[(Char(' '), Action::Resume)], "space", ("go back", "go back to the run"),
        "Go back to the run that was left."),
    row(&[Stage], &[(Key(Code::Enter), Action::Offer)], "Enter", ("next", "next"),
        "What the last row offers first: run, why, its cause, the next scenario."),
    row(&[Stage], &[(Key(Code::Backspace), Action::Back)], "Backspace", ("back", "back to what it caused"),
        "Back from the cause that Enter followed."),
    row(&[Prompt], &[(Key(Code::Enter), Action::Go)], "Enter", ("go", "go there, go on"),
        "Go there; once more: to the next one."),
    row(&[Menu], &[(Key(Code::Enter), Action::Open)], "Enter", ("open", "open"),
        "Open the scenario."),
    row(&[Question, Order, Number], &[(Key(Code::Enter), Action::RunChosen)], "Enter", ("run", "run with this"),
        "Run with this answer; within a run: keep it beside the first one and go on."),
    row(&[Told], &[(Key(Code::Enter), Action::GoOn), (Key(Code::PageDown), Action::GoOn)], "Enter", ("go on", "go on"),
        "The next question, or the next scenario (also PgDn)."),
    row(&[Knobs], &[(Key(Code::Enter), Action::RunAgain)], "Enter", ("run", "run with these"),
        "Run with these values; the knobs stay open over the run."),
    row(&[Problem], &[(Key(Code::Enter), Action::Close)], "Enter", ("menu", "menu"),
        "Back to the menu."),
    row(&[Export], &[(Key(Code::Enter), Action::Go)], "Enter", ("write", "write the file"),
        "Write the file."),
    row(&[Mistakes], &[(Key(Code::Enter), Action::Close)], "Enter", ("last good version", "the last good version"),
        "The last good version, which can be run."),
    row(&[Stage, Compare, Many, Help, Knobs, Problem, Mistakes, Export, Question, Order, Number, Told, Prompt], &[(Key(Code::Esc), Action::Close)], "Esc", ("close", "close"),
        "Close what lies on top; on the bare stage: menu."),
    row(&[Hands], &[(Key(Code::Enter), Action::Close), (Key(Code::Esc), Action::Close), (Char('h'), Action::Close)], "Enter", ("done", "done"),
        "Back to the question; the hands are kept and hidden (also h, Esc)."),
    row(&[Menu], &[(Key(Code::Esc), Action::ClearFilter)], "Esc", ("clear", "clear the filter"),
        "Clear the filter."),
    row(&[Stage, Compare], &[(Key(Code::Left), Action::MomentBack), (Key(Code::Right), Action::MomentForward)], "← →", ("moment", "moment"),
        "Back or forward to where something on the screen changes; see Tab."),
    row(&[Menu], &[(Key(Code::Left), Action::FolderBack), (Key(Code::Right), Action::FolderForward)], "← →", ("folder", "folder"),
        "The folder before, the folder after."),
    row(&[Knobs], &[(Key(Code::Left), Action::Less), (Key(Code::Right), Action::More)], "← →", ("turn", "turn"),
        "Turn the knob down, up: by ones below 20, by tens below 200."),
    row(&[Knobs], &[(AnyDigit, Action::Digit(0))], "0-9", ("type", "type a value"),
        "Type a value."),
    row(&[Knobs], &[(Key(Code::Backspace), Action::Usual), (Key(Code::Delete), Action::Usual)], "Backspace", ("usual", "the usual value"),
        "The usual value; while digits are typed: take one back."),
    row(&[Knobs], &[(Key(Code::Home), Action::First), (Key(Code::End), Action::Last)], "Home End", ("least, most", "least, most"),
        "The least value, the most."),
    row(&[Knobs], &[(Char('S'), Action::Sweep)], "S", ("sweep", "sweep over its values"),
        "Sweep: runs with about ten values of the knob, one after the other, and plots them; Esc stops."),
    row(&[Stage], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down)], "↑ ↓", ("lane", "select a lane"),
        "Select a lane."),
    row(&[Menu], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down), (Char('k'), Action::Up), (Char('j'), Action::Down)],
        "↑ ↓", ("choose", "choose"), "Choose a scenario (also j k)."),
    row(&[Question, Order, Knobs], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down)], "↑ ↓", ("choose", "choose"),
        "Move the choice."),
    row(&[Order], &[(Key(Code::Left), Action::CarryUp), (Key(Code::Right), Action::CarryDown), (Char('K'), Action::CarryUp), (Char('J'), Action::CarryDown)],
        "← →", ("move the line", "move the line up, down"), "Carry the line under the cursor up, down (also K J)."),
    row(&[Hands], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down)], "↑ ↓", ("option", "option"),
        "The option before, the option after."),
    row(&[Prompt], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down)], "↑ ↓", ("others", "the one before, after"),
        "The find before, the find after."),
    row(&[Help, Problem, Mistakes], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down), (Char('k'), Action::Up), (Char('j'), Action::Down)],
        "↑ ↓", ("scroll", "scroll"), "Scroll by a line."),
    row(&[Help, Problem, Mistakes, Menu], &[(Key(Code::PageUp), Action::PageUp), (Key(Code::PageDown), Action::PageDown)], "PgUp PgDn", ("page", "page"),
        "Scroll by a page."),
    row(&[Stage, Compare], &[(Char(','), Action::EventBack), (Char('.'), Action::EventForward)], ", .", ("step", "step"),
        "One event back, one forward."),
    row(&[Stage, Compare], &[(Char('n'), Action::NextStop), (Char('N'), Action::PreviousStop)], "n", ("next", "next stop"),
        "The next stop: a note, a finding, a printed line (N: previous; also PgDn, PgUp)."),
    row(&[Notes], &[(Key(Code::PageDown), Action::NextStop), (Char('n'), Action::NextStop)], "PgDn", ("next", "next stop, over there"),
        "Passed on to the screen that presents: its next stop (also n)."),
    row(&[Notes], &[(Key(Code::PageUp), Action::PreviousStop)], "PgUp", ("previous", "previous stop, over there"),
        "Passed on to the screen that presents: its previous stop."),
    row(&[Notes], &[(Char(' '), Action::Play)], "space", ("play, pause", "play, pause, over there"),
        "Passed on to the screen that presents: play or pause."),
    row(&[Compare], &[(Key(Code::PageDown), Action::NextStop), (Key(Code::PageUp), Action::PreviousStop)], "PgDn", ("next", "next stop"),
        "The next stop, the previous stop."),
    row(&[Stage], &[(Key(Code::PageDown), Action::On), (Key(Code::PageUp), Action::Return)], "PgDn", ("on", "on"),
        "A presenter's two buttons: next stop, previous stop; in a presentation they carry all of it."),
    row(&[Question, Order, Number], &[(Key(Code::PageDown), Action::RunPlain), (Key(Code::PageUp), Action::Return)], "PgDn", ("run", "run"),
        "A presenter's two buttons: run without a prediction; in a presentation: back."),
    row(&[Stage, Menu, Question, Problem], &[(Char('l'), Action::NextScenario), (Char('L'), Action::PreviousScenario)],
        "l L", ("next one", "next of the playlist"), "The next, the previous scenario of the playlist."),
    row(&[Stage, Compare], &[(Key(Code::Home), Action::First), (Key(Code::End), Action::Last)], "Home End", ("start, end", "start, live edge"),
        "The start; the live edge or the end."),
    row(&[Menu, Help, Problem, Mistakes], &[(Key(Code::Home), Action::First), (Key(Code::End), Action::Last)], "Home End", ("first, last", "first, last"),
        "First, last."),
    row(&[Stage, Compare], &[(Char('<'), Action::Slower), (Char('>'), Action::Faster), (Char('['), Action::Slower), (Char(']'), Action::Faster)],
        "< >", ("speed", "watch slower, faster"), "Watch slower, faster (also [ ])."),
    row(&[Stage], &[(Char('+'), Action::ZoomIn), (Char('='), Action::ZoomIn), (Char('-'), Action::ZoomOut), (Char('f'), Action::Fit)],
        "+ - f", ("zoom", "zoom in, out, fit"), "Zoom in and out at the playhead; f shows the whole run (also the wheel)."),
    row(&[Stage], &[(Char('('), Action::Earlier), (Char(')'), Action::Later)], "( )", ("pan", "earlier, later"),
        "Show what was before, what comes after (also Shift and the wheel)."),
    row(&[Stage], &[(Char('g'), Action::GoTo)], "g", ("go to", "go to a time"),
        "Go to a time: 3.4, 340ms, 50%, +1, -0.5."),
    row(&[Stage], &[(Char('/'), Action::Find)], "/", ("find", "find a task or a line"),
        "Find a task by its name, or a printed line."),
    row(&[Stage], &[(Char('u'), Action::Undo)], "u", ("undo", "undo the jump"),
        "Undo the last jump: n, g, /, Home, End, a click, a cause."),
    row(&[Stage], &[(Key(Code::Tab), Action::NextPane), (Key(Code::BackTab), Action::PreviousPane)], "Tab", ("pane", "next pane"),
        "The arrows move by what the next pane shows: changes, steps, turns, lines, findings."),
    row(&[Stage], &[(Char('o'), Action::Only)], "o", ("only", "only this lane"),
        "Only the selected lane; o again: all."),
    row(&[Stage], &[(Char('s'), Action::Send)], "s", ("send", "send a request"),
        "Send one more real request, now."),
    row(&[Stage, Many], &[(Char('R'), Action::RunMany)], "R", ("100 runs", "100 runs"),
        "Run 100 times and count: orders, lengths, values."),
    row(&[Stage], &[(Char('v'), Action::Versus)], "v", ("compare", "compare"),
        "Versus: runs it side by side with the scenario that it goes with."),
    row(&[Menu], &[(Char('v'), Action::Versus)], "v", ("compare", "compare"),
        "Versus: runs it side by side with the scenario that it goes with."),
    row(&[Menu], &[(Char('i'), Action::Instant)], "i", ("instant", "instant runs"),
        "Instant runs: time is computed (the virtual clock), nothing sleeps; on, off."),
    row(&[Menu], &[(Char('V'), Action::VersusAny)], "V", ("compare any", "compare with any"),
        "The first of any two to compare; choose the other one, and press v."),
    row(&[Compare], &[(Char('v'), Action::Versus)], "v", ("one again", "one again"),
        "Opens the chosen side alone."),
    row(&[Compare], &[(Key(Code::Tab), Action::Switch), (Key(Code::BackTab), Action::Switch)], "Tab", ("other side", "other side"),
        "The other side."),
    row(&[Compare], &[(Char('w'), Action::Why)], "w", ("why", "why"),
        "What goes on in the chosen side."),
    row(&[Compare], &[(Char('r'), Action::RunAgain)], "r", ("run both", "run both"),
        "Run both again."),
    row(&[Compare], &[(AnyDigit, Action::Digit(0))], "1", ("code", "show or hide the code"),
        "Show or hide the code."),
    row(&[Stage], &[(Char('w'), Action::Why)], "w", ("why", "why"),
        "Why is the selected lane not running? Enter follows the cause, Backspace goes back."),
    row(&[Stage], &[(Char('r'), Action::RunAgain)], "r", ("run again", "run again"),
        "Run again."),
    row(&[Stage, Question, Order, Number], &[(Char('k'), Action::Knobs)], "k", ("knobs", "knobs"),
        "Numbers that may be turned before running again."),
    row(&[Stage], &[(Char('p'), Action::AskAgain)], "p", ("question", "the question again"),
        "The question again; another answer is kept beside the first one."),
    row(&[Question, Order, Number], &[(Char('h'), Action::Hands)], "h", ("hands", "count hands"),
        "Count the hands of a class for each option; they stay hidden until the end."),
    row(&[Stage], &[(Char('h'), Action::Hands)], "h", ("hands", "hands"),
        "At the end: show the hands that were counted, or hide them."),
    row(&[Stage, Compare, Question, Order, Number, Told], &[(Char('c'), Action::Code)], "c", ("code", "Python or Rust"),
        "Code in Python, in Rust."),
    row(&[Stage], &[(AnyDigit, Action::Digit(0))], "1-{last}", ("pane", "show or hide a pane"),
        "Show or hide a pane."),
    row(&[Stage], &[(Char('d'), Action::PaneMore), (Char('D'), Action::PaneFewer)], "d D", ("a pane more", "a pane more, fewer"),
        "One pane more, in the order of teaching: {panes}; one fewer."),
    row(&[Menu], &[(AnyDigit, Action::Digit(0))], "1-9", ("go to", "go to a number"),
        "Go to a number, with one digit or two."),
    row(&[Question], &[(AnyDigit, Action::Digit(0))], "1-9", ("choose", "choose"),
        "Choose an answer."),
    row(&[Order], &[(AnyDigit, Action::Digit(0))], "1-9", ("to this place", "carry to this place"),
        "Carry the line under the cursor to this place."),
    row(&[Number], &[(AnyDigit, Action::Digit(0))], "0-9", ("type", "type a number"),
        "Type a number: 5, 0.5, 5s, 500ms."),
    row(&[Number], &[(Key(Code::Backspace), Action::Erase)], "Backspace", ("correct", "correct"),
        "Take back what was typed last."),
    row(&[Hands], &[(AnyDigit, Action::Digit(0))], "0-9", ("count", "count for this option"),
        "Count the hands for the option under the cursor."),
    row(&[Hands], &[(Key(Code::Backspace), Action::Erase)], "Backspace", ("correct", "correct"),
        "Take back the last digit."),
    row(&[Hands], &[(Key(Code::Tab), Action::Switch), (Key(Code::BackTab), Action::Switch)], "Tab", ("before, after", "before, after the discussion"),
        "The other count: before the discussion, after it."),
    row(&[Menu], &[(Char('/'), Action::Find)], "/", ("find", "find"),
        "Find in numbers, titles, questions, code and printed lines."),
    row(&[Menu], &[(Key(Code::Tab), Action::Switch), (Key(Code::BackTab), Action::Switch)], "Tab", ("folders", "folders or list"),
        "Folders or list."),
    row(&[Stage, Compare, Menu, Question, Order, Number], &[(Char('a'), Action::AutoStop)], "a", ("auto-stop", "stop by itself"),
        "Stop by itself: at no stop, at each note, at all stops."),
    row(&[Stage, Menu, Question, Order, Number], &[(Char('b'), Action::Big)], "b", ("big", "big"),
        "Big: only what the last row of the room must see."),
    row(&[Stage, Compare, Many, Menu, Question, Order, Number, Hands, Told, Help, Notes], &[(Char('t'), Action::Theme)], "t", ("theme", "theme"),
        "Theme: dark, light, projector, mono."),
    row(&[Stage, Menu], &[(Char('C'), Action::Console)], "C", ("console", "tokio-console on"),
        "Let tokio-console attach from the next run on; says what to type."),
    row(&[Stage], &[(Char('m'), Action::Metrics)], "m", ("metrics", "metrics"),
        "The runtime's own counts; switches them on for the next run."),
    row(&[Stage], &[(Char('T'), Action::Says)], "T", ("console says", "what the console says"),
        "What tokio-console calls each task, beside its lane."),
    row(&[Stage, Menu], &[(Char('y'), Action::Copy)], "y", ("copy", "copy"),
        "Copy the line that attaches tokio-console."),
    row(&[Export], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down)], "↑ ↓", ("choose", "choose"),
        "Move the choice."),
    row(&[Mistakes], &[(Char('r'), Action::RunAgain)], "r", ("run it", "run the last good version"),
        "Run the last good version."),
    row(&[Stage, Question, Order, Told, Menu, Mistakes, Problem], &[(Char('e'), Action::Edit)], "e", ("edit", "edit"),
        "Edit in $VISUAL or $EDITOR: your own file, or your copy of one of ours. Each save runs it again."),
    row(&[Stage, Question, Order, Told, Menu], &[(Char('x'), Action::Export)], "x", ("export", "export"),
        "Export: as a program in Python or Rust, or the run as lines."),
    row(&[Stage, Compare, Many, Menu, Question, Order, Number, Hands, Told, Knobs, Problem, Mistakes], &[(Char('?'), Action::Help)], "?", ("keys", "keys"),
        "All keys and words of this screen."),
    row(&[Help], &[(Char('?'), Action::Close), (Char('q'), Action::Close), (Key(Code::Enter), Action::Close)], "q", ("close", "close"),
        "Close the help (also ?, Enter)."),
    row(&[Stage, Compare, Many, Question, Order, Number, Hands, Told, Knobs, Problem, Mistakes], &[(Char('q'), Action::ToMenu)], "q", ("menu", "menu"),
        "Menu; the run is kept."),
    row(&[Menu, Notes], &[(Char('q'), Action::Quit)], "q", ("quit", "quit"),
        "Quit."),
    row(&[Stage, Compare, Many, Menu, Question, Order, Number, Hands, Told, Help, Knobs, Problem, Mistakes, Export, Prompt, Notes], &[(Control('c'), Action::Quit)], "Ctrl-C", ("quit", "quit"),
        "Quit, always."),
    row(&[Stage, Compare, Many, Menu, Question, Order, Number, Hands, Told, Help, Knobs, Problem, Mistakes, Export, Notes], &[(Control('l'), Action::Repaint), (Control('z'), Action::Suspend)],
        "Ctrl-L", ("repaint", "repaint"), "Paint everything again (Ctrl-Z: to the shell and back)."),
];
