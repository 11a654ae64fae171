//! Everything that a key can do, in one table: keys, footer words and help sentences; and what a key means at a place.

// table

use crate::keys::key::KeyCode as Code;
use crate::keys::key::Place::{
    Answered, Compare, Export, Help, Knobs, Many, Menu, Mistakes, Notes, Number, Order, Problem,
    Prompt, Question, Stage, Votes,
};
use crate::keys::key::{Key as Pressed, Place};
use Press::{AnyDigit, Char, Control, Key};

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
    /// Puts the cursor on what comes next on the path.
    OnPath,
    /// Runs compute their time, or no longer.
    Instant,
    /// Runs many times and counts.
    RunMany,
    /// Compares with what it goes with; in a comparison: one side again.
    Versus,
    /// Chooses the first of any two that are to be compared.
    VersusAny,
    /// Runs the exported Python program beside our own run.
    ForReal,
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
    /// Lets tokio-console attach from the next run on.
    Console,
    /// Shows the runtime's own counts.
    Metrics,
    /// Shows or hides the pane with this letter.
    Pane(char),
    /// Shows tokio-console's word for each task.
    Says,
    /// Shows the list of events.
    Events,
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
    /// Goes to the next line that has what is sought.
    NextHit,
    /// Goes to the previous line that has what is sought.
    PreviousHit,
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
    /// Counts votes; at the end: shows and hides them.
    Votes,
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
    /// Shows or hides lanes of a framework's own tasks.
    AllLanes,
    /// Shows the call stack of who held the loop.
    Stack,
    /// Opens the scenario that shows in small what held the loop.
    InSmall,
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
pub struct Binding {
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

const fn binding(
    at: &'static [Place],
    keys: &'static [(Press, Action)],
    written: &'static str,
    words: (&'static str, &'static str),
    help: &'static str,
) -> Binding {
    Binding {
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
pub const TABLE: &[Binding] = &[
    binding(&[Stage, Compare], &[(Char(' '), Action::Play)], "space", ("pause", "pause"),
        "Play or pause the view; the run goes on. At the end: again from the start."),
    binding(&[Question, Order, Number], &[(Char(' '), Action::RunPlain)], "space", ("run, no guess", "run without a guess"),
        "Run, or go on, without a guess; after the run: tell what is right."),
    binding(&[Menu], &[(Char(' '), Action::Resume)], "space", ("open", "open"),
        "Open the scenario; where its run was left, go back to that."),
    binding(&[Stage], &[(Key(Code::Enter), Action::Offer)], "Enter", ("next", "next"),
        "What the last row offers first: run, why, its cause, the next scenario."),
    binding(&[Stage], &[(Key(Code::Backspace), Action::Back)], "Backspace", ("back", "back to what it caused"),
        "Back from the cause that Enter followed."),
    binding(&[Prompt], &[(Key(Code::Enter), Action::Go)], "Enter", ("go", "go there, go on"),
        "Go there; once more: to the next one."),
    binding(&[Menu], &[(Key(Code::Enter), Action::Open)], "Enter", ("open", "open"),
        "Open the scenario."),
    binding(&[Question, Order, Number], &[(Key(Code::Enter), Action::RunChosen)], "Enter", ("run", "run with this"),
        "Run with this answer; within a run: keep it beside the first one and go on."),
    binding(&[Answered], &[(Key(Code::Enter), Action::GoOn), (Key(Code::PageDown), Action::GoOn)], "Enter", ("go on", "go on"),
        "The next question, or the next scenario (also PgDn)."),
    binding(&[Knobs], &[(Key(Code::Enter), Action::RunAgain)], "Enter", ("run", "run with these"),
        "Run with these values; the knobs stay open over the run."),
    binding(&[Problem], &[(Key(Code::Enter), Action::Close)], "Enter", ("menu", "menu"),
        "Back to the menu."),
    binding(&[Export], &[(Key(Code::Enter), Action::Go)], "Enter", ("write", "write the file"),
        "Write the file."),
    binding(&[Mistakes], &[(Key(Code::Enter), Action::Close)], "Enter", ("last good version", "the last good version"),
        "The last good version, which can be run."),
    binding(&[Stage, Compare, Many, Help, Knobs, Problem, Mistakes, Export, Question, Order, Number, Answered, Prompt], &[(Key(Code::Esc), Action::Close)], "Esc", ("close", "close"),
        "Close what lies on top; on the bare stage: menu."),
    binding(&[Votes], &[(Key(Code::Enter), Action::Close), (Key(Code::Esc), Action::Close), (Char('h'), Action::Close)], "Enter", ("done", "done"),
        "Back to the question; the hands are kept and hidden (also h, Esc)."),
    binding(&[Menu], &[(Key(Code::Esc), Action::ClearFilter)], "Esc", ("back", "back to the run"),
        "Clear what is sought; else go back to the run that was left."),
    binding(&[Stage], &[(Key(Code::Left), Action::MomentBack), (Key(Code::Right), Action::MomentForward)], "← →", ("moment", "moment"),
        "Back or forward to where something on the screen changes; see Tab."),
    binding(&[Compare], &[(Key(Code::Left), Action::MomentBack), (Key(Code::Right), Action::MomentForward)], "← →", ("moment", "moment"),
        "Back or forward to where something changes on either side."),
    binding(&[Menu], &[(Key(Code::Left), Action::FolderBack), (Key(Code::Right), Action::FolderForward)], "← →", ("folder", "folder"),
        "The folder before, the folder after."),
    binding(&[Knobs], &[(Key(Code::Left), Action::Less), (Key(Code::Right), Action::More)], "← →", ("turn", "turn"),
        "Turn the knob down, up: by ones below 20, by tens below 200."),
    binding(&[Knobs], &[(AnyDigit, Action::Digit(0))], "0-9", ("type", "type a value"),
        "Type a value."),
    binding(&[Knobs], &[(Key(Code::Backspace), Action::Usual), (Key(Code::Delete), Action::Usual)], "Backspace", ("usual", "the usual value"),
        "The usual value; while digits are typed: take one back."),
    binding(&[Knobs], &[(Key(Code::Home), Action::First), (Key(Code::End), Action::Last)], "Home End", ("least, most", "least, most"),
        "The least value, the most."),
    binding(&[Knobs], &[(Char('S'), Action::Sweep)], "S", ("sweep", "sweep over its values"),
        "Sweep: runs with about ten values of the knob, one after the other, and plots them; Esc stops."),
    binding(&[Stage], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down), (Char('k'), Action::Up), (Char('j'), Action::Down)],
        "↑ ↓", ("lane", "select a lane"), "Select a lane (also j k)."),
    binding(&[Menu], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down), (Char('k'), Action::Up), (Char('j'), Action::Down)],
        "↑ ↓", ("choose", "choose"), "Choose a scenario (also j k)."),
    binding(&[Question, Order, Knobs], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down), (Char('k'), Action::Up), (Char('j'), Action::Down)],
        "↑ ↓", ("choose", "choose"), "Move the choice (also j k)."),
    binding(&[Order], &[(Key(Code::Left), Action::CarryUp), (Key(Code::Right), Action::CarryDown)],
        "← →", ("move the line", "move the line up, down"), "Carry the line under the cursor up, down."),
    binding(&[Votes], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down)], "↑ ↓", ("option", "option"),
        "The option before, the option after."),
    binding(&[Prompt], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down)], "↑ ↓", ("others", "the one before, after"),
        "The find before, the find after."),
    binding(&[Help, Problem, Mistakes], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down), (Char('k'), Action::Up), (Char('j'), Action::Down)],
        "↑ ↓", ("scroll", "scroll"), "Scroll by a line."),
    binding(&[Help, Problem, Mistakes, Menu], &[(Key(Code::PageUp), Action::PageUp), (Key(Code::PageDown), Action::PageDown), (Control('u'), Action::PageUp), (Control('d'), Action::PageDown)],
        "PgUp PgDn", ("page", "page"), "Scroll by a page (also Ctrl-U, Ctrl-D)."),
    binding(&[Stage, Compare], &[(Char(','), Action::EventBack), (Char('.'), Action::EventForward)], ", .", ("step", "step"),
        "One event back, one forward."),
    binding(&[Stage, Compare], &[(Char('n'), Action::NextStop), (Char('N'), Action::PreviousStop)], "n", ("next", "next stop"),
        "The next stop: a note, a finding, a printed line (N: previous; also PgDn, PgUp)."),
    binding(&[Notes], &[(Key(Code::PageDown), Action::NextStop), (Char('n'), Action::NextStop)], "PgDn", ("next", "next stop, over there"),
        "Passed on to the screen that presents: its next stop (also n)."),
    binding(&[Notes], &[(Key(Code::PageUp), Action::PreviousStop)], "PgUp", ("previous", "previous stop, over there"),
        "Passed on to the screen that presents: its previous stop."),
    binding(&[Notes], &[(Char(' '), Action::Play)], "space", ("play, pause", "play, pause, over there"),
        "Passed on to the screen that presents: play or pause."),
    binding(&[Compare], &[(Key(Code::PageDown), Action::NextStop), (Key(Code::PageUp), Action::PreviousStop)], "PgDn", ("next", "next stop"),
        "The next stop, the previous stop."),
    binding(&[Stage], &[(Key(Code::PageDown), Action::On), (Key(Code::PageUp), Action::Return)], "PgDn", ("on", "on"),
        "A presenter's two buttons: next stop, previous stop; in a presentation they carry all of it."),
    binding(&[Question, Order, Number], &[(Key(Code::PageDown), Action::RunPlain), (Key(Code::PageUp), Action::Return)], "PgDn", ("run", "run"),
        "A presenter's two buttons: run without a prediction; in a presentation: back."),
    binding(&[Stage, Menu, Question, Problem], &[(Char('l'), Action::NextScenario), (Char('L'), Action::PreviousScenario)],
        "l L", ("next one", "next of the playlist"), "The next, the previous scenario of the playlist."),
    binding(&[Stage, Compare], &[(Key(Code::Home), Action::First), (Key(Code::End), Action::Last)], "Home End", ("start, end", "start, live edge"),
        "The start; the live edge or the end."),
    binding(&[Menu, Help, Problem, Mistakes], &[(Key(Code::Home), Action::First), (Key(Code::End), Action::Last), (Char('g'), Action::First), (Char('G'), Action::Last)],
        "Home End", ("first, last", "first, last"), "First, last (also gg, G)."),
    binding(&[Stage, Compare], &[(Char('<'), Action::Slower), (Char('>'), Action::Faster), (Char('['), Action::Slower), (Char(']'), Action::Faster)],
        "< >", ("speed", "watch slower, faster"), "Watch slower, faster (also [ ]); a short run is watched slower by itself."),
    binding(&[Stage], &[(Char('+'), Action::ZoomIn), (Char('='), Action::ZoomIn), (Char('-'), Action::ZoomOut), (Char('f'), Action::Fit)],
        "+ - f", ("zoom", "zoom in, out, fit"), "Zoom in and out at the playhead; f shows the whole run (also the wheel)."),
    binding(&[Stage], &[(Char('('), Action::Earlier), (Char(')'), Action::Later)], "( )", ("pan", "earlier, later"),
        "Show what was before, what comes after (also Shift and the wheel); with the code chosen by Tab: scroll it."),
    binding(&[Question, Order, Number, Answered], &[(Char('('), Action::Earlier), (Char(')'), Action::Later)], "( )", ("code", "scroll the code"),
        "Scroll the code (also the wheel)."),
    binding(&[Stage], &[(Char('g'), Action::GoTo)], "g", ("go to", "go to a time"),
        "Go to a time: 3.4, 340ms, 50%, +1, -0.5."),
    binding(&[Stage], &[(Char('/'), Action::Find)], "/", ("find", "find a task or a line"),
        "Find a task by its name, or a printed line."),
    binding(&[Stage], &[(Char('u'), Action::Undo)], "u", ("undo", "undo the jump"),
        "Undo the last jump: n, g, /, Home, End, a click, a cause."),
    binding(&[Stage], &[(Key(Code::Tab), Action::NextPane), (Key(Code::BackTab), Action::PreviousPane)], "Tab", ("pane", "next pane"),
        "The arrows move by what the next pane shows: changes, steps, turns, lines, findings."),
    binding(&[Stage], &[(Char('o'), Action::Only)], "o", ("only", "only this lane"),
        "Only the selected lane; o again: all."),
    binding(&[Stage], &[(Char('s'), Action::Send)], "s", ("send", "send a request"),
        "Send one more real request, now."),
    binding(&[Stage, Many], &[(Char('R'), Action::RunMany)], "R", ("100 runs", "100 runs"),
        "Run 100 times and count: orders, lengths, values."),
    binding(&[Stage], &[(Char('v'), Action::Versus)], "v", ("compare", "compare"),
        "Versus: runs it side by side with the scenario that it goes with."),
    binding(&[Menu], &[(Char('v'), Action::Versus)], "v", ("compare", "compare"),
        "Versus: runs it side by side with the scenario that it goes with."),
    binding(&[Menu, Stage], &[(Char('P'), Action::ForReal)], "P", ("in Python", "in real Python"),
        "Runs it beside its exported program: real Python, watched."),
    binding(&[Menu], &[(Char('n'), Action::OnPath)], "n", ("next", "what comes next"),
        "To the scenario that comes next, by what was predicted wrong."),
    binding(&[Menu], &[(Char('i'), Action::Instant)], "i", ("instant", "instant runs"),
        "Instant runs: time is computed (the virtual clock), nothing sleeps; on, off."),
    binding(&[Menu], &[(Char('V'), Action::VersusAny)], "V", ("compare any", "compare with any"),
        "The first of any two to compare; choose the other one, and press v."),
    binding(&[Compare], &[(Char('v'), Action::Versus)], "v", ("one again", "one again"),
        "Opens the chosen side alone."),
    binding(&[Compare], &[(Key(Code::Tab), Action::Switch), (Key(Code::BackTab), Action::Switch)], "Tab", ("other side", "other side"),
        "The other side."),
    binding(&[Compare], &[(Char('w'), Action::Why)], "w", ("why", "why"),
        "What goes on in the chosen side."),
    binding(&[Compare], &[(Char('r'), Action::RunAgain)], "r", ("run both", "run both"),
        "Run both again."),
    binding(&[Compare], &[(AnyDigit, Action::Digit(0))], "1", ("code", "show or hide the code"),
        "Show or hide the code."),
    binding(&[Stage], &[(Char('w'), Action::Why)], "w", ("why", "why"),
        "Why is the selected lane not running? Enter follows the cause, Backspace goes back."),
    binding(&[Stage], &[(Char('r'), Action::RunAgain)], "r", ("run again", "run again"),
        "Run again."),
    binding(&[Stage, Question, Order, Number], &[(Char('K'), Action::Knobs)], "K", ("knobs", "knobs"),
        "Numbers that may be turned before running again."),
    binding(&[Stage], &[(Char('p'), Action::AskAgain)], "p", ("question", "the question again"),
        "The question again; another answer is kept beside the first one."),
    binding(&[Question, Order, Number], &[(Char('h'), Action::Votes)], "h", ("hands", "count hands"),
        "Count the hands of a class for each option; they stay hidden until the end."),
    binding(&[Stage], &[(Char('h'), Action::Votes)], "h", ("hands", "hands"),
        "At the end: show the hands that were counted, or hide them."),
    binding(&[Stage, Compare, Question, Order, Number, Answered], &[(Char('c'), Action::Code)], "c", ("code", "Python or Rust"),
        "Code in Python, in Rust."),
    binding(&[Stage], &[(AnyDigit, Action::Digit(0))], "1-{last}", ("pane", "show or hide a pane"),
        "Show or hide a pane."),
    binding(&[Stage], &[(Char('d'), Action::PaneMore), (Char('D'), Action::PaneFewer)], "d D", ("a pane more", "a pane more, fewer"),
        "One pane more, in the order of teaching: {panes}; one fewer."),
    binding(&[Menu], &[(AnyDigit, Action::Digit(0))], "1-9", ("go to", "go to a number"),
        "Go to a number, with one digit or two."),
    binding(&[Question], &[(AnyDigit, Action::Digit(0))], "1-9", ("choose", "choose"),
        "Choose an answer."),
    binding(&[Order], &[(AnyDigit, Action::Digit(0))], "1-9", ("to this place", "carry to this place"),
        "Carry the line under the cursor to this place."),
    binding(&[Number], &[(AnyDigit, Action::Digit(0))], "0-9", ("type", "type a number"),
        "Type a number: 5, 0.5, 5s, 500ms."),
    binding(&[Number], &[(Key(Code::Backspace), Action::Erase)], "Backspace", ("correct", "correct"),
        "Take back what was typed last."),
    binding(&[Votes], &[(AnyDigit, Action::Digit(0))], "0-9", ("count", "count for this option"),
        "Count the hands for the option under the cursor."),
    binding(&[Votes], &[(Key(Code::Backspace), Action::Erase)], "Backspace", ("correct", "correct"),
        "Take back the last digit."),
    binding(&[Votes], &[(Key(Code::Tab), Action::Switch), (Key(Code::BackTab), Action::Switch)], "Tab", ("before, after", "before, after the discussion"),
        "The other count: before the discussion, after it."),
    binding(&[Help, Problem, Mistakes], &[(Char('/'), Action::Find)], "/", ("find", "find"),
        "Find words of this text."),
    binding(&[Help, Problem, Mistakes], &[(Char('n'), Action::NextHit), (Char('N'), Action::PreviousHit)], "n", ("next", "next line"),
        "The next line that has what is sought (N: the one before)."),
    binding(&[Menu], &[(Char('/'), Action::Find)], "/", ("find", "find"),
        "Find in numbers, titles, questions, code and printed lines."),
    binding(&[Menu], &[(Key(Code::Tab), Action::Switch), (Key(Code::BackTab), Action::Switch)], "Tab", ("folders", "folders or list"),
        "Folders or list."),
    binding(&[Stage, Compare, Menu, Question, Order, Number], &[(Char('a'), Action::AutoStop)], "a", ("auto-stop", "stop by itself"),
        "Stop by itself: at no stop, at each note, at all stops."),
    binding(&[Stage, Menu, Question, Order, Number], &[(Char('b'), Action::Big)], "b", ("big", "big"),
        "Big: only what the last row of the room must see."),
    binding(&[Stage, Compare, Many, Menu, Question, Order, Number, Votes, Answered, Help, Notes], &[(Char('t'), Action::Theme)], "t", ("theme", "theme"),
        "Theme: dark, light, projector, mono."),
    binding(&[Stage, Menu], &[(Char('C'), Action::Console)], "C", ("console", "tokio-console on"),
        "Let tokio-console attach from the next run on; says what to type."),
    binding(&[Stage], &[(Char('m'), Action::Metrics)], "m", ("metrics", "metrics"),
        "The runtime's own counts; switches them on for the next run."),
    binding(&[Stage], &[(Char('E'), Action::Events)], "E", ("events", "list of events"),
        "The list of events: ↑ ↓ choose, Enter goes there, / narrows it, Esc closes it."),
    binding(&[Stage], &[(Char('z'), Action::Pane('z'))], "z", ("values", "values"),
        "What each task has in hand: its locals, what it read and wrote, what it awaits."),
    binding(&[Stage], &[(Char('S'), Action::Stack)], "S", ("stack", "the line's stack"),
        "The call stack of who held the loop, and what helps; ↑ ↓ choose among the places (also Enter)."),
    binding(&[Stage], &[(Char('M'), Action::InSmall)], "M", ("in small", "the same in small"),
        "Open the scenario that shows the same in small; the program is stopped. q comes back to it."),
    binding(&[Stage], &[(Char('H'), Action::AllLanes)], "H", ("all lanes", "all lanes"),
        "Show or hide the tasks and callbacks of the framework's own."),
    binding(&[Stage], &[(Char('T'), Action::Says)], "T", ("console says", "what the console says"),
        "What tokio-console calls each task, beside its lane."),
    binding(&[Stage, Menu], &[(Char('y'), Action::Copy)], "y", ("copy", "copy"),
        "Copy the line that attaches tokio-console."),
    binding(&[Export], &[(Key(Code::Up), Action::Up), (Key(Code::Down), Action::Down), (Char('k'), Action::Up), (Char('j'), Action::Down)],
        "↑ ↓", ("choose", "choose"), "Move the choice (also j k)."),
    binding(&[Mistakes], &[(Char('r'), Action::RunAgain)], "r", ("run it", "run the last good version"),
        "Run the last good version."),
    binding(&[Stage, Question, Order, Answered, Menu, Mistakes, Problem], &[(Char('e'), Action::Edit)], "e", ("edit", "edit"),
        "Edit in $VISUAL or $EDITOR: your own file, or your copy of one of ours. Each save runs it again."),
    binding(&[Compare], &[(Char('x'), Action::Export)], "x", ("export", "export"),
        "Export what is drawn as a picture."),
    binding(&[Stage, Question, Order, Answered, Menu], &[(Char('x'), Action::Export)], "x", ("export", "export"),
        "Export: as a program in Python or Rust, the run as lines, or what is drawn as a picture."),
    binding(&[Stage, Compare, Many, Menu, Question, Order, Number, Votes, Answered, Knobs, Problem, Mistakes], &[(Char('?'), Action::Help)], "?", ("keys", "keys"),
        "All keys and words of this screen."),
    binding(&[Help], &[(Char('?'), Action::Close), (Char('q'), Action::Close), (Key(Code::Enter), Action::Close)], "q", ("close", "close"),
        "Close the help (also ?, Enter)."),
    binding(&[Stage, Compare, Many, Question, Order, Number, Votes, Answered, Knobs, Problem, Mistakes], &[(Char('q'), Action::ToMenu)], "q", ("menu", "menu"),
        "Menu; the run is kept."),
    binding(&[Menu, Notes], &[(Char('q'), Action::Quit)], "q", ("quit", "quit"),
        "Quit."),
    binding(&[Stage, Compare, Many, Menu, Question, Order, Number, Votes, Answered, Help, Knobs, Problem, Mistakes, Export, Prompt, Notes], &[(Control('c'), Action::Quit)], "Ctrl-C", ("quit", "quit"),
        "Quit, always."),
    binding(&[Stage, Compare, Many, Menu, Question, Order, Number, Votes, Answered, Help, Knobs, Problem, Mistakes, Export, Prompt, Notes], &[(Control('l'), Action::Repaint), (Control('z'), Action::Suspend)],
        "Ctrl-L", ("repaint", "repaint"), "Paint everything again (Ctrl-Z: to the shell and back)."),
];

/// What `key` does at `place`; `None` for a key without a meaning there.
pub fn meant(place: Place, key: Pressed) -> Option<Action> {
    bindings(place).find_map(|row| {
        row.keys
            .iter()
            .find(|(press, _)| is(*press, key))
            .map(|(press, action)| match (press, digit(key)) {
                (AnyDigit, Some(digit)) => Action::Digit(digit),
                _ => *action,
            })
    })
}

/// The rows that work at `place`, in the order of the help page.
pub fn bindings(place: Place) -> impl Iterator<Item = &'static Binding> {
    TABLE.iter().filter(move |row| row.at.contains(&place))
}

fn is(press: Press, key: Pressed) -> bool {
    if key.alt {
        return false;
    }
    match press {
        Char(character) => !key.control && key.code == Code::Char(character),
        Control(character) => key.control && key.code == Code::Char(character),
        Key(code) => !key.control && key.code == code,
        AnyDigit => !key.control && digit(key).is_some(),
    }
}

fn digit(key: Pressed) -> Option<u8> {
    match key.code {
        Code::Char(character) => character
            .to_digit(10)
            .and_then(|digit| u8::try_from(digit).ok()),
        _ => None,
    }
}
