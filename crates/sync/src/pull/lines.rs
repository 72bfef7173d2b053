//! A stream as one answer: spans are taken as they come, and where an answer ends before the stream does,
//! the next one is asked for behind the last cursor line.
//!
//! A cut after some rows is no failed try: what came is kept, and the next answer has all tries of its
//! own. An answer that is cut before its first cursor line has brought nothing and counts as one.

use std::sync::atomic::AtomicU32;

use threadkeep_protocol::{Seq, Stream};

use super::{Answer, Course, Next, Pull, ask_for_less};
use crate::{
    SyncError,
    lines::Span,
    page::read_span,
    plan::is_other_epoch,
    remote::{Lines, Streamed},
};

/// How an answer in lines begins.
enum Begun {
    Lines(Box<Lines>, Span),
    /// The server knows only pages; this is the one that was asked for.
    Page(Answer),
}

/// How an answer in lines has ended.
enum Ended {
    /// With the stream.
    Stream,
    /// Behind a cursor line, though there is more.
    Early,
    /// In the middle of a span, or it came too slowly.
    Cut(SyncError),
}

impl Pull<'_> {
    pub(super) async fn by_lines(
        &self,
        course: &mut Course<'_>,
        limit: &AtomicU32,
    ) -> Result<(), SyncError> {
        let mut since = course.step.from;
        loop {
            let (lines, first) = match self.begin(course.step.stream, since, limit).await? {
                Begun::Lines(lines, first) => (lines, first),
                Begun::Page(answer) => return self.by_pages(answer, course, limit).await,
            };
            let before = since;
            match self.walk(lines, first, &mut since, course).await? {
                Ended::Stream => return Ok(()),
                Ended::Early if since > before => {}
                Ended::Early => self.pause().await?,
                Ended::Cut(error) => {
                    tracing::debug!(code = error.code(), "an answer was cut; it goes on");
                    ask_for_less(limit, &error);
                    self.meter.waiting(self.options.retry.min_delay);
                    self.pause().await?;
                }
            }
        }
    }

    /// Asks for an answer until its first span has come.
    async fn begin(
        &self,
        stream: Stream,
        since: Seq,
        limit: &AtomicU32,
    ) -> Result<Begun, SyncError> {
        let slice = &self.ask.of(stream);
        let begun = self.patiently(limit, |rows| async move {
            let asked = self
                .remote
                .stream(stream, self.integration, slice, since, rows);
            match asked.await? {
                Streamed::Page(body) => self.begun(stream, since, body).await.map(Begun::Page),
                Streamed::Lines(mut lines) => match lines.next().await? {
                    Some(first) => Ok(Begun::Lines(lines, first)),
                    None => Err(self.remote.cut("lines")),
                },
            }
        });
        match begun.await {
            // It takes the wish for a demand.
            Err(SyncError::Refused { status: 406, .. }) => {
                self.fetch(stream, since, limit).await.map(Begun::Page)
            }
            begun => begun,
        }
    }

    /// Takes the spans of an answer, each while the next one is read.
    async fn walk(
        &self,
        mut lines: Box<Lines>,
        first: Span,
        since: &mut Seq,
        course: &mut Course<'_>,
    ) -> Result<Ended, SyncError> {
        let mut span = first;
        loop {
            if !span.cursor.has_more {
                let (next, ()) = tokio::join!(self.take_span(span, *since, course), lines.finish());
                return Ok(match next? {
                    Next::End => Ended::Stream,
                    Next::Ask(cursor) => {
                        *since = cursor;
                        Ended::Early
                    }
                    Next::AskAgain => Ended::Early,
                });
            }
            // A span that cannot be taken ends the reading; one that does not come does not end the taking.
            let ahead = async { Ok(self.unless_stopped(lines.next()).await) };
            let (next, ahead) = tokio::try_join!(self.take_span(span, *since, course), ahead)?;
            match next {
                Next::End => return Ok(Ended::Stream),
                Next::Ask(cursor) => *since = cursor,
                Next::AskAgain => {}
            }
            span = match ahead {
                Ok(Some(span)) => span,
                Ok(None) => return Ok(Ended::Early),
                Err(error) if error.is_transient() => return Ok(Ended::Cut(error)),
                Err(error @ SyncError::TooLarge { .. }) => return Ok(Ended::Cut(error)),
                Err(error) => return Err(error),
            };
        }
    }

    async fn take_span(
        &self,
        span: Span,
        since: Seq,
        course: &mut Course<'_>,
    ) -> Result<Next, SyncError> {
        self.tally.body(&span.text);
        // Before its rows are looked at: those of another history need not fit to the cursor.
        if is_other_epoch(self.epoch, &span.cursor.epoch) {
            let epoch = span.cursor.epoch;
            return Err(SyncError::EpochChanged { epoch });
        }
        let room = self.room_for(span.text.len()).await?;
        let stream = course.step.stream;
        let from = self.since(stream, since);
        let task = tokio::task::spawn_blocking(move || read_span(stream, from, &span));
        let page = self.parsed(stream, since, task).await?;
        self.deliver(since, page, room, course).await
    }

    async fn unless_stopped<T>(
        &self,
        wait: impl Future<Output = Result<T, SyncError>>,
    ) -> Result<T, SyncError> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(SyncError::Cancelled),
            result = wait => result,
        }
    }
}
