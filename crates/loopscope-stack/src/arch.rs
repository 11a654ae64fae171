//! What differs between processors: registers, and what unwinds with them.

/// The registers that unwinding needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Registers {
    pub(crate) pc: u64,
    pub(crate) sp: u64,
    /// The frame pointer; 0 where it is not known.
    pub(crate) fp: u64,
    /// Where the innermost function returns to; 0 where it is not known, or stands on the stack.
    pub(crate) lr: u64,
}

#[cfg(not(target_arch = "aarch64"))]
mod chosen {
    use super::Registers;
    use framehop::x86_64::{UnwindRegsX86_64 as Unwound, UnwinderX86_64};

    pub(crate) type Cache = framehop::x86_64::CacheX86_64;
    pub(crate) type Unwinding = UnwinderX86_64<Vec<u8>>;

    pub(crate) fn unwound(registers: Registers) -> Unwound {
        Unwound::new(registers.pc, registers.sp, registers.fp)
    }

    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) fn registers(thread: nix::unistd::Pid) -> nix::Result<Registers> {
        let all = nix::sys::ptrace::getregs(thread)?;
        Ok(Registers {
            pc: all.rip,
            sp: all.rsp,
            fp: all.rbp,
            lr: 0,
        })
    }
}

#[cfg(target_arch = "aarch64")]
mod chosen {
    use super::Registers;
    use framehop::aarch64::{UnwindRegsAarch64 as Unwound, UnwinderAarch64};

    pub(crate) type Cache = framehop::aarch64::CacheAarch64;
    pub(crate) type Unwinding = UnwinderAarch64<Vec<u8>>;

    pub(crate) fn unwound(registers: Registers) -> Unwound {
        Unwound::new(registers.lr, registers.sp, registers.fp)
    }

    #[cfg(target_os = "linux")]
    pub(crate) fn registers(thread: nix::unistd::Pid) -> nix::Result<Registers> {
        let all = nix::sys::ptrace::getregs(thread)?;
        Ok(Registers {
            pc: all.pc,
            sp: all.sp,
            fp: all.regs[29],
            lr: all.regs[30],
        })
    }
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
pub(crate) use chosen::registers;
pub(crate) use chosen::{Cache, Unwinding, unwound};
