//! All functions, what they share, and what starts them.

use loopscope_trace::Nanos;

use crate::scenario::decode::figure::written;
use crate::scenario::listing::page::Page;
use crate::scenario::listing::program::Program;
use crate::scenario::model::scenario::Start;
use crate::scenario::rust::top;
use crate::scenario::rust::words::{Leaves, Writer, arguments, named};

/// Writes the functions, what they share, and what starts them.
pub(crate) fn write(program: &Program<'_>, page: &mut Page) {
    functions(program, page);
    if !program.starts.is_empty() {
        page.gap();
        let alone = program.runs_alone();
        for start in program.starts {
            begin(program, start, alone, page);
        }
    }
}

/// Writes the functions and what they share.
pub(crate) fn functions(program: &Program<'_>, page: &mut Page) {
    top::write(program, page);
    for function in program.functions {
        page.gap();
        let mut writer = Writer {
            program,
            page,
            function,
            leaves: Leaves::Plainly,
            guards: 0,
            children: 0,
        };
        writer.define();
    }
}

fn begin(program: &Program<'_>, start: &Start, alone: bool, page: &mut Page) {
    if start.at != Nanos::ZERO {
        page.line(0, &format!("// at {}:", written(start.at)));
    }
    let name = named(program.name(start.call.function));
    let args = arguments(program, &start.call, start.call.function).join(", ");
    let open = match start.on {
        Some(id) => format!("{}.spawn(", program.side_loop(id).to_uppercase()),
        None if alone => "runtime.block_on(".to_owned(),
        None => "runtime.spawn(".to_owned(),
    };
    page.call(0, &open, &[format!("{name}({args})")], ");");
}
