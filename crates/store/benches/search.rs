//! How long a search among 250,000 certificates takes: `cargo bench -p store --bench search`.
//!
//! The rows are made by the database, as many people have them: 20 certificates each over the
//! years, most of them ended. `TEST_POSTGRES_URL` adds PostgreSQL. Fails above 100 ms at p95.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement, not part of the program"
)]
#![expect(dead_code, reason = "the tests use more of their samples")]

#[path = "../tests/it/samples.rs"]
mod samples;

use domain::{CertificateSearch, TemplateId};
use samples::{World, after, now};
use sqlx::{AssertSqlSafe, Executor};
use std::time::{Duration, Instant};
use store::{CertificateQuery, Store};

const CERTIFICATES: u32 = 250_000;
const PEOPLE: u32 = 12_500;
const TRIES: u32 = 40;
const GOAL: Duration = Duration::from_millis(100);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/portal.sqlite", dir.path().display());
    let store = Store::open(&url, 4).await.unwrap();
    store.migrate().await.unwrap();
    let world = samples::world(&store).await;
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    for sql in rows(&world, true) {
        pool.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    pool.close().await;
    let mut slow = measure(&store, &world).await;
    store.close().await;
    if let Ok(server) = std::env::var("TEST_POSTGRES_URL") {
        let pool = sqlx::PgPool::connect(&server).await.unwrap();
        for sql in [
            "DROP SCHEMA IF EXISTS bench_search CASCADE",
            "CREATE SCHEMA bench_search",
        ] {
            pool.execute(sql).await.unwrap();
        }
        let url = format!("{server}?options[search_path]=bench_search");
        let store = Store::open(&url, 4).await.unwrap();
        store.migrate().await.unwrap();
        let world = samples::world(&store).await;
        let rows_pool = sqlx::PgPool::connect(&url).await.unwrap();
        for sql in rows(&world, false) {
            rows_pool.execute(AssertSqlSafe(sql)).await.unwrap();
        }
        rows_pool.close().await;
        slow += measure(&store, &world).await;
        store.close().await;
        pool.execute("DROP SCHEMA bench_search CASCADE")
            .await
            .unwrap();
    }
    assert!(
        slow == 0,
        "{slow} kinds of search take longer than {GOAL:?}"
    );
}

