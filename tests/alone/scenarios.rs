//! Every scenario of ours proves what it claims, in computed time and for real, one after the other.

use std::process::Command;

use serde_json::Value;

use crate::common::alone::one_at_a_time;

/// A run on a machine that is busy with other work may be late; a claim that is wrong fails always.
const TRIES: usize = 5;

fn check(targets: &[String], clock: &str) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["check", "--json", "--clock", clock])
        .args(targets)
        .output()
        .expect("the program starts");
    let list: Value = serde_json::from_slice(&output.stdout).expect("a list");
    list.as_array().expect("a list").clone()
}

#[test]
fn every_scenario_proves_its_expectations() {
    prove("real");
}

#[test]
fn nearly_every_scenario_proves_them_in_computed_time_too() {
    prove("virtual");
}

fn prove(clock: &str) {
    let _turn = one_at_a_time();
    let mut targets = vec![concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios").to_owned()];
    let mut failed = Vec::new();
    for _ in 0..TRIES {
        let verdicts = check(&targets, clock);
        assert!(!verdicts.is_empty());
        failed = verdicts
            .into_iter()
            .filter(|one| one["ok"] != true)
            .collect();
        targets = failed
            .iter()
            .filter_map(|one| one["id"].as_str().map(str::to_owned))
            .collect();
        if failed.is_empty() {
            break;
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
