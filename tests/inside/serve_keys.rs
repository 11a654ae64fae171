//! Any keys, on any screen, at any size: the program lives on, and the recording is whole.

use std::sync::OnceLock;
use std::time::Duration;

use super::super::*;
use proptest::prelude::*;

use crate::app::library::find;
use crate::app::serve::ask;
use loopscope_lab::engine;
use loopscope_protocol::menu::MenuEntry;
use loopscope_protocol::problem::Problem;
use loopscope_protocol::reply::Reply;
use loopscope_protocol::request::Request;
use loopscope_trace::recording;
use loopscope_tui::driver::open::begin;
use loopscope_tui::events::{Effect, ScreenEvent};
use loopscope_tui::keys::action::{Press, TABLE};
use loopscope_tui::keys::key::{Key, KeyCode, Mouse, MouseKind};
use loopscope_tui::model::model::Model;
use loopscope_tui::notes::page;
use loopscope_tui::screens::view;
use loopscope_tui::settings::settings::{Settings, Start};
use loopscope_tui::text::theme::Palette;
use loopscope_tui::update::update::update;

/// What a hand may do.
#[derive(Clone, Debug)]
enum Move {
    Key(Key),
    Size(u16, u16),
    Mouse(Mouse),
    Paste(String),
    Tick(u64),
    /// Lets what goes on behind the screen go on.
    Wait,
}

/// All keys that have a meaning somewhere, but for the one that ends everything.
fn meant() -> Vec<Key> {
    let presses = TABLE.iter().flat_map(|row| row.keys);
    let keys = presses.map(|(press, _)| match press {
        Press::Char(character) => Key::char(*character),
        Press::Key(code) => Key::plain(*code),
        Press::AnyDigit => Key::char('2'),
        Press::Control(character) => Key {
            control: true,
            ..Key::char(*character)
        },
    });
    keys.filter(|key| *key != ctrl_c()).collect()
}

const fn ctrl_c() -> Key {
    Key {
        control: true,
        ..Key::char('c')
    }
}

fn moves() -> impl Strategy<Value = Move> {
    let meant = proptest::sample::select(meant());
    let any = any::<char>().prop_map(Key::char);
    let digit = (0..=9_u8).prop_map(|digit| Key::char(char::from(b'0' + digit)));
    // The way into a scenario and through its run, so that most cases get far.
    let usual = [
        KeyCode::Enter,
        KeyCode::Down,
        KeyCode::Right,
        KeyCode::PageDown,
    ];
    let usual = proptest::sample::select(usual.map(Key::plain).to_vec());
    let key = prop_oneof![6 => meant, 1 => any, 2 => digit, 3 => usual].prop_map(Move::Key);
    let sizes = [
        (80, 24),
        (120, 40),
        (200, 60),
        (60, 15),
        (40, 10),
        (39, 9),
        (1, 1),
        (0, 0),
    ];
    let size = prop_oneof![
        3 => proptest::sample::select(sizes.to_vec()),
        1 => (0..220_u16, 0..70_u16),
    ];
    let kind = proptest::sample::select(vec![
        MouseKind::Press,
        MouseKind::Drag,
        MouseKind::ScrollUp,
        MouseKind::ScrollDown,
        MouseKind::ScrollLeft,
        MouseKind::ScrollRight,
    ]);
    let mouse =
        (kind, 0..220_u16, 0..70_u16).prop_map(|(kind, column, row)| Mouse { kind, column, row });
    prop_oneof![
        20 => key,
        2 => size.prop_map(|(columns, rows)| Move::Size(columns, rows)),
        1 => mouse.prop_map(Move::Mouse),
        1 => ".{0,12}".prop_map(Move::Paste),
        2 => (0..3_000_u64).prop_map(Move::Tick),
        3 => Just(Move::Wait),
    ]
}

/// The scenarios without child processes: those would be this test itself.
fn computed() -> Vec<MenuEntry> {
    static ENTRIES: OnceLock<Vec<MenuEntry>> = OnceLock::new();
    let entries = ENTRIES.get_or_init(|| {
        let mut entries = find::rows();
        entries.retain(|entry| {
            let source = find::find(&entry.id);
            let scenario =
                source.and_then(|source| open::prepared(&source, &RunChoices::default()));
            scenario.is_ok_and(|scenario| engine::can_be_computed(&scenario.story))
        });
        entries
    });
    entries.clone()
}

/// The program without a terminal.
struct Program {
    model: Model,
    client: Client,
    over: bool,
}

