//! A person's own scenarios without a terminal: what news and keys do to the screen.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::common::stories;
use loopscope::protocol::export::{Exported, Form, Offer, Offers};
use loopscope::protocol::menu::MenuEntry;
use loopscope::protocol::problem::Problem;
use loopscope::protocol::reply::{Editing, Reloaded};
use loopscope::protocol::reply::{Reply, Slot};
use loopscope::protocol::request::Request;
use loopscope::trace::{Answer, Knob, Story};
use loopscope::tui::events::Effect;
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::Place;
use loopscope::tui::keys::key::{Key, KeyCode};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::session::Run;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

fn entry(id: &str, folder: &str) -> MenuEntry {
    MenuEntry {
        id: id.to_owned(),
        folder: folder.to_owned(),
        title: format!("The title of {id}"),
        story: None,
        search: id.to_owned().into(),
        ..MenuEntry::default()
    }
}

fn knob(max: i64) -> Knob {
    Knob {
        name: "requests".to_owned(),
        value: 2,
        default: 2,
        min: 1,
        max,
    }
}

fn story(title: &str) -> Story {
    Story {
        title: title.to_owned(),
        source: title.to_owned(),
        knobs: vec![knob(10)],
        ..stories::blocking_sleep()
    }
}

/// A model with this story open, before its run.
fn open() -> Model {
    let entries = vec![entry("blocking-sleep", "the loop"), entry("mine", "yours")];
    let mut model = Model::new(entries, Palette::Dark, &Settings::default());
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Ok(Box::new(story("first"))))),
    );
    model
}

/// The same, in its run.
fn running() -> Model {
    let mut model = open();
    let effects = press(&mut model, KeyCode::Char(' '));
    assert!(matches!(
        effects[..],
        [Effect::Ask(Request::Run { number: 1, .. })]
    ));
    started(&mut model, 1, "first");
    model
}

fn started(model: &mut Model, run: u32, title: &str) {
    let result = Ok(Box::new(story(title)));
    update(
        model,
        ScreenEvent::Reply(Reply::Started {
            slot: Slot::Only,
            run,
            result,
        }),
    );
}

fn press(model: &mut Model, code: KeyCode) -> Vec<Effect> {
    update(model, ScreenEvent::Key(Key::plain(code)))
}

fn key(model: &mut Model, letter: char) -> Vec<Effect> {
    press(model, KeyCode::Char(letter))
}

fn news(model: &mut Model, news: impl Into<ScreenEvent>) -> Vec<Effect> {
    update(model, news.into())
}

fn new_version(model: &mut Model, story: Story) -> Vec<Effect> {
    news(model, Reply::Reloaded(Ok(Reloaded::New(Box::new(story)))))
}

fn mistakes(lines: usize) -> Problem {
    Problem {
        sentence: "mine.toml has mistakes".to_owned(),
        details: (1..=lines)
            .map(|line| format!("{line}: {}", "much is wrong here ".repeat(line % 2 * 6)))
            .collect(),
        ..Problem::default()
    }
}

fn broken(model: &mut Model, lines: usize) {
    let effects = news(model, Reply::Reloaded(Err(mistakes(lines))));
    assert_eq!(effects, []);
}

fn title(model: &Model) -> &str {
    &model.session.as_ref().unwrap().timeline.story().title
}

