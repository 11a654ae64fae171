//! A program that is watched: it goes on aside while a scenario is open, and has a terminal of the screen's size.

use crate::app::failure::Failure;
use crate::app::open::open::Opened;
use crate::app::open::program::Program;
use crate::app::run::going::Word;
use crate::app::serve::app::App;
use loopscope_protocol::request::Command;
use loopscope_trace::Story;

impl App {
    /// Opens a program, to be watched.
    pub(crate) fn watch(&mut self, command: Command) -> Result<Story, Failure> {
        self.let_go();
        let mut program = Program::of(command)?;
        program.resize(self.size);
        let story = program.story();
        self.opened = Some(Opened::Program(Box::new(program)));
        self.follow_opened();
        Ok(story)
    }

    /// Opens this; a program that was open is kept aside and goes on.
    pub(crate) fn open_over(&mut self, opened: Opened) {
        if let Some(program @ Opened::Program(_)) = self.opened.replace(opened) {
            self.aside = Some((program, self.going.take()));
        }
    }

    /// Opens the program again that was kept aside.
    pub(crate) fn reopen(&mut self) {
        if let Some((program, going)) = self.aside.take() {
            self.let_go();
            self.opened = Some(program);
            self.going = going;
            self.follow_opened();
        }
    }

    /// The terminal of what is watched has this size from now on.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.size = Some((columns, rows));
        let aside = self
            .aside
            .as_mut()
            .map(|(opened, going)| (opened, going.as_ref()));
        let open = self
            .opened
            .as_mut()
            .map(|opened| (opened, self.going.as_ref()));
        for (opened, going) in aside.into_iter().chain(open) {
            let Opened::Program(program) = opened else {
                continue;
            };
            program.resize(self.size);
            if let Some(going) = going {
                // Fails only where it has ended.
                let _ = going.words.send(Word::Resize(columns, rows));
            }
        }
    }
}
