//! What a token may do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use threadkeep_protocol::IntegrationId;

/// One kind of thing that a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read the streams.
    Read,
    /// Write records.
    Ingest,
    /// Everything.
    Admin,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 3] = [Self::Read, Self::Ingest, Self::Admin];

    /// The name on the wire and in commands.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Ingest => "ingest",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of the scopes.
#[derive(Debug, thiserror::Error)]
#[error("there is no scope {0:?}: it is one of read, ingest, admin")]
pub struct UnknownScope(String);

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == name)
            .ok_or_else(|| UnknownScope(name.to_owned()))
    }
}

/// What the bearer of a token may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The token, for logs: it tells nothing of the token's text.
    pub token_id: i64,
    /// What it may do …
    pub scopes: Vec<Scope>,
    /// … and with which integrations.
    pub integrations: Vec<IntegrationId>,
}

impl Grant {
    /// Whether the token may do this with that integration.
    #[must_use]
    pub fn may(&self, scope: Scope, integration: IntegrationId) -> bool {
        self.has(scope) && self.integrations.contains(&integration)
    }

    /// Whether the token has the scope; `admin` implies the others.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case::same(Scope::Read, Scope::Read, true)]
    #[case::other(Scope::Read, Scope::Ingest, false)]
    #[case::admin_reads(Scope::Admin, Scope::Read, true)]
    #[case::admin_writes(Scope::Admin, Scope::Ingest, true)]
    #[case::no_way_up(Scope::Ingest, Scope::Admin, false)]
    fn admin_implies_the_rest(#[case] has: Scope, #[case] asked: Scope, #[case] may: bool) {
        let grant = Grant {
            token_id: 1,
            scopes: vec![has],
            integrations: vec![7],
        };
        assert_eq!(grant.may(asked, 7), may);
        assert!(
            !grant.may(asked, 8),
            "no scope reaches a foreign integration"
        );
    }

    #[test]
    fn names_are_read_back() {
        for scope in Scope::ALL {
            assert_eq!(scope.to_string().parse::<Scope>().unwrap(), scope);
        }
        assert!("root".parse::<Scope>().is_err());
    }
}
