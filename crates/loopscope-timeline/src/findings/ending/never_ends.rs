//! The main of a program waits for what can never come.

use crate::findings::log::detector::{self, Log, Now};
use crate::findings::log::finding::Kind;
use crate::findings::waiting::alive::Alive;
use crate::findings::waiting::deadlock::clause;
use crate::findings::waiting::needs::{is_stuck, main, path};
use crate::words::who;
use loopscope_trace::{Actor, EndReason, EventKind};

/// The most that are named on the way to what is waited for.
const MOST: usize = 3;

pub(crate) static KIND: Kind = Kind {
    id: "never-ends",
    word: "never ends",
    row_word: "never ends",
    symptoms: "hangs for ever, program does not exit, queue.get never returns, waits for ever",
    runs_did: "did not end",
    on_map: None,
    sentence: |names, finding, language| {
        let chain = &finding.chain;
        let beyond = finding.held_by.map(|(actor, _)| actor);
        let next = |at: usize| chain.get(at + 1).map(|link| link.actor).or(beyond);
        let links = chain.iter().enumerate().take(MOST);
        let clauses = links.map(|(at, link)| clause(names, link, next(at), language));
        let clauses: Vec<String> = clauses.collect();
        let main = finding.actor.map(|actor| who(names, actor));
        let main = main.unwrap_or_else(|| "main".to_owned());
        format!("{}: {main} never ends.", clauses.join("; "))
    },
    short: |_, _, row| format!("{} waits for ever", row.who),
};

#[derive(Clone, Debug, Default)]
pub(crate) struct Detector;

impl detector::Detector for Detector {
    fn event(&mut self, now: Now, event: EventKind, log: &mut Log) {
        let ends = matches!(
            event,
            EventKind::RunEnded {
                reason: EndReason::Limit
            }
        );
        let main = main(now.world).filter(|task| ends && task.ended.is_none());
        let Some(main) = main else { return };
        let (actor, alive) = (Actor::Task(main.id), Alive::of(now.world));
        if !is_stuck(now.world, &alive, actor) {
            return;
        }
        let (chain, beyond) = path(now.world, &alive, actor);
        let finding = log.open(now, &KIND, main.stopped, actor);
        log.all[finding].chain = chain;
        log.all[finding].held_by = beyond.map(|actor| (actor, None));
    }
}
