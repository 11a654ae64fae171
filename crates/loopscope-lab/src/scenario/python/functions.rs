//! All functions, what they share, and what starts them.

use loopscope_trace::Nanos;

use crate::scenario::decode::figure::written;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::model::scenario::Start;
use crate::scenario::python::top;
use crate::scenario::python::words::{Writer, arguments};

/// Writes the functions, what they share, and what starts them.
pub(crate) fn write(program: &Program<'_>, page: &mut Page) {
    functions(program, page);
    if !program.starts.is_empty() {
        page.gap();
        let alone = program.runs_alone();
        for start in program.starts {
            begin(program, start, alone, page);
        }
        if !alone && !program.is_server() {
            page.line(0, "loop.run_forever()");
        }
    }
}

/// Writes the functions and what they share.
pub(crate) fn functions(program: &Program<'_>, page: &mut Page) {
    top::write(program, page);
    for (at, function) in program.functions.iter().enumerate() {
        if at > 0 {
            page.gap();
        }
        let mut writer = Writer {
            program,
            page,
            function,
            on_loop: function.is_async,
            children: 0,
        };
        writer.define();
    }
}

fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    if start.at != Nanos::ZERO {
        page.line(0, &format!("# at {}:", written(start.at)));
    }
    let name = program.name(start.call.function);
    let arguments = arguments(program, &start.call, start.call.function);
    let call = format!("{name}({})", arguments.join(", "));
    match start.on {
        Some(id) => {
            let side = program.side_loop(id).to_owned();
            page.call(0, "run_coroutine_threadsafe(", &[call, side], ")");
        }
        None if alone => drop(page.call(0, "asyncio.run(", &[call], ")")),
        None => drop(page.call(0, "loop.create_task(", &[call], ")")),
    }
}
