//! The state of everything at one moment.
//!
//! *In:* events, in order, and time. *Out:* [`world::World`]: tasks, jobs, requests, threads, pools, what they
//! share. *Absent:* history (that is `tracks`), and any other way to change a world than
//! `apply` and `advance`, so that live, replay and seek give the same.
//!
//! In order: `state` · `vector` · `shared` · `values` · `later` · `entries` · `world` · `fold_jobs` · `fold_values` · `fold_shared` · `fold_tasks` · `fold`.

pub(crate) mod entries;
pub(crate) mod fold;
pub(crate) mod fold_jobs;
pub(crate) mod fold_shared;
pub(crate) mod fold_tasks;
pub(crate) mod fold_values;
pub(crate) mod later;
pub(crate) mod shared;
pub(crate) mod state;
pub(crate) mod values;
pub(crate) mod vector;
pub(crate) mod world;
