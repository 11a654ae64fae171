//! tokio's hooks become facts; without `tokio_unstable` there are none, and the wrappers speak.

use std::sync::Arc;

use loopscope_trace::Detail;
use tokio::runtime::Builder;

use crate::record::recorder::Recorder;

/// How much this build can see: everything, or what the wrappers see.
pub const fn detail() -> Detail {
    if cfg!(tokio_unstable) {
        Detail::Full
    } else {
        Detail::Reduced
    }
}

/// What the program wants to know of a watched runtime's threads.
pub trait Turns: Send + Sync {
    /// A task has had its turn.
    fn polled(&self);
    /// The thread is about to sleep.
    fn parks(&self);
}

/// Lets `recorder` watch the runtime that `builder` will build. It takes tokio's task hooks and
/// those of parking threads; hooks that are set later replace it. Without `tokio_unstable` there
/// are no hooks, and only wrapped tasks are seen.
pub fn watch(builder: &mut Builder, recorder: &Recorder) {
    watch_with(builder, recorder, None);
}

/// Like [`watch`], and tells `turns` what it needs to know.
#[cfg(tokio_unstable)]
pub fn watch_with(builder: &mut Builder, recorder: &Recorder, turns: Option<Arc<dyn Turns>>) {
    use crate::record::fact::Fact;

    if !recorder.hooks() {
        return;
    }
    let own = recorder.clone();
    builder.on_task_spawn(move |meta| bind(&own, meta));
    let own = recorder.clone();
    builder.on_before_task_poll(move |meta| {
        let tokio = tokio_id(meta.id());
        own.note(|| Fact::TurnStarted { tokio });
    });
    let own = recorder.clone();
    let told = turns.clone();
    builder.on_after_task_poll(move |meta| {
        let tokio = tokio_id(meta.id());
        own.note(|| Fact::TurnEnded { tokio });
        if let Some(turns) = &told {
            turns.polled();
        }
    });
    let own = recorder.clone();
    builder.on_task_terminate(move |meta| {
        let tokio = tokio_id(meta.id());
        own.note(|| Fact::Terminated { tokio });
    });
    let own = recorder.clone();
    builder.on_thread_park(move || {
        own.note(|| Fact::Parked);
        if let Some(turns) = &turns {
            turns.parks();
        }
    });
    let own = recorder.clone();
    builder.on_thread_unpark(move || own.note(|| Fact::Unparked));
}

/// Without the hooks there is nothing to install.
#[cfg(not(tokio_unstable))]
pub fn watch_with(_builder: &mut Builder, _recorder: &Recorder, _turns: Option<Arc<dyn Turns>>) {}

/// The spawn hook: tells the announced task, or one that was not, by the place of its spawn.
#[cfg(tokio_unstable)]
fn bind(recorder: &Recorder, meta: &tokio::runtime::TaskMeta<'_>) {
    use crate::record::current::{self, Announcement};
    use crate::record::fact::Fact;
    use crate::watch::spawn::tell;
    use loopscope_trace::TaskRole;

    let announcement = current::announce(None).unwrap_or_else(|| Announcement {
        parent: current::task(),
        task: recorder.new_task(),
        ..Announcement::new(
            TaskRole::Spawned,
            recorder.core.texts.place(meta.spawned_at()),
        )
    });
    tell(recorder, &announcement);
    let (task, tokio) = (announcement.task, tokio_id(meta.id()));
    recorder.note(|| Fact::Bound { task, tokio });
}

/// The lower half of tokio's id. There is no accessor, and formatting would cost more than all
/// the rest of a record; the derived hash hands the number over as it is.
#[cfg(tokio_unstable)]
#[inline]
fn tokio_id(id: tokio::task::Id) -> u32 {
    use std::hash::{Hash, Hasher};

    struct Number(u64);
    impl Hasher for Number {
        #[inline]
        fn write_u64(&mut self, number: u64) {
            self.0 = number;
        }
        fn write(&mut self, bytes: &[u8]) {
            for (place, byte) in bytes.iter().enumerate().take(8) {
                self.0 |= u64::from(*byte) << (8 * place);
            }
        }
        fn finish(&self) -> u64 {
            self.0
        }
    }
    let mut number = Number(0);
    id.hash(&mut number);
    number.0 as u32
}
