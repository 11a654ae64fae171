//! Our own scenarios: complete, in learning order, found by id, number and text.

use loopscope::VOCABULARY;
use loopscope::library::{Entry, all, closest, find, folders};
use loopscope::protocol::search;
use loopscope::scenario::{self, Choices};
use loopscope::trace::Story;
use unicode_width::UnicodeWidthStr;

/// What a row of the menu has room for at 80 columns, beside its mark.
const TITLE: usize = 32;
/// What two rows of the caption hold at 80 columns.
const CAPTION: usize = 150;

fn load(entry: &Entry) -> Story {
    scenario::load(&entry.source, &entry.file, &Choices::default(), &VOCABULARY)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .story
}

#[test]
fn ours_are_in_learning_order() {
    let all = all();
    let titles: Vec<&str> = folders().collect();
    assert!(!all.is_empty());
    // A later one may stand in an earlier folder, behind the others there.
    assert!(all.is_sorted_by(|one, next| {
        one.file.folder != next.file.folder || one.file.number < next.file.number
    }));
    // Folder by folder, in the order in which the menu lists them.
    assert!(all.is_sorted_by_key(|entry| titles.iter().position(|t| *t == entry.file.folder)));
    for entry in &all {
        let id = &entry.file.id;
        assert_eq!(entry.file.number.len(), 2, "{id}");
        assert!(titles.contains(&entry.file.folder.as_str()), "{id}");
        assert!(entry.file.path.starts_with("scenarios/"), "{id}");
        assert!(
            entry
                .source
                .starts_with("#:schema ../../scenario.schema.json\n"),
            "{id}"
        );
        // Editors that know TOML 1.0 only must accept our files.
        assert!(
            entry.source.lines().all(|line| !line.ends_with('{')),
            "{id}"
        );
    }
}

#[test]
fn ours_are_complete() {
    let all = all();
    let ids: Vec<&str> = all.iter().map(|entry| entry.file.id.as_str()).collect();
    for entry in &all {
        let id = &entry.file.id;
        let story = load(entry);
        assert!(!story.asks.is_empty() && !story.shows.is_empty(), "{id}");
        assert!(story.remedy.is_some() && !story.notes.is_empty(), "{id}");
        let (whys, predictions): (Vec<_>, Vec<_>) =
            story.questions.iter().partition(|question| question.after);
        assert!((1..=2).contains(&predictions.len()), "{id}");
        assert_eq!(whys.len(), 1, "{id}");
        assert!(story.expect.elapsed.is_some(), "{id}");
        let contrast = story.contrast.as_deref().expect("it goes with another");
        assert!(
            ids.contains(&contrast) && contrast != id,
            "{id} → {contrast}"
        );
    }
}

#[test]
fn ours_fit_on_the_smallest_projector() {
    for entry in &all() {
        let id = &entry.file.id;
        let story = load(entry);
        assert!(story.title.width() <= TITLE, "{id}: {}", story.title);
        for listing in &story.listings {
            for line in &listing.lines {
                let text: String = line.iter().map(|token| token.text.as_str()).collect();
                assert!(text.width() <= 32, "{id}: {text}");
            }
        }
        for note in &story.notes {
            assert!(note.say.chars().count() <= CAPTION, "{id}: {}", note.say);
        }
        for question in &story.questions {
            // Two rows, with room for the hands beside the second.
            assert!(
                question.ask.chars().count() <= CAPTION,
                "{id}: {}",
                question.ask
            );
            assert!(question.lines.len() <= 8, "{id}: {:?}", question.lines);
        }
        for option in story.questions.iter().flat_map(|one| &one.options) {
            assert!(option.say.width() <= 72, "{id}: {}", option.say);
            // The end's caption says the reply, and what was so instead.
            let reply = option.reply.as_deref().unwrap_or_default();
            assert!(reply.chars().count() <= CAPTION, "{id}: {reply}");
        }
    }
}

#[test]
fn ours_are_found_by_id_and_number() {
    for entry in all() {
        let number = entry.file.number.as_str();
        let id = Some(entry.file.id.clone());
        assert_eq!(find(number).map(|entry| entry.file.id), id);
        let short = number.trim_start_matches('0');
        assert_eq!(find(short).map(|entry| entry.file.id), id);
        assert_eq!(
            find(&entry.file.id).map(|entry| entry.file.number),
            Some(number.to_owned())
        );
    }
    assert_eq!(find("100"), None);
    assert_eq!(find("blocking"), None);
    assert_eq!(
        closest("bloking-slep", []).as_deref(),
        Some("blocking-sleep")
    );
    assert_eq!(closest("zzz", []), None);
}

fn hits(text: &str) -> Vec<String> {
    let entries = all();
    let found = search::found(&entries, text, |entry| &entry.search);
    found.iter().map(|entry| entry.file.id.clone()).collect()
}

#[test]
fn a_search_finds_code_and_output() {
    let found = |text: &str, id: &str| hits(text).iter().any(|hit| hit == id);
    assert!(found("Hello bye Hello bye", "blocking-sleep"));
    assert!(!found("hello bye hello bye", "awaited-sleep"));
    assert!(found("run_in_threadpool(time.sleep, 5)", "spawn-blocking"));
    assert!(found("time.sleep", "threadpool-sleep"));
    assert!(!found("time.sleep(", "awaited-sleep"));
    assert!(found("thread::sleep(secs(5))", "blocking-sleep"));
    assert!(hits("no-such-word-anywhere").is_empty());
}

#[test]
fn what_is_found_stands_with_the_best_first() {
    // Whole words before parts of words, and titles before code.
    let cases = [
        ("thread pool", "2-the-pool"),
        ("pool", "2-the-pool"),
        ("gather", "1-the-loop"),
        ("GIL", "3-cpu-and-processes"),
        ("lock", "4-state-and-patterns"),
    ];
    for (sought, folder) in cases {
        let first = hits(sought).into_iter().next().unwrap_or_default();
        let path = find(&first).map(|entry| entry.file.path);
        let path = path.unwrap_or_default();
        assert!(path.contains(folder), "{sought}: {:?}", hits(sought));
    }
    assert_eq!(
        hits("02").first().map(String::as_str),
        Some("blocking-sleep")
    );
    // Its words, where no text has all of it.
    assert!(hits("sleep time blocked").contains(&"blocking-sleep".to_owned()));
}
