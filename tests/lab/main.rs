//! Scenario files and the engine that plays them.

#[path = "../common/mod.rs"]
mod common;

mod asyncio_orders;
mod both_clocks;
mod bounds;
mod cancellation;
mod computed;
mod diagnostics;
mod ending;
mod engine;
mod engine_server;
mod engine_state;
mod engine_tasks;
mod errors;
mod futures;
mod language;
mod library;
mod listings;
mod order_question;
mod scenario_fuzz;
mod schema;
mod turns;
