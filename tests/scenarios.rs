//! Every scenario of ours proves what it claims, for real, one after the other.

use std::process::Command;

#[test]
fn every_scenario_proves_its_expectations() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let output = Command::new(env!("CARGO_BIN_EXE_loopscope"))
        .args(["check", folder])
        .output()
        .expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "\n{text}\n{errors}");
    let proved = text.lines().filter(|line| line.starts_with("ok ")).count();
    assert!(proved >= 6, "only {proved} were proved:\n{text}");
}
