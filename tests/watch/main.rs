//! Watching other programs: their rings, whatever these hold, and real programs where Python is there.

mod hostile;
mod order;
mod outside;
mod real;
mod stream;
mod told;
mod translated;
mod written;
