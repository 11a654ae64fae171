//! Our own scenarios: complete, in learning order, found by id, number and text.

use loopscope::scenario::library::{all, closest, find, folders};
use loopscope::scenario::{self, Choices};

#[test]
fn ours_are_complete_and_in_order() {
    let all = all();
    let titles: Vec<&str> = folders().collect();
    let ids: Vec<&str> = all.iter().map(|entry| entry.file.id.as_str()).collect();
    assert!(all.is_sorted_by_key(|entry| entry.file.number.clone()));
    for entry in &all {
        let id = &entry.file.id;
        assert_eq!(entry.file.number.len(), 2, "{id}");
        assert!(titles.contains(&entry.file.folder.as_str()), "{id}");
        assert!(entry.file.path.starts_with("scenarios/"), "{id}");
        let scenario = scenario::load(&entry.source, &entry.file, &Choices::default())
            .unwrap_or_else(|problems| panic!("{problems}"));
        let story = &scenario.story;
        assert!(!story.asks.is_empty() && !story.shows.is_empty(), "{id}");
        assert!(story.remedy.is_some() && !story.notes.is_empty(), "{id}");
        assert_eq!(story.questions.len(), 1, "{id}");
        assert!(story.expect.elapsed.is_some(), "{id}");
        let contrast = story.contrast.as_deref().expect("it goes with another");
        assert!(
            ids.contains(&contrast) && contrast != id,
            "{id} → {contrast}"
        );
        assert!(
            entry
                .source
                .starts_with("#:schema ../../scenario.schema.json\n")
        );
        // Editors that know TOML 1.0 only must accept our files.
        assert!(
            entry.source.lines().all(|line| !line.ends_with('{')),
            "{id}"
        );
    }
}

#[test]
fn the_first_six_have_their_numbers() {
    let expected = [
        ("02", "blocking-sleep"),
        ("03", "awaited-sleep"),
        ("11", "cpu-loop"),
        ("13", "threadpool-sleep"),
        ("14", "spawn-blocking"),
        ("19", "four-routes-sync"),
    ];
    for (number, id) in expected {
        let entry = find(id).expect("it is ours");
        assert_eq!(entry.file.number, number);
        assert_eq!(find(number).map(|entry| entry.file.id), Some(id.to_owned()));
        let short = number.trim_start_matches('0');
        assert_eq!(find(short).map(|entry| entry.file.id), Some(id.to_owned()));
    }
    assert_eq!(find("100"), None);
    assert_eq!(find("blocking"), None);
    assert_eq!(closest("bloking-slep").as_deref(), Some("blocking-sleep"));
    assert_eq!(closest("zzz"), None);
}

#[test]
fn a_search_finds_code_and_output() {
    let hits = |text: &str| -> Vec<String> {
        let all = all().into_iter();
        all.filter(|entry| entry.search.contains(text))
            .map(|entry| entry.file.id)
            .collect()
    };
    assert_eq!(hits("hello bye hello bye"), ["blocking-sleep", "same-tab"]);
    assert_eq!(hits("run_in_threadpool(time.sleep, 5)"), ["spawn-blocking"]);
    assert!(hits("time.sleep").contains(&"threadpool-sleep".to_owned()));
    assert!(hits("thread::sleep(secs(5))").contains(&"blocking-sleep".to_owned()));
}
