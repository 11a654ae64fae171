//! The table of findings. Another one needs its file, its `mod` line, and its rows here.

use crate::findings::detector::Detector;
use crate::findings::finding::Kind;
use crate::findings::log::{Log, Now};
use crate::findings::{
    blocked_loop, deadlock, gil_contention, killed_process, lost_update, never_polled,
    never_yields, outlived_timeout, saturated_pool, starved, turn, unfair_lock,
};
use crate::world::entries::Task;
use crate::world::state::State;
use loopscope_trace::{EventKind, Nanos};

/// All kinds, in the order of reports.
pub static TABLE: [&Kind; 11] = [
    &blocked_loop::KIND,
    &starved::KIND,
    &saturated_pool::KIND,
    &never_polled::KIND,
    &never_yields::KIND,
    &lost_update::KIND,
    &deadlock::KIND,
    &outlived_timeout::KIND,
    &gil_contention::KIND,
    &unfair_lock::KIND,
    &killed_process::KIND,
];

/// The struct of all detectors, each called without indirection, in the order of the rows.
macro_rules! detectors {
    ($($kind:ident),* $(,)?) => {
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Detectors {
            $($kind: $kind::Detector),*
        }

        impl Detectors {
            pub(crate) fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
                $(self.$kind.event(now, event, log);)*
            }

            pub(crate) fn task_moved(&mut self, now: Now, task: &Task, from: State, log: &mut Log) {
                $(self.$kind.task_moved(now, task, from, log);)*
            }

            /// When the next finding will be due, if nothing happens until then.
            pub(crate) fn due(&mut self) -> Option<Nanos> {
                [$(self.$kind.due()),*].into_iter().flatten().min()
            }

            /// Lets the first detector find whose time has come.
            pub(crate) fn fire(&mut self, now: Now, log: &mut Log) {
                $(
                    if self.$kind.due().is_some_and(|at| at <= now.world.now) {
                        return self.$kind.fire(now, log);
                    }
                )*
            }
        }
    };
}

detectors! {
    turn,
    starved,
    saturated_pool,
    never_polled,
    lost_update,
    deadlock,
    outlived_timeout,
    gil_contention,
    unfair_lock,
    killed_process,
}
