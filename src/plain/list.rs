//! The scenarios as numbered lines: folders by a letter, scenarios by their number or name.

use crate::plain::state::{Dialogue, Place};
use loopscope_protocol::menu::MenuEntry;
use loopscope_protocol::practice;
use loopscope_protocol::search;
use loopscope_timeline::State;

/// The most hits of a search that are told.
const HITS: usize = 20;

/// The folders' titles, in learning order.
fn titles(menu: &[MenuEntry]) -> Vec<&str> {
    let mut titles: Vec<&str> = Vec::new();
    for entry in menu {
        if !titles.contains(&entry.folder.as_str()) {
            titles.push(&entry.folder);
        }
    }
    titles
}

/// The folders, each with its letter.
pub(crate) fn folders(dialogue: &Dialogue) -> Vec<String> {
    let menu = &dialogue.menu;
    let titles = titles(menu);
    let mut lines = vec![format!(
        "{} scenarios in {} folders.",
        menu.iter().filter(|entry| !entry.is_exercise()).count(),
        titles
            .iter()
            .filter(|title| **title != practice::FOLDER)
            .count()
    )];
    for (title, letter) in titles.iter().zip('a'..='z') {
        let inside: Vec<&MenuEntry> = menu.iter().filter(|entry| entry.folder == *title).collect();
        if *title == practice::FOLDER {
            let count = inside.len();
            lines.push(format!("{letter}. {title}: exercises on {count} topics"));
            continue;
        }
        let numbers = numbers(&inside);
        let count = inside.len();
        let plural = if count == 1 { "" } else { "s" };
        let seen = inside.iter();
        let seen = seen.filter(|entry| dialogue.marks.contains_key(&entry.id));
        let seen = match seen.count() {
            0 => String::new(),
            seen => format!(", {seen} seen"),
        };
        lines.push(format!(
            "{letter}. {title}: {count} scenario{plural}{numbers}{seen}"
        ));
    }
    let next = dialogue.next.as_ref();
    let next = next.and_then(|id| menu.iter().find(|entry| entry.id == *id));
    let next = next.map_or(String::new(), |entry| {
        format!(" An empty line opens {}{}.", called(entry), dialogue.why)
    });
    lines.push(format!(
        "Type a letter for its list, a number to open, / and words to find, ? for help, q to quit.{next}"
    ));
    lines
}

/// The scenarios of a folder.
pub(crate) fn scenarios(dialogue: &Dialogue, folder: &str) -> Vec<String> {
    let inside = dialogue.menu.iter().filter(|entry| entry.folder == folder);
    let mut lines = vec![format!("{folder}:")];
    lines.extend(inside.map(|entry| row(dialogue, entry)));
    let what = match folder == practice::FOLDER {
        true => "a name",
        false => "a number",
    };
    lines.push(format!("Type {what} to open it, m for the folders."));
    lines
}

/// What a search hits, the best first: number, name, title, question, code, expected output.
pub(crate) fn found(dialogue: &Dialogue, sought: &str) -> Vec<String> {
    if sought.is_empty() {
        return vec!["Type / and what you look for, such as / time.sleep".to_owned()];
    }
    let hits = search::found(&dialogue.menu, sought, |entry| &entry.search);
    let mut lines = vec![match hits.len() {
        0 => format!("No scenario has \"{sought}\": try another word."),
        1 => format!("One scenario has \"{sought}\":"),
        count => format!("{count} scenarios have \"{sought}\":"),
    }];
    lines.extend(hits.iter().take(HITS).map(|entry| row(dialogue, entry)));
    if hits.len() > HITS {
        lines.push(format!("And {} more: add a word.", hits.len() - HITS));
    }
    lines
}

/// The scenario that a number, a name, or the path of a file names.
pub(crate) fn entry<'a>(menu: &'a [MenuEntry], typed: &str) -> Option<&'a MenuEntry> {
    let number = typed.parse::<u32>().ok();
    let is_it = |entry: &&MenuEntry| {
        entry.id == typed || (number.is_some() && entry.number.parse().ok() == number)
    };
    menu.iter().find(is_it)
}

/// The folder that a letter or the beginning of its title names.
pub(crate) fn folder(menu: &[MenuEntry], lower: &str) -> Option<String> {
    let titles = titles(menu);
    let by_letter = titles.iter().zip('a'..='z');
    let by_letter = by_letter.filter(|(_, letter)| lower == letter.to_string());
    let by_letter = by_letter.map(|(title, _)| *title).next();
    let begins = |title: &&&str| lower.len() > 2 && title.to_lowercase().contains(lower);
    let title = by_letter.or_else(|| titles.iter().find(begins).copied());
    title.map(str::to_owned)
}

