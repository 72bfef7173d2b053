//! Finding messages, chats and people.

use std::{collections::HashMap, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use threadkeep_mirror::{
    self as mirror, ConversationPk, Found, Hit, Named, Order, SearchPlace, Toward,
};

use crate::{
    App, Error,
    chat::{self, read_chat},
    contact::person,
    mention, message,
    view::{
        ChatHits, Excerpt, IndexProgress, Mention, NamesFound, QuickFound, SearchByChat, SearchHit,
        SearchOrder, SearchPage, SearchQuery,
    },
};

/// So many of each kind are worth showing below a field that is being typed into.
const QUICK: u32 = 6;

/// So many names are worth choosing from; who misses one types more of it.
const NAMES: u32 = 50;

/// The time between two words on how far the index has come.
const PAUSE: Duration = Duration::from_millis(200);

impl App {
    /// Finds messages. A later search takes the place of one that still runs, which then fails with the
    /// code `search_superseded`.
    ///
    /// # Errors
    /// When the query names no chat or place, or a file cannot be read.
    pub async fn search(&self, query: SearchQuery) -> Result<SearchPage, Error> {
        let found = self.search.find(read_query(query)?).await?;
        let (about, more) = about(&found);
        Ok(SearchPage {
            about,
            more,
            behind: number(found.behind),
            next: found.next.map(|place| place.to_string()),
            unknown: found.unknown,
            hits: self.named_hits(found.hits).await?,
        })
    }

    /// Finds messages and says of each chat how many: the newest hits, whatever the query's order, place
    /// and limit. It takes the place of a search that still runs, as `search` does.
    ///
    /// # Errors
    /// As for `search`.
    pub async fn search_by_chat(&self, query: SearchQuery) -> Result<SearchByChat, Error> {
        let found = self.search.by_chat(read_query(query)?).await?;
        let mut chats = Vec::with_capacity(found.chats.len());
        for one in found.chats {
            chats.push(ChatHits {
                chat: chat::chat(&one.chat),
                count: number(one.count),
                hits: self.named_hits(one.hits).await?,
            });
        }
        Ok(SearchByChat {
            more: found.more,
            behind: number(found.behind),
            is_indexed: found.is_indexed,
            unknown: found.unknown,
            chats,
        })
    }

    /// Hits with the names of those whom their texts mention by a number. Most mention nobody, which costs nothing.
    async fn named_hits(&self, hits: Vec<Hit>) -> Result<Vec<SearchHit>, Error> {
        let mut asked: HashMap<ConversationPk, Vec<String>> = HashMap::new();
        for hit in &hits {
            let jids = mention::addresses(&hit.text.text);
            if !jids.is_empty() {
                let chat = asked.entry(hit.message.conversation).or_default();
                chat.extend(jids);
            }
        }
        let mut names: HashMap<(ConversationPk, String), String> = HashMap::new();
        for (chat, jids) in asked {
            let called = self.mirror.names_in(chat, jids.clone()).await?;
            names.extend(jids.into_iter().map(|jid| (chat, jid)).zip(called));
        }
        let name_of = |chat, jid: &str| names.get(&(chat, jid.to_owned())).cloned();
        let hits = hits.into_iter().map(|found| {
            let chat = found.message.conversation;
            let mentions = mention::in_text(&found.text.text, |jid| {
                name_of(chat, jid).unwrap_or_default()
            });
            hit(found, mentions)
        });
        Ok(hits.collect())
    }

    /// Chats and people by the beginnings of their names, and the newest messages: for a field that is
    /// being typed into.
    ///
    /// # Errors
    /// When a file cannot be read, or a later search has taken this one's place.
    pub async fn search_quick(&self, text: &str) -> Result<QuickFound, Error> {
        let query = SearchQuery {
            text: text.to_owned(),
            limit: QUICK,
            ..SearchQuery::default()
        };
        // Side by side: messages are asked for at once, so that a slow look at the names of before cannot
        // take the place of a later question.
        let (NamesFound { chats, people }, messages) =
            tokio::try_join!(self.names(text, QUICK), self.search(query))?;
        Ok(QuickFound {
            chats,
            people,
            messages,
        })
    }

    /// Chats and people by the beginnings of their names, and nothing else: what a filter may name.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn search_names(&self, text: &str) -> Result<NamesFound, Error> {
        self.names(text, NAMES).await
    }

    async fn names(&self, text: &str, limit: u32) -> Result<NamesFound, Error> {
        let Named { chats, people } = self.mirror.find_named(text, limit).await?;
        Ok(NamesFound {
            chats: chats.iter().map(chat::chat).collect(),
            people: people.into_iter().map(person).collect(),
        })
    }

    /// Messages that the index has not seen, about; 0 only when it has seen all.
    ///
    /// # Errors
    /// When the mirror cannot be read.
    pub async fn search_behind(&self) -> Result<i64, Error> {
        Ok(number(self.search.behind().await?))
    }

    /// Whether the index is seen to here, and not by another program, or by nobody.
    #[must_use]
    pub fn is_indexing(&self) -> bool {
        self.search.is_following()
    }

    /// Waits until the index has seen all that is here now.
    ///
    /// # Errors
    /// When another program sees to the index, or the index cannot be written.
    pub async fn index_all<P>(&self, progress: P) -> Result<(), Error>
    where
        P: Fn(IndexProgress),
    {
        let done = self.search.caught_up();
        tokio::pin!(done);
        loop {
            let total = number(self.mirror.stats().await?.counts.messages);
            let behind = self.search_behind().await?;
            progress(IndexProgress {
                // What the index has to look at again counts twice in `behind`.
                done: (total - behind).max(0),
                total,
            });
            tokio::select! {
                done = &mut done => return Ok(done?),
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }

    /// Begins to make the index anew; what was found until now is found again as it fills.
    ///
    /// # Errors
    /// When another program sees to the index.
    pub async fn index_rebuild(&self) -> Result<(), Error> {
        Ok(self.search.rebuild().await?)
    }
}

fn read_query(query: SearchQuery) -> Result<mirror::SearchQuery, Error> {
    Ok(mirror::SearchQuery {
        chat: query.chat_id.as_deref().map(read_chat).transpose()?,
        order: match query.order.unwrap_or_default() {
            SearchOrder::Newest => Order::Newest,
            SearchOrder::Best => Order::Best,
        },
        place: query.place.map(read_place).transpose()?,
        toward: if query.newer {
            Toward::Newer
        } else {
            Toward::Older
        },
        ..asked(query.text, query.limit)
    })
}

/// A question asked here and now: the newest first, everywhere.
pub(crate) fn asked(text: String, limit: u32) -> mirror::SearchQuery {
    mirror::SearchQuery {
        text,
        chat: None,
        order: Order::Newest,
        place: None,
        toward: Toward::Older,
        limit,
        zone: TimeZone::system(),
        now: Timestamp::now().as_millisecond(),
    }
}

/// How many there are, and whether there are more.
pub(crate) fn about(found: &Found) -> (Option<i64>, bool) {
    let about = found.about;
    (
        about.map(|about| number(about.hits)),
        about.is_some_and(|about| about.more),
    )
}

pub(crate) fn read_place(text: String) -> Result<SearchPlace, Error> {
    text.parse().map_err(|_| Error::Cursor(text))
}

fn hit(hit: Hit, mentions: Vec<Mention>) -> SearchHit {
    let row = hit.message;
    SearchHit {
        message_id: row.pk.to_string(),
        chat_id: row.conversation.to_string(),
        chat_jid: hit.chat.jid,
        chat_name: hit.chat.name,
        account_id: hit.chat.integration.to_string(),
        kind: row.kind.name().to_owned(),
        at: row.timestamp,
        sender: message::sender(&row),
        from_me: row.from_me,
        text: excerpt(hit.text),
        mentions,
        file: hit.file.map(excerpt),
        place: row.key.to_string(),
        external_id: row.external_id,
    }
}

fn excerpt(excerpt: mirror::Excerpt) -> Excerpt {
    Excerpt {
        text: excerpt.text,
        start: excerpt.start,
        cut: excerpt.cut,
        marks: excerpt
            .marks
            .into_iter()
            .map(|mark| (mark.0, mark.1))
            .collect(),
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
