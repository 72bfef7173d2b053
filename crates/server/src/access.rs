//! Who asks, and what they may reach.

use axum::{
    extract::{FromRef, FromRequestParts, Path},
    http::{header, request::Parts},
};
use serde::de::DeserializeOwned;
use threadkeep_protocol::IntegrationId;
use threadkeep_server_store::{Grant, Scope, Store};

use crate::problem::Failure;

/// The holder of a valid token.
pub(crate) struct Caller(pub(crate) Grant);

impl Caller {
    /// The integration that a path names, if the token is for it and has the scope.
    ///
    /// 404 comes before 403: a token without the integration learns nothing about it, not even by
    /// what it may not do there.
    pub(crate) fn reach(&self, scope: Scope, named: &str) -> Result<IntegrationId, Failure> {
        let id = named.parse().map_err(|_| Failure::not_found())?;
        if !Scope::ALL.into_iter().any(|scope| self.0.may(scope, id)) {
            return Err(Failure::not_found());
        }
        if !self.0.may(scope, id) {
            return Err(Failure::forbidden(format!(
                "This needs a token with the scope \"{scope}\"."
            )));
        }
        Ok(id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller
where
    Store: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let token = bearer(parts).ok_or_else(Failure::unauthorized)?;
        let grant = Store::from_ref(state).authenticate(token).await?;
        grant.map(Self).ok_or_else(Failure::unauthorized)
    }
}

/// The parts of a path that name something. One that is not even text names nothing.
pub(crate) struct Named<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(Failure::not_found()),
        }
    }
}

/// The token of `Authorization: Bearer TOKEN`; the scheme's name has no case (RFC 9110).
fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
