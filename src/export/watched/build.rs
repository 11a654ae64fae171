//! Fills the report from a timeline, and from nothing else but how the program ended.

use crate::export::watched::judge::Limits;
use crate::export::watched::report::{
    FindingRow, FrameRow, HeldRow, LagRow, PoolRow, WaitedRow, WatchReport,
};
use loopscope_timeline::{Holder, Pool, Timeline, explain};
use loopscope_trace::{BlockKind, Language, Nanos, StepId};

/// What watching has come to; `exit` as in the report.
pub(crate) fn report(
    timeline: &Timeline,
    command: &[String],
    exit: Option<i32>,
    limits: &Limits,
) -> WatchReport {
    let lag = timeline.lag();
    let percentile = |share| lag.percentile(share).map(Nanos::as_secs_f64);
    let holders = timeline.holders(timeline.live());
    WatchReport {
        format: 1,
        command: command.to_vec(),
        exit,
        heard: !timeline.live().shared.processes.is_empty(),
        seconds: timeline.end().as_secs_f64(),
        held: holders
            .iter()
            .map(|holder| held(timeline, holder, limits))
            .collect(),
        lag: LagRow {
            median: percentile(0.5),
            p99: percentile(0.99),
            longest: percentile(1.0),
        },
        pools: pools(timeline),
        findings: findings(timeline),
        dropped: timeline.dropped(),
    }
}

fn held(timeline: &Timeline, holder: &Holder, limits: &Limits) -> HeldRow {
    let story = timeline.story();
    let code = holder.step.and_then(|step| story.step(step));
    let remedy = explain::remedy(timeline, holder);
    let stack = holder
        .stack
        .map_or(&[][..], |stack| timeline.trace().stack(stack));
    let frames: Vec<FrameRow> = stack
        .iter()
        .filter_map(|step| frame(timeline, *step))
        .collect();
    HeldRow {
        place: place(timeline, holder.step),
        function: holder
            .step
            .and_then(|step| Some(story.function_of(step)?.name.clone())),
        kind: kind(holder.kind),
        times: holder.times,
        longest: holder.longest.as_secs_f64(),
        total: holder.total.as_secs_f64(),
        waited: WaitedRow {
            requests: holder.waited.requests,
            connections: holder.waited.connections,
            tasks: holder.waited.tasks,
        },
        stack: frames.iter().map(|frame| frame.text.clone()).collect(),
        frames,
        code: code.map_or(String::new(), |step| {
            let [python, rust] = [&step.python, &step.rust];
            let text = match story.language_of(step, Language::Python) {
                Language::Python => python,
                Language::Rust => rust,
            };
            text.clone()
        }),
        remedy: remedy.words,
        scenario: remedy.scenario,
        allowed: limits.allow(timeline, holder.step),
        too_long: limits.exceeded(timeline, holder),
    }
}

/// `so.py:7`.
fn place(timeline: &Timeline, step: Option<StepId>) -> Option<String> {
    explain::line(timeline, step?, Language::Python)
}

fn frame(timeline: &Timeline, step: StepId) -> Option<FrameRow> {
    let place = place(timeline, Some(step))?;
    let function = timeline.story().function_of(step);
    let function = function.map_or("", |function| &function.name);
    let file = timeline.story().file_of(step);
    let library = file.filter(|file| file.library);
    Some(FrameRow {
        text: format!("{place} {function}").trim_end().to_owned(),
        library: library.map(|file| package(&file.path).to_owned()),
    })
}

/// The package that a library's file belongs to: `starlette` of `…/site-packages/starlette/routing.py`.
fn package(path: &str) -> &str {
    if path.starts_with('<') {
        return "Python";
    }
    if let Some(package) = loopscope_watch::crate_of(path) {
        return package;
    }
    let folders = ["/site-packages/", "/dist-packages/", "/lib-dynload/"];
    let below = folders.iter().find_map(|folder| path.split_once(folder));
    // `…/lib/python3.11/asyncio/events.py`
    let standard = || {
        let (_, rest) = path.split_once("/python3.")?;
        rest.split_once('/')
    };
    let below = below.or_else(standard).map_or(path, |(_, below)| below);
    let first = below.split('/').find(|part| !part.is_empty());
    first.unwrap_or(below).trim_end_matches(".py")
}

/// The word of the report for a kind of block.
pub(crate) const fn kind(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Sleep => "sleep",
        BlockKind::Cpu => "cpu",
        BlockKind::Native => "c-call",
        BlockKind::Lock | BlockKind::Task => "lock",
        BlockKind::File => "file",
        BlockKind::Socket => "socket",
        BlockKind::Process => "process",
        BlockKind::Unknown => "unknown",
    }
}

fn pools(timeline: &Timeline) -> Vec<PoolRow> {
    let row = |name: &str, pool: &Pool| PoolRow {
        name: name.to_owned(),
        size: Some(pool.threads).filter(|size| *size < u32::MAX),
        busy: pool.peak_busy,
        queued: pool.peak_queued,
    };
    let mut pools = timeline.pools().into_iter();
    let default = pools.next();
    let default = default.filter(|pool| pool.peak_busy + pool.peak_queued > 0);
    let default = default.map(|pool| row("default", &pool));
    let named = timeline.story().pools.iter().zip(pools);
    let named = named.map(|(story, pool)| row(&story.name, &pool));
    default.into_iter().chain(named).collect()
}

/// Those that are known one by one, behind those of a time that is kept no more.
fn findings(timeline: &Timeline) -> Vec<FindingRow> {
    let before = timeline.findings_before().iter();
    let before = before.map(|earlier| FindingRow {
        kind: earlier.kind.id,
        at: earlier.first.as_secs_f64(),
        seconds: earlier.longest.as_secs_f64(),
        times: earlier.times,
        place: place(timeline, earlier.step),
        text: earlier.sentence.clone(),
    });
    let findings = timeline.findings().iter();
    let rows = findings.map(|finding| FindingRow {
        kind: finding.kind.id,
        at: finding.at.as_secs_f64(),
        seconds: finding.length.as_secs_f64(),
        times: 1,
        place: place(timeline, finding.step),
        text: finding.sentence(timeline, Language::Python),
    });
    before.chain(rows).collect()
}
