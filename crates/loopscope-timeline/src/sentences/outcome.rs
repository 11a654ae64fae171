//! The end screen's sentences about what was shared, and about clients who did not wait.

use crate::findings::kinds::lost_update;
use crate::moments::timeline::Timeline;
use loopscope_trace::TextId;

/// `49 updates of id were lost: it is 1 at the end.`
pub(crate) fn lost(timeline: &Timeline) -> Option<String> {
    let mut all = timeline.findings().iter();
    let finding = all.find(|finding| *finding.kind == lost_update::KIND)?;
    let of = finding.of? as usize;
    let name = &timeline.story().variables.get(of)?.name;
    let variable = timeline.live().shared.variables.get(of)?;
    let value = variable.last.map_or(TextId::NONE, |write| write.value);
    let value = timeline.trace().text(value);
    Some(match finding.count {
        1 => format!("One update of {name} was lost: it is {value} at the end."),
        count => format!("{count} updates of {name} were lost: it is {value} at the end."),
    })
}

/// `4 of 6 requests were given up by their clients.`
pub(crate) fn given_up(timeline: &Timeline) -> Option<String> {
    let requests = &timeline.live().requests;
    let given_up = requests.iter().filter(|it| it.given_up.is_some()).count();
    match (given_up, requests.len()) {
        (0, _) => None,
        (1, 1) => Some("Its client gave the request up.".to_owned()),
        (1, all) => Some(format!("One of {all} requests was given up by its client.")),
        (count, all) => Some(format!(
            "{count} of {all} requests were given up by their clients."
        )),
    }
}
