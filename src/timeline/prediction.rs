//! What an answer is worth: held against what the run did, never against the file alone.

use super::explain::{nth, seconds_short};
use super::timeline::Timeline;
use crate::trace::{Answer, Choice, EndReason, How, Nanos, Quantity, Question, StepId, TextId};
