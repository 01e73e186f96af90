//! Metrics that are read when `/metrics` is asked for: databases, documents, sign-ins, the process. They cost nothing
//! before.
//!
//! To add one, write a function here and call it from `encode`.

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge, info::Info},
    registry::Unit,
};
use services::{
    Services, SignInOutcome,
    db::{PoolState, statements},
};
use std::fmt;

pub(super) struct Readings {
    services: Services,
}

impl Readings {
    pub(super) fn new(services: Services) -> Self {
        Self { services }
    }
}

impl fmt::Debug for Readings {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Readings")
    }
}

/// The name of a metric, its help text and its unit.
type Description<'d> = (&'d str, &'d str, Option<&'d Unit>);

/// Encodes a metric that is one number.
fn one(
    encoder: &mut DescriptorEncoder<'_>,
    (name, help, unit): Description<'_>,
    value: &impl EncodeMetric,
) -> fmt::Result {
    value.encode(encoder.encode_descriptor(name, help, unit, value.metric_type())?)
}

/// Encodes a metric that has a number for each set of labels.
fn each<L: EncodeLabelSet, V: EncodeMetric>(
    encoder: &mut DescriptorEncoder<'_>,
    (name, help): (&str, &str),
    kind: MetricType,
    series: impl IntoIterator<Item = (L, V)>,
) -> fmt::Result {
    let mut metric = encoder.encode_descriptor(name, help, None, kind)?;
    for (labels, value) in series {
        value.encode(metric.encode_family(&labels)?)?;
    }
    Ok(())
}

fn gauge(value: usize) -> ConstGauge<i64> {
    ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX))
}

impl Collector for Readings {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let encoder = &mut encoder;
        build(encoder)?;
        self.documents(encoder)?;
        self.sign_ins(encoder)?;
        self.database(encoder)?;
        process(encoder)
    }
}

fn build(encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let info = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
    one(encoder, ("build", "The program", None), &info)
}

impl Readings {
    fn documents(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let counts = self.services.counts();
        let bytes = Some(&Unit::Bytes);
        one(encoder, ("uploads", "Documents deposited", bytes), &ConstCounter::new(counts.deposited_bytes()))?;
        one(encoder, ("downloads", "Documents sent", bytes), &ConstCounter::new(counts.read_bytes()))
    }

    fn sign_ins(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let counts = self.services.counts();
        let series = SignInOutcome::ALL
            .map(|outcome| ([("outcome", outcome.code())], ConstCounter::new(counts.sign_ins(outcome))));
        each(encoder, ("sign_ins", "Sign-ins and their steps, by how they ended"), MetricType::Counter, series)
    }

    fn database(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        one(encoder, ("database_statements", "Statements run", None), &ConstCounter::new(statements()))?;
        let pools = self.services.pools();
        let labels = |pool: &PoolState| [("database", pool.name), ("connections", pool.connections)];
        let open = pools.iter().map(|pool| (labels(pool), ConstGauge::new(i64::from(pool.size))));
        each(encoder, ("database_connections", "Connections open"), MetricType::Gauge, open)?;
        let idle = pools.iter().map(|pool| (labels(pool), gauge(pool.idle)));
        each(encoder, ("database_connections_idle", "Connections that nobody uses"), MetricType::Gauge, idle)
    }
}

/// Encodes the memory, the processor time and the open files of this process, on systems that tell them.
#[cfg(target_os = "linux")]
fn process(encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    use procfs::{WithCurrentSystemInfo, process::Process, ticks_per_second};

    let Ok((stat, files)) = Process::myself().and_then(|process| Ok((process.stat()?, process.fd_count()?))) else {
        return Ok(());
    };
    let seconds = (stat.utime + stat.stime) as f64 / ticks_per_second() as f64;
    let memory = usize::try_from(stat.rss_bytes().get()).unwrap_or(usize::MAX);
    one(encoder, ("process_cpu", "Processor time used", Some(&Unit::Seconds)), &ConstCounter::new(seconds))?;
    one(encoder, ("process_resident_memory", "Memory in use", Some(&Unit::Bytes)), &gauge(memory))?;
    one(encoder, ("process_open_fds", "Files and connections open", None), &gauge(files))
}

#[cfg(not(target_os = "linux"))]
fn process(_: &mut DescriptorEncoder<'_>) -> fmt::Result {
    Ok(())
}
