//! Which system calls are refused in a sandbox.

use std::collections::BTreeMap;
use std::env::consts::ARCH;

use nix::libc;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

use super::{Kind, Policy};

/// System calls with the conditions under which they match; none: always.
type Rules = BTreeMap<libc::c_long, Vec<SeccompRule>>;

/// Refuses what `policy` does not need, for this process and all that it starts.
pub fn restrict(policy: &Policy) -> Result<(), String> {
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    match policy.kind {
        Kind::Compiler => apply(refuse_listed(), SeccompAction::Allow, refused),
        Kind::Foreign => {
            // Its flags lie in memory, where no filter sees them. "There is no such call" makes
            // the C library fall back to `clone`.
            let clone3 = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
            let unknown = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
            apply(clone3, SeccompAction::Allow, unknown)?;
            let mut allowed = allow_listed()?;
            if policy.asks {
                allowed.extend(ASKING.iter().map(|&call| (call, Vec::new())));
            }
            if !policy.write.is_empty() {
                allowed.extend(WITH_FILES.iter().map(|&call| (call, Vec::new())));
            }
            apply(allowed, refused, SeccompAction::Allow)
        }
    }
}

fn apply(rules: Rules, others: SeccompAction, listed: SeccompAction) -> Result<(), String> {
    let arch = TargetArch::try_from(ARCH).map_err(|e| e.to_string())?;
    let filter = SeccompFilter::new(rules, others, listed, arch).map_err(|e| e.to_string())?;
    let program = BpfProgram::try_from(filter).map_err(|e| e.to_string())?;
    apply_filter(&program).map_err(|e| e.to_string())
}

/// What a compiler and a linker never do, and what would open a way out of Landlock. (A pair of
/// sockets leads nowhere else, and rustc makes one when it starts a linker.)
fn refuse_listed() -> Rules {
    [
        libc::SYS_socket,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_getfd,
        libc::SYS_setsid,
        libc::SYS_io_uring_setup,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_userfaultfd,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_pivot_root,
        libc::SYS_chroot,
        libc::SYS_open_by_handle_at,
        libc::SYS_setxattr,
        libc::SYS_mknodat,
        libc::SYS_swapon,
        libc::SYS_reboot,
        libc::SYS_kexec_load,
        libc::SYS_init_module,
        libc::SYS_finit_module,
    ]
    .map(|call| (call, Vec::new()))
    .into()
}

