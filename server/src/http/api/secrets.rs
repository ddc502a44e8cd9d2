//! The two things that a certificate is for, fetched by a program: its PFX and its password. Both
//! need a token of the scope `secrets`, are counted and recorded, and their owner gets a mail.

use api::Password;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::{PfxFlavour, Secret};
use portal::Actor;
use serde::{Deserialize, Serialize};

use super::certificates::{query, read_id};
use super::problem;
use crate::http::certificates::attachment;
use crate::http::web::Web;

/// Which PFX.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    container: Option<String>,
}

/// The password of a PFX.
#[derive(Debug, Serialize)]
struct Shown {
    password: Password,
}

/// Hands out a PFX.
pub(super) async fn pfx(
    State(web): State<Web>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let result = async {
        let id = read_id(&id)?;
        let container = match query(wanted)?.container.as_deref() {
            None | Some("") => None,
            Some(word) => Some(word.parse::<PfxFlavour>().map_err(|_| {
                portal::Error::field("container", "Please choose modern or compatible.")
            })?),
        };
        let file = web.portal().fetch_pfx(&actor, id, container).await?;
        Ok(attachment(&web, &file))
    };
    problem::answer(&web, result.await)
}

/// Tells the password of a PFX.
pub(super) async fn password(
    State(web): State<Web>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Response {
    let result = async {
        // The token stands for the confirmation that its owner gave when they made it.
        let unasked = Secret::new(String::new());
        let shown = web
            .portal()
            .show_password(&actor, read_id(&id)?, unasked)
            .await?;
        let password = shown.value.password;
        Ok(Json(Shown { password }).into_response())
    };
    problem::answer(&web, result.await)
}