/// Statements that fill the database. Person 7 of 12,500 is "first2 last7" with the mailbox
/// `first2.last7@example.com`; certificate n belongs to person n modulo 12,500.
fn rows(world: &World, is_sqlite: bool) -> Vec<String> {
    let series = |count: u32| {
        if is_sqlite {
            format!(
                "WITH RECURSIVE s (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {count}) "
            )
        } else {
            format!(
                "WITH s AS (SELECT n::bigint FROM generate_series(0, {}) AS n) ",
                count - 1
            )
        }
    };
    // Identifiers that rise with n, and numbers that are spread by a multiplication.
    let id = |kind: u8, n: &str| {
        if is_sqlite {
            format!("unhex(printf('{kind:02x}%030x', {n}))")
        } else {
            format!("('{kind:02x}' || lpad(to_hex({n}), 30, '0'))::uuid")
        }
    };
    let bytes = |prefix: &str, length: usize, n: &str| {
        let zeros = 2 * length - 2;
        if is_sqlite {
            format!(
                "unhex('{prefix}' || printf('%08x', ({n} * 2654435761) % 4294967296) || printf('%0{}x', {n}))",
                zeros - 8
            )
        } else {
            format!(
                "decode('{prefix}' || lpad(to_hex(({n} * 2654435761) % 4294967296), 8, '0') || lpad(to_hex({n}), {}, '0'), 'hex')",
                zeros - 8
            )
        }
    };
    let blob = |text: &str| {
        if is_sqlite {
            format!("x'{text}'")
        } else {
            format!("'\\x{text}'::bytea")
        }
    };
    let uuid = |uuid: uuid::Uuid| {
        if is_sqlite {
            format!("x'{}'", uuid.simple())
        } else {
            format!("'{uuid}'::uuid")
        }
    };
    let der = blob(&"30".repeat(1_400));
    let day = 86_400_000_000_i64;
    let years = 5 * 365 * day;
    let now = now().unix_timestamp_nanos() / 1_000;
    let first = now - i128::from(years);
    let step = years / i64::from(CERTIFICATES);
    let person = id(1, &format!("n % {PEOPLE}"));
    let local = format!("'first' || (n % {PEOPLE} % 500) || '.last' || (n % {PEOPLE})");
    let name = format!("'first' || (n % {PEOPLE} % 500) || ' last' || (n % {PEOPLE})");
    // One in a hundred comes from the other template.
    let template = format!(
        "CASE WHEN n % 100 = 0 THEN {} ELSE {} END",
        uuid(world.with_approval.0),
        uuid(world.at_once.0)
    );
    let issued = format!("{first} + n * {step}");
    let ends = format!("{first} + n * {step} + {}", 365 * day);
    let authority = uuid(world.authority.0);
    let (request, certificate) = (id(2, "n"), id(3, "n"));
    let serial = bytes("5a", 16, "n");
    let people = series(PEOPLE);
    let all = series(CERTIFICATES);
    // What PostgreSQL does by itself after a while; SQLite is left without statistics, as in use.
    let settle = if is_sqlite {
        "SELECT 1"
    } else {
        "VACUUM ANALYZE"
    };
    vec![
        format!("{people} INSERT INTO person (id, name, name_lower, mailbox, role, state, state_changed_at, password_hash, password_changed_at, created_at)
            SELECT {person}, {name}, {name}, {local} || '@example.com', 'employee', 'active', 0, 'x', 0, 0 FROM s WHERE n >= 0"),
        format!("{all} INSERT INTO request (id, person_id, template_id, mailbox, key_algorithm, idempotency_key, state, step, created_at, attempts, next_try_at, version, updated_at)
            SELECT {request}, {person}, {template}, {local} || '@example.com', 'p256', 'k' || n, 'issued', 'done', {issued}, 0, 0, 1, {issued} FROM s"),
        format!("{all} INSERT INTO intent (request_id, part, authority_id, serial, tbs, reserved_at)
            SELECT {request}, 'whole', {authority}, {serial}, {}, {issued} FROM s", blob("30")),
        format!("{all} INSERT INTO certificate (id, request_id, part, person_id, mailbox, authority_id, serial, der, thumbprint, key_id, subject, issuer, key_algorithm, not_before, not_after, issued_at)
            SELECT {certificate}, {request}, 'whole', {person}, {local} || '@example.com', {authority}, {serial}, {der}, {}, {}, 'CN=x', 'CN=y', 'p256', {issued}, {ends}, {issued} FROM s", bytes("7c", 32, "n"), bytes("6b", 32, "n")),
        format!("{all} INSERT INTO certificate_search (certificate_id, template_id, issued_at, not_after, words)
            SELECT {certificate}, {template}, {issued}, {ends}, ' example.com ' || {local} || '@example.com first' || (n % {PEOPLE} % 500) || ' last' || (n % {PEOPLE}) || ' last' || (n % {PEOPLE}) || '@example.com' FROM s"),
        format!("{all} INSERT INTO certificate_word (word, certificate_id)
            SELECT 'example.com', {certificate} FROM s
            UNION ALL SELECT {local} || '@example.com', {certificate} FROM s
            UNION ALL SELECT 'first' || (n % {PEOPLE} % 500), {certificate} FROM s
            UNION ALL SELECT 'last' || (n % {PEOPLE}), {certificate} FROM s
            UNION ALL SELECT 'last' || (n % {PEOPLE}) || '@example.com', {certificate} FROM s"),
        settle.to_owned(),
    ]
}

/// Measures each kind of search, prints it, and gives the number that miss the goal.
#[expect(
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "a table of all kinds of search"
)]
async fn measure(store: &Store, world: &World) -> u32 {
    let query = |typed: String| CertificateQuery {
        search: CertificateSearch::parse(&typed),
        ends_from: None,
        ends_before: None,
        template: None,
        standing: store::Standing::Any,
        after: None,
        limit: 51,
    };
    let ends = |from: i64, before: i64, typed: &str| CertificateQuery {
        ends_from: (from > i64::MIN).then(|| after(from)),
        ends_before: (before < i64::MAX).then(|| after(before)),
        ..query(typed.to_owned())
    };
    let template = |id: TemplateId, typed: &str| CertificateQuery {
        template: Some(id),
        ..query(typed.to_owned())
    };
    let day = 86_400_i64;
    let sample = |n: u32| (n * 6_007) % CERTIFICATES;
    let hex = |n: u32| u128::from(n) * 2_654_435_761 % 4_294_967_296;
    let kinds: Vec<(&str, Box<dyn Fn(u32) -> CertificateQuery>)> = vec![
        ("everything", Box::new(|_| query(String::new()))),
        (
            "everything, deep page",
            Box::new(|n| CertificateQuery {
                after: Some((after(-i64::from(n) * 30 * day), uuid::Uuid::max().into())),
                ..query(String::new())
            }),
        ),
        (
            "whole mailbox",
            Box::new(|n| {
                let person = sample(n) % PEOPLE;
                query(format!("first{}.last{person}@example.com", person % 500))
            }),
        ),
        (
            "rare word",
            Box::new(|n| query(format!("last{}", sample(n) % PEOPLE))),
        ),
        (
            "two words",
            Box::new(|n| {
                let person = sample(n) % PEOPLE;
                query(format!("first{} last{person}", person % 500))
            }),
        ),
        (
            "word of 500 to 5,000",
            Box::new(|n| query(format!("first{}", n % 500))),
        ),
        ("common word", Box::new(|_| query("first".to_owned()))),
        ("one letter", Box::new(|_| query("l".to_owned()))),
        ("domain", Box::new(|_| query("@example.com".to_owned()))),
        (
            "common word, rare second",
            Box::new(|n| query(format!("fi last1{}", n % 10))),
        ),
        ("nothing has it", Box::new(|n| query(format!("nobody{n}")))),
        (
            "serial",
            Box::new(|n| query(format!("5a{:08x}{:022x}", hex(sample(n)), sample(n)))),
        ),
        (
            "serial, decimal",
            Box::new(|n| {
                let serial = (0x5a_u128 << 120) + (hex(sample(n)) << 88) + u128::from(sample(n));
                query(serial.to_string())
            }),
        ),
        (
            "thumbprint, beginning",
            Box::new(|n| query(format!("7c{:08x}", hex(sample(n))))),
        ),
        ("valid", Box::new(|_| ends(0, i64::MAX, ""))),
        ("expiring", Box::new(|_| ends(0, 30 * day, ""))),
        ("expired", Box::new(|_| ends(i64::MIN, 0, ""))),
        (
            "ended long ago",
            Box::new(|_| ends(i64::MIN, -1_300 * day, "")),
        ),
        (
            "rare template",
            Box::new(|_| template(world.with_approval, "")),
        ),
        (
            "no such template",
            Box::new(|_| template(samples::id(), "")),
        ),
        (
            "common word, expiring",
            Box::new(|_| ends(0, 30 * day, "first")),
        ),
        (
            "common word, ended long ago",
            Box::new(|_| ends(i64::MIN, -1_400 * day, "first")),
        ),
    ];
    println!(
        "{}: {CERTIFICATES} certificates, milliseconds",
        store.kind()
    );
    println!(
        "{:<30} {:>6} {:>8} {:>8}",
        "search", "found", "median", "p95"
    );
    let mut slow = 0;
    for (kind, make) in kinds {
        let mut times = Vec::new();
        let mut found = 0;
        for n in 0..TRIES {
            let query = make(n);
            let start = Instant::now();
            found = store.certificates(&query).await.unwrap().len();
            times.push(start.elapsed());
        }
        times.sort();
        let ms = |at: usize| times[at].as_secs_f64() * 1_000.0;
        let (median, p95) = (times.len() / 2, times.len() * 95 / 100);
        let verdict = if times[p95] > GOAL { "SLOW" } else { "" };
        slow += u32::from(times[p95] > GOAL);
        println!(
            "{kind:<30} {found:>6} {:>8.1} {:>8.1} {verdict}",
            ms(median),
            ms(p95)
        );
    }
    let start = Instant::now();
    let all = CertificateQuery {
        limit: i64::MAX,
        ..query(String::new())
    };
    let count = store.count_certificates(&all).await.unwrap();
    println!(
        "{:<30} {count:>6} {:>8.1}",
        "count of everything",
        start.elapsed().as_secs_f64() * 1_000.0
    );
    slow
}
