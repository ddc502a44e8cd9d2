//! Known answers, equal work for unknown people, and the bound on waiting.

use super::*;

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn cheap() -> PasswordHasher {
    PasswordHasher::with_params(1, PasswordCost::FOR_TESTS).unwrap()
}

/// Computed with argon2-cffi 25.1 (the reference implementation).
const KNOWN: &str = "$argon2id$v=19$m=65536,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$lMhvVBq9s9mqv+pZqgOWNUlIPpwLGnkzbna1TO5skX4";

#[tokio::test]
async fn the_standard_hash_is_the_reference_implementations() {
    let hasher = PasswordHasher::new(1);
    let salt = *b"0123456789abcdef";
    let hash = hasher
        .hash(secret("correct horse battery staple"), salt)
        .await
        .unwrap();
    assert_eq!(hash, KNOWN);
    assert!(!hasher.needs_rehash(KNOWN));
}

#[tokio::test]
async fn a_password_verifies_against_its_own_hash_only() {
    let hasher = cheap();
    let hash = hasher.hash(secret("one"), [1; 16]).await.unwrap();
    assert_eq!(
        hasher.verify(secret("one"), Some(hash.clone())).await,
        Ok(true)
    );
    assert_eq!(
        hasher.verify(secret("One"), Some(hash.clone())).await,
        Ok(false)
    );
    assert_eq!(hasher.verify(secret(""), Some(hash)).await, Ok(false));
    let other = hasher.hash(secret("one"), [2; 16]).await.unwrap();
    assert_eq!(hasher.verify(secret("one"), Some(other)).await, Ok(true));
}

#[tokio::test]
async fn an_unknown_person_costs_what_a_known_one_costs() {
    for hasher in [cheap(), PasswordHasher::new(1)] {
        let real = hasher.hash(secret("one"), [1; 16]).await.unwrap();
        let (real, dummy) = (
            parse_hash(&real).unwrap(),
            parse_hash(&hasher.dummy).unwrap(),
        );
        assert_eq!(dummy.algorithm, real.algorithm);
        assert_eq!(dummy.version, real.version);
        assert_eq!(Params::try_from(&dummy), Params::try_from(&real));
        assert_eq!(dummy.salt.unwrap().len(), real.salt.unwrap().len());
        assert_eq!(dummy.hash.unwrap().len(), real.hash.unwrap().len());
        assert_eq!(hasher.verify(secret("one"), None).await, Ok(false));
    }
}

#[tokio::test]
async fn both_forms_of_an_accent_are_one_password() {
    let hasher = cheap();
    let composed = hasher.hash(secret("caf\u{e9}"), [1; 16]).await.unwrap();
    let decomposed = secret("cafe\u{301}");
    assert_eq!(hasher.verify(decomposed, Some(composed)).await, Ok(true));
}

#[tokio::test]
async fn damaged_and_greedy_hashes_are_refused() {
    let hasher = cheap();
    for stored in [
        "",
        "secret",
        "$argon2id$v=19$m=8,t=1,p=1",
        "$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA",
        "$scrypt$ln=16,r=8,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let answer = hasher.verify(secret("x"), Some(stored.to_owned())).await;
        assert_eq!(answer, Err(Error::StoredHash), "{stored}");
        assert!(hasher.needs_rehash(stored), "{stored}");
    }
    assert!(hasher.needs_rehash(KNOWN));
    let none = PasswordCost {
        memory_kib: 1,
        ..PasswordCost::FOR_TESTS
    };
    assert_eq!(
        PasswordHasher::with_params(1, none).unwrap_err(),
        Error::Cost
    );
}

#[tokio::test]
async fn when_too_many_wait_the_answer_is_busy() {
    let hasher = cheap();
    let all = Arc::clone(&hasher.queue)
        .acquire_many_owned(33)
        .await
        .unwrap();
    assert_eq!(hasher.verify(secret("x"), None).await, Err(Error::Busy));
    drop(all);
    assert_eq!(hasher.verify(secret("x"), None).await, Ok(false));
    assert_eq!(hasher.queue.available_permits(), 33);
    assert_eq!(hasher.places.available_permits(), 1);
}
