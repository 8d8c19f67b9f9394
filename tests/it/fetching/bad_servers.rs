//! Servers that refuse, lie, send something else, or send us elsewhere.

use std::fs;

use serde_json::Value;

use super::server::{Reply, Server};
use super::{MODEL, Place, but_model, content, hub, impatient, names, refused, sha256};

#[test]
fn lies_about_lengths_are_noticed() {
    let all = content(MODEL).len();
    // Two lengths for one file.
    let server = but_model(|request, _| hub(request).with(&[("X-Linked-Size", "400000".into())]));
    let place = Place::new();
    refused(
        &place.fetch(&server, &[]),
        &["has 400000 bytes, and also that it has", "merges.txt"],
    );
    assert!(!place.gpt2().join(MODEL).exists() && place.has("merges.txt"));

    // A length that is never reached, from a server that begins anew each time.
    let server = but_model(move |request, _| {
        Reply::of(&request.whole(), &content(MODEL), "W/\"weak\"").claims(all + 10)
    });
    let place = Place::new();
    refused(
        &place.fetch(&server, &[]),
        &["broke off model.safetensors", "trying again"],
    );
    assert!(!place.gpt2().join(MODEL).exists());

    // A length that is too short, with nothing that tells how long the file is but itself.
    let server = but_model(|request, _| Reply::of(request, &content(MODEL)[..300_000], "\"tag\""));
    let place = Place::new();
    refused(
        &place.fetch(&server, &[]),
        &["no such file, or not all of it"],
    );
    assert_eq!(names(&place.gpt2()).len(), 4, "nothing is left of it");
}

#[test]
fn other_bytes_than_the_hubs_are_thrown_away() {
    let server = but_model(|request, _| {
        let mut wrong = content(MODEL);
        wrong[200_000] ^= 1;
        let right = sha256(&content(MODEL));
        Reply::of(request, &wrong, "\"tag\"").with(&[("X-Linked-Etag", format!("\"{right}\""))])
    });
    let place = Place::new();
    refused(
        &place.fetch(&server, &[]),
        &["its SHA-256 differs", "HF_ENDPOINT"],
    );
    assert_eq!(
        names(&place.gpt2()),
        ["config.json", "fetched.json", "merges.txt", "vocab.json"]
    );

    // Bytes of an earlier attempt that are wrong are no reason to give up.
    let server = but_model(|request, asked| match asked {
        0 => {
            let sha256 = sha256(&content(MODEL));
            let linked = [("X-Linked-Etag", format!("\"{sha256}\""))];
            Reply::of(request, &vec![1; content(MODEL).len()], "\"tag\"")
                .with(&linked)
                .cut(9_000)
        }
        _ => hub(request),
    });
    let place = Place::new();
    let done = place.fetch(&server, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr.contains("do not make the hub's file"),
        "{done:?}"
    );
    place.is_whole();
}

#[test]
fn a_page_is_no_model() {
    let page = "<!doctype html><title>Log in to the wireless network</title>";
    for kind in ["text/html; charset=utf-8", "application/octet-stream"] {
        let server = but_model(move |request, asked| match asked {
            0 => hub(request).cut(100_000),
            _ => Reply::of(&request.whole(), page.as_bytes(), "\"page\"")
                .with(&[("Content-Type", kind.into())]),
        });
        let place = Place::new();
        let done = place.fetch(&server, &[]);
        let words = match kind.starts_with("text") {
            true => ["sends a web page instead of model.safetensors", "log in"],
            false => [
                "no such file",
                "put config.json, vocab.json, merges.txt and model.safetensors of",
            ],
        };
        refused(&done, &words);
        assert!(!place.gpt2().join(MODEL).exists());
        if kind.starts_with("text") {
            let part = fs::metadata(place.gpt2().join("model.safetensors.part"));
            assert_eq!(part.expect("it stays").len(), 100_000);
        }
    }
}

#[test]
fn a_refusal_is_said_and_a_passing_one_waited_for() {
    let server = but_model(|_, _| Reply::status(404));
    let place = Place::new();
    refused(
        &place.fetch(&server, &[]),
        &[
            "has no model.safetensors (status 404)",
            "merges.txt and model.safetensors of",
        ],
    );
    assert_eq!(server.requests().len(), 4, "it is asked for once");

    let server = but_model(|_, _| Reply::status(401));
    refused(
        &Place::new().fetch(&server, &[]),
        &["status 401", "HF_TOKEN"],
    );

    let server = but_model(|request, asked| match asked {
        0 => Reply::status(500),
        1 => Reply::status(429).with(&[("Retry-After", "1".into())]),
        _ => hub(request),
    });
    let place = Place::new();
    let done = place.fetch(&server, &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.stderr.contains("(status 500); trying again in 0.2 s"),
        "{done:?}"
    );
    assert!(
        done.stderr.contains("(status 429); trying again in 1.0 s"),
        "{done:?}"
    );
    place.is_whole();
}

#[test]
fn redirections_are_followed_and_the_token_stays_at_home() {
    let store = Server::start(|request| match request.path.as_str() {
        "/blobs/1?sig=a:b" => Reply::of(request, &content(MODEL), "\"blob\""),
        _ => Reply::status(404),
    });
    let place_of_blob = format!("{}/blobs/1?sig=a:b", store.address());
    let server = Server::start(move |request| match request.path.as_str() {
        // As the hub does: what is known of the file is said where it is redirected.
        "/moved/model.safetensors" => Reply::status(302).with(&[
            ("Location", place_of_blob.clone()),
            ("X-Linked-Size", content(MODEL).len().to_string()),
            ("X-Linked-Etag", format!("\"{}\"", sha256(&content(MODEL)))),
        ]),
        path if path.starts_with("/moved/") => hub(request),
        _ => {
            let name = request.file().expect("a file is asked for");
            Reply::status(307).with(&[("Location", format!("/moved/{name}"))])
        }
    });
    let place = Place::new();
    let done = place.fetch(&server, &[("HF_TOKEN", "hf_secret\n")]);
    assert_eq!(done.code, 0, "{done:?}");
    place.is_whole();
    let notes: Value = serde_json::from_str(
        &fs::read_to_string(place.gpt2().join("fetched.json")).expect("it is there"),
    )
    .expect("it is JSON");
    assert_eq!(notes[MODEL]["sha256"], sha256(&content(MODEL)));
    let at_home = server.requests();
    assert_eq!(at_home.len(), 8);
    assert!(
        at_home
            .iter()
            .all(|request| request.header("authorization") == Some("Bearer hf_secret"))
    );
    let elsewhere = store.requests();
    assert_eq!(elsewhere.len(), 1);
    assert_eq!(elsewhere[0].header("authorization"), None);
    assert!(!done.stderr.contains("hf_secret"));

    let server = Server::start(|request| {
        Reply::status(302).with(&[("Location", format!("{}?again", request.path))])
    });
    refused(
        &Place::new().fetch(&server, &[]),
        &["redirects in a circle"],
    );
    let server = Server::start(|_| Reply::status(302).with(&[("Location", "ftp://x/y".into())]));
    refused(
        &Place::new().fetch(&server, &[]),
        &["redirects to what is no address of the web"],
    );
}

#[test]
fn a_silent_server_is_not_waited_for_without_end() {
    let server = but_model(|_, _| Reply::silence());
    refused(
        &impatient(&server),
        &[
            "has sent nothing for 0.3 s; trying again",
            "error: 127.0.0.1:",
        ],
    );
    assert_eq!(
        server.requests().len(),
        7,
        "the model is asked for four times"
    );
}
