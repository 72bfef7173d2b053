//! The half of a run that talks to the server: it walks the steps of a plan and hands on pages. A span of
//! an answer in lines (`lines`) goes the way of a page.
//!
//! One request is under way while the page before it is parsed and the pages before that are written.
//! What is asked for ahead rests on a peek at the end of a page and is thrown away when the parsed page
//! says otherwise. Pages wait for the writer within a bound, in number and in bytes.
//!
//! A stream ends when the server says so and what it says agrees with what it said before: a page
//! without `has_more` before the seq that the status named, or with fewer rows than its own count, is
//! followed by one more question. An empty answer is believed.

mod lines;

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use threadkeep_mirror::Rows;
use threadkeep_protocol::{IntegrationId, Seq, Stream};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    Remote, SyncError, SyncOptions,
    error::CursorFault,
    page::{CheckedPage, PageFault, Since, Tail, read_page},
    plan::{Step, is_other_epoch},
    progress::Meter,
    report::Tally,
    retry::retry,
    slice::Ask,
};

/// Answers that promise more and bring nothing before a stream is given up.
const MAX_EMPTY_ANSWERS: usize = 3;

/// Text of pages that is held at a time, in KiB. A larger page is held alone.
const ROOM_KIB: usize = 32 * 1024;

/// Fewer rows are not asked for because of a slow answer: the rows are not the reason then.
const MIN_HALVED_LIMIT: u32 = 50;

/// What the writer hears.
pub(crate) enum Event {
    /// Rows to write.
    Page(PulledPage),
    /// A stream came to its end.
    Finished(Stream),
    /// A stream cannot be pulled on; the next one follows.
    StreamFailed(Stream, SyncError),
}

/// Rows of one page, fit to be applied.
pub(crate) struct PulledPage {
    pub rows: Rows,
    /// The stream's cursor after them.
    pub cursor: Seq,
    /// Rows that this run has to pull of the stream, as far as known now.
    pub total: Option<u64>,
    /// Given back once the rows are written.
    pub _room: OwnedSemaphorePermit,
}

/// An answer that is being parsed, or is.
struct Answer {
    since: Seq,
    room: OwnedSemaphorePermit,
    page: Parsing,
}

enum Parsing {
    Done(CheckedPage),
    Begun(JoinHandle<Result<CheckedPage, PageFault>>, Tail),
}

/// What a page means for its stream.
enum Next {
    Ask(Seq),
    AskAgain,
    End,
}

/// The answer to a request that was made before it was certain.
struct Ahead {
    since: Seq,
    answer: Result<Answer, SyncError>,
}

/// Where one stream is.
struct Course<'a> {
    step: &'a Step,
    rows: u64,
    empty_answers: usize,
}

/// What a pull needs to know.
pub(crate) struct Pull<'a> {
    pub remote: &'a Remote,
    pub integration: IntegrationId,
    pub options: &'a SyncOptions,
    pub ask: &'a Ask,
    pub epoch: &'a str,
    pub stop: &'a CancellationToken,
    pub tally: &'a Tally,
    pub meter: &'a Meter<'a>,
    pub events: mpsc::Sender<Event>,
    pub room: Arc<Semaphore>,
}

/// The room for pages between the network and the mirror.
pub(crate) fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(ROOM_KIB))
}

