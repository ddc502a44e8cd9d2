//! `certportal serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::{Context, Outcome};
use crate::logging;
use crate::serve::{Options, serve};

/// Start the portal
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  certportal serve --demo
  certportal serve --data /var/lib/certportal --listen 0.0.0.0:443
  CERTPORTAL_SERVER__BASE_URL=https://certs.example.com certportal serve

SIGTERM or Ctrl-C ends it: requests that began are finished, for at most 10 seconds.")]
pub(super) struct Serve {
    /// Set up a demonstration; its people get new passwords with every start
    #[arg(long)]
    demo: bool,
    /// Write the demonstration's people and passwords to a file, for scripts
    #[arg(long, value_name = "FILE", requires = "demo")]
    demo_people: Option<PathBuf>,
    /// Address and port for https, instead of server.listen
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Address and port for revocation lists, instead of `server.pki_listen`
    #[arg(long, value_name = "ADDRESS")]
    pki_listen: Option<SocketAddr>,
}

impl Serve {
    pub(super) async fn run(self, context: Context) -> anyhow::Result<Outcome> {
        let (_, mut values) = context.config()?;
        for (key, address) in [("listen", self.listen), ("pki_listen", self.pki_listen)] {
            if let Some(address) = address {
                values.override_text("server", key, &address.to_string());
            }
        }
        let config = crate::config::Config::from_values(&values, &context.folder)?;
        logging::start(&config.log);
        let options = Options {
            demo: self.demo,
            demo_people: self.demo_people,
        };
        serve(config, &context.folder, &context.environment, &options).await?;
        Ok(Outcome::Done)
    }
}