impl Program {
    fn start(start: &Begin, config: Config) -> Self {
        let client = connect(config).expect("a thread");
        let mut model = Model::new(computed(), Palette::Dark, &Settings::default());
        model.instant = true;
        let start = match start {
            Begin::Menu => Start::Menu,
            Begin::Scenario(id) => Start::Scenario {
                story: Box::new(ask::open(&client, id).expect("one of ours")),
                knobs: Vec::new(),
                autoplay: false,
            },
            Begin::Pair(names) => {
                let names = names.map(str::to_owned);
                Start::Pair(ask::open_pair(&client, names).expect("two of ours"))
            }
        };
        let first = begin(&mut model, start);
        let mut program = Self {
            model,
            client,
            over: false,
        };
        program.carry_out(first);
        program
    }

    fn tell(&mut self, message: ScreenEvent) {
        if !self.over {
            let effects = update(&mut self.model, message);
            self.carry_out(effects);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(request) => {
                    if let Some(reply) = self.instead(&request) {
                        self.tell(ScreenEvent::Reply(reply));
                    } else {
                        self.client.requests.send(request).expect("it listens");
                    }
                }
                Effect::Quit(_) => self.over = true,
                // No terminal is there.
                Effect::Terminal(_) => {}
            }
        }
    }

    /// What would write to the home or to the folder of whoever runs the tests is refused, as on a
    /// full disk, and the menu read anew has the same rows.
    fn instead(&self, request: &Request) -> Option<Reply> {
        let full = || Problem::of("there is no room");
        match request {
            Request::List(go_to) => Some(Reply::Listed(computed(), go_to.clone())),
            Request::Edit(_) => Some(Reply::Edit(Err(full()))),
            Request::Export(_) => Some(Reply::Exported(Err(full()))),
            _ => None,
        }
    }

    /// Takes in what runs have handed on, for so long at most.
    fn listen(&mut self, patience: Duration) {
        while let Ok(reply) = self.client.replies.recv_timeout(patience) {
            self.tell(ScreenEvent::Reply(reply));
        }
    }

    fn make(&mut self, one: Move) {
        match one {
            Move::Key(key) => self.tell(ScreenEvent::Key(key)),
            Move::Size(columns, rows) => self.tell(ScreenEvent::Resize { columns, rows }),
            Move::Mouse(mouse) => self.tell(ScreenEvent::Mouse(mouse)),
            Move::Paste(text) => self.tell(ScreenEvent::Paste(text)),
            Move::Tick(millis) => self.tell(ScreenEvent::Tick {
                elapsed: Duration::from_millis(millis),
            }),
            Move::Wait => self.listen(Duration::from_millis(5)),
        }
        while let Ok(reply) = self.client.replies.try_recv() {
            self.tell(ScreenEvent::Reply(reply));
        }
        let rows = view::rows(&self.model);
        let controls = |row: &String| row.chars().any(char::is_control);
        assert!(!rows.iter().any(controls), "a control character is drawn");
        // Whoever presents has a page for every state.
        let page = page::page(&self.model);
        assert!(!page.place.is_empty());
    }
}

/// Where the program begins.
#[derive(Clone, Debug)]
enum Begin {
    Menu,
    Scenario(&'static str),
    Pair([&'static str; 2]),
}

fn begins() -> impl Strategy<Value = Begin> {
    proptest::sample::select(vec![
        Begin::Menu,
        Begin::Scenario("blocking-sleep"),
        Begin::Scenario("gather-order"),
        Begin::Scenario("four-routes-sync"),
        Begin::Pair(["blocking-sleep", "awaited-sleep"]),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn leave_the_program_alive_and_the_recording_whole(
        start in begins(),
        moves in proptest::collection::vec(moves(), 1..80),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("run.jsonl");
        let wish = RunChoices {
            speed: Some(50.0),
            clock: Clock::Virtual,
            ..RunChoices::default()
        };
        let mut program = Program::start(&start, Config::new(wish, Some(target.clone())));
        for one in moves {
            program.make(one);
        }
        program.listen(Duration::from_millis(20));
        program.tell(ScreenEvent::Key(ctrl_c()));
        prop_assert!(program.over, "Ctrl-C does not end it");
        let left = ask::leave(&program.client);
        prop_assert!(left.is_some_and(|left| left.recording.is_ok()));
        if let Ok(bytes) = std::fs::read(&target) {
            let reading = recording::read(&mut bytes.as_slice());
            let reading = reading.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(reading.cut, None);
        }
    }
}
