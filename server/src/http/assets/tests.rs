//! Which form of a file a browser gets.

use super::*;

fn assets() -> Assets {
    let manifest = br#"{"js":"pkg/a.1.js","wasm":"pkg/a.2.wasm","css":"pkg/a.3.css",
        "assets":{"favicon.svg":"pkg/favicon.4.svg"}}"#;
    let files = ["a.1.js", "a.1.js.br", "a.1.js.gz", "plain.txt"];
    let files = files.map(|name| (name.to_owned(), Bytes::from(name.as_bytes().to_vec())));
    Assets::of(manifest, files)
}

#[test]
fn pages_name_hashed_files() {
    let assets = assets();
    assert_eq!(assets.names().js, "/pkg/a.1.js");
    assert_eq!(assets.names().favicon, "/pkg/favicon.4.svg");
    assert!(assets.files["a.1.js.br"].is_hashed);
    assert!(!assets.files["plain.txt"].is_hashed);
}

#[test]
fn the_smallest_form_that_the_browser_reads() {
    let assets = assets();
    for (accepted, coding) in [
        ("gzip, deflate, br, zstd", Some("br")),
        ("gzip", Some("gzip")),
        ("br;q=0, gzip;q=0.5", Some("gzip")),
        ("", None),
        ("brotli", None),
    ] {
        let (_, found) = assets.find("a.1.js", accepted).expect("file");
        assert_eq!(found, coding, "{accepted}");
    }
    assert!(assets.find("../Cargo.toml", "").is_none());
    assert_eq!(assets.find("plain.txt", "br").expect("file").1, None);
}

#[test]
fn without_a_build_there_are_no_files() {
    let none = Assets::of(b"", []);
    assert!(none.find("a.1.js", "").is_none());
}
