//! Choices that are kept in the mirror.

use threadkeep_mirror::Mirror;

use crate::{App, Error, view::SyncSettings};

/// Under this name they are kept, as JSON.
const SYNC: &str = "sync";

impl App {
    /// How a sync goes about its work.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn sync_settings(&self) -> Result<SyncSettings, Error> {
        chosen(&self.mirror).await
    }

    /// Chooses how a sync goes about its work, from the next one on. Numbers that make no sense become the
    /// nearest that do; what is kept comes back.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn set_sync_settings(&self, settings: SyncSettings) -> Result<SyncSettings, Error> {
        let settings = settings.within_bounds();
        let kept = serde_json::json!(settings).to_string();
        self.mirror.set_setting(SYNC, kept).await?;
        Ok(settings)
    }
}

/// What another version wrote may hold less or more than this one knows; what is not there was not chosen.
/// Nothing where it cannot be read.
fn read(kept: &str) -> Option<SyncSettings> {
    let kept: serde_json::Map<_, _> = serde_json::from_str(kept).ok()?;
    let mut choice = serde_json::to_value(SyncSettings::default()).ok()?;
    choice.as_object_mut()?.extend(kept);
    serde_json::from_value(choice).ok()
}

/// What is chosen, for what outlives a call.
pub(crate) async fn chosen(mirror: &Mirror) -> Result<SyncSettings, Error> {
    let kept = mirror.setting(SYNC).await?.unwrap_or_default();
    Ok(read(&kept).unwrap_or_default().within_bounds())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn app(folder: &tempfile::TempDir) -> App {
        App::open(Some(folder.path().join("home")), "a test")
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn what_is_chosen_is_kept_within_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let first = app(&folder).await;
        assert_eq!(
            first.sync_settings().await.unwrap(),
            SyncSettings::default()
        );
        let chosen = SyncSettings {
            streaming: false,
            recent_first: true,
            recent_chats: 0,
            recent_messages: 4_000_000,
        };
        let kept = first.set_sync_settings(chosen).await.unwrap();
        assert_eq!((kept.recent_chats, kept.recent_messages), (1, 1_000));
        assert!(!kept.streaming);
        first.close().await;
        drop(first);
        assert_eq!(app(&folder).await.sync_settings().await.unwrap(), kept);
    }

    #[tokio::test]
    async fn what_cannot_be_read_was_not_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let app = app(&folder).await;
        for kept in ["", "[]", r#"{"streaming": "yes"}"#] {
            app.mirror.set_setting(SYNC, kept.to_owned()).await.unwrap();
            assert_eq!(app.sync_settings().await.unwrap(), SyncSettings::default());
        }
        let partly = r#"{"recent_first": false, "of_a_later_version": 1}"#;
        app.mirror
            .set_setting(SYNC, partly.to_owned())
            .await
            .unwrap();
        let kept = app.sync_settings().await.unwrap();
        assert!(!kept.recent_first && kept.streaming);
    }
}
