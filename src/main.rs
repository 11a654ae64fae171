//! Parse, call, exit.

fn main() -> std::process::ExitCode {
    loopscope::cli::main()
}
