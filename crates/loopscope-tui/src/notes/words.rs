//! A page as lines, for a screen reader.

use loopscope_protocol::notes::{Asked, Offered, Page};

/// All lines of a page, each complete in itself. The moving figure of a playhead is left out, and
/// so is what goes on while it moves: neither could be listened to.
pub fn lines(page: &Page) -> Vec<String> {
    let mut lines = Vec::new();
    let name = [page.number.as_str(), page.title.as_str()].join(" ");
    lines.push(format!("{}: {}", page.place, name.trim()));
    let moves = page
        .playhead
        .as_ref()
        .is_some_and(|stand| matches!(stand.mode.as_str(), "live" | "playing"));
    if let Some(stand) = &page.playhead {
        lines.push(match moves {
            true => stand.mode.clone(),
            false => stand.words(),
        });
    }
    lines.extend(page.own.iter().map(|own| format!("yours: {own}")));
    lines.extend(page.notes.iter().map(|note| format!("note: {note}")));
    if !moves {
        lines.extend(page.captions.iter().cloned());
    }
    lines.extend(page.remedies.iter().cloned());
    for ahead in &page.next {
        lines.push(format!("{}: {}", ahead.when, ahead.say));
    }
    lines.extend(page.questions.iter().flat_map(question));
    if !page.then.is_empty() {
        lines.push(page.then.clone());
    }
    lines.retain(|line| !line.trim_matches([':', ' ']).is_empty());
    lines
}

fn question(asked: &Asked) -> Vec<String> {
    let kind = if asked.after { "why" } else { "question" };
    let mut lines = vec![format!("{kind}: {}", asked.ask)];
    lines.extend(
        asked
            .answer
            .as_ref()
            .map(|answer| format!("answer: {answer}")),
    );
    for (place, option) in asked.options.iter().enumerate() {
        let reply = option.reply.as_ref();
        let reply = reply.map_or(String::new(), |reply| format!(" - reply: {reply}"));
        lines.push(format!("{}{reply}", offered(place, option)));
    }
    lines.extend(said(asked));
    lines
}

/// `2 Hello bye Hello bye (right), 9 hands, then 22`.
fn offered(place: usize, option: &Offered) -> String {
    let right = if option.right { " (right)" } else { "" };
    let hands = counted(&option.hands);
    let hands = hands.map_or(String::new(), |hands| format!(", {hands}"));
    format!("{} {}{right}{hands}", place + 1, option.say)
}

/// What was said at the keys.
pub(crate) fn said(asked: &Asked) -> Option<String> {
    match asked.said.as_slice() {
        [] => None,
        [only] => Some(format!("said at the keys: {only}")),
        [first, .., last] => Some(format!("said at the keys: {first}; then: {last}")),
    }
}

/// `9 hands, then 22`.
pub(crate) fn counted(hands: &[u32]) -> Option<String> {
    let (first, later) = hands.split_first()?;
    let word = if *first == 1 { "hand" } else { "hands" };
    let later = later.iter().map(|count| format!(", then {count}"));
    Some(format!("{first} {word}{}", later.collect::<String>()))
}
