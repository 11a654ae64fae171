//! The screen's shell without a terminal: (before, keys, after), exact drawings, any keys at all.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::mpsc::{Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::common::{stories, traces};
use loopscope::protocol::menu::{Mark, MenuEntry};
use loopscope::protocol::problem::Problem;
use loopscope::protocol::reply::{Reply, Slot};
use loopscope::protocol::request::Request;
use loopscope::trace::{Batch, Nanos, Story, Trace};
use loopscope::tui::events::Effect;
use loopscope::tui::events::ScreenEvent;
use loopscope::tui::keys::key::Place;
use loopscope::tui::keys::key::{Key, KeyCode, Mouse, MouseKind};
use loopscope::tui::model::model::Model;
use loopscope::tui::model::screen::Screen;
use loopscope::tui::screens::view;
use loopscope::tui::session::asking::Draft;
use loopscope::tui::session::playhead::Mode;
use loopscope::tui::session::playhead::Playhead;
use loopscope::tui::settings::settings::Settings;
use loopscope::tui::settings::settings::Start;
use loopscope::tui::text::theme::Palette;
use loopscope::tui::update::update::update;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const LOOP: [(&str, &str); 12] = [
    ("what-a-loop-does", "What a loop does"),
    ("blocking-sleep", "time.sleep() inside async def"),
    ("awaited-sleep", "await asyncio.sleep()"),
    ("three-awaits", "Three awaits in a row"),
    ("every-await", "Does every await give way?"),
    ("never-awaited", "A coroutine that nobody awaits"),
    ("gather", "gather: in which order?"),
    ("five-tasks", "Five tasks, one loop"),
    ("late-timers", "Timers that run out in a block"),
    ("large-document", "Encoding a large document"),
    ("cpu-loop", "A CPU loop in async def"),
    ("cpu-yield", "The same loop, giving way"),
];

const OTHERS: [(&str, usize); 5] = [
    ("the pool", 12),
    ("cpu, processes", 9),
    ("state, patterns", 15),
    ("tokio's own", 10),
    ("yours", 0),
];

fn entries() -> Vec<MenuEntry> {
    let mut out: Vec<MenuEntry> = LOOP
        .iter()
        .map(|(id, title)| entry(id, "the loop", title))
        .collect();
    for (folder, count) in OTHERS {
        for place in 0..count {
            out.push(entry(&format!("{folder}-{place}"), folder, "A title"));
        }
    }
    for (place, entry) in out.iter_mut().enumerate() {
        entry.number = format!("{:02}", place + 1);
    }
    out[1].asks = "Two requests reach one handler. Does the second wait for the first?".to_owned();
    out[1].contrast = Some("awaited-sleep".to_owned());
    out[1].search = "02 time.sleep() hello bye hello bye".to_owned().into();
    out
}

fn entry(id: &str, folder: &str, title: &str) -> MenuEntry {
    MenuEntry {
        id: id.to_owned(),
        folder: folder.to_owned(),
        title: title.to_owned(),
        story: None,
        search: title.to_owned().into(),
        ..MenuEntry::default()
    }
}

fn model() -> Model {
    Model::new(entries(), Palette::Dark, &Settings::default())
}

/// Presses keys, written as in the help page, with a space between; answers as a port would that
/// knows `blocking-sleep` only and whose runs have happened at once.
fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    keys.split(' ')
        .flat_map(|word| tell(model, ScreenEvent::Key(key(word))))
        .collect()
}

fn tell(model: &mut Model, message: ScreenEvent) -> Vec<Effect> {
    let effects = update(model, message);
    for effect in &effects {
        match effect {
            Effect::Ask(Request::Open(id)) if id == "blocking-sleep" => {
                let story = Box::new(stories::blocking_sleep());
                update(model, ScreenEvent::Reply(Reply::Opened(Ok(story))));
            }
            Effect::Ask(Request::Open(id)) => {
                let problem = Problem {
                    sentence: format!("{id} has mistakes"),
                    details: vec!["line 1".to_owned(); 40],
                    ..Problem::default()
                };
                update(model, ScreenEvent::Reply(Reply::Opened(Err(problem))));
            }
            Effect::Ask(Request::Run { number, .. }) => {
                let story = Box::new(stories::blocking_sleep());
                let run = *number;
                update(
                    model,
                    ScreenEvent::Reply(Reply::Started {
                        slot: Slot::Only,
                        run,
                        result: Ok(story),
                    }),
                );
            }
            Effect::Ask(Request::SendRequest) => {
                drop(update(model, ScreenEvent::Reply(Reply::Sent(true))))
            }
            _ => {}
        }
    }
    effects
}

