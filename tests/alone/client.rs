//! A client of tokio-console's own protocol: what would be on its screen.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use console_api::field::{Name, Value};
use console_api::instrument::instrument_client::InstrumentClient;
use console_api::instrument::{InstrumentRequest, Update};
use console_api::tasks::Stats;
use console_api::{Field, Metadata};
use tokio::runtime::{Builder, Runtime};
use tonic::Streaming;
use tonic::transport::Channel;

/// Somebody who is attached.
pub struct Client {
    runtime: Runtime,
    updates: Streaming<Update>,
    tasks: BTreeMap<u64, Row>,
    metadata: BTreeMap<u64, Metadata>,
}

/// A row of its list.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub name: String,
    pub kind: String,
    /// What its Location column shows.
    pub place: String,
    pub stats: Stats,
}

impl Row {
    /// The word of tokio-console's State column, by its own rule.
    pub fn state(&self) -> &'static str {
        let polls = self.stats.poll_stats.unwrap_or_default();
        let after = |a: Option<prost_types::Timestamp>, b: Option<prost_types::Timestamp>| {
            let pair = |t: prost_types::Timestamp| (t.seconds, t.nanos);
            a.map(pair) > b.map(pair)
        };
        if self.stats.dropped_at.is_some() {
            "completed"
        } else if after(polls.last_poll_started, polls.last_poll_ended) {
            "running"
        } else if after(self.stats.last_wake, polls.last_poll_started) {
            "scheduled"
        } else {
            "idle"
        }
    }

    pub fn polls(&self) -> u64 {
        self.stats.poll_stats.map_or(0, |polls| polls.polls)
    }
}

impl Client {
    /// Attaches; the server may need a moment to come up.
    pub fn attach(address: &str) -> Self {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("it works");
        let url = format!("http://{address}");
        let updates = runtime.block_on(async {
            let began = Instant::now();
            let channel = loop {
                match Channel::from_shared(url.clone())
                    .expect("it works")
                    .connect()
                    .await
                {
                    Ok(channel) => break channel,
                    Err(error) if began.elapsed() > Duration::from_secs(20) => panic!("{error}"),
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                }
            };
            let mut client = InstrumentClient::new(channel);
            let answer = client.watch_updates(InstrumentRequest {}).await;
            answer.expect("updates").into_inner()
        });
        Self {
            runtime,
            updates,
            tasks: BTreeMap::new(),
            metadata: BTreeMap::new(),
        }
    }

    /// Takes updates in until `enough` is content with the rows, or fails with what they were.
    pub fn until(&mut self, what: &str, enough: impl Fn(&[Row]) -> bool) -> Vec<Row> {
        let began = Instant::now();
        loop {
            let rows: Vec<Row> = self.tasks.values().cloned().collect();
            if enough(&rows) {
                return rows;
            }
            let seen: Vec<_> = rows.iter().map(|row| (&row.name, row.state())).collect();
            assert!(
                began.elapsed() < Duration::from_secs(30),
                "{what}: {seen:?}"
            );
            self.next();
        }
    }

    /// Takes the next update in.
    pub fn next(&mut self) {
        let updates = &mut self.updates;
        let update = self.runtime.block_on(async {
            tokio::time::timeout(Duration::from_secs(20), updates.message()).await
        });
        let update = update.expect("an update in time").expect("no error");
        self.take(update.expect("the server goes on"));
    }

    fn take(&mut self, update: Update) {
        for new in update
            .new_metadata
            .map(|new| new.metadata)
            .unwrap_or_default()
        {
            if let (Some(id), Some(metadata)) = (new.id, new.metadata) {
                self.metadata.insert(id.id, metadata);
            }
        }
        let Some(tasks) = update.task_update else {
            return;
        };
        for task in tasks.new_tasks {
            let word = |wanted: &str| {
                let field = task
                    .fields
                    .iter()
                    .find(|field| self.called(field) == wanted);
                field
                    .and_then(|field| text(field.value.as_ref()?))
                    .unwrap_or_default()
            };
            let row = Row {
                name: word("task.name"),
                kind: word("kind"),
                place: task
                    .location
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                stats: Stats::default(),
            };
            self.tasks.insert(task.id.expect("an id").id, row);
        }
        for (id, stats) in tasks.stats_update {
            if let Some(row) = self.tasks.get_mut(&id) {
                row.stats = stats;
            }
        }
    }

    fn called(&self, field: &Field) -> String {
        match &field.name {
            Some(Name::StrName(name)) => name.clone(),
            Some(Name::NameIdx(place)) => field
                .metadata_id
                .and_then(|id| self.metadata.get(&id.id))
                .and_then(|metadata| metadata.field_names.get(usize::try_from(*place).ok()?))
                .cloned()
                .unwrap_or_default(),
            None => String::new(),
        }
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::StrVal(text) | Value::DebugVal(text) => Some(text.clone()),
        _ => None,
    }
}