fn drawn(model: &Model) -> String {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buffer = Buffer::empty(area);
    view::draw(model, area, &mut buffer);
    let row = |y| (0..area.width).map(move |x| (x, y));
    let rows = (0..area.height).map(|y| {
        let cells = row(y).map(|at| buffer[at].symbol());
        cells.collect::<String>().trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn own(request: Request) -> Vec<Effect> {
    vec![Effect::Ask(request)]
}

#[test]
fn a_saved_file_is_read_where_it_is_in_sight_and_later_where_not() {
    let mut model = running();
    assert_eq!(news(&mut model, Reply::FileChanged), own(Request::Reload));
    key(&mut model, '?');
    assert_eq!(news(&mut model, Reply::FileChanged), own(Request::Reload));
    press(&mut model, KeyCode::Esc);
    key(&mut model, 'q');
    assert_eq!(news(&mut model, Reply::FileChanged), []);
    assert_eq!(key(&mut model, ' '), own(Request::Reload));
    // Only once.
    key(&mut model, 'q');
    assert_eq!(key(&mut model, ' '), []);
}

#[test]
fn before_the_run_a_new_version_stays_before_the_run() {
    let mut model = open();
    let runs = |effects: &[Effect]| {
        let mut effects = effects.iter();
        effects.any(|effect| matches!(effect, Effect::Ask(Request::Run { .. })))
    };
    assert!(!runs(&new_version(&mut model, story("second"))));
    assert_eq!(title(&model), "second");
    assert_eq!(model.place(), Place::Question);
    assert_eq!(model.session.as_ref().unwrap().run, Run::NotYet);
    let silent = Story {
        questions: Vec::new(),
        ..story("third")
    };
    assert!(!runs(&new_version(&mut model, silent)));
    assert_eq!((title(&model), model.place()), ("third", Place::Stage));
}

#[test]
fn after_its_run_a_new_version_runs_with_what_still_fits() {
    let mut model = running();
    let session = model.session.as_mut().unwrap();
    session.knobs[0].1 = 7;
    session.answers.of_mut(0).answers = vec![Answer::Option(1)];
    let effects = new_version(&mut model, story("second"));
    let [Effect::Ask(Request::Run { knobs, answers, .. })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(knobs[..], [("requests".to_owned(), 7)]);
    assert!(!answers.is_empty());
    started(&mut model, 2, "second");
    assert_eq!(title(&model), "second");
    // A knob that has become too small, and questions that are others.
    let other = Story {
        knobs: vec![knob(5)],
        questions: Vec::new(),
        ..story("third")
    };
    let effects = new_version(&mut model, other);
    let [Effect::Ask(Request::Run { knobs, answers, .. })] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(knobs[..], [("requests".to_owned(), 2)]);
    assert!(answers.is_empty());
}

#[test]
fn mistakes_lie_over_the_last_good_version() {
    for size in [(80, 24), (120, 40)] {
        let mut model = running();
        model.size = size;
        broken(&mut model, 3);
        assert_eq!(model.place(), Place::Mistakes);
        let frame = drawn(&model);
        assert!(frame.contains(" first "), "{frame}");
        assert!(frame.contains("mine.toml has mistakes"), "{frame}");
        insta::assert_snapshot!(format!("mistakes-{}x{}", size.0, size.1), frame);
        // The file is as it was again.
        news(&mut model, Reply::Reloaded(Ok(Reloaded::Same)));
        assert_eq!(model.place(), Place::Stage);
    }
}

#[test]
fn many_mistakes_are_scrolled_to_the_last_one() {
    let mut model = running();
    for size in [(80, 24), (60, 15), (40, 10)] {
        model.size = size;
        broken(&mut model, 30);
        assert!(drawn(&model).contains("more lines"), "{}", drawn(&model));
        press(&mut model, KeyCode::End);
        let frame = drawn(&model);
        assert!(frame.contains("\n 30:"), "{frame}");
        assert!(frame.contains("the last good version is below"), "{frame}");
        let end = model.clone().screen;
        press(&mut model, KeyCode::Down);
        assert_eq!(model.screen, end, "there is an end");
        press(&mut model, KeyCode::Home);
        assert!(drawn(&model).contains("\n 1: "));
    }
}

#[test]
fn words_are_found_in_mistakes_in_help_and_in_a_problem() {
    let mut details: Vec<String> = (1..=60)
        .map(|line| format!("line {line} is wrong"))
        .collect();
    for line in [30, 50] {
        details[line - 1].push_str(": a Needle");
    }
    let problem = || Problem {
        sentence: "mine.toml has mistakes".to_owned(),
        details: details.clone(),
        ..Problem::default()
    };
    let mut over = running();
    news(&mut over, Reply::Reloaded(Err(problem())));
    let mut whole = Model::new(Vec::new(), Palette::Dark, &Settings::default());
    news(&mut whole, Reply::Opened(Err(problem())));
    for (mut model, place) in [(over, Place::Mistakes), (whole, Place::Problem)] {
        assert_eq!(model.place(), place);
        assert!(!drawn(&model).contains("Needle"));
        key(&mut model, 'n');
        assert!(
            drawn(&model).contains("nothing is sought"),
            "{}",
            drawn(&model)
        );
        for letter in "/needle".chars() {
            key(&mut model, letter);
        }
        assert!(drawn(&model).contains("1 of 2 lines"), "{}", drawn(&model));
        assert!(drawn(&model).contains("►line 30"), "{}", drawn(&model));
        press(&mut model, KeyCode::Enter);
        key(&mut model, 'n');
        assert!(drawn(&model).contains("►line 50"), "{}", drawn(&model));
        key(&mut model, 'n');
        assert!(drawn(&model).contains("►line 30"), "{}", drawn(&model));
        key(&mut model, 'N');
        assert!(drawn(&model).contains("►line 50"), "{}", drawn(&model));
        // Esc takes back what is typed, then closes.
        for letter in "/nowhere".chars() {
            key(&mut model, letter);
        }
        assert!(
            drawn(&model).contains("no line has nowhere"),
            "{}",
            drawn(&model)
        );
        press(&mut model, KeyCode::Esc);
        assert_eq!(model.place(), place);
        key(&mut model, '?');
        for letter in "/heartbeat".chars() {
            key(&mut model, letter);
        }
        press(&mut model, KeyCode::Enter);
        let frame = drawn(&model);
        let found = frame.lines().find(|line| line.starts_with('►'));
        assert!(
            found.is_some_and(|line| line.contains("heartbeat")),
            "{frame}"
        );
        press(&mut model, KeyCode::Esc);
        assert_eq!(model.place(), place);
    }
}

#[test]
fn what_is_typed_for_a_text_is_gone_with_it() {
    let mut model = running();
    broken(&mut model, 3);
    key(&mut model, '/');
    assert_eq!(model.place(), Place::Prompt);
    news(&mut model, Reply::Reloaded(Ok(Reloaded::Same)));
    assert_eq!(model.place(), Place::Stage);
    assert!(!drawn(&model).contains("find:"), "{}", drawn(&model));
    key(&mut model, '?');
    assert_eq!(model.place(), Place::Help);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_is_sought_stands_in_sight(keys in "[/nNaeo<>jkgG↓↑]{0,30}", rows in 10_u16..40) {
        let mut model = running();
        model.size = (80, rows);
        broken(&mut model, 30);
        for over in [false, true] {
            if over {
                press(&mut model, KeyCode::Esc);
                broken(&mut model, 30);
                key(&mut model, '?');
            }
            for letter in keys.chars() {
                match letter {
                    '<' => press(&mut model, KeyCode::Esc),
                    '>' => press(&mut model, KeyCode::Enter),
                    '↓' => press(&mut model, KeyCode::Down),
                    '↑' => press(&mut model, KeyCode::Up),
                    letter => key(&mut model, letter),
                };
                let frame = drawn(&model);
                if matches!(letter, 'n' | 'N') && frame.lines().any(|line| line.contains(" of ") && line.contains(" lines")) {
                    prop_assert!(frame.lines().any(|line| line.starts_with('►')), "{}", frame);
                }
            }
        }
    }
}

#[test]
fn mistakes_can_be_closed_edited_and_run_over() {
    let mut model = running();
    broken(&mut model, 3);
    assert_eq!(key(&mut model, 'e'), own(Request::Edit(None)));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.place(), Place::Stage);
    broken(&mut model, 3);
    broken(&mut model, 5);
    let effects = key(&mut model, 'r');
    assert!(
        matches!(effects[..], [Effect::Ask(Request::Run { .. })]),
        "{effects:?}"
    );
    assert_eq!(model.place(), Place::Stage);
    // What a run is refused for lies over the stage, too.
    let result = Err(mistakes(2));
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Started {
            slot: Slot::Only,
            run: 2,
            result,
        }),
    );
    assert_eq!(model.place(), Place::Mistakes);
    // Whatever lay on top gives way.
    press(&mut model, KeyCode::Esc);
    key(&mut model, '?');
    broken(&mut model, 3);
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.place(), Place::Stage);
}

