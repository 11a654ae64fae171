//! The file as people and we read it: merged, kept, moved aside, never lost.

use std::fs;
use std::path::Path;

use super::*;
use crate::app::progress::store::FILE;
use crate::app::progress::store::{Forgotten, add, forget, read};
use crate::app::progress::text::{Notes, Read};
use loopscope_protocol::menu::Mark;

fn ended(id: &str, mark: Mark, words: Option<&str>) -> Remember {
    Remember::Ended {
        scenario: id.to_owned(),
        mark,
        prediction: words.map(str::to_owned),
    }
}

fn opened(id: &str) -> Remember {
    Remember::Opened(id.to_owned())
}

fn text(folder: &Path) -> String {
    fs::read_to_string(folder.join(FILE)).unwrap()
}

#[test]
fn a_person_can_read_it() {
    let home = tempfile::tempdir().unwrap();
    let events = [
        opened("blocking-sleep"),
        ended("blocking-sleep", Mark::Wrong, Some("Hello Hello bye bye")),
        ended("blocking-sleep", Mark::Seen, None),
    ];
    add(home.path(), &events).unwrap();
    let expected = "# What loopscope remembers of the scenarios. `loopscope reset` forgets it.\n\n\
        format = 1\nlast = \"blocking-sleep\"\n\n[scenario.blocking-sleep]\n\
        mark = \"predicted wrong\"\nprediction = \"Hello Hello bye bye\"\nruns = 2\n";
    assert_eq!(text(home.path()), expected);
    let progress = read(home.path());
    assert_eq!(progress.last.as_deref(), Some("blocking-sleep"));
    assert_eq!(progress.marks["blocking-sleep"], Mark::Wrong);
    assert!(progress.sentences.is_empty());
}

#[test]
fn what_we_do_not_know_stays() {
    let home = tempfile::tempdir().unwrap();
    let before = "format = 1\nstars = 5\n\n[scenario.old]\nmark = \"half right\"\nhue = [1, 2]\n\n\
        [sky]\nblue = true\n";
    fs::write(home.path().join(FILE), before).unwrap();
    let progress = read(home.path());
    assert_eq!(progress.marks["old"], Mark::Seen);
    add(home.path(), &[ended("new", Mark::Right, None)]).unwrap();
    let after: toml::Table = text(home.path()).parse().unwrap();
    assert_eq!(after["stars"].as_integer(), Some(5));
    assert_eq!(after["sky"]["blue"].as_bool(), Some(true));
    assert_eq!(
        after["scenario"]["old"]["mark"].as_str(),
        Some("half right")
    );
    assert_eq!(after["scenario"]["old"]["hue"].as_array().unwrap().len(), 2);
    assert_eq!(after["scenario"]["new"]["runs"].as_integer(), Some(1));
}

#[test]
fn a_newer_file_is_read_and_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let newer = "format = 2\nlast = \"x\"\n[scenario.x]\nmark = \"predicted right\"\n";
    fs::write(home.path().join(FILE), newer).unwrap();
    assert_eq!(read(home.path()).marks["x"], Mark::Right);
    let sentence = add(home.path(), &[opened("y")]).unwrap_err();
    assert!(sentence.contains("newer"), "{sentence}");
    assert_eq!(text(home.path()), newer);
    assert!(forget(home.path(), Some("x")).is_err());
    assert_eq!(forget(home.path(), None).unwrap(), Forgotten::All(1));
}

#[test]
fn a_broken_file_is_moved_aside_and_said() {
    let broken = [
        "not toml",
        "scenario = 3",
        "format = \"one\"",
        "last = 4",
        "[scenario]\nx = 1",
    ];
    for text in broken {
        assert!(matches!(Notes::read(text), Read::Broken), "{text}");
    }
    let home = tempfile::tempdir().unwrap();
    for (place, end) in ["", "2", "3"].iter().enumerate() {
        let path = home.path().join(FILE);
        fs::write(&path, format!("= {place}")).unwrap();
        let sentence = read(home.path()).sentences.pop().unwrap();
        let aside = format!("{FILE}.broken{end}");
        assert!(sentence.contains(&aside), "{sentence}");
        assert!(!path.exists());
        let kept = fs::read_to_string(home.path().join(aside)).unwrap();
        assert_eq!(kept, format!("= {place}"));
        assert!(read(home.path()).sentences.is_empty());
    }
    // Broken while we run.
    fs::write(home.path().join(FILE), [0xff, 0xfe]).unwrap();
    add(home.path(), &[opened("x")]).unwrap();
    assert!(home.path().join("progress.toml.broken4").exists());
    assert_eq!(read(home.path()).last.as_deref(), Some("x"));
}