impl Pull<'_> {
    /// Pulls the steps in order. An error is one that ends the run.
    pub(crate) async fn run(self, steps: &[Step]) -> Result<(), SyncError> {
        for step in steps {
            let stream = step.stream;
            let event = match self.stream(step).await {
                Ok(()) => Event::Finished(stream),
                Err(error) if error.is_absence() && !Stream::SEED.contains(&stream) => {
                    tracing::debug!(%stream, "the server does not know this stream");
                    Event::Finished(stream)
                }
                Err(error) if error.is_of_one_stream() => Event::StreamFailed(stream, error),
                Err(error) => return Err(error),
            };
            self.send(event).await?;
        }
        Ok(())
    }

    async fn stream(&self, step: &Step) -> Result<(), SyncError> {
        let limit = AtomicU32::new(self.options.page_limit.of(step.stream));
        let mut course = Course {
            step,
            rows: 0,
            empty_answers: 0,
        };
        if self.options.streaming {
            return self.by_lines(&mut course, &limit).await;
        }
        let first = self.fetch(step.stream, step.from, &limit).await?;
        self.by_pages(first, &mut course, &limit).await
    }

    /// Goes on page by page, from this answer.
    async fn by_pages(
        &self,
        mut answer: Answer,
        course: &mut Course<'_>,
        limit: &AtomicU32,
    ) -> Result<(), SyncError> {
        let stream = course.step.stream;
        loop {
            let since = answer.since;
            let (next, ahead) = self.take(answer, course, limit).await?;
            let since = match next {
                Next::End => return Ok(()),
                Next::Ask(cursor) => cursor,
                Next::AskAgain => {
                    self.pause().await?;
                    since
                }
            };
            answer = match ahead {
                Some(ahead) if ahead.since == since => ahead.answer?,
                _ => self.fetch(stream, since, limit).await?,
            };
        }
    }

    /// Hands on an answer's rows while the next answer is under way, where its tail promises one.
    async fn take(
        &self,
        answer: Answer,
        course: &mut Course<'_>,
        limit: &AtomicU32,
    ) -> Result<(Next, Option<Ahead>), SyncError> {
        let (stream, since) = (course.step.stream, answer.since);
        let (task, tail) = match answer.page {
            Parsing::Done(page) => {
                return Ok((self.deliver(since, page, answer.room, course).await?, None));
            }
            Parsing::Begun(task, tail) => (task, tail),
        };
        let deliver = async {
            let page = self.parsed(stream, since, task).await?;
            self.deliver(since, page, answer.room, course).await
        };
        let ahead = async {
            if !tail.has_more || tail.latest_seq <= since {
                return Ok(None);
            }
            let since = tail.latest_seq;
            let answer = self.fetch(stream, since, limit).await;
            Ok(Some(Ahead { since, answer }))
        };
        // A page that cannot be taken ends the request ahead of it too.
        tokio::try_join!(deliver, ahead)
    }

    /// Hands on a page's rows and says how the stream goes on.
    async fn deliver(
        &self,
        since: Seq,
        page: CheckedPage,
        room: OwnedSemaphorePermit,
        course: &mut Course<'_>,
    ) -> Result<Next, SyncError> {
        if is_other_epoch(self.epoch, &page.epoch) {
            return Err(SyncError::EpochChanged { epoch: page.epoch });
        }
        // What passes over rows that were not asked for leads on without any.
        if page.rows.is_empty() && page.cursor <= since {
            if !page.has_more {
                return Ok(Next::End);
            }
            course.empty_answers += 1;
            if course.empty_answers >= MAX_EMPTY_ANSWERS {
                return Err(SyncError::CursorStuck {
                    stream: course.step.stream,
                    since: page.cursor,
                    fault: CursorFault::NoProgress,
                });
            }
            return Ok(Next::AskAgain);
        }
        course.empty_answers = 0;
        let (cursor, rows) = (page.cursor, page.rows.len() as u64);
        let is_over = self.ask.widens_to.is_some_and(|until| cursor >= until);
        let is_last = is_over
            || !page.has_more
                && cursor >= course.step.reaches
                && page.remaining.is_none_or(|remaining| remaining <= rows);
        let total = page.remaining.map(|remaining| course.rows + remaining);
        course.rows += rows;
        self.send(Event::Page(PulledPage {
            rows: self.ask.sift(page.rows),
            cursor,
            total,
            _room: room,
        }))
        .await?;
        Ok(if is_last {
            Next::End
        } else {
            Next::Ask(cursor)
        })
    }

    /// Asks for a page until it comes.
    async fn fetch(
        &self,
        stream: Stream,
        since: Seq,
        limit: &AtomicU32,
    ) -> Result<Answer, SyncError> {
        let slice = &self.ask.of(stream);
        self.patiently(limit, |rows| async move {
            let asked = self
                .remote
                .page_of(stream, self.integration, slice, since, rows);
            self.begun(stream, since, asked.await?).await
        })
        .await
    }

    /// Asks until an answer comes. Answers that are too large or too late are asked for with fewer rows.
    async fn patiently<T, Asked>(
        &self,
        limit: &AtomicU32,
        ask: impl Fn(u32) -> Asked,
    ) -> Result<T, SyncError>
    where
        Asked: Future<Output = Result<T, SyncError>>,
    {
        loop {
            let attempt = || {
                self.tally.request();
                let asked = ask(limit.load(Ordering::Relaxed));
                async { asked.await.inspect_err(|error| ask_for_less(limit, error)) }
            };
            let waiting = |_: &SyncError, wait| self.meter.waiting(wait);
            let rows = limit.load(Ordering::Relaxed);
            match retry(&self.options.retry, self.stop, waiting, attempt).await {
                Err(SyncError::TooLarge { .. }) if rows > 1 => {}
                result => return result,
            }
        }
    }

    /// Begins to parse a page.
    async fn begun(&self, stream: Stream, since: Seq, body: Vec<u8>) -> Result<Answer, SyncError> {
        self.tally.body(&body);
        let room = self.room_for(body.len()).await?;
        let tail = Tail::peek(&body);
        let from = self.since(stream, since);
        let task = tokio::task::spawn_blocking(move || read_page(stream, from, &body));
        let page = match tail {
            Some(tail) => Parsing::Begun(task, tail),
            // Without a tail the page may be cut off; then it is tried again here.
            None => Parsing::Done(self.parsed(stream, since, task).await?),
        };
        Ok(Answer { since, room, page })
    }

    fn since(&self, stream: Stream, seq: Seq) -> Since {
        Since {
            seq,
            passes_over: self.ask.of(stream).passes_over(),
        }
    }

    async fn room_for(&self, bytes: usize) -> Result<OwnedSemaphorePermit, SyncError> {
        let kib = u32::try_from(bytes.div_ceil(1_024).min(ROOM_KIB)).unwrap_or(u32::MAX);
        let room = self.room.clone().acquire_many_owned(kib).await;
        room.map_err(|_| SyncError::Cancelled)
    }

    async fn parsed(
        &self,
        stream: Stream,
        since: Seq,
        task: JoinHandle<Result<CheckedPage, PageFault>>,
    ) -> Result<CheckedPage, SyncError> {
        let parsed = task.await.map_err(SyncError::Decoder)?;
        parsed.map_err(|fault| match fault {
            PageFault::Unreadable(source) => self
                .remote
                .unreadable(&format!("a page of {stream}"), source),
            PageFault::Stuck(fault) => SyncError::CursorStuck {
                stream,
                since,
                fault,
            },
        })
    }

    async fn send(&self, event: Event) -> Result<(), SyncError> {
        tokio::select! {
            biased;
            () = self.stop.cancelled() => Err(SyncError::Cancelled),
            // The writer hangs up only when it has failed, and says so itself.
            sent = self.events.send(event) => sent.map_err(|_| SyncError::Cancelled),
        }
    }

    async fn pause(&self) -> Result<(), SyncError> {
        tokio::select! {
            () = self.stop.cancelled() => Err(SyncError::Cancelled),
            () = tokio::time::sleep(self.options.retry.min_delay) => Ok(()),
        }
    }
}

/// After answers that were too large or too late.
fn ask_for_less(limit: &AtomicU32, error: &SyncError) {
    let rows = limit.load(Ordering::Relaxed);
    let fewer = match error {
        SyncError::TooLarge { .. } => (rows / 4).max(1),
        SyncError::Timeout { .. } if rows > MIN_HALVED_LIMIT => (rows / 2).max(MIN_HALVED_LIMIT),
        _ => return,
    };
    limit.store(fewer, Ordering::Relaxed);
}
