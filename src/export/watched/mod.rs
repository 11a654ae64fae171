//! What watching a program came to: who held its loops, where, and who waited.
//!
//! *In:* a [`Timeline`](loopscope_timeline::Timeline) of a program that was watched, and how the program ended. *Out:* a
//! value for serde, sentences, lines for GitHub, and a JUnit file. *Absent:* stdout, and the exit code.
//! *Order:* report, judge, build, text, forms.

pub(crate) mod build;
pub(crate) mod forms;
pub(crate) mod judge;
pub(crate) mod report;
pub(crate) mod text;
