//! A download that ends too early goes on where it stopped.

use std::fs;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::server::Reply;
use super::{MODEL, Place, but_model, content, hub, impatient, refused};
use crate::support::Done;

#[test]
fn a_download_that_breaks_off_goes_on_where_it_stopped() {
    let server = but_model(|request, asked| match asked {
        0 => hub(request).cut(150_000),
        1 => hub(request).cut(100_000),
        _ => hub(request),
    });
    let place = Place::new();
    let done = place.fetch(&server, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr
            .contains("broke off model.safetensors after 150.0 kB of 400.1 kB"),
        "{done:?}"
    );
    place.is_whole();
    let requests = server.requests();
    let ranges: Vec<Option<&str>> = requests[3..]
        .iter()
        .map(|request| request.header("range"))
        .collect();
    assert_eq!(ranges, [None, Some("bytes=150000-"), Some("bytes=250000-")]);
    assert_eq!(requests[4].header("if-range"), Some("\"tag\""));
}

#[test]
fn a_later_fetch_goes_on_where_an_earlier_one_was_killed() {
    let server = but_model(|request, asked| match asked {
        0 => hub(request).stalls_after(200_000),
        _ => hub(request),
    });
    let place = Place::new();
    let endpoint = server.address();
    let mut child = (place.command(&[], &[("HF_ENDPOINT", &endpoint)]))
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("tutor can be started");
    let part = place.gpt2().join("model.safetensors.part");
    wait_until(|| fs::metadata(&part).is_ok_and(|part| part.len() == 200_000));
    child.kill().expect("it runs");
    child.wait().expect("it was started");
    assert!(!place.gpt2().join(MODEL).exists());
    assert_eq!(place.fetch(&server, &[]).code, 0);
    place.is_whole();
    let last = server.requests().pop().expect("there are some");
    assert_eq!(last.header("range"), Some("bytes=200000-"));
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_came() {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let server = but_model(|request, _| hub(request).stalls_after(200_000));
    let place = Place::new();
    let endpoint = server.address();
    let child = (place.command(&[], &[("HF_ENDPOINT", &endpoint)]))
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("tutor can be started");
    let part = place.gpt2().join("model.safetensors.part");
    wait_until(|| fs::metadata(&part).is_ok_and(|part| part.len() == 200_000));
    let pid = Pid::from_raw(i32::try_from(child.id()).expect("it is a process"));
    kill(pid, Signal::SIGINT).expect("it runs");
    let done = Done::from(child.wait_with_output().expect("it was started"));
    refused(
        &done,
        &["what came so far is kept", "goes on where it stopped"],
    );
    assert_eq!(fs::metadata(&part).expect("it is there").len(), 200_000);
}

fn wait_until(what: impl Fn() -> bool) {
    let started = Instant::now();
    while !what() {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "it takes too long"
        );
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_rest_of_another_file_is_not_added() {
    // The file has changed: its tag differs, the range is ignored or lied about.
    for how in ["ignored", "another tag", "another place", "not satisfiable"] {
        let server = but_model(move |request, asked| match (asked, how) {
            (0, _) => Reply::of(request, &[7; 400_000], "\"old\"").cut(100_000),
            (1, "ignored") => Reply::of(&request.whole(), &content(MODEL), "\"new\""),
            (1, "another tag") => Reply::of(request, &content(MODEL), "\"new\""),
            (1, "another place") => Reply::of(request, &content(MODEL), "\"old\"")
                .with(&[("Content-Range", "bytes 5-400055/400056".into())]),
            (1, _) => Reply::status(416),
            _ => Reply::of(request, &content(MODEL), "\"new\""),
        });
        let place = Place::new();
        let done = place.fetch(&server, &[]);
        assert_eq!(done.code, 0, "{how}: {done:?}");
        place.is_whole();
        let is_mixed = done.stderr.contains("do not make the hub's file");
        assert!(!is_mixed, "{how}: {done:?}");
        let requests = server.requests();
        assert_eq!(requests[4].header("range"), Some("bytes=100000-"), "{how}");
        let asked = if how == "ignored" { 5 } else { 6 };
        assert_eq!(requests.len(), asked, "{how}");
    }
}

#[test]
fn a_server_that_falls_silent_is_asked_for_the_rest() {
    let server = but_model(|request, asked| match asked {
        0 => hub(request).stalls_after(1000),
        _ => hub(request),
    });
    let done = impatient(&server);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr
            .contains("has sent nothing for 0.3 s; trying again"),
        "{done:?}"
    );
    let last = server.requests().pop().expect("there are some");
    assert_eq!(last.header("range"), Some("bytes=1000-"));
}

#[test]
fn two_do_not_fill_one_folder() {
    let server = but_model(|request, _| hub(request).stalls_after(1000));
    let place = Place::new();
    let endpoint = server.address();
    let mut first = (place.command(&[], &[("HF_ENDPOINT", &endpoint)]))
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("tutor can be started");
    let part = place.gpt2().join("model.safetensors.part");
    wait_until(|| fs::metadata(&part).is_ok_and(|part| part.len() == 1000));
    let done = place.fetch(&server, &[]);
    first.kill().expect("it runs");
    first.wait().expect("it was started");
    refused(&done, &["another `tutor fetch` is filling this folder"]);
}