/// What a single process needs that computes, prints, and may have threads.
fn allow_listed() -> Result<Rules, String> {
    let mut rules: Rules = ALWAYS.iter().map(|&call| (call, Vec::new())).collect();
    // Threads, not processes.
    let thread = libc::CLONE_THREAD.unsigned_abs().into();
    let is_thread = condition(0, SeccompCmpOp::MaskedEq(thread), thread)?;
    only(&mut rules, libc::SYS_clone, vec![vec![is_thread]])?;
    // `abort` raises a signal in one of this process's threads; no other signal, no other process. The
    // launcher keeps its number when it becomes the program.
    let own = condition(0, SeccompCmpOp::Eq, std::process::id().into())?;
    let abort = condition(2, SeccompCmpOp::Eq, number(libc::SIGABRT))?;
    only(&mut rules, libc::SYS_tgkill, vec![vec![own, abort]])?;
    // Nobody is told by a signal of what becomes of a file, which could be anybody.
    let harmless = FCNTL.map(|command| condition(1, SeccompCmpOp::Eq, number(command)));
    let harmless = harmless.into_iter().map(|c| c.map(|c| vec![c]));
    only(
        &mut rules,
        libc::SYS_fcntl,
        harmless.collect::<Result<_, _>>()?,
    )?;
    // Files are opened to be read or written: what is opened for its own sake can be asked for size,
    // owner and times, whatever Landlock says.
    let is_path = u64::from(libc::O_PATH.unsigned_abs());
    let opened = condition(2, SeccompCmpOp::MaskedEq(is_path), 0)?;
    only(&mut rules, libc::SYS_openat, vec![vec![opened]])?;
    #[cfg(target_arch = "x86_64")]
    {
        let opened = condition(1, SeccompCmpOp::MaskedEq(is_path), 0)?;
        only(&mut rules, libc::SYS_open, vec![vec![opened]])?;
    }
    // What is open may be asked for; some C libraries do that by these calls, with an empty name. Safe
    // code has no way to give them another one together with an open file.
    for call in [libc::SYS_newfstatat, libc::SYS_statx] {
        let open = condition(0, SeccompCmpOp::Ne, number_of_bits(libc::AT_FDCWD))?;
        only(&mut rules, call, vec![vec![open]])?;
    }
    // Its own limits may be asked for, not changed.
    let own = condition(0, SeccompCmpOp::Eq, 0)?;
    let asked = SeccompCondition::new(2, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, 0)
        .map_err(|e| e.to_string())?;
    only(&mut rules, libc::SYS_prlimit64, vec![vec![own, asked]])?;
    // Naming threads and memory.
    let names = [libc::PR_SET_NAME, PR_SET_VMA]
        .map(|option| condition(0, SeccompCmpOp::Eq, number(option)).map(|c| vec![c]));
    let names = names.into_iter().collect::<Result<_, _>>()?;
    only(&mut rules, libc::SYS_prctl, names)?;
    // Whether something is a terminal.
    let terminal = condition(1, SeccompCmpOp::Eq, libc::TCGETS)?;
    only(&mut rules, libc::SYS_ioctl, vec![vec![terminal]])?;
    Ok(rules)
}

/// Not in `libc` for all C libraries: "VMA" and "S".
const PR_SET_VMA: libc::c_int = 0x5356_4d41;

/// What may be done with an open file besides reading and writing: give it another number, and ask for or
/// set what goes with it.
const FCNTL: [libc::c_int; 6] = [
    libc::F_DUPFD,
    libc::F_DUPFD_CLOEXEC,
    libc::F_GETFD,
    libc::F_SETFD,
    libc::F_GETFL,
    libc::F_SETFL,
];

fn number(number: libc::c_int) -> u64 {
    number.unsigned_abs().into()
}

/// A number that may be negative, as the kernel gets it.
fn number_of_bits(number: libc::c_int) -> u64 {
    u32::from_ne_bytes(number.to_ne_bytes()).into()
}

fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition, String> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
        .map_err(|e| e.to_string())
}

/// Allows `call` where all conditions of one of the lists hold.
fn only(
    rules: &mut Rules,
    call: libc::c_long,
    lists: Vec<Vec<SeccompCondition>>,
) -> Result<(), String> {
    let lists = lists.into_iter().map(SeccompRule::new);
    let lists = lists.collect::<Result<_, _>>().map_err(|e| e.to_string())?;
    rules.insert(call, lists);
    Ok(())
}

/// Allowed whatever the arguments. `execve` and the calls that open or describe files are
/// Landlock's to judge.
const ALWAYS: &[libc::c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_clone3, // answered by a filter of its own
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_execve,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_fstat,
    libc::SYS_futex,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_getuid,
    libc::SYS_lseek,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_sigaltstack,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_write,
    libc::SYS_writev,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_arch_prctl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_dup2,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_getrlimit,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
];

/// Allowed besides where a step has files of its own to ask for by their names. No sandbox of Linux's
/// can tell these from others.
const ASKING: &[libc::c_long] = &[
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lstat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
];

/// Allowed besides where there is a folder to write in: which files, is Landlock's to judge.
const WITH_FILES: &[libc::c_long] = &[
    libc::SYS_fdatasync,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_pwrite64,
    libc::SYS_renameat2,
    libc::SYS_unlinkat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_rename,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_renameat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_unlink,
];