fn key(word: &str) -> Key {
    let code = match word {
        "space" => KeyCode::Char(' '),
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Back" => KeyCode::Backspace,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        _ => KeyCode::Char(word.chars().next().unwrap()),
    };
    Key::plain(code)
}

/// The whole of `trace` in batches of 100 ms, up to `upto` milliseconds.
fn play(model: &mut Model, run: u32, trace: &Trace, upto: u64) {
    let done = model
        .session
        .as_ref()
        .unwrap()
        .timeline
        .trace()
        .events
        .len();
    let upto = Nanos::from_millis(upto);
    let last = trace.events.partition_point(|event| event.at <= upto);
    let session = model.session.as_ref().unwrap();
    let texts = if session.timeline.trace().texts.is_empty() {
        trace.texts.clone()
    } else {
        Vec::new()
    };
    let batch = Batch {
        rows: Vec::new(),
        texts,
        events: trace.events[done.min(last)..last].to_vec(),
        upto: upto.min(trace.upto),
    };
    update(model, ScreenEvent::Reply(Reply::Batch { run, batch }));
}

fn frame(model: &Model) -> Vec<String> {
    let area = Rect::new(0, 0, model.size.0, model.size.1);
    let mut buffer = Buffer::empty(area);
    view::draw(model, area, &mut buffer);
    (0..area.height)
        .map(|y| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect())
        .collect()
}

fn live() -> Model {
    let mut model = model();
    press(&mut model, "Enter 2 Enter");
    play(&mut model, 1, &traces::blocking_sleep(), 3_400);
    model
}

fn notice(model: &Model) -> &str {
    model
        .notice
        .as_ref()
        .map_or("", |notice| notice.text.as_str())
}

#[test]
fn the_menu_is_drawn_as_in_the_guide() {
    let mut model = model();
    for (id, mark) in [
        ("what-a-loop-does", Mark::Seen),
        ("blocking-sleep", Mark::Wrong),
        ("awaited-sleep", Mark::Right),
        ("three-awaits", Mark::Right),
    ] {
        model.marks.insert(id.to_owned(), mark);
    }
    let drawn = frame(&model);
    let expected = "
 loopscope                                    58 scenarios   4 seen   real runs 
─ folders ──────────────┬─ the loop ────────────────────────────────────────────
 ► the loop        4/12 │   01  What a loop does               · seen           
   the pool        0/12 │ ► 02  time.sleep() inside async def  × predicted wrong
   cpu, processes  0/ 9 │   03  await asyncio.sleep()          √ predicted right
   state, patterns 0/15 │   04  Three awaits in a row          √ predicted right
   tokio's own     0/10 │   05  Does every await give way?                      
                        │   06  A coroutine that nobody awaits                  
                        │   07  gather: in which order?                         
                        │   08  Five tasks, one loop                            
                        │   09  Timers that run out in a block                  
                        │   10  Encoding a large document                       
                        │   11  A CPU loop in async def                         
                        │   12  The same loop, giving way                       
                        │                                                       
                        │                                                       
                        │                                                       
─ 02 blocking-sleep ────┴───────────────────────────────────────────────────────
 Two requests reach one handler. Does the second wait for the first?            
                                                                                
 Goes with 03 awaited-sleep: v runs the two side by side.                       
 Next (n): 05 every-await                                                       
                                                                                
 ↑ ↓ choose   ← → folder   Enter open   1-58 go to   / find   v compare  ? keys ";
    assert_eq!(drawn.join("\n"), expected[1..]);
}

