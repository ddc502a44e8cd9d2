//! A revocation list of a million entries, made on the portal's own path: rows that are written
//! straight into the database, then the fetch of a mail program.

use crate::ground::Ground;
use anyhow::{Context, Result, ensure};
use domain::Mailbox;
use portal::Actor;
use std::time::Instant;
use tokio::process::Command;

/// Entries of the list.
pub(crate) const ENTRIES: u32 = 1_000_000;

const SQLITE: &str = include_str!("crl/sqlite.sql");
const POSTGRES: &str = include_str!("crl/postgres.sql");
const RUN_SQLITE: &str = "import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.executescript(sys.stdin.read())";

/// What a list took.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) seconds: f64,
    pub(crate) list_mb: f64,
    /// Highest resident memory of this process while it was made.
    pub(crate) resident_mb: f64,
}

/// Revokes `count` certificates that were never signed, and fetches the list.
pub(crate) async fn measure(ground: &Ground, count: u32) -> Result<Made> {
    let portal = &ground.portal;
    let authorities = portal.store().authorities().await?;
    let issuing = authorities.get(1).context("no issuing authority")?.id;
    let template = portal.store().templates().await?;
    let template = template.first().context("no template")?.id;
    let mailbox: Mailbox = "alice@example.com".parse()?;
    let person = portal.find_person(&Actor::command_line(), &mailbox).await?;
    let now = portal.now().unix_timestamp_nanos() / 1_000;
    let written = |sql: &str| {
        sql.replace("{count}", &count.to_string())
            .replace("{authority}", &issuing.0.simple().to_string())
            .replace("{template}", &template.0.simple().to_string())
            .replace("{person}", &person.0.simple().to_string())
            .replace("{now}", &now.to_string())
    };
    match ground.url.strip_prefix("sqlite://") {
        Some(file) => run("python3", &["-c", RUN_SQLITE, file], written(SQLITE)).await?,
        None => run("psql", &[&ground.url, "-q", "-1"], written(POSTGRES)).await?,
    }
    forget_peak()?;
    let started = Instant::now();
    let file = portal.pki_file(&format!("{issuing}.crl")).await?;
    let seconds = started.elapsed().as_secs_f64();
    let resident_mb = peak()?;
    let list = file.context("no list")?.bytes;
    #[expect(clippy::cast_precision_loss, reason = "a size to print")]
    let list_mb = list.len() as f64 / 1e6;
    let listed = pki::read_crl(&list)?.len();
    ensure!(
        listed == usize::try_from(count)?,
        "{listed} entries on the list"
    );
    Ok(Made {
        seconds,
        list_mb,
        resident_mb,
    })
}

async fn run(program: &str, arguments: &[&str], input: String) -> Result<()> {
    use tokio::io::AsyncWriteExt as _;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .with_context(|| format!("{program} does not run"))?;
    let mut pipe = child.stdin.take().context("no input")?;
    pipe.write_all(input.as_bytes()).await?;
    drop(pipe);
    ensure!(child.wait().await?.success(), "{program} failed");
    Ok(())
}

/// Begins anew to watch for the highest resident memory (`proc_pid_clear_refs(5)`).
fn forget_peak() -> Result<()> {
    Ok(std::fs::write("/proc/self/clear_refs", "5")?)
}

/// Highest resident memory in MB.
fn peak() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: f64 = kilobytes.context("no VmHWM")?.parse()?;
    Ok(kilobytes / 1_000.0)
}
