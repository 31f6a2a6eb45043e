//! The program: reads the settings, and does what they say.

use std::process::ExitCode;

use rolewright::app;
use rolewright::config::Config;

fn main() -> ExitCode {
    match app::run(Config::read()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "the last words of a program that cannot go on")]
            {
                eprintln!("rolewright: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}
