//! What to call the people that a text names by their addresses.

use crate::{ConversationPk, Error, Mirror, people::People};

impl Mirror {
    /// A name for each address, as it is known in the account of a chat; a number or the address itself
    /// where there is none.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn names_in(
        &self,
        chat: ConversationPk,
        jids: Vec<String>,
    ) -> Result<Vec<String>, Error> {
        if jids.is_empty() {
            return Ok(Vec::new());
        }
        self.read(move |conn| {
            let integration = conn
                .prepare_cached("SELECT integration_pk FROM conversations WHERE pk = ?1")?
                .query_row([chat], |row| row.get(0))?;
            let mut people = People::new(conn);
            jids.iter()
                .map(|jid| Ok(people.of_jid(integration, jid)?.name.clone()))
                .collect()
        })
        .await
    }
}
