//! A receiver of a broadcast was slower than its values came, and lost some.

use std::collections::BTreeMap;

use crate::counts::number_of;
use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::running::blocked_loop::holder;
use crate::words::channel;
use loopscope_trace::{Actor, EventKind, Keep};

pub(crate) static KIND: Kind = Kind {
    id: "broadcast-lag",
    word: "broadcast lag",
    row_word: "lag",
    symptoms: "broadcast lagged, RecvError::Lagged, slow receiver, messages lost, receiver skipped messages",
    runs_did: "had a receiver of a broadcast lose values",
    on_map: None,
    sentence: |names, finding, _| {
        let of = finding.of.unwrap_or(u32::MAX);
        let kept = names.story().channels.get(of as usize);
        let kept = match kept.map(|channel| channel.keep) {
            // As tokio rounds it up.
            Some(Keep::Each(kept)) => format!("the newest {} are", kept.next_power_of_two()),
            _ => "only the newest are".to_owned(),
        };
        let values = number_of(finding.count as usize, "value");
        format!(
            "{} has lost {values} of {}: it was slower than they came, and {kept} kept for it.",
            holder(names, finding),
            channel(names, of),
        )
    },
    short: |names, finding, row| {
        let of = channel(names, finding.of.unwrap_or(u32::MAX));
        let values = number_of(finding.count as usize, "value");
        format!("{}, {values} of {of}", row.who)
    },
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector {
    /// By receiver and channel.
    findings: BTreeMap<(Actor, u16), usize>,
}

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        let at = now.world.now;
        match event {
            EventKind::Lagged {
                actor,
                channel,
                count,
            } => {
                let finding = *self.findings.entry((actor, channel)).or_insert_with(|| {
                    let finding = log.open(now, &KIND, at, actor);
                    log.all[finding].of = Some(channel.into());
                    finding
                });
                let lost = log.all[finding].count.saturating_add(count);
                log.count(finding, lost, at);
            }
            EventKind::TaskEnded { task, .. } if !self.findings.is_empty() => {
                self.findings.retain(|(actor, _), finding| {
                    let ends = *actor == Actor::Task(task);
                    if ends {
                        log.close(*finding, at);
                    }
                    !ends
                });
            }
            _ => {}
        }
    }
}
