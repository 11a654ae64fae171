#![doc = include_str!("../README.md")]
#![warn(unreachable_pub)]

mod event;
mod ids;
pub mod recording;
mod story;
mod text;
mod trace;
mod window;

pub use event::actor::{
    Actor, Awaited, BlockKind, EndReason, Lapse, Notice, Outcome, TaskRole, ThreadRole, WaitOn,
    WakeCause,
};
pub use event::kind::{Batch, Event, EventKind};
pub use event::metric::Metric;
pub use event::visit::{StoryRow, Use, Visitor};
pub use ids::{
    ChannelId, ClientId, FileId, FunctionId, JobId, LocalId, LockId, LoopId, NamedEventId, Nanos,
    PoolId, ProcessId, RequestId, StackId, StepId, TaskId, TextId, ThreadId, VariableId,
};
pub use story::code::{Function, Language, Line, Listing, SourceFile, Step, Token, TokenRole};
pub use story::expect::{Expectation, GIVEN_UP, Got, Latency, NOTHING, Piece, Range};
pub use story::late::LateRow;
pub use story::note::{Anchor, Note};
pub use story::question::{Answer, Answered, Answers, Choice, How, Quantity, Question, Tally};
pub use story::runtime::{
    Admits, Channel, Clock, Detail, Flavor, Keep, Local, Lock, LockKind, NamedEvent,
    NamedEventKind, NamedPool, RuntimeShape, Variable,
};
pub use story::story::{Client, Knob, Planned, Prints, Program, Story, Watched};
pub use text::{plain, short, steers, xml};
pub use trace::Trace;
pub use window::window::{Stretch, Window};