#[test]
fn what_cannot_be_done_is_one_sentence_and_nothing_changes() {
    let mut model = running();
    for sad in [
        Reply::Reloaded(Err(Problem::of("mine.toml is gone"))),
        Reply::Edit(Err(Problem::of("no editor is found"))),
        Reply::FileUnwatched("the system watches no more files".to_owned()),
        Reply::Offered(Err(Problem::of("nothing is open"))),
    ] {
        assert_eq!(news(&mut model, sad.clone()), []);
        assert_eq!(model.place(), Place::Stage, "{sad:?}");
        assert!(model.notice.is_some(), "{sad:?}");
        model.notice = None;
    }
}

fn editing() -> Editing {
    Editing {
        command: vec!["vi".into(), "mine.toml".into()],
        id: "mine".to_owned(),
    }
}

/// What is asked when an editor has ended.
fn after_editor(then: Request) -> Vec<Effect> {
    [Request::EditorEnded, then].map(Effect::Ask).into()
}

#[test]
fn an_edited_file_is_read_again_and_the_menu_goes_to_it() {
    let mut model = running();
    assert_eq!(key(&mut model, 'e'), own(Request::Edit(None)));
    let effects = news(&mut model, ScreenEvent::Edited(editing(), Ok(())));
    assert_eq!(effects, after_editor(Request::Reload));
    let failed = Err("vi failed".to_owned());
    let effects = news(&mut model, ScreenEvent::Edited(editing(), failed));
    assert_eq!(effects, after_editor(Request::Reload));
    assert_eq!(model.notice.clone().unwrap().text, "vi failed");

    let effects = key(&mut model, 'q');
    assert_eq!(effects, own(Request::List(None)));
    let wish = Request::Edit(Some("blocking-sleep".to_owned()));
    assert_eq!(key(&mut model, 'e'), own(wish));
    let effects = news(&mut model, ScreenEvent::Edited(editing(), Ok(())));
    let go_to = Some("mine".to_owned());
    assert_eq!(effects, after_editor(Request::List(go_to.clone())));
    let rows = vec![entry("blocking-sleep", "the loop"), entry("mine", "yours")];
    news(&mut model, Reply::Listed(rows, go_to));
    assert_eq!(model.menu.selected().unwrap().id, "mine");
    // A row that has gone takes nobody along.
    news(
        &mut model,
        Reply::Listed(vec![entry("blocking-sleep", "the loop")], None),
    );
    assert_eq!(model.menu.selected().unwrap().id, "blocking-sleep");
    news(&mut model, Reply::Listed(Vec::new(), None));
    assert_eq!(model.menu.selected(), None);
}