#[test]
fn reset_forgets_one_or_all() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(forget(home.path(), None).unwrap(), Forgotten::Nothing);
    let events = [
        opened("a"),
        ended("a", Mark::Right, None),
        ended("b", Mark::Seen, None),
    ];
    add(home.path(), &events).unwrap();
    assert_eq!(forget(home.path(), Some("c")).unwrap(), Forgotten::Nothing);
    let one = Forgotten::One("predicted right, 1 run".to_owned());
    assert_eq!(forget(home.path(), Some("a")).unwrap(), one);
    let left = read(home.path());
    assert_eq!((left.marks.len(), left.last), (1, None));
    assert_eq!(forget(home.path(), None).unwrap(), Forgotten::All(1));
    assert!(!home.path().join(FILE).exists());
}

#[test]
fn many_at_once_lose_nothing() {
    let home = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let folder = home.path();
            scope.spawn(move || {
                for number in 0..10 {
                    let own = ended(&format!("{writer}-{number}"), Mark::Seen, None);
                    let shared = ended("shared", Mark::Seen, None);
                    // On a busy machine the others may hold the lock longer than one waits for it.
                    let kept = (0..20).any(|_| add(folder, &[own.clone(), shared.clone()]).is_ok());
                    assert!(kept, "{writer}-{number}");
                }
            });
        }
    });
    assert_eq!(read(home.path()).marks.len(), 41);
    let table: toml::Table = text(home.path()).parse().unwrap();
    assert_eq!(table["scenario"]["shared"]["runs"].as_integer(), Some(40));
}

/// Not a test: the writer that the next one kills. It ends at once where nobody has started it.
#[test]
#[ignore = "a part of another test"]
fn writes_until_it_is_killed() {
    let Some(folder) = std::env::var_os("LOOPSCOPE_KILLED_WRITER") else {
        return;
    };
    loop {
        add(Path::new(&folder), &[ended("many", Mark::Right, None)]).unwrap();
    }
}

#[test]
fn a_writer_that_is_killed_leaves_the_old_file_or_the_new_one() {
    const KILLS: u64 = 40;

    let runs = |folder: &Path| {
        let Read::Ours(notes) = Notes::read(&text(folder)) else {
            panic!("half a file:\n{}", text(folder));
        };
        assert_eq!(notes.ids().len(), 301);
        let table: toml::Table = notes.text().unwrap().parse().unwrap();
        table["scenario"]["many"]["runs"].as_integer().unwrap()
    };
    let home = tempfile::tempdir().unwrap();
    // As large as it gets, so that half of it is seen.
    let words = "a prediction of some length ".repeat(4);
    let filled: Vec<Remember> = (0..300)
        .map(|number| ended(&format!("scenario-{number}"), Mark::Wrong, Some(&words)))
        .chain([ended("many", Mark::Right, None)])
        .collect();
    add(home.path(), &filled).unwrap();
    let (mut before, mut written) = (runs(home.path()), 0);
    for kill in 0..KILLS {
        let (_, own) = module_path!().split_once("::").unwrap();
        let mut writer = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("{own}::writes_until_it_is_killed")])
            .args(["--ignored", "--quiet"])
            .env("LOOPSCOPE_KILLED_WRITER", home.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // First until it writes, then until some moment within a write.
        let began = std::time::Instant::now();
        while runs(home.path()) == before && began.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_micros(kill * 977 % 13_000));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let now = runs(home.path());
        assert!(now >= before, "{now} runs after {before}");
        written += now - before;
        before = now;
    }
    assert!(
        written >= i64::try_from(KILLS).unwrap(),
        "{written} writes only"
    );
    // What the killed ones left is swept by the next one.
    add(home.path(), &[opened("x")]).unwrap();
    let mut names: Vec<_> = fs::read_dir(home.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["progress.lock", "progress.toml"]);
}

#[test]
fn the_thread_writes_in_order_and_settles() {
    let home = tempfile::tempdir().unwrap();
    let keeper = Keeper::in_folder(Some(home.path().join("state")));
    for number in 0..50 {
        keeper.remember(opened(&number.to_string()), |_| panic!("nothing fails"));
    }
    assert_eq!(keeper.settle(), None);
    assert_eq!(keeper.read().last.as_deref(), Some("49"));
    assert_eq!(keeper.settle(), None, "there is nothing left to wait for");
}

#[test]
fn what_cannot_be_kept_is_said_once() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    for folder in [None, Some(file.join("below"))] {
        let keeper = Keeper::in_folder(folder);
        let (said, heard) = channel();
        for _ in 0..3 {
            let said = said.clone();
            keeper.remember(opened("x"), move |sentence| said.send(sentence).is_ok());
        }
        assert_eq!(keeper.settle(), None);
        drop(said);
        let sentences: Vec<String> = heard.iter().collect();
        assert_eq!(sentences.len(), 1, "{sentences:?}");
        assert!(sentences[0].starts_with("progress is not kept"));
    }
    // Where the screen has closed, it is said at the end.
    let keeper = Keeper::in_folder(Some(file.join("below")));
    keeper.remember(opened("x"), |_| false);
    assert!(keeper.settle().is_some());
}
