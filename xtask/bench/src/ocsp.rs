//! Answers for the status of certificates, in process, beside `openssl ocsp` as a responder.

use crate::ground::{Ground, people};
use crate::issuance::{request_all, wait_until_done};
use crate::workers;
use anyhow::{Context, Result, ensure};
use domain::KeyAlgorithm;
use portal::Portal;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// Certificates asked for in turn.
const CERTIFICATES: u32 = 20;
/// Askers at the same time.
const AT_ONCE: u32 = 16;

/// Answers per second.
#[derive(Debug)]
pub(crate) struct Rates {
    pub(crate) kept: f64,
    pub(crate) with_nonce: f64,
    pub(crate) openssl: f64,
}

/// Measures `count` kept answers and a quarter as many with a nonce.
pub(crate) async fn rates(ground: &Ground, count: u32) -> Result<Rates> {
    let portal = &ground.portal;
    issue(portal).await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path();
    let authorities = portal.store().authorities().await?;
    let issuing = authorities.get(1).context("no issuing authority")?;
    write(path, "issuing.pem", &issuing.certificate)?;
    let (mut plain, mut nonce) = (Vec::new(), Vec::new());
    for row in portal
        .store()
        .certificates_after(None, CERTIFICATES.into())
        .await?
    {
        write(path, "leaf.pem", &row.der)?;
        plain.push(request(path, "-no_nonce").await?);
        nonce.push(request(path, "-nonce").await?);
    }
    Ok(Rates {
        kept: ask(portal, plain, count).await?,
        with_nonce: ask(portal, nonce.clone(), count / 4).await?,
        openssl: openssl(path, &nonce, (count / 400).max(20)).await?,
    })
}

async fn issue(portal: &Portal) -> Result<()> {
    let people = people(portal, CERTIFICATES).await?;
    request_all(portal, &people, KeyAlgorithm::P256, false).await?;
    portal.run_due_work().await;
    wait_until_done(portal).await
}

fn write(folder: &Path, name: &str, der: &[u8]) -> Result<()> {
    let pem = pki::pem::certificates(&[der])?;
    Ok(std::fs::write(folder.join(name), pem)?)
}

async fn request(folder: &Path, option: &str) -> Result<Vec<u8>> {
    let text = format!("ocsp -issuer issuing.pem {option} -cert leaf.pem -reqout request.der");
    let done = openssl_command(folder, &text).status().await?;
    ensure!(done.success(), "openssl could not make a request");
    Ok(std::fs::read(folder.join("request.der"))?)
}

fn openssl_command(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new("openssl");
    command
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Asks the portal itself, as its http handler does.
async fn ask(portal: &Portal, requests: Vec<Vec<u8>>, count: u32) -> Result<f64> {
    let requests = Arc::new(requests);
    let first = requests.first().context("no request")?;
    ensure!(portal.ocsp(first).await.bytes.len() > 100, "no answer");
    let started = Instant::now();
    let askers = (0..AT_ONCE).map(|asker| {
        let (portal, requests) = (portal.clone(), Arc::clone(&requests));
        tokio::spawn(async move {
            for request in requests
                .iter()
                .cycle()
                .skip(usize::try_from(asker)?)
                .take(usize::try_from(count / AT_ONCE)?)
            {
                ensure!(portal.ocsp(request).await.bytes.len() > 100, "no answer");
            }
            Ok(())
        })
    });
    for asker in futures::future::join_all(askers).await {
        asker??;
    }
    Ok(f64::from(count / AT_ONCE * AT_ONCE) / started.elapsed().as_secs_f64())
}

/// The peer: Debian's `openssl ocsp` with a P-256 key, on every core, over http, for it has no
/// other way to be asked.
async fn openssl(folder: &Path, requests: &[Vec<u8>], count: u32) -> Result<f64> {
    let arguments = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ocsp.key \
                -out ocsp.pem -subj /CN=Bench -days 30";
    let made = openssl_command(folder, arguments).status().await?;
    ensure!(made.success(), "openssl could not make a responder");
    std::fs::write(folder.join("index.txt"), "")?;
    let (mut responder, port) = start_openssl(folder).await?;
    let started = Instant::now();
    let askers = (0..workers()).map(|_| async {
        for request in requests.iter().cycle().take(usize::try_from(count)?) {
            over_http(port, request).await?;
        }
        anyhow::Ok(())
    });
    let asked = futures::future::join_all(askers).await;
    let took = started.elapsed();
    end_openssl(&mut responder).await?;
    asked.into_iter().collect::<Result<()>>()?;
    let answers = f64::from(count) * f64::from(u32::try_from(workers())?);
    Ok(answers / took.as_secs_f64())
}

async fn start_openssl(folder: &Path) -> Result<(Child, u16)> {
    let port = std::net::TcpListener::bind("127.0.0.1:0")?
        .local_addr()?
        .port();
    let serve = format!(
        "ocsp -index index.txt -port {port} -rsigner ocsp.pem -rkey ocsp.key -CA issuing.pem \
         -multi {}",
        workers()
    );
    let responder = openssl_command(folder, &serve).spawn()?;
    for _ in 0..100 {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return Ok((responder, port));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("openssl ocsp does not answer")
}

/// Its workers go on, and one of them turns in circles, when only the first process ends. They are
/// a group, which it has made for itself.
async fn end_openssl(responder: &mut Child) -> Result<()> {
    let id = responder.id().context("it has ended already")?;
    Command::new("kill")
        .args(["-TERM", "--", &format!("-{id}")])
        .status()
        .await?;
    Ok(responder.kill().await?)
}

async fn over_http(port: u16, request: &[u8]) -> Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let head = format!(
        "POST / HTTP/1.0\r\nContent-Type: application/ocsp-request\r\nContent-Length: {}\r\n\r\n",
        request.len()
    );
    stream
        .write_all(&[head.as_bytes(), request].concat())
        .await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    ensure!(answer.len() > 200, "openssl ocsp gave no answer");
    Ok(())
}