#[test]
fn a_broken_row_of_the_menu_is_edited_and_opened_again() {
    let mut model = open();
    key(&mut model, 'q');
    model.menu.go_to("mine");
    press(&mut model, KeyCode::Enter);
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Err(mistakes(3)))),
    );
    assert_eq!(model.place(), Place::Problem);
    let wish = Request::Edit(Some("mine".to_owned()));
    assert_eq!(key(&mut model, 'e'), own(wish));
    let effects = news(&mut model, ScreenEvent::Edited(editing(), Ok(())));
    let list = Effect::Ask(Request::List(Some("mine".to_owned())));
    assert_eq!(
        effects,
        [
            Effect::Ask(Request::EditorEnded),
            list,
            Effect::Ask(Request::Open("mine".to_owned()))
        ]
    );
}

fn offers() -> Offers {
    let row = |form, file: &str, possible| Offer {
        form,
        file: file.to_owned(),
        about: "a program".to_owned(),
        possible,
    };
    Offers {
        name: "mine".to_owned(),
        folder: "~/talk".to_owned(),
        rows: vec![
            row(Form::Python, "mine-2.py", true),
            row(Form::Rust, "mine.rs", false),
            row(Form::Text, "mine.txt", true),
            row(Form::Svg, "mine.svg", true),
        ],
    }
}

