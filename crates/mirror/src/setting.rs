//! What a person has chosen for this computer, by name.

use rusqlite::OptionalExtension;

use crate::{Error, Mirror};

impl Mirror {
    /// What was chosen; none where nothing was.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn setting(&self, key: &'static str) -> Result<Option<String>, Error> {
        self.read(move |conn| {
            Ok(conn
                .prepare_cached("SELECT value FROM settings WHERE key = ?1")?
                .query_row([key], |row| row.get(0))
                .optional()?)
        })
        .await
    }

    /// Keeps a choice.
    ///
    /// # Errors
    /// When the mirror cannot be written.
    pub async fn set_setting(&self, key: &'static str, value: String) -> Result<(), Error> {
        self.write(move |writing| {
            writing
                .conn
                .prepare_cached(
                    "INSERT INTO settings (key, value) VALUES (?1, ?2) \
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                )?
                .execute((key, &value))?;
            Ok(())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Scene;

    #[tokio::test]
    async fn a_choice_is_kept_until_another_is_made() {
        let scene = Scene::new().await;
        assert_eq!(scene.mirror.setting("x").await.unwrap(), None);
        for value in ["one", "two"] {
            scene.mirror.set_setting("x", value.into()).await.unwrap();
            let kept = scene.mirror.setting("x").await.unwrap();
            assert_eq!(kept.as_deref(), Some(value));
        }
    }
}
