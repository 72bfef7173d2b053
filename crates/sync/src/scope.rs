//! What a run asks a server for that knows what is wanted here, and of one that does not.
//!
//! The selection is put as a view, and the streams are pulled with it from their cursors. What it has
//! gained over what is here is fetched from before the cursor, with a mark of its own, so that it goes on
//! where it was cut. In which order the two are done does not matter: what the cursor passes belongs to
//! the new view, and what was moved meanwhile lies past it.
//!
//! A server without views sends everything, and what is not wanted is left out here: messages as they
//! come, what hangs on them when they are pulled to the end.
//!
//! Rejected: to keep everything of such a server. A person who chose for want of room would run out of it.

use threadkeep_mirror::{Wanted, WantedStream};
use threadkeep_protocol::{MAX_VIEW_CHATS, Stream, View};

use crate::{
    SyncError,
    engine::Run,
    plan::Step,
    retry::retry,
    slice::{Ask, Slice},
};

/// What is wanted of the streams, in terms of the server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// What is wanted; none for everything.
    pub view: Option<View>,
    /// Its id on the server; none for everything, and where the server knows no views.
    pub id: Option<String>,
}

impl Scope {
    /// How the streams are pulled from their cursors.
    pub(crate) fn ask(&self) -> Ask {
        Ask {
            slice: Slice {
                view: self.id.clone(),
                ..Slice::default()
            },
            only: self.view.clone().filter(|_| self.is_unknown_there()),
            widens_to: None,
        }
    }

    /// Whether something is left out that the server sends all the same.
    pub(crate) const fn is_unknown_there(&self) -> bool {
        self.view.is_some() && self.id.is_none()
    }
}

impl Run<'_> {
    /// What the server is asked for.
    pub(crate) async fn scope(&self, view: Option<View>) -> Result<Scope, SyncError> {
        let id = match &view {
            Some(view) => self.put_view(view).await?,
            None => None,
        };
        Ok(Scope { view, id })
    }

    /// Pulls what follows the conversations, and what the selection has gained from before the cursors.
    pub(crate) async fn within_selection(
        &mut self,
        wanted: &Wanted,
        steps: &[Step],
        epoch: &str,
    ) -> Result<(), SyncError> {
        if wanted.is_plain() {
            return self.carry_out(steps, epoch, &Ask::default()).await;
        }
        let errors = self.ledger.errors().len();
        if wanted.is_freeing {
            self.free().await?;
        }
        let scope = self.scope(wanted.view.clone()).await?;
        self.ledger.steps_planned += wanted.streams.len();
        let (messages, rest): (Vec<Step>, Vec<Step>) = steps
            .iter()
            .cloned()
            .partition(|step| step.stream == Stream::Messages);
        let (first, later): (Vec<_>, Vec<_>) = wanted
            .streams
            .iter()
            .partition(|wanted| wanted.stream == Stream::Messages);
        self.carry_out(&messages, epoch, &scope.ask()).await?;
        for stream in first {
            self.widen(stream, &scope, epoch).await?;
        }
        let is_whole = self.ledger.errors().len() == errors;
        // All messages that are wanted are here now: what still waits for one waits in vain.
        if is_whole && self.mirror.sweep(self.pk).await? {
            self.free().await?;
        }
        self.carry_out(&rest, epoch, &scope.ask()).await?;
        for stream in later {
            self.widen(stream, &scope, epoch).await?;
        }
        if scope.is_unknown_there() {
            self.mirror.free_again(self.pk).await?;
            self.free().await?;
        }
        Ok(())
    }

    /// Fetches what of a stream is wanted and is not here, up to its cursor.
    async fn widen(
        &mut self,
        wanted: &WantedStream,
        scope: &Scope,
        epoch: &str,
    ) -> Result<(), SyncError> {
        let stream = wanted.stream;
        let until = self.mirror.sync_states(self.pk).await?.of(stream).last_seq;
        let held = wanted.held.as_ref();
        // What two views have in common may have more rules than a server takes; then all comes again.
        let held = held.filter(|held| held.chats.len() <= MAX_VIEW_CHATS);
        let beyond = match held {
            Some(held) if !scope.is_unknown_there() => self.put_view(held).await?,
            _ => None,
        };
        // One that knows no views knows none of this.
        let knows_views = scope.id.is_some() || beyond.is_some();
        let step = Step {
            stream,
            from: wanted.from,
            total: None,
            reaches: until,
        };
        let ask = Ask {
            slice: Slice {
                beyond,
                until: knows_views.then_some(until),
                ..scope.ask().slice
            },
            widens_to: Some(until),
            ..scope.ask()
        };
        let errors = self.ledger.errors().len();
        if wanted.from < until {
            self.carry_out(&[step], epoch, &ask).await?;
        }
        if self.ledger.errors().len() == errors {
            self.mirror.widened(self.pk, stream).await?;
        }
        Ok(())
    }

    /// Frees to the end what the selection leaves out.
    async fn free(&self) -> Result<(), SyncError> {
        let goes_on = || !self.cancel.is_cancelled();
        let freed = self.mirror.free(self.pk, goes_on).await?;
        if freed.is_done {
            Ok(())
        } else {
            Err(SyncError::Cancelled)
        }
    }

    /// A view's id on the server; none where it knows no views.
    async fn put_view(&self, view: &View) -> Result<Option<String>, SyncError> {
        let attempt = || {
            self.tally.request();
            self.remote.put_view(self.remote_id, view)
        };
        let waiting = |_: &SyncError, wait| self.meter.waiting(wait);
        match retry(&self.options.retry, self.cancel, waiting, attempt).await {
            Ok(id) => Ok(Some(id)),
            Err(error) if error.is_absence() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