#[test]
fn exports_are_offered_and_written() {
    for size in [(80, 24), (120, 40)] {
        let mut model = running();
        model.size = size;
        assert_eq!(key(&mut model, 'x'), own(Request::Offers(None)));
        news(&mut model, Reply::Offered(Ok(offers())));
        assert_eq!(model.place(), Place::Export);
        insta::assert_snapshot!(format!("export-{}x{}", size.0, size.1), drawn(&model));
        let effects = press(&mut model, KeyCode::Enter);
        let [Effect::Ask(Request::Export(export))] = &effects[..] else {
            panic!("{effects:?}");
        };
        assert_eq!((export.form, &export.scenario), (Form::Python, &None));
        assert_eq!(export.knobs, [("requests".to_owned(), 2)]);
        assert!(export.run.is_none());
        let done = Exported {
            path: "~/talk/mine-2.py".to_owned(),
            next: "run it: python3 mine-2.py".to_owned(),
        };
        news(&mut model, Reply::Exported(Ok(done)));
        insta::assert_snapshot!(format!("exported-{}x{}", size.0, size.1), drawn(&model));
        // What cannot be is said, and nothing is wished for.
        press(&mut model, KeyCode::Down);
        assert_eq!(press(&mut model, KeyCode::Enter), []);
        press(&mut model, KeyCode::Down);
        let effects = press(&mut model, KeyCode::Enter);
        assert!(
            matches!(&effects[..], [Effect::Ask(Request::Export(export))] if export.run.is_some())
        );
        let refused = Problem::of("~/talk/mine.txt cannot be written: permission denied");
        news(&mut model, Reply::Exported(Err(refused)));
        assert!(drawn(&model).contains("permission denied"));
        press(&mut model, KeyCode::Down);
        let effects = press(&mut model, KeyCode::Enter);
        let [Effect::Ask(Request::Export(export))] = &effects[..] else {
            panic!("{effects:?}");
        };
        // The stage is drawn, and not the panel that lies over it.
        let picture = export.drawn.as_ref().unwrap();
        assert_eq!(picture.name, "mine");
        assert!(picture.svg.contains("code") && !picture.svg.contains("mine.svg"));
        press(&mut model, KeyCode::Esc);
        assert_eq!(model.place(), Place::Stage);
    }
}

#[test]
fn in_the_menu_only_programs_can_be_exported() {
    let mut model = open();
    key(&mut model, 'q');
    model.menu.go_to("mine");
    let wish = Request::Offers(Some("mine".to_owned()));
    assert_eq!(key(&mut model, 'x'), own(wish));
    news(&mut model, Reply::Offered(Ok(offers())));
    let effects = press(&mut model, KeyCode::Enter);
    let [Effect::Ask(Request::Export(export))] = &effects[..] else {
        panic!("{effects:?}");
    };
    assert_eq!(export.scenario.as_deref(), Some("mine"));
    for _ in 0..2 {
        press(&mut model, KeyCode::Down);
    }
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert!(drawn(&model).contains("run it first"));
    press(&mut model, KeyCode::Down);
    assert_eq!(press(&mut model, KeyCode::Enter), []);
    assert!(drawn(&model).contains("open it first"));
    press(&mut model, KeyCode::Esc);
    assert_eq!(model.screen, Screen::Menu);
}
