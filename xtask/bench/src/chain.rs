//! The peer: what a script with Debian's `openssl` does for one certificate, run on every core.

use crate::workers;
use anyhow::{Context, Result, ensure};
use domain::KeyAlgorithm;
use std::path::Path;
use std::time::Instant;
use tokio::process::Command;

const EXTENSIONS: &str = "basicConstraints=CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=emailProtection
subjectAltName=email:person@example.com
";

/// Certificates per second: genpkey, req, x509, pkcs12.
pub(crate) async fn rate(algorithm: KeyAlgorithm, count: u32) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let path = folder.path();
    std::fs::write(path.join("extensions"), EXTENSIONS)?;
    let ca =
        "req -x509 -newkey rsa:4096 -nodes -keyout ca.key -out ca.pem -subj /CN=Bench -days 30";
    openssl(path, ca).await?;
    let started = Instant::now();
    let each = count.div_ceil(u32::try_from(workers())?);
    let runs = (0..workers()).map(|worker| run(path, algorithm, worker, each));
    for done in futures::future::join_all(runs).await {
        done?;
    }
    let made = each * u32::try_from(workers())?;
    Ok(f64::from(made) / started.elapsed().as_secs_f64())
}

async fn run(folder: &Path, algorithm: KeyAlgorithm, worker: usize, count: u32) -> Result<()> {
    let key = match algorithm {
        KeyAlgorithm::Rsa2048 => "RSA -pkeyopt rsa_keygen_bits:2048",
        KeyAlgorithm::Rsa3072 => "RSA -pkeyopt rsa_keygen_bits:3072",
        KeyAlgorithm::Rsa4096 => "RSA -pkeyopt rsa_keygen_bits:4096",
        KeyAlgorithm::P256 => "EC -pkeyopt ec_paramgen_curve:P-256",
        KeyAlgorithm::P384 => "EC -pkeyopt ec_paramgen_curve:P-384",
    };
    for number in 0..count {
        let n = format!("{worker}-{number}");
        openssl(folder, &format!("genpkey -algorithm {key} -out {n}.key")).await?;
        openssl(
            folder,
            &format!("req -new -key {n}.key -subj /CN=person@example.com -out {n}.csr"),
        )
        .await?;
        let sign = format!(
            "x509 -req -in {n}.csr -CA ca.pem -CAkey ca.key -days 365 -sha256 -extfile extensions -out {n}.pem"
        );
        openssl(folder, &sign).await?;
        let bundle = format!(
            "pkcs12 -export -inkey {n}.key -in {n}.pem -certfile ca.pem -passout pass:0123456789 -out {n}.p12"
        );
        openssl(folder, &bundle).await?;
    }
    Ok(())
}

async fn openssl(folder: &Path, arguments: &str) -> Result<()> {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .await
        .context("openssl does not run; install Debian's package `openssl`")?;
    ensure!(
        output.status.success(),
        "openssl {arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}
