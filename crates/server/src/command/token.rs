//! `threadkeep-server token`.

use std::{
    str::FromStr,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;
use threadkeep_protocol::{IntegrationId, Timestamp};
use threadkeep_server_store::{NewToken, Scope, TokenInfo};

use super::{Outcome, Shared, database, fault::CommandError, output::Output};

#[derive(Subcommand)]
pub(super) enum Token {
    Create(Create),
    /// List the tokens that were not revoked (never their texts, which are not kept)
    List,
    Revoke(Revoke),
}

/// Make a token; its text is shown once and not kept
#[derive(Args)]
#[command(after_help = "\
Examples:
  threadkeep-server token create --integration 1 --scope read
  threadkeep-server token create --integration 1 --integration 2 --scope ingest --expires 90d --label bridge")]
pub(super) struct Create {
    /// The account it is for; may be repeated
    #[arg(long, value_name = "ID", required = true)]
    integration: Vec<IntegrationId>,
    /// What it may do: read, ingest or admin; may be repeated
    #[arg(long, required = true)]
    scope: Vec<Scope>,
    /// When it stops working: 12h, 90d, 2w [default: never]
    #[arg(long, value_name = "TIME")]
    expires: Option<Lifetime>,
    /// What you call it
    #[arg(long, default_value = "")]
    label: String,
}

/// Make a token worthless
#[derive(Args)]
pub(super) struct Revoke {
    /// Its number in `token list`
    id: i64,
}

/// The promise of `token create --json`.
#[derive(Serialize)]
struct Created {
    id: i64,
    token: String,
    label: String,
    scopes: Vec<Scope>,
    integrations: Vec<IntegrationId>,
    expires_at: Option<Timestamp>,
}

impl Token {
    pub(super) async fn run(self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        match self {
            Self::Create(create) => create.run(shared, output).await,
            Self::List => list(shared, output).await,
            Self::Revoke(revoke) => revoke.run(shared, output).await,
        }
    }
}

impl Create {
    async fn run(mut self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        self.integration.sort_unstable();
        self.integration.dedup();
        self.scope.sort_by_key(|scope| scope.name());
        self.scope.dedup();
        let store = database::open(shared)?;
        let new = NewToken {
            label: self.label.clone(),
            integrations: self.integration.clone(),
            scopes: self.scope.clone(),
            expires_at: self
                .expires
                .map(|lifetime| lifetime.from(SystemTime::now())),
        };
        let made = store.create_token(new).await?;
        let created = Created {
            id: made.id,
            token: made.token,
            label: self.label,
            scopes: self.scope,
            integrations: self.integration,
            expires_at: made.expires_at,
        };
        output.note(format_args!("token {}, shown only now:", created.id));
        output.result(&created, &created.token)?;
        Ok(Outcome::Done)
    }
}

impl Revoke {
    async fn run(self, shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
        let store = database::open(shared)?;
        if !store.revoke_token(self.id).await? {
            return Err(CommandError::NoSuchToken(self.id).into());
        }
        let document = json!({"id": self.id, "revoked": true});
        output.result(
            &document,
            format_args!("token {} is worthless now", self.id),
        )?;
        Ok(Outcome::Done)
    }
}

async fn list(shared: &Shared, output: Output) -> anyhow::Result<Outcome> {
    let tokens = database::open(shared)?.tokens().await?;
    let lines: Vec<String> = tokens.iter().map(words).collect();
    if lines.is_empty() {
        output.note("no tokens yet; make one with `threadkeep-server token create`");
    }
    output.result(&tokens, lines.join("\n"))?;
    Ok(Outcome::Done)
}

fn words(token: &TokenInfo) -> String {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.name()).collect();
    let integrations: Vec<String> = token.integrations.iter().map(ToString::to_string).collect();
    let expires = token
        .expires_at
        .map_or_else(|| "never expires".to_owned(), |at| format!("expires {at}"));
    format!(
        "token {} {:?}: {} on integration {}, {expires}",
        token.id,
        token.label,
        scopes.join(", "),
        integrations.join(", "),
    )
}

/// `90d`: how long a token works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Lifetime(Duration);

impl Lifetime {
    fn from(self, now: SystemTime) -> Timestamp {
        let at = now.duration_since(UNIX_EPOCH).unwrap_or_default() + self.0;
        Timestamp::from_millis(i64::try_from(at.as_millis()).unwrap_or(i64::MAX))
    }
}

impl FromStr for Lifetime {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WANTED: &str = "a number and one of m, h, d, w, y, such as 90d";
        /// A thousand years: more is a slip of the finger, and would overflow further on.
        const LONGEST: u64 = 1_000 * 365 * 86_400;
        let unit = text.chars().next_back().ok_or(WANTED)?;
        let seconds: u64 = match unit {
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            'y' => 365 * 86_400,
            _ => return Err(WANTED),
        };
        let number: u64 = text[..text.len() - 1].parse().map_err(|_| WANTED)?;
        match number.checked_mul(seconds) {
            Some(seconds @ 1..=LONGEST) => Ok(Self(Duration::from_secs(seconds))),
            _ => Err("between one minute and a thousand years"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[rstest::rstest]
    #[case("90d", Some(90 * 86_400))]
    #[case("12h", Some(43_200))]
    #[case("2w", Some(1_209_600))]
    #[case("1m", Some(60))]
    #[case("0d", None)]
    #[case("90", None)]
    #[case("d", None)]
    #[case("", None)]
    #[case("-1d", None)]
    #[case("9é", None)]
    #[case("99999999999999999999d", None)]
    #[case("9999999999999999d", None)]
    fn a_lifetime_is_a_number_and_a_unit(#[case] text: &str, #[case] seconds: Option<u64>) {
        let lifetime = text.parse::<Lifetime>().ok();
        assert_eq!(lifetime, seconds.map(Duration::from_secs).map(Lifetime));
    }

    #[test]
    fn a_token_expires_a_lifetime_from_now() {
        let day = Lifetime(Duration::from_secs(86_400));
        assert_eq!(day.from(UNIX_EPOCH).to_string(), "1970-01-02T00:00:00Z");
    }
}