/// The scenario behind this one in learning order.
pub(crate) fn after(menu: &[MenuEntry], id: &str) -> Option<String> {
    let place = menu.iter().position(|entry| entry.id == id)?;
    menu.get(place + 1).map(|entry| entry.id.clone())
}

/// `2. time.sleep() inside async def (blocking-sleep), predicted right`
fn row(dialogue: &Dialogue, entry: &MenuEntry) -> String {
    let name = &entry.id;
    let mark = dialogue.marks.get(name);
    let mark = mark.map(|mark| mark.words().to_owned());
    let tries = practice::parts(name).and_then(|(row, _)| dialogue.practice.get(row));
    let mark = mark.or_else(|| tries.filter(|_| entry.is_exercise())?.words());
    let mark = mark.map_or(String::new(), |words| format!(", {words}"));
    match entry.number.as_str() {
        "" => format!("{name}: {}{mark}", entry.title),
        _ => format!("{}. {} ({name}){mark}", number(entry), entry.title),
    }
}

/// `2, blocking-sleep`
pub(crate) fn called(entry: &MenuEntry) -> String {
    match entry.number.as_str() {
        "" => entry.id.clone(),
        _ => format!("{}, {}", number(entry), entry.id),
    }
}

/// A number as it is spoken: `2` for `02`.
/// Which numbers a folder has, as runs: `, 25 to 33, 78 to 79`; empty where it has none.
fn numbers(inside: &[&MenuEntry]) -> String {
    let all = inside.iter().filter_map(|entry| entry.number.parse().ok());
    let all: Vec<u32> = all.collect();
    let runs = all.chunk_by(|one, next| one + 1 == *next);
    runs.map(|run| match run {
        [first, .., last] => format!(", {first} to {last}"),
        _ => run.iter().map(|one| format!(", {one}")).collect(),
    })
    .collect()
}

fn number(entry: &MenuEntry) -> &str {
    entry.number.trim_start_matches('0')
}

/// What can be typed here, a line each.
pub(crate) fn help(dialogue: &Dialogue) -> Vec<String> {
    let here: &[&str] = match dialogue.place {
        Place::Menu => &[
            "a letter: the scenarios of that folder.",
            "a number or a name: opens that scenario. The path of a .toml file opens that file.",
            "an empty line: opens the one that was named last.",
        ],
        Place::Before(place) if dialogue.question(place).is_some() => &[
            "an answer: keeps it and runs the scenario.",
            "an empty line, or run: runs it without a guess.",
            "first and an answer: keeps it as your first answer; talk it over, then answer again.",
            "hands and a number for each answer: counts the hands of a class, told at the result. A second time counts them again.",
        ],
        Place::Before(_) => &["an empty line, or run: runs it."],
        Place::Why(_) => &[
            "an answer: you hear what is said to it.",
            "an empty line: goes on.",
        ],
        Place::End => &[
            "again: runs it once more. ask: asks the question again.",
            "v: the scenario that it goes with. n: the next one in the list.",
            "a number or a name: opens that scenario.",
        ],
    };
    let anywhere: &[&str] = &[
        "m: the menu. / and words: finds scenarios. words: what the words mean.",
        "all: tells every event from the next run on; short: only what a listener needs.",
        "q: quits. Ctrl-C stops a run; without a run it quits.",
    ];
    let scenario: &[&str] = match dialogue.place {
        Place::Menu => &[],
        _ => &[
            "c: the code in the other language. k: the knobs. NAME=NUMBER: turns a knob for the next run.",
        ],
    };
    let all = here.iter().chain(scenario).chain(anywhere);
    let mut lines = vec!["You can type:".to_owned()];
    lines.extend(all.map(|line| (*line).to_owned()));
    lines
}

/// What the words mean, a line each.
pub(crate) fn words() -> Vec<String> {
    let mut lines = vec![
        "task: one coroutine that the loop runs, turn by turn.".to_owned(),
        "loop: one thread that runs tasks in turn.".to_owned(),
        "pool: threads for blocking work, such as a plain def.".to_owned(),
        "accept: the server's own task that lets requests in.".to_owned(),
        "heartbeat: a small task that loopscope adds; where it cannot run, nobody else can either."
            .to_owned(),
    ];
    let states = State::ALL.iter().filter(|state| **state != State::Unknown);
    lines.extend(states.map(|state| format!("{}: {}", state.word(), state.help())));
    lines
}
