//! Any keys, on any screen, at any size: the program lives on, and the recording is whole.

use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use loopscope_lab::engine;
use loopscope_protocol::problem::Problem;
use loopscope_trace::recording;
use loopscope_tui::effect::{Effect, Outcome, perform};
use loopscope_tui::keys::action::{Press, TABLE};
use loopscope_tui::message::{Key, KeyCode, Mouse, MouseKind};
use loopscope_tui::model::model::Model;
use loopscope_tui::notes::page;
use loopscope_tui::own;
use loopscope_tui::own::News;
use loopscope_tui::screens::view;
use loopscope_tui::settings::settings::Settings;
use loopscope_tui::settings::start::Start;
use loopscope_tui::text::theme::Palette;
use loopscope_tui::update::update;

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
fn computed(desk: &mut Desk) -> Vec<MenuEntry> {
    static ENTRIES: OnceLock<Vec<MenuEntry>> = OnceLock::new();
    let entries = ENTRIES.get_or_init(|| {
        let mut entries = desk.menu();
        entries.retain(|entry| {
            let story = desk.open(&entry.id);
            story.is_ok_and(|story| engine::can_be_computed(&story))
        });
        entries
    });
    entries.clone()
}

/// The program without a terminal.
struct Program {
    model: Model,
    desk: Desk,
    sender: Sender<Message>,
    messages: Receiver<Message>,
    over: bool,
}

impl Program {
    fn start(start: Start, mut desk: Desk) -> Self {
        let (sender, messages) = channel();
        let mut model = Model::new(computed(&mut desk), Palette::Dark, &Settings::default());
        model.instant = desk.instant(None);
        let first = model.begin(start);
        let mut program = Self {
            model,
            desk,
            sender,
            messages,
            over: false,
        };
        program.carry_out(first.into_iter().collect());
        program
    }

    fn tell(&mut self, message: Message) {
        if !self.over {
            let effects = update(&mut self.model, message);
            self.carry_out(effects);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut wishes = std::collections::VecDeque::from(effects);
        while let Some(wish) = wishes.pop_front() {
            let wish = match wish {
                Effect::Own(wish) => match self.of_ones_own(wish) {
                    Ok(news) => {
                        wishes.extend(update(&mut self.model, Message::Own(news)));
                        continue;
                    }
                    Err(wish) => Effect::Own(wish),
                },
                wish => wish,
            };
            match perform(wish, &mut self.desk, &self.sender) {
                Outcome::Answer(message) => wishes.extend(update(&mut self.model, message)),
                Outcome::Quit(_) => self.over = true,
                // No terminal is there.
                Outcome::Done | Outcome::Surface(_) => {}
            }
        }
    }

    /// What would write to the home or to the folder of whoever runs the tests is refused, as on a
    /// full disk, and the menu read anew has the same rows.
    fn of_ones_own(&mut self, wish: own::Wish) -> Result<News, own::Wish> {
        let full = || Problem::of("there is no room");
        match wish {
            own::Wish::List(go_to) => Ok(News::Listed(computed(&mut self.desk), go_to)),
            own::Wish::Edit(_) => Ok(News::NotEdited(full())),
            own::Wish::Export(_) => Ok(News::Exported(Err(full()))),
            wish => Err(wish),
        }
    }

    /// Takes in what runs have handed on, for so long at most.
    fn listen(&mut self, patience: Duration) {
        while let Ok(message) = self.messages.recv_timeout(patience) {
            self.tell(message);
        }
    }

    fn make(&mut self, one: Move) {
        match one {
            Move::Key(key) => self.tell(Message::Key(key)),
            Move::Size(columns, rows) => self.tell(Message::Resize { columns, rows }),
            Move::Mouse(mouse) => self.tell(Message::Mouse(mouse)),
            Move::Paste(text) => self.tell(Message::Paste(text)),
            Move::Tick(millis) => self.tell(Message::Tick {
                elapsed: Duration::from_millis(millis),
            }),
            Move::Wait => self.listen(Duration::from_millis(5)),
        }
        while let Ok(message) = self.messages.try_recv() {
            self.tell(message);
        }
        let rows = view::rows(&self.model);
        let controls = |row: &String| row.chars().any(char::is_control);
        assert!(!rows.iter().any(controls), "a control character is drawn");
        // Whoever presents has a page for every state.
        let page = page::page(&self.model);
        assert!(!page.place.is_empty());
    }
}

fn begins() -> impl Strategy<Value = Start> {
    let scenario = |scenario: &str| Start::Scenario {
        scenario: scenario.to_owned(),
        knobs: Vec::new(),
        autoplay: false,
    };
    let pair = ["blocking-sleep", "awaited-sleep"].map(str::to_owned);
    proptest::sample::select(vec![
        Start::Menu,
        scenario("blocking-sleep"),
        scenario("gather-order"),
        scenario("four-routes-sync"),
        Start::Pair(pair),
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
        let wish = Wish {
            speed: Some(50.0),
            clock: Clock::Virtual,
            ..Wish::default()
        };
        let mut program = Program::start(start, Desk::new(wish, Some(target.clone())));
        for one in moves {
            program.make(one);
        }
        program.listen(Duration::from_millis(20));
        program.tell(Message::Key(ctrl_c()));
        prop_assert!(program.over, "Ctrl-C does not end it");
        let recordings = program.desk.recordings();
        drop(program);
        prop_assert!(recordings.settle().is_ok());
        if let Ok(bytes) = std::fs::read(&target) {
            let reading = recording::read(&mut bytes.as_slice());
            let reading = reading.map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(reading.cut, None);
        }
    }
}
