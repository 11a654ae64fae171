//! Watching other programs: their rings, whatever these hold, real programs where Python is there, and
//! tokio programs that are looked at from outside.

mod hostile;
mod native;
mod order;
mod outside;
mod proc;
mod real;
mod stream;
mod told;
mod translated;
mod written;
