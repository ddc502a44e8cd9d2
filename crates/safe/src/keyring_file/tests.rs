//! The file on the disk: who may read it, what it survives, what its errors say.

use std::os::unix::fs::PermissionsExt;

use rand::{SeedableRng, rngs::StdRng};
use tempfile::TempDir;
use time::macros::datetime;

use super::*;
use crate::Place;

const NOW: OffsetDateTime = datetime!(2026-08-20 12:00 UTC);
const PLACE: Place<'_> = Place {
    table: "t",
    column: "c",
    row: uuid::Uuid::nil(),
    owner: uuid::Uuid::nil(),
};

struct Files {
    _dir: TempDir,
    path: PathBuf,
    rng: StdRng,
}

fn files() -> Files {
    let dir = TempDir::new().unwrap();
    Files {
        path: dir.path().join("keyring.toml"),
        _dir: dir,
        rng: StdRng::seed_from_u64(17),
    }
}

/// Creates a ring, changes its text, and gives the error that loading it brings.
fn error_after(change: impl FnOnce(String) -> String) -> KeyRingError {
    let mut files = files();
    KeyRing::create(&files.path, NOW, &mut files.rng).unwrap();
    let text = fs::read_to_string(&files.path).unwrap();
    fs::write(&files.path, change(text)).unwrap();
    KeyRing::load(&files.path).unwrap_err()
}

#[test]
fn a_created_ring_loads_and_opens_what_it_sealed() {
    let mut files = files();
    let ring = KeyRing::create(&files.path, NOW, &mut files.rng).unwrap();
    let sealed = ring.seal(PLACE, b"secret", &mut files.rng).unwrap();
    assert_eq!(fs::metadata(&files.path).unwrap().mode() & 0o7777, 0o600);
    let loaded = KeyRing::load(&files.path).unwrap();
    assert_eq!(loaded.open(PLACE, &sealed).unwrap().expose(), b"secret");
    assert_eq!(loaded.list_keys().next(), Some((ring.active_id(), NOW)));
}

#[test]
fn a_rotated_ring_is_saved_whole() {
    let mut files = files();
    let mut ring = KeyRing::create(&files.path, NOW, &mut files.rng).unwrap();
    let old = ring.seal(PLACE, b"old", &mut files.rng).unwrap();
    let csrf = ring.derive("csrf");
    ring.rotate(NOW + time::Duration::days(1), &mut files.rng);
    ring.save(&files.path).unwrap();

    let loaded = KeyRing::load(&files.path).unwrap();
    assert_eq!(loaded.active_id(), ring.active_id());
    assert!(loaded.list_keys().eq(ring.list_keys()));
    assert_eq!(loaded.open(PLACE, &old).unwrap().expose(), b"old");
    assert_eq!(loaded.derive("csrf").expose(), csrf.expose());
    let names = fs::read_dir(files.path.parent().unwrap()).unwrap().count();
    assert_eq!(names, 1, "nothing else is left in the directory");
}

#[test]
fn an_existing_ring_is_never_overwritten() {
    let mut files = files();
    KeyRing::create(&files.path, NOW, &mut files.rng).unwrap();
    let before = fs::read(&files.path).unwrap();
    let error = KeyRing::create(&files.path, NOW, &mut files.rng).unwrap_err();
    assert!(matches!(error, KeyRingError::Exists { .. }), "{error}");
    assert_eq!(fs::read(&files.path).unwrap(), before);
}

#[test]
fn a_ring_open_to_others_is_refused_with_the_remedy() {
    let mut files = files();
    KeyRing::create(&files.path, NOW, &mut files.rng).unwrap();
    for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o777] {
        fs::set_permissions(&files.path, fs::Permissions::from_mode(mode)).unwrap();
        let error = KeyRing::load(&files.path).unwrap_err();
        assert!(matches!(error, KeyRingError::OpenToOthers { mode: m, .. } if m == mode));
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    fs::set_permissions(&files.path, fs::Permissions::from_mode(0o400)).unwrap();
    assert!(KeyRing::load(&files.path).is_ok());
}

#[test]
fn a_missing_file_and_a_directory_are_named() {
    let files = files();
    let error = KeyRing::load(&files.path).unwrap_err();
    assert!(matches!(error, KeyRingError::Missing { .. }), "{error}");
    let error = KeyRing::load(files.path.parent().unwrap()).unwrap_err();
    assert!(matches!(error, KeyRingError::NotAFile { .. }), "{error}");
}

#[test]
fn a_foreign_owner_is_refused() {
    if !rustix::process::geteuid().is_root() {
        return; // Only the administrator can give a file away.
    }
    let mut files = files();
    KeyRing::create(&files.path, NOW, &mut files.rng).unwrap();
    std::os::unix::fs::chown(&files.path, Some(12_345), None).unwrap();
    let error = KeyRing::load(&files.path).unwrap_err();
    assert!(
        matches!(error, KeyRingError::WrongOwner { owner: 12_345, .. }),
        "{error}"
    );
}

type Change = fn(String) -> String;

#[test]
fn damage_is_told_without_showing_what_stands_there() {
    let error = error_after(|text| text.replace("version = 1", "version = 2"));
    assert!(
        matches!(error, KeyRingError::UnknownVersion { version: 2, .. }),
        "{error}"
    );

    // One character of the secret changed.
    let error = error_after(|text| {
        let (before, secret) = text.split_once("secret = \"").unwrap();
        let (first, rest) = secret.split_at(1);
        let other = if first == "A" { "B" } else { "A" };
        format!("{before}secret = \"{other}{rest}")
    });
    assert!(matches!(error, KeyRingError::DamagedKey { .. }), "{error}");

    let changes: [(Change, &str); 6] = [
        (|_| String::new(), "line 1"),
        (|text| text.replace("secret = \"", "secret = "), "line 10"),
        (|text| text.replace("secret = \"", "secret = \"="), "base64"),
        (|text| text.replace("id = \"", "id = \"x"), "identifier"),
        (
            |text| text.replace("active = \"", "active = \"00"),
            "identifier",
        ),
        (
            |text| {
                format!(
                    "{text}{}",
                    text.split_once("[[key]]")
                        .map(|(_, k)| format!("[[key]]{k}"))
                        .unwrap()
                )
            },
            "twice",
        ),
    ];
    for (change, expected) in changes {
        let mut secret = String::new();
        let error = error_after(|text| {
            secret = text.split("secret = \"").nth(1).unwrap()[..43].to_owned();
            change(text)
        });
        let shown = format!("{error} {error:?}");
        assert!(matches!(error, KeyRingError::Malformed { .. }), "{shown}");
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains(&secret), "{shown}");
    }
}

#[test]
fn the_active_key_must_be_in_the_ring() {
    let error = error_after(|text| {
        let (head, tail) = text.split_once("active = \"").unwrap();
        format!("{head}active = \"{}{}", "0123456789abcdef", &tail[16..])
    });
    assert!(error.to_string().contains("active key"), "{error}");
}