#[test]
fn the_question_is_drawn_as_in_the_guide() {
    let mut model = model();
    press(&mut model, "Enter");
    let drawn = frame(&model);
    let expected = "
 time.sleep() inside async def                           before the run   0.00s 
─ code  Python ───────────────────────┬─ what happens ──────────────────────────
    1 app = FastAPI()                 │    at    asks                           
    2 @app.get(\"/ping\")               │   0.00 A tab 1  GET /ping               
    3 async def ping():               │   0.02 B tab 2  GET /ping               
    4     print(\"Hello\")              │                                         
    5     time.sleep(5)               │ One loop, one thread.                   
    6     print(\"bye\")                │ Pool: 40 threads.                       
    7     return \"pong\"               │                                         
─ your prediction ────────────────────┴─────────────────────────────────────────
                                                                                
 In which order are the four lines printed?                                     
                                                                                
 ► 1  Hello Hello bye bye                                                       
   2  Hello bye Hello bye                                                       
   3  Hello Hello, then never a bye                                             
   4  another order on every run                                                
                                                                                
                                                                                
                                                                                
────────────────────────────────────────────────────────────────────────────────
 Choose first, then watch: that is what makes it stick.                         
                                                                                
 1-4 choose   Enter run   space run, no guess   h hands   ? keys         q menu ";
    assert_eq!(drawn.join("\n"), expected[1..]);
}

/// The option under the cursor of the question that is open.
fn chosen(model: &Model) -> Option<usize> {
    match &model.screen {
        Screen::Question(asking) => match asking.draft {
            Draft::Option(option) => Some(option),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn three_keys_lead_to_a_running_block() {
    let mut model = model();
    assert_eq!(
        press(&mut model, "Enter"),
        [Effect::Ask(Request::Open("blocking-sleep".into()))]
    );
    assert_eq!(chosen(&model), Some(0));
    press(&mut model, "2");
    assert_eq!(chosen(&model), Some(1));
    let effects = press(&mut model, "Enter");
    assert!(matches!(
        effects[..],
        [Effect::Ask(Request::Run { number: 1, .. })]
    ));
    assert_eq!((&model.screen, model.mode()), (&Screen::Stage, Mode::Live));
    assert_eq!(model.session.as_ref().unwrap().chosen(), Some(1));
}

#[test]
fn a_closed_question_leaves_the_stage_before_the_run() {
    let mut model = model();
    press(&mut model, "Enter Esc");
    assert_eq!(
        (&model.screen, model.mode()),
        (&Screen::Stage, Mode::BeforeRun)
    );
    let effects = press(&mut model, "space");
    assert!(matches!(effects[..], [Effect::Ask(Request::Run { .. })]));
    assert_eq!(model.session.as_ref().unwrap().chosen(), None);
}

#[test]
fn space_pauses_the_view_and_goes_on_from_there() {
    let mut model = live();
    press(&mut model, "space");
    assert_eq!(model.mode(), Mode::Paused);
    assert_eq!(notice(&model), "paused: the run goes on, and is recorded");
    play(&mut model, 1, &traces::blocking_sleep(), 6_000);
    let at = |model: &Model| {
        let session = model.session.as_ref().unwrap();
        session.playhead.moment(&session.timeline).at
    };
    assert_eq!(at(&model), Nanos::from_millis(3_400));
    press(&mut model, "space");
    let elapsed = std::time::Duration::from_millis(100);
    update(&mut model, ScreenEvent::Tick { elapsed });
    assert_eq!(model.mode(), Mode::Playing);
    assert_eq!(at(&model), Nanos::from_millis(3_500));
    press(&mut model, "End");
    assert_eq!(
        (model.mode(), at(&model)),
        (Mode::Live, Nanos::from_secs(6))
    );
}

#[test]
fn a_late_batch_of_an_older_run_is_ignored() {
    let mut model = live();
    press(&mut model, "r");
    play(&mut model, 1, &traces::blocking_sleep(), 9_000);
    assert_eq!(model.session.as_ref().unwrap().timeline.end(), Nanos::ZERO);
    play(&mut model, 2, &traces::blocking_sleep(), 1_000);
    assert_eq!(
        model.session.as_ref().unwrap().timeline.end(),
        Nanos::from_secs(1)
    );
}

#[test]
fn the_end_is_remembered_and_offers_what_it_goes_with() {
    let mut model = live();
    play(&mut model, 1, &traces::blocking_sleep(), 60_000);
    assert_eq!(model.mode(), Mode::Ended);
    assert_eq!(model.marks.get("blocking-sleep"), Some(&Mark::Right));
    assert_eq!(model.next_id(), Some("awaited-sleep"));
    assert_eq!(
        press(&mut model, "Enter"),
        [Effect::Ask(Request::Open("awaited-sleep".into()))]
    );
}

#[test]
fn space_at_the_end_plays_again_from_the_start() {
    let mut model = live();
    play(&mut model, 1, &traces::blocking_sleep(), 60_000);
    press(&mut model, "space");
    let session = model.session.as_ref().unwrap();
    assert_eq!(session.playhead, Playhead::Playing(Default::default()));
}

#[test]
fn own_requests_are_named() {
    let mut model = live();
    assert_eq!(press(&mut model, "s"), [Effect::Ask(Request::SendRequest)]);
    assert!(model.session.as_ref().unwrap().own_requests);
    assert_eq!(
        notice(&model),
        "your own requests are in this run: not held against what is expected"
    );
}

#[test]
fn nothing_is_faster_than_live_but_slower_falls_behind() {
    let mut model = live();
    press(&mut model, ">");
    assert_eq!(
        notice(&model),
        "at the live edge: it cannot go faster than it happens"
    );
    assert_eq!(model.mode(), Mode::Live);
    press(&mut model, "<");
    assert_eq!(model.mode(), Mode::Playing);
}

#[test]
fn two_seconds_into_the_first_block_the_screen_says_that_it_lives() {
    let mut model = live();
    play(&mut model, 1, &traces::blocking_sleep(), 3_500);
    assert_eq!(
        notice(&model),
        "nothing moves in the loop; this screen is another thread"
    );
}

#[test]
fn what_was_said_of_a_block_ends_with_the_block() {
    let mut model = live();
    let trace = traces::blocking_sleep();
    play(&mut model, 1, &trace, 4_900);
    assert!(notice(&model).starts_with("nothing moves in the loop"));
    play(&mut model, 1, &trace, 10_500);
    assert_eq!(notice(&model), "", "no loop is held any more");
}

#[test]
fn a_run_that_was_left_waits_in_the_menu() {
    let mut model = live();
    press(&mut model, "q");
    assert_eq!(model.screen, Screen::Menu);
    let drawn = frame(&model);
    assert!(drawn[22].contains("Esc goes back to the run of blocking-sleep"));
    press(&mut model, "space");
    assert_eq!((&model.screen, model.mode()), (&Screen::Stage, Mode::Live));
    // Opening another one takes its place, so the old run is stopped first.
    let effects = press(&mut model, "Esc down Enter");
    assert_eq!(
        effects,
        [
            Effect::Ask(Request::List(None)),
            Effect::Ask(Request::Stop),
            Effect::Ask(Request::Open("awaited-sleep".into()))
        ]
    );
    assert_eq!(model.screen.place(), Place::Problem);
    press(&mut model, "Esc");
    assert_eq!(model.screen, Screen::Menu);
}

#[test]
fn numbers_jump_with_one_digit_or_two() {
    let mut model = model();
    for (keys, id) in [
        ("1", "what-a-loop-does"),
        ("2", "cpu-yield"),
        ("3", "awaited-sleep"),
        ("down 0", "three-awaits"),
        ("4", "three-awaits"),
    ] {
        press(&mut model, keys);
        assert_eq!(model.menu.selected().unwrap().id, id, "after {keys}");
    }
}

#[test]
fn find_matches_what_is_printed() {
    let mut model = model();
    press(&mut model, "3 / H e l l o space b y e");
    let found: Vec<_> = model.menu.shown().iter().map(|entry| &entry.id).collect();
    assert_eq!(found, ["blocking-sleep"]);
    assert_eq!(
        press(&mut model, "Enter"),
        [Effect::Ask(Request::Open("blocking-sleep".into()))]
    );
    press(&mut model, "q / x x x");
    assert!(model.menu.shown().is_empty());
    assert_eq!(press(&mut model, "Enter"), []);
    press(&mut model, "Esc");
    assert_eq!(model.menu.shown().len(), 12);
}

#[test]
fn a_second_click_opens() {
    let mut model = model();
    let click = ScreenEvent::Mouse(Mouse {
        kind: MouseKind::Press,
        column: 40,
        row: 4,
    });
    assert_eq!(tell(&mut model, click.clone()), []);
    assert_eq!(model.menu.selected().unwrap().id, "awaited-sleep");
    assert_eq!(
        tell(&mut model, click),
        [Effect::Ask(Request::Open("awaited-sleep".into()))]
    );
}

#[test]
fn help_lists_the_keys_of_the_screen_below_and_the_five_alike() {
    for size in [(40, 12), (80, 24), (120, 40)] {
        let mut model = live();
        model.size = size;
        press(&mut model, "?");
        let mut seen = String::new();
        // The least window has eight rows.
        for _ in 0..27 {
            seen.push_str(&frame(&model).join("\n"));
            press(&mut model, "down down down down down down");
        }
        for words in [
            "in the backlog",
            "overdue",
            "queued",
            "Send one more real request",
        ] {
            assert!(seen.contains(words), "{words} at {size:?}");
        }
        press(&mut model, "Esc");
        assert_eq!(model.screen, Screen::Stage);
    }
}

#[test]
fn an_unknown_key_is_answered() {
    let mut model = model();
    press(&mut model, "Z");
    assert_eq!(notice(&model), "Z does nothing here; ? shows all keys");
}

#[test]
fn a_recording_opens_on_the_stage_at_its_start() {
    let mut model = model();
    let trace = Box::new(traces::blocking_sleep());
    let first = loopscope::tui::driver::open::begin(
        &mut model,
        Start::Recording {
            trace,
            autoplay: false,
        },
    );
    assert!(first.is_empty());
    assert_eq!(
        (&model.screen, model.mode()),
        (&Screen::Stage, Mode::Recorded)
    );
    assert_eq!(press(&mut model, "r"), []);
    press(&mut model, "End");
    assert_eq!(model.mode(), Mode::Ended);
}

#[test]
fn every_key_in_the_last_row_does_something() {
    for keys in ["", "Enter", "Enter Esc", "Enter space", "Enter space space"] {
        let mut before = model();
        if !keys.is_empty() {
            press(&mut before, keys);
        }
        let place = before.screen.place();
        for row in loopscope::tui::keys::action::bindings(place) {
            for (named, _) in row.keys {
                let loopscope::tui::keys::action::Press::Char(character) = named else {
                    continue;
                };
                let mut model = before.clone();
                let effects = tell(&mut model, ScreenEvent::Key(Key::char(*character)));
                let same = frame(&model) == frame(&before) && effects.is_empty();
                let first = matches!(
                    character,
                    'k' | 'j'
                        | 'g'
                        | '<'
                        | '['
                        | 'b'
                        | ','
                        | ' '
                        | 'N'
                        | '.'
                        | 'n'
                        | 'c'
                        | ']'
                        | '>'
                );
                assert!(!same || first, "{character} at {place:?} after {keys:?}");
            }
        }
    }
}

mod any_keys {
    use super::*;
    use proptest::prelude::*;

    const KEYS: &str = "space Enter Esc Tab Back left right up down Home End PgUp PgDn \
        ? q s r p c b t a k w n N , . < > [ ] / j + - f ( ) g u o v 0 1 2 3 4 5 6 7 8 9 Z E m T";

    fn message() -> impl Strategy<Value = ScreenEvent> {
        let keys: Vec<&str> = KEYS.split_whitespace().collect();
        let trace = traces::blocking_sleep();
        prop_oneof![
            8 => proptest::sample::select(keys).prop_map(|word| ScreenEvent::Key(key(word))),
            1 => (0u16..140, 0u16..50, 0usize..6).prop_map(|(column, row, kind)| {
                let kind = [
                    MouseKind::Press,
                    MouseKind::Drag,
                    MouseKind::ScrollUp,
                    MouseKind::ScrollDown,
                    MouseKind::ScrollLeft,
                    MouseKind::ScrollRight,
                ][kind];
                ScreenEvent::Mouse(Mouse { kind, column, row })
            }),
            1 => (0u16..140, 0u16..50)
                .prop_map(|(columns, rows)| ScreenEvent::Resize { columns, rows }),
            1 => (1u64..900).prop_map(|millis| ScreenEvent::Tick {
                elapsed: std::time::Duration::from_millis(millis),
            }),
            2 => (0u32..4).prop_map(move |run| ScreenEvent::Reply(Reply::Batch {
                run,
                batch: Batch {
                    rows: Vec::new(),
                    texts: trace.texts.clone(),
                    events: trace.events.clone(),
                    upto: trace.upto,
                },
            })),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]
        #[test]
        fn leave_the_model_alive(messages in proptest::collection::vec(message(), 1..40)) {
            let mut model = model();
            for message in messages {
                // A run hands its events on once.
                if let ScreenEvent::Reply(Reply::Batch { run, .. }) = &message {
                    let fresh = model.session.as_ref().is_some_and(|session| {
                        session.run == loopscope::tui::session::session::Run::Number(*run)
                            && session.timeline.trace().events.is_empty()
                    });
                    if !fresh {
                        continue;
                    }
                }
                let _ = tell(&mut model, message);
                frame(&model);
            }
            // Whatever happened, the way out is there.
            let key = Key { code: KeyCode::Char('c'), control: true, alt: false };
            let effects = update(&mut model, ScreenEvent::Key(key));
            prop_assert!(matches!(effects[..], [Effect::Quit(_)]));
        }
    }
}

#[test]
fn a_story_without_anything_is_drawn() {
    let mut model = model();
    update(
        &mut model,
        ScreenEvent::Reply(Reply::Opened(Ok(Box::new(Story::default())))),
    );
    for size in [
        (0, 0),
        (1, 1),
        (20, 5),
        (40, 10),
        (40, 12),
        (60, 15),
        (200, 60),
    ] {
        model.size = size;
        frame(&model);
    }
    model.size = (20, 5);
    assert!(frame(&model).join("").contains("40x10"));
}

#[test]
fn lanes_are_selected_in_the_order_of_the_screen() {
    let mut model = live();
    let mut names = Vec::new();
    for _ in 0..5 {
        press(&mut model, "down");
        let session = model.session.as_ref().unwrap();
        let lane = session.timeline.lane(session.selected.unwrap()).unwrap();
        names.push(lane.name.to_string());
    }
    assert_eq!(
        names,
        ["tab 1", "tab 2", "accept", "heartbeat", "heartbeat"]
    );
    press(&mut model, "up w");
    let drawn = frame(&model).join("\n");
    assert!(drawn.contains("w why  accept: ready"), "{drawn}");
}

/// An application that knows one scenario; `begin` says when a run of it has begun. Gives what it
/// was asked.
fn application(
    asked: Receiver<Request>,
    messages: Sender<ScreenEvent>,
    begin: impl Fn() + Send + 'static,
) -> JoinHandle<Vec<Request>> {
    std::thread::spawn(move || {
        let tell = |reply| messages.send(ScreenEvent::Reply(reply)).unwrap();
        let mut all = Vec::new();
        for request in asked {
            match &request {
                Request::Open(_) => {
                    tell(Reply::Opened(Ok(Box::new(stories::blocking_sleep()))));
                }
                Request::Run { slot, number, .. } => {
                    begin();
                    let (slot, run) = (*slot, *number);
                    let result = Ok(Box::new(stories::blocking_sleep()));
                    tell(Reply::Started { slot, run, result });
                    let trace = traces::blocking_sleep();
                    let batch = Batch {
                        rows: Vec::new(),
                        texts: trace.texts,
                        events: trace.events,
                        upto: trace.upto,
                    };
                    tell(Reply::Batch { run, batch });
                }
                _ => {}
            }
            all.push(request);
        }
        all
    })
}

/// A surface that keeps the last frame and quits after one that shows some words.
struct Paper {
    until: &'static str,
    quit: std::sync::mpsc::Sender<ScreenEvent>,
    frames: Vec<String>,
}

impl loopscope::tui::terminal::screen::Surface for Paper {
    fn size(&mut self) -> (u16, u16) {
        (80, 24)
    }
    fn draw(&mut self, model: &Model) -> std::io::Result<()> {
        let drawn = frame(model).join("\n");
        if drawn.contains(self.until) {
            let code = KeyCode::Char('c');
            let (control, alt) = (true, false);
            let key = Key { code, control, alt };
            self.quit.send(ScreenEvent::Key(key)).unwrap();
        }
        self.frames.push(drawn);
        Ok(())
    }
    fn repaint(&mut self) -> std::io::Result<()> {
        Ok(())
    }
    fn suspend(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_loop_draws_what_happens_and_ends_when_asked() {
    use loopscope::tui::driver::drive::drive;
    use loopscope::tui::events::Channel;
    let channel = Channel::default();
    let mut model = model();
    let mut paper = Paper {
        until: "ended   10.01s",
        quit: channel.sender.clone(),
        frames: Vec::new(),
    };
    for word in ["Enter", "2", "Enter"] {
        channel.sender.send(ScreenEvent::Key(key(word))).unwrap();
    }
    let (requests, asked) = std::sync::mpsc::channel();
    let application = application(asked, channel.sender.clone(), || {});
    let exit = drive(&mut model, &mut paper, &requests, &channel, Vec::new()).unwrap();
    assert_eq!(exit, loopscope::tui::settings::settings::Exit::Quit);
    drop(requests);
    let asked = application.join().unwrap();
    let left = asked.last() == Some(&Request::Close);
    assert!(left, "what runs ends when the screen is left: {asked:?}");
    // The keys lay ready, so the menu is drawn once and then the end: no frame is drawn for a
    // message that another one follows at once.
    assert!(paper.frames[0].contains("loopscope"));
    assert!(paper.frames.len() <= 4, "{} frames", paper.frames.len());
}

/// A run whose children take long to start: keys go on, and frames are drawn.
#[test]
fn keys_are_heard_while_a_run_starts() {
    use loopscope::tui::driver::drive::drive;
    use loopscope::tui::events::Channel;
    let channel = Channel::default();
    let mut model = model();
    let mut paper = Paper {
        until: "keys and words: stage",
        quit: channel.sender.clone(),
        frames: Vec::new(),
    };
    let (requests, asked) = std::sync::mpsc::channel();
    let (ready, started) = std::sync::mpsc::channel::<()>();
    let begin = move || {
        let _ = started.recv_timeout(Duration::from_secs(20));
    };
    let application = application(asked, channel.sender.clone(), begin);
    for word in ["Enter", "2", "Enter", "space", "?"] {
        channel.sender.send(ScreenEvent::Key(key(word))).unwrap();
    }
    let began = Instant::now();
    drive(&mut model, &mut paper, &requests, &channel, Vec::new()).unwrap();
    assert!(began.elapsed() < Duration::from_secs(10), "the keys waited");
    assert!(model.starting.is_some());
    assert!(matches!(model.screen, Screen::Help { .. }));
    drop((requests, ready));
    let asked = application.join().unwrap();
    let runs = asked
        .iter()
        .filter(|asked| matches!(asked, Request::Run { .. }));
    assert_eq!(runs.count(), 1, "space begins no second run meanwhile");
}

fn control(letter: char) -> Key {
    Key {
        control: true,
        ..Key::char(letter)
    }
}

#[test]
fn the_menu_is_walked_by_the_keys_of_other_programs() {
    let mut model = model();
    let selected = |model: &Model| model.menu.selected().unwrap().id.clone();
    press(&mut model, "G");
    let last = selected(&model);
    press(&mut model, "g g");
    let first = selected(&model);
    assert_ne!(first, last);
    press(&mut model, "j");
    assert_ne!(selected(&model), first);
    press(&mut model, "k");
    assert_eq!(selected(&model), first);
    tell(&mut model, ScreenEvent::Key(control('d')));
    assert_ne!(selected(&model), first);
    tell(&mut model, ScreenEvent::Key(control('u')));
    assert_eq!(selected(&model), first);
    // Space opens, and goes back where its own run was left.
    let opened = press(&mut model, "space");
    let wish = Effect::Ask(Request::Open(first));
    assert!(opened.contains(&wish), "{opened:?}");
}

#[test]
fn nothing_that_leaves_the_stage_loses_its_run() {
    let mut model = model();
    press(&mut model, "Enter space");
    press(&mut model, "q");
    assert_eq!(model.screen, Screen::Menu);
    press(&mut model, "Esc");
    assert_eq!(model.screen, Screen::Stage);
    press(&mut model, "Esc");
    assert_eq!(model.screen, Screen::Menu);
    // On its own row space goes back, too; what is sought is cleared first.
    press(&mut model, "/ x Esc");
    assert_eq!(model.screen, Screen::Menu);
    model.menu.go_to("blocking-sleep");
    press(&mut model, "space");
    assert_eq!(model.screen, Screen::Stage);
}
