//! The real program: how fast it starts, what it needs at rest, and how quick its pages are while
//! every core makes keys.

use crate::ground::{open, people};
use crate::issuance::request_all;
use anyhow::{Context, Result, ensure};
use domain::KeyAlgorithm;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

const ADDRESS: &str = "127.0.0.1:18443";
const URL: &str = "https://127.0.0.1:18443";
/// Certificates that are made while pages are asked for.
const LOAD: u32 = 60;
/// Pages over one connection.
const PAGES: usize = 50;

/// Prints start time, memory at rest and page times under load.
pub(crate) async fn measure(program: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let people_file = folder.path().join("people.json");
    let demo = [
        "--demo",
        "--demo-people",
        people_file.to_str().context("a path that is not UTF-8")?,
    ];
    // The first start makes the authorities; the second one is what an operator sees every day.
    let (mut child, _) = start(program, &data, &demo).await?;
    end(&mut child).await?;
    let (mut child, took) = start(program, &data, &[]).await?;
    println!("Start to ready: {} ms", took.as_millis());
    end(&mut child).await?;

    let (mut child, _) = start(program, &data, &demo).await?;
    println!("Memory at rest: {:.1} MB", memory(&child)?);
    let cookies = folder.path().join("cookies");
    sign_in(&people_file, &cookies).await?;
    let quiet = pages(&cookies).await?;
    print_times("Pages at rest", &quiet);

    let url = format!("sqlite://{}", data.join("portal.sqlite").display());
    let other = open(&data, &url, 2, 0).await?;
    let people = people(&other, LOAD).await?;
    request_all(&other, &people, KeyAlgorithm::Rsa3072, false).await?;
    let mut busy = Vec::new();
    while other.store().request_counts().await?.issuing > 0 {
        busy.extend(pages(&cookies).await?);
    }
    print_times("Pages while issuing RSA-3072 on all cores", &busy);
    println!(
        "Memory after {LOAD} certificates: {:.1} MB",
        memory(&child)?
    );
    other.store().close().await;
    end(&mut child).await
}

async fn start(program: &Path, data: &Path, more: &[&str]) -> Result<(Child, Duration)> {
    let started = Instant::now();
    let mut child = Command::new(program)
        .args([
            "serve",
            "--listen",
            ADDRESS,
            "--pki-listen",
            "127.0.0.1:18080",
            "--data",
        ])
        .arg(data)
        .args(more)
        // Pages are to be quick while every core makes keys.
        .env("CERTPORTAL_KEYS__POOL_SIZE", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} does not start", program.display()))?;
    let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
    while let Some(line) = lines.next_line().await? {
        if line.contains("is ready at") {
            let took = started.elapsed();
            // Keep reading, so that the program can write.
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok((child, took));
        }
    }
    anyhow::bail!("the portal ended before it was ready")
}

async fn end(child: &mut Child) -> Result<()> {
    let id = child.id().context("it has ended already")?;
    Command::new("kill").arg(id.to_string()).status().await?;
    child.wait().await?;
    Ok(())
}

/// Resident memory in MB.
fn memory(child: &Child) -> Result<f64> {
    let id = child.id().context("it has ended already")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .context("no VmRSS")?;
    let kilobytes: f64 = line
        .split_whitespace()
        .nth(1)
        .context("no number")?
        .parse()?;
    Ok(kilobytes / 1000.0)
}

async fn curl(cookies: &Path, arguments: &[&str]) -> Result<String> {
    let jar = cookies.to_str().context("a path that is not UTF-8")?;
    let output = Command::new("curl")
        .args(["-sk", "-b", jar, "-c", jar])
        .args(arguments)
        .output()
        .await
        .context("curl does not run; install Debian's package `curl`")?;
    ensure!(output.status.success(), "curl {arguments:?} failed");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

async fn sign_in(people: &Path, cookies: &Path) -> Result<()> {
    let people: serde_json::Value = serde_json::from_slice(&std::fs::read(people)?)?;
    let text = |name: &str| {
        people
            .pointer(&format!("/alice/{name}"))
            .and_then(|v| v.as_str())
            .unwrap_or_default()
    };
    let page = curl(cookies, &[&format!("{URL}/sign-in")]).await?;
    let (_, rest) = page
        .split_once("name=\"csrf\" value=\"")
        .context("the page has no token")?;
    let (token, _) = rest.split_once('"').context("the page has no token")?;
    let fields = [
        ("csrf", token),
        ("back", "/sign-in"),
        ("form", "sign-in"),
        ("mailbox", text("mailbox")),
        ("password", text("password")),
    ];
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let mut arguments = vec![
        "-H",
        "Sec-Fetch-Site: same-origin",
        "-H",
        "Accept: text/html",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code}",
    ];
    for field in &fields {
        arguments.extend(["--data-urlencode", field]);
    }
    let url = format!("{URL}/api/ui/sign-in");
    arguments.push(&url);
    let code = curl(cookies, &arguments).await?;
    ensure!(code == "303", "signing in answered {code}");
    Ok(())
}

/// Times of pages in milliseconds, over one connection.
async fn pages(cookies: &Path) -> Result<Vec<f64>> {
    let url = format!("{URL}/");
    let mut arguments = vec!["-w", "%{time_pretransfer} %{time_total} %{http_code}\n"];
    for _ in 0..PAGES {
        arguments.extend(["-o", "/dev/null", url.as_str()]);
    }
    let answer = curl(cookies, &arguments).await?;
    answer.lines().map(time_of_line).collect()
}

fn time_of_line(line: &str) -> Result<f64> {
    let mut words = line.split_whitespace();
    let before: f64 = words.next().context("no time")?.parse()?;
    let total: f64 = words.next().context("no time")?.parse()?;
    let code = words.next().context("no code")?;
    ensure!(code == "200", "a page answered {code}");
    Ok((total - before) * 1000.0)
}

fn print_times(what: &str, times: &[f64]) {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let at = |percent: usize| {
        times.get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
    };
    println!(
        "{what}: p50 {:.1} ms, p99 {:.1} ms ({} pages)",
        at(50).copied().unwrap_or(f64::NAN),
        at(99).copied().unwrap_or(f64::NAN),
        times.len()
    );
}
