//! The frames of a thread: return addresses, and where the stack stood in each.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::time::Duration;

use framehop::{FrameAddress, Unwinder};

use crate::arch::{Registers, unwound};
use crate::image::modules::Modules;
use crate::proc::thread::Call;
use crate::walk::stop::{Seized, Stopped};

/// How much of a stack is read, in bytes.
const STACK: usize = 256 * 1024;
/// How many frames are followed.
const MOST: usize = 256;
/// How far from the stack pointer frame pointers are looked for, in bytes, and how many are tried.
const NEAR: u64 = 16 * 1024;
const TRIED: usize = 24;

/// A frame as the stack has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// An address within the call.
    pub(crate) address: u64,
    /// The stack pointer in it.
    pub(crate) sp: u64,
}

/// The stack of a thread.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    /// The innermost first.
    pub(crate) frames: Vec<Frame>,
    /// Whether they lead to the thread's beginning.
    pub(crate) whole: bool,
    /// From the stack pointer upwards.
    pub(crate) stack: Vec<u8>,
    /// For how long it was stopped for this; `None` where it slept.
    pub(crate) stopped: Option<Duration>,
}

/// The frames of a thread that does this; `None` where it has ended, or could not be stopped.
pub(crate) fn walk(
    tid: u32,
    call: Call,
    memory: &File,
    modules: &mut Modules,
    seized: &mut Seized,
) -> Option<Walk> {
    if let Call::Waits { sp, pc, .. } = call {
        let mut stack = vec![0; STACK];
        let count = memory.read_at(&mut stack, sp).ok()?;
        stack.truncate(count);
        let registers = Registers {
            pc,
            sp,
            ..Registers::default()
        };
        return Some(sleeping(registers, stack, modules));
    }
    let Stopped {
        registers,
        stack,
        length,
    } = seized.read(tid, memory, STACK)?;
    let (frames, whole) = follow(registers, &stack, modules);
    Some(Walk {
        frames,
        whole,
        stack,
        stopped: Some(length),
    })
}

/// Of a thread that sleeps the kernel tells neither frame pointer nor return address: where they are needed, they are the
/// first on the stack that lead to the thread's beginning.
fn sleeping(registers: Registers, stack: Vec<u8>, modules: &mut Modules) -> Walk {
    let sp = registers.sp;
    // Without one it may seem to end where it is needed.
    let (mut frames, mut whole) = follow(registers, &stack, modules);
    let places = (sp..sp.saturating_add(NEAR)).step_by(8);
    let looks_like_a_frame = |at: &u64| {
        let (outer, back) = (
            word(&stack, sp, *at),
            word(&stack, sp, at.saturating_add(8)),
        );
        outer.is_some() && back.is_some_and(|back| modules.has(back))
    };
    let tried: Vec<u64> = places.filter(looks_like_a_frame).take(TRIED).collect();
    for fp in tried {
        let lr = word(&stack, sp, fp.saturating_add(8)).unwrap_or(0);
        let guess = Registers {
            fp,
            lr,
            ..registers
        };
        let (found, is_whole) = follow(guess, &stack, modules);
        // One that comes to the same place again goes in a circle.
        let circles = found.windows(2).any(|two| two[0].address == two[1].address);
        if (is_whole, found.len()) > (whole, frames.len()) && !circles {
            (frames, whole) = (found, is_whole);
        }
    }
    Walk {
        frames,
        whole,
        stack,
        stopped: None,
    }
}

/// Follows the frames, and says whether they lead to the beginning.
fn follow(registers: Registers, stack: &[u8], modules: &mut Modules) -> (Vec<Frame>, bool) {
    let mut frames = Vec::new();
    let mut unwinding = unwound(registers);
    let mut read = |at: u64| word(stack, registers.sp, at).ok_or(());
    let Modules {
        unwinder, cache, ..
    } = modules;
    let mut address = FrameAddress::from_instruction_pointer(registers.pc);
    while frames.len() < MOST {
        frames.push(Frame {
            address: address.address_for_lookup(),
            sp: unwinding.sp(),
        });
        match unwinder.unwind_frame(address, &mut unwinding, cache, &mut read) {
            Ok(Some(back)) => match FrameAddress::from_return_address(back) {
                Some(back) => address = back,
                None => return (frames, true),
            },
            Ok(None) => return (frames, true),
            Err(_) => return (frames, false),
        }
    }
    (frames, false)
}

/// Eight bytes of a stack that was read from `sp` on.
pub(crate) fn word(stack: &[u8], sp: u64, at: u64) -> Option<u64> {
    let place = usize::try_from(at.checked_sub(sp)?).ok()?;
    let bytes = stack.get(place..place.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}
