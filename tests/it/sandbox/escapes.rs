// Tries to get out by means that safe Rust does not have. Prints a line for all that worked.
//
// Arguments: a folder outside with a file `precious` in it.

use std::ffi::{CString, c_char, c_int, c_long, c_ulong, c_void};
use std::ptr;

const ATTACH: c_long = 16;
const SET_OWNER: c_int = 8;
const SET_SIGNAL: c_int = 10;
const O_PATH: c_int = 0o10_000_000;

unsafe extern "C" {
    fn fork() -> c_int;
    fn getppid() -> c_int;
    fn kill(pid: c_int, signal: c_int) -> c_int;
    fn setsid() -> c_int;
    fn ptrace(request: c_long, pid: c_int, addr: *mut c_void, data: *mut c_void) -> c_long;
    fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int;
    fn chmod(path: *const c_char, mode: u32) -> c_int;
    fn truncate(path: *const c_char, length: i64) -> c_int;
    fn unlink(path: *const c_char) -> c_int;
    fn symlink(target: *const c_char, path: *const c_char) -> c_int;
    fn mkfifo(path: *const c_char, mode: u32) -> c_int;
    fn unshare(flags: c_int) -> c_int;
    fn syscall(number: c_long, ...) -> c_long;
    fn execv(path: *const c_char, argv: *const *const c_char) -> c_int;
    fn setrlimit(resource: c_int, limit: *const [c_ulong; 2]) -> c_int;
    fn _exit(code: c_int) -> !;
    fn getpid() -> c_int;
    fn fcntl(file: c_int, command: c_int, ...) -> c_int;
    fn open(path: *const c_char, flags: c_int, ...) -> c_int;
    fn stat(path: *const c_char, found: *mut c_void) -> c_int;
    fn access(path: *const c_char, mode: c_int) -> c_int;
}

fn told(what: &str, result: c_long) {
    if result >= 0 {
        println!("ESCAPED: {what}");
    }
}

#[cfg(target_arch = "x86_64")]
const NUMBERS: &[(&str, c_long)] = &[
    ("process_vm_readv", 310),
    ("process_vm_writev", 311),
    ("kcmp", 312),
    ("userfaultfd", 323),
    ("io_uring_setup", 425),
    ("memfd_create", 319),
    ("bpf", 321),
    ("perf_event_open", 298),
    ("open_by_handle_at", 304),
    ("pidfd_open", 434),
    ("personality", 135),
    ("x32 getpid", 0x4000_0000 + 39),
    ("x32 fork", 0x4000_0000 + 57),
    ("vfork", 58),
    ("shmget", 29),
    ("mq_open", 240),
    ("inotify_init", 253),
    ("keyctl", 250),
    ("swapoff", 168),
    ("setuid", 105),
    ("rt_sigqueueinfo", 129),
    ("rt_tgsigqueueinfo", 297),
    ("pidfd_send_signal", 424),
    ("timer_create", 222),
    ("setpriority", 141),
    ("sched_setaffinity", 203),
    ("name_to_handle_at", 303),
    ("socketpair", 53),
    ("recvmsg", 47),
    ("sendmsg", 46),
    ("copy_file_range", 326),
    ("sendfile", 40),
    ("splice", 275),
];
#[cfg(not(target_arch = "x86_64"))]
const NUMBERS: &[(&str, c_long)] = &[];

fn main() {
    let outside = std::env::args().nth(1).unwrap_or_default();
    let text = |name: &str| CString::new(format!("{outside}/{name}")).unwrap_or_default();
    let precious = text("precious");
    // SAFETY: a test of what the kernel refuses; every pointer is valid for its call.
    unsafe {
        let child = fork();
        if child == 0 {
            _exit(0);
        }
        told("fork", child.into());
        told("kill the parent", kill(getppid(), 9).into());
        told("signal the parent", kill(getppid(), 0).into());
        told("signal everybody", kill(-1, 0).into());
        told("abort the parent", syscall(234, getppid(), getppid(), 6));
        told("kill the parent's thread", syscall(200, getppid(), 6));
        // A signal of one's choice whenever something happens to a file.
        told("name a process that is told of a file", fcntl(1, SET_OWNER, getppid()).into());
        told("choose the signal for that", fcntl(1, SET_SIGNAL, 9).into());
        told("stop itself", syscall(234, getpid(), getpid(), 19));
        told("open a place", open(precious.as_ptr(), O_PATH).into());
        let mut found = [0_u64; 64];
        told("ask for a size", stat(precious.as_ptr(), found.as_mut_ptr().cast()).into());
        told("ask whether a file is there", access(precious.as_ptr(), 0).into());
        told("setsid", setsid().into());
        told("ptrace the parent", ptrace(ATTACH, getppid(), ptr::null_mut(), ptr::null_mut()));
        for (domain, name) in [(1, "Unix"), (2, "IPv4"), (10, "IPv6"), (16, "netlink"), (17, "raw")] {
            for kind in [1, 2, 3] {
                told(&format!("a {name} socket"), socket(domain, kind, 0).into());
            }
        }
        told("chmod", chmod(precious.as_ptr(), 0o777).into());
        told("truncate", truncate(precious.as_ptr(), 0).into());
        told("unlink", unlink(precious.as_ptr()).into());
        told("symlink", symlink(precious.as_ptr(), text("link").as_ptr()).into());
        told("mkfifo", mkfifo(text("fifo").as_ptr(), 0o600).into());
        told("a user namespace", unshare(0x1000_0000).into());
        told("a network namespace", unshare(0x4000_0000).into());
        told("more memory", setrlimit(9, &[c_ulong::MAX, c_ulong::MAX]).into());
        for (name, number) in NUMBERS {
            told(name, syscall(*number, getppid(), ptr::null::<u8>(), 0, 0, 0, 0));
        }
        for program in ["/bin/sh", "/bin/true", "/usr/bin/id"] {
            let path = CString::new(program).unwrap_or_default();
            execv(path.as_ptr(), [path.as_ptr(), ptr::null()].as_ptr());
        }
    }
    println!("all tried");
}
