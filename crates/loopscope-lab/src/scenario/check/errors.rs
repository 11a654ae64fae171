//! The places that no error can leave.

use std::ops::Range as Span;

use crate::scenario::model::parts::deep;
use crate::scenario::model::scenario::{Function, call_fails, fails, started_fails};
use crate::scenario::model::step::{Action, ArmFuture, Work};
use crate::scenario::resolve::program::Program;
use crate::scenario::text::finder::Finder;

/// The places that no error can leave: a streamed answer, a child process, what is done in place.
pub(crate) fn check(program: &Program, function: &Function, finder: &mut Finder<'_>) {
    let mut cannot = |span: Span<usize>, what: &str, help: &str| {
        let message = format!("an error that leaves {what} cannot be said");
        finder.help("cannot-be-said", span, message, help);
    };
    let all = &program.functions;
    for step in deep(&function.body) {
        let span = program.spans.get(step.id.index()).cloned();
        let span = span.unwrap_or_default();
        let of_work = |work: &Work| match work {
            Work::Function(call) => call_fails(all, call),
            Work::Inline(body) => fails(all, function, body),
        };
        match &step.action {
            Action::Chunk(_) if function.fails => {
                let help =
                    "nearest is a `try` around what fails, and a last `chunk` in its `except`";
                return cannot(span, "a streamed answer", help);
            }
            Action::Select { arms, .. } => {
                let leaves = arms.iter().any(|arm| match &arm.future {
                    ArmFuture::ByRef { name, .. } => started_fails(all, function, name),
                    ArmFuture::Body(body) => fails(all, function, body),
                });
                if leaves {
                    let help = "nearest is a `try` inside the arm, or `raise` in its `then`";
                    cannot(span, "an arm of a `select`", help);
                }
            }
            Action::Buffered { calls, .. } if calls.iter().any(|call| call_fails(all, call)) => {
                let help = "nearest is a `try` inside the function, or `as_completed`";
                cannot(span, "a buffered future", help);
            }
            Action::Process { work, .. } if of_work(work) => {
                let help =
                    "nearest is a `limit`, and its `else`; or `try` inside the function that fails";
                cannot(span, "a child process", help);
            }
            Action::BlockInPlace(body) if fails(all, function, body) => {
                let help =
                    "nearest is a `try` inside the `block_in_place`, or the failing step after it";
                cannot(span, "`block_in_place`", help);
            }
            _ => {}
        }
    }
}
