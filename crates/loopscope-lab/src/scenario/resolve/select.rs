//! The branches of a `select`: what each polls, and what is done where it is the first.

use crate::scenario::decode::record::Record;
use crate::scenario::model::parts::any;
use crate::scenario::model::step::{Action, Arm, ArmFuture};
use crate::scenario::resolve::bodies::{Bodies, Place};

impl Bodies<'_, '_, '_> {
    pub(crate) fn select(&mut self, record: &Record, place: Place) -> Action {
        let rows = record.rows("select");
        if rows.len() < 2 && record.get("select").is_some() {
            let message = "`select` has nothing to choose from".to_owned();
            let help = "write at least two branches: { do = [ … ] }, { do = [ … ] }";
            self.help("bad-value", record.at("select"), message, help);
        }
        let biased = record.flag("biased").unwrap_or(false);
        let mut arms = Vec::new();
        self.each_way(rows.iter(), |own, row| {
            arms.extend(own.arm(row, place));
        });
        Action::Select { arms, biased }
    }

    /// What an arm polls, and what is done where it is the first.
    fn arm(&mut self, row: &Record, place: Place) -> Option<Arm> {
        let future = match (row.text("by_ref"), row.steps("do")) {
            (Some(name), None) => {
                self.polled(name, row);
                let (name, into) = (name.to_owned(), self.into(row));
                Some(ArmFuture::ByRef { name, into })
            }
            (None, Some(records)) => {
                if row.get("into").is_some() {
                    let message = "only what is polled by reference has a result here".to_owned();
                    let help = "write `into` beside the `recv` or the `call` in `do`";
                    self.help("unreachable", row.at("into"), message, help);
                }
                Some(ArmFuture::Body(self.body(records, place.branch())))
            }
            _ => {
                let message = "a branch polls one thing".to_owned();
                let help =
                    "write { do = [ … ] }, or { by_ref = \"name\" } for what was started before";
                self.help("bad-value", row.span.clone(), message, help);
                None
            }
        };
        let Some(records) = row.steps("then") else {
            return Some(Arm {
                future: future?,
                then: Vec::new(),
            });
        };
        if std::mem::take(&mut self.leaving) || future.as_ref().is_some_and(leaves) {
            let message = "`do` leaves the function, and `then` would come after it".to_owned();
            let help = "leave the function in `then`";
            self.help("unreachable", row.at("then"), message, help);
        }
        let then = self.body(records, place.branch());
        Some(Arm {
            future: future?,
            then,
        })
    }
}

/// Whether a step that an arm polls may leave the function.
fn leaves(future: &ArmFuture) -> bool {
    match future {
        ArmFuture::Body(body) => any(body, |action| {
            matches!(action, Action::Respond(_) | Action::Return(_))
        }),
        ArmFuture::ByRef { .. } => false,
    }
}
