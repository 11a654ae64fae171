//! Watches a program and writes what it does as a recording, which `loopscope replay` shows.
//!
//! `cargo run -p loopscope-watch --example record -- PYTHON_FOLDER OUT.jsonl COMMAND…`: the first is the folder with the
//! files that listen inside the program. Enter ends it.

use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use loopscope_trace::recording::Writer;
use loopscope_watch::{Options, Watch};

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let (Some(python), Some(out)) = (words.next(), words.next()) else {
        return Err("record PYTHON_FOLDER OUT.jsonl COMMAND…".into());
    };
    let mut options = Options::new(words.collect::<Vec<OsString>>());
    let python = PathBuf::from(python);
    files(&python, &python, &mut options)?;
    let watch = Watch::start(options)?;
    let mut writer = Writer::new(BufWriter::new(File::create(out)?), &watch.story())?;
    let (asked, ask) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        if io::stdin()
            .read_line(&mut String::new())
            .is_ok_and(|count| count > 0)
        {
            let _ = asked.send(());
        }
    });
    loop {
        if ask.try_recv().is_ok() {
            watch.stop();
        }
        match watch.batches().recv_timeout(Duration::from_millis(100)) {
            Ok(batch) => writer.batch(&batch)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    writer.finish()?;
    println!("{:?}", watch.exit());
    Ok(())
}

/// Adds the Python files of a folder to the options.
fn files(root: &Path, folder: &Path, options: &mut Options) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(root, &path, options)?;
        } else if path.extension().is_some_and(|end| end == "py") {
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .display()
                .to_string();
            options.python.push((name, fs::read(&path)?.into()));
        }
    }
    Ok(())
}
