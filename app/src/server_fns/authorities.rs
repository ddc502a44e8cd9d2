//! Authorities: seeing how they are doing, and changing them.
//!
//! Downloading a root's key and the request to an offline root answer with files, and an authority
//! that is taken over comes as one; they are plain routes of the server and not here.

use api::{AuthoritiesView, AuthorityHelp, Done, Password};
use domain::AuthorityId;
use leptos::prelude::*;
use server_fn::codec::{GetUrl, PostUrl};

use crate::Failure;

/// The authorities and how they are doing.
#[server(name = ReadAuthorities, prefix = "/api/ui", endpoint = "read/authorities", input = GetUrl)]
pub async fn read_authorities() -> Result<AuthoritiesView, Failure> {
    super::call(|portal| async move { portal.authorities().await }).await
}

/// How to make devices trust the organisation's root.
#[server(name = ReadAuthorityHelp, prefix = "/api/ui", endpoint = "read/authority-help", input = GetUrl)]
pub async fn read_authority_help() -> Result<AuthorityHelp, Failure> {
    super::call(|portal| async move { portal.authority_help().await }).await
}

/// Makes an issuing authority, or a request to a root that is kept elsewhere.
#[server(name = CreateAuthority, prefix = "/api/ui", endpoint = "create-authority", input = PostUrl)]
pub async fn create_authority(
    #[server(default)] parent: String,
    #[server(default)] name: String,
    #[server(default)] purpose: String,
    #[server(default)] key_algorithm: String,
    #[server(default)] domains: String,
) -> Result<Done, Failure> {
    let form = api::CreateAuthority {
        parent,
        name,
        purpose,
        key_algorithm,
        domains,
    };
    super::call(|portal| async move { portal.create_authority(form).await }).await
}

/// Takes the certificate that an offline root has signed.
#[server(name = CompleteAuthority, prefix = "/api/ui", endpoint = "complete-authority", input = PostUrl)]
pub async fn complete_authority(
    id: AuthorityId,
    #[server(default)] certificates: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.complete_authority(id, certificates).await }).await
}

/// Gives a request to an offline root up.
#[server(name = DiscardAuthorityRequest, prefix = "/api/ui", endpoint = "discard-authority-request", input = PostUrl)]
pub async fn discard_authority_request(id: AuthorityId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.discard_authority_request(id).await }).await
}

/// Has an authority sign no certificates any more.
#[server(name = RetireAuthority, prefix = "/api/ui", endpoint = "retire-authority", input = PostUrl)]
pub async fn retire_authority(id: AuthorityId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.retire_authority(id).await }).await
}

/// Has a retired authority sign certificates again.
#[server(name = ActivateAuthority, prefix = "/api/ui", endpoint = "activate-authority", input = PostUrl)]
pub async fn activate_authority(id: AuthorityId) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.activate_authority(id).await }).await
}

/// Deletes the key of a root, which was downloaded before.
#[server(name = RemoveAuthorityKey, prefix = "/api/ui", endpoint = "remove-authority-key", input = PostUrl)]
pub async fn remove_authority_key(
    id: AuthorityId,
    #[server(default)] name: String,
    #[server(default)] password: Password,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.remove_authority_key(id, name, password).await }).await
}

/// Takes the revocation list of a root whose key is kept elsewhere.
#[server(name = ImportAuthorityList, prefix = "/api/ui", endpoint = "import-authority-list", input = PostUrl)]
pub async fn import_authority_list(
    id: AuthorityId,
    #[server(default)] list: String,
) -> Result<Done, Failure> {
    super::call(|portal| async move { portal.import_authority_list(id, list).await }).await
}
