//! What is around: no network, the hub's cache, proxies, the disk.

use std::fs;

use super::server::{Reply, Server};
use super::{MODEL, NAMES, Place, but_model, content, hub, refused};
use crate::support::Done;

#[test]
fn without_a_network_a_sentence_says_which_files_go_where() {
    let place = Place::new();
    let by_hand = "put config.json, vocab.json, merges.txt and model.safetensors of \
                   https://huggingface.co/openai-community/gpt2 into";
    let server = Server::start(hub);
    let done = place.fetch(&server, &[("HF_HUB_OFFLINE", "1")]);
    refused(
        &done,
        &[
            "`HF_HUB_OFFLINE` is set, and config.json is neither",
            by_hand,
            ".tutor/gpt2",
        ],
    );
    assert!(server.requests().is_empty());

    // Nobody listens there any more.
    let gone = Server::start(hub).stopped();
    let mut command = place.command(&[], &[("HF_ENDPOINT", &gone)]);
    let done = Done::from(command.output().expect("tutor can be started"));
    refused(&done, &["cannot be reached", by_hand]);

    // Files that were put there by hand do.
    for name in NAMES {
        fs::write(place.gpt2().join(name), content(name)).expect("it can be written");
    }
    let done = place.fetch(&server, &[("HF_HUB_OFFLINE", "on")]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(server.requests().is_empty());
}

#[test]
fn files_that_were_put_there_by_hand_are_compared_with_the_hubs() {
    let (place, server) = (Place::new(), Server::start(hub));
    fs::create_dir_all(place.gpt2()).expect("it can be made");
    for name in NAMES {
        fs::write(place.gpt2().join(name), content(name)).expect("it can be written");
    }
    let own = fs::metadata(place.gpt2().join(MODEL)).expect("it is there");
    let done = place.fetch(&server, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    place.is_whole();
    let now = fs::metadata(place.gpt2().join(MODEL)).expect("it is there");
    assert_eq!(now.modified().ok(), own.modified().ok(), "it is left alone");
    assert!(
        !done.stderr.contains("model.safetensors, 400.1 kB"),
        "{done:?}"
    );

    // Somebody's own weights are kept, whatever else is asked for.
    let place = Place::new();
    fs::create_dir_all(place.gpt2()).expect("it can be made");
    let mut tuned = content(MODEL);
    tuned[200_000] ^= 1;
    fs::write(place.gpt2().join(MODEL), &tuned).expect("it can be written");
    let done = place.fetch(&server, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr.contains("model.safetensors.1.aside"),
        "{done:?}"
    );
    assert!(place.has(MODEL));
    let kept = fs::read(place.gpt2().join("model.safetensors.1.aside"));
    assert!(kept.expect("it is there") == tuned);
}

#[test]
fn the_hubs_cache_is_looked_into_first() {
    let (place, server) = (Place::new(), Server::start(hub));
    let cache = tempfile::tempdir().expect("a folder for tests");
    let model = cache.path().join("hub/models--openai-community--gpt2");
    let snapshot = model.join("snapshots/607a30d");
    fs::create_dir_all(&snapshot).expect("it can be made");
    fs::create_dir_all(model.join("snapshots/zzz")).expect("it can be made");
    fs::create_dir_all(model.join("refs")).expect("it can be made");
    fs::write(model.join("refs/main"), "607a30d").expect("it can be written");
    for name in NAMES {
        fs::write(snapshot.join(name), content(name)).expect("it can be written");
    }
    // Half of it, as an interrupted copy leaves it.
    fs::write(snapshot.join(MODEL), &content(MODEL)[..1000]).expect("it can be written");
    let home = cache.path().to_str().expect("it is UTF-8");
    let done = place.fetch(&server, &[("HF_HOME", home)]);
    assert_eq!(done.code, 0, "{done:?}");
    place.is_whole();
    let asked = server.requests();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(asked[0].file(), Some(MODEL));

    let place = Place::new();
    fs::write(snapshot.join(MODEL), content(MODEL)).expect("it can be written");
    let hub = cache.path().join("hub");
    let hub = hub.to_str().expect("it is UTF-8");
    let done = place.fetch(&server, &[("HF_HUB_CACHE", hub), ("HF_HUB_OFFLINE", "1")]);
    assert_eq!(done.code, 0, "{done:?}");
    place.is_whole();
}

#[test]
fn a_proxy_is_used_unless_the_server_is_exempt() {
    let server = Server::start(hub);
    let proxy = Server::start(|_| Reply::status(502));
    let address = proxy.address();
    let place = Place::new();
    let done = place.fetch(
        &server,
        &[("HTTP_PROXY", &address), ("NO_PROXY", "example.org")],
    );
    assert_eq!(done.code, 3, "{done:?}");
    assert!(server.requests().is_empty() && !proxy.requests().is_empty());
    let done = place.fetch(
        &server,
        &[("ALL_PROXY", &address), ("NO_PROXY", "localhost,127.0.0.1")],
    );
    assert_eq!(done.code, 0, "{done:?}");
    let done = Place::new().fetch(&server, &[("http_proxy", "gopher://x")]);
    refused(&done, &["`http_proxy` names no proxy"]);
}

#[test]
fn what_the_disk_refuses_is_said() {
    let server = but_model(|request, _| {
        let size = (1_u64 << 60).to_string();
        hub(request).with(&[("X-Linked-Size", size.clone()), ("Content-Length", size)])
    });
    let place = Place::new();
    let done = place.fetch(&server, &[]);
    refused(
        &done,
        &[
            "model.safetensors takes 1152921504.6 GB more",
            "free some space",
        ],
    );

    let place = Place::new();
    let endpoint = server.address();
    let mut command = place.command(&["--to", "course.toml"], &[("HF_ENDPOINT", &endpoint)]);
    let done = Done::from(command.output().expect("tutor can be started"));
    refused(
        &done,
        &["`course.toml` is no folder", "`--to DIR` names a folder"],
    );
}
