//! Who a program acts for: the person whose API token it sends (RFC 6750 section 2.1). Nothing else
//! counts, neither cookies nor a token in the address or the body.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::Secret;
use http::request::Parts;
use http::{HeaderMap, header};
use portal::{Actor, Client};

use super::problem::{self, Refusal};
use crate::http::web::Web;
use crate::http::{address, client};

/// Finds out whose token came with a request, for the handlers behind this.
pub(in crate::http) async fn recognise(
    State(web): State<Web>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    match actor(&web, &parts).await {
        Ok(actor) => {
            parts.extensions.insert(actor);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(refusal) => problem::answer(&web, Err(refusal)),
    }
}

async fn actor(web: &Web, parts: &Parts) -> Result<Actor, Refusal> {
    let token = token(&parts.headers).ok_or(Refusal::NoToken)?;
    let client = Client {
        address: address::client_address(parts, web.trusted_proxies()),
        user_agent: client::user_agent(&parts.headers),
    };
    Ok(web.portal().token_actor(&token, &client).await?)
}

/// The token of the only `Authorization` header; its scheme is written in any case (RFC 9110
/// section 11.1).
fn token(headers: &HeaderMap) -> Option<Secret<String>> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (sent.next(), sent.next()) else {
        return None;
    };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Secret::new(token.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::token;
    use http::{HeaderMap, HeaderValue, header};

    fn read(lines: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(line));
        }
        token(&headers).map(|token| token.expose().clone())
    }

    #[test]
    fn one_bearer_header_is_read_and_nothing_else() {
        assert_eq!(read(&["Bearer cpt_x"]).as_deref(), Some("cpt_x"));
        assert_eq!(read(&["bearer  cpt_x"]).as_deref(), Some("cpt_x"));
        for wrong in ["", "Bearer", "cpt_x", "Basic YTpi", "Bearercpt_x"] {
            assert_eq!(read(&[wrong]), None, "{wrong}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["Bearer cpt_x", "Bearer cpt_y"]), None);
    }
}
