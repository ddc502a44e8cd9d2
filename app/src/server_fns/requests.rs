//! Requests and what becomes of them. The request form may have a file with it and is a plain route
//! of the server.

use api::{Done, RequestFor, RequestForm, RequestView};
use domain::RequestId;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// What one may request.
#[server(name = ReadRequestForm, prefix = "/api/ui", endpoint = "read/request-form", input = GetUrl)]
pub async fn read_request_form(
    #[server(default)] asked: RequestFor,
) -> Result<RequestForm, Failure> {
    super::call(|portal| async move { portal.request_form(asked).await }).await
}

/// A request.
#[server(name = ReadRequest, prefix = "/api/ui", endpoint = "read/request", input = GetUrl)]
pub async fn read_request(id: RequestId) -> Result<RequestView, Failure> {
    super::call(|portal| async move { portal.request(id).await }).await
}

/// Takes one's own waiting request back.
#[server(name = Withdraw, prefix = "/api/ui", endpoint = "withdraw", input = PostUrl)]
pub async fn withdraw(id: RequestId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.withdraw(id).await }).await
}

/// Has a failed request tried again.
#[server(name = Retry, prefix = "/api/ui", endpoint = "retry", input = PostUrl)]
pub async fn retry(id: RequestId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.retry(id).await }).await
}

/// Ends a failed request.
#[server(name = Cancel, prefix = "/api/ui", endpoint = "cancel", input = PostUrl)]
pub async fn cancel(id: RequestId, reason: String) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.cancel(id, reason).await }).await
}
