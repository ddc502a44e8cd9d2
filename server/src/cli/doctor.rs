//! `certportal doctor`.

use clap::Args;

use super::context::told;
use super::{Context, Outcome, screen};

/// Check that everything that must hold does
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  certportal doctor

Reads everything and changes nothing. Ends with 3 if something is not as it must be.")]
pub(super) struct Doctor {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let portal = context.portal().await?;
        let findings = told(&portal, portal.doctor().await)?;
        for finding in &findings {
            let (check, detail) = (&finding.check, &finding.detail);
            if self.json {
                let is_good = finding.is_good;
                let line =
                    serde_json::json!({"check": check, "is_good": is_good, "detail": detail});
                screen::line(&line.to_string());
            } else {
                let mark = if finding.is_good { "good" } else { "BAD " };
                screen::line(&format!("{mark}  {check}: {detail}"));
            }
        }
        let is_good = findings.iter().all(|finding| finding.is_good);
        Ok(if is_good {
            Outcome::Done
        } else {
            Outcome::Found
        })
    }
}
