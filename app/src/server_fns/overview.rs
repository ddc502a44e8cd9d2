//! How the portal is doing.

use api::Overview;
use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::Failure;

/// Everything on the overview page.
#[server(name = ReadOverview, prefix = "/api/ui", endpoint = "read/overview", input = GetUrl)]
pub async fn read_overview() -> Result<Overview, Failure> {
    super::call(|portal| async move { portal.overview().await }).await
}
