//! The same numbers, and one span a call, as messages of OpenTelemetry's protocol. Only encodes: who sends them is another
//! room. Attributes hold names, numbers and words of closed sets. Two of a span's are a server's own texts, as the
//! conventions want them: the model that served and the id of the answer; they are cut, and no metric has them.

use opentelemetry_proto::tonic::{
    collector::{metrics::v1::ExportMetricsServiceRequest, trace::v1::ExportTraceServiceRequest},
    common::v1::{AnyValue, InstrumentationScope, KeyValue, any_value},
    metrics::v1::{
        AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint,
        ResourceMetrics, ScopeMetrics, Sum, metric::Data, number_data_point,
    },
    resource::v1::Resource,
    trace::v1::{ResourceSpans, ScopeSpans, Span, Status, span::SpanKind, status::StatusCode},
};
use prost::Message;

use super::{
    phases,
    probed::Probed,
    registry::{error_type, operation, provider},
    series::{Buckets, Family, Kind, Series, Value},
};

/// The version of the semantic conventions by which attributes are named.
const CONVENTIONS: &str = "https://opentelemetry.io/schemas/1.37.0";
/// So many characters of a server's text are passed on; names and ids have fewer.
const MOST_CHARACTERS: usize = 128;

/// Who tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teller {
    /// The program's version.
    pub version: String,
    /// What tells this process from others: the run's id.
    pub instance: String,
    /// The scenario, where nothing of it was real.
    pub simulated: Option<String>,
}

/// The body of a request to `/v1/metrics`: how the families stood at that instant, in seconds since 1970.
pub fn metrics(teller: &Teller, families: &[Family], at_s: f64) -> Vec<u8> {
    let told = families.iter().filter(|family| !family.series.is_empty());
    let scope_metrics = ScopeMetrics {
        scope: Some(teller.scope()),
        metrics: told.map(|family| metric(family, at_s)).collect(),
        schema_url: CONVENTIONS.to_owned(),
    };
    let resource_metrics = ResourceMetrics {
        resource: Some(teller.resource()),
        scope_metrics: vec![scope_metrics],
        schema_url: CONVENTIONS.to_owned(),
    };
    ExportMetricsServiceRequest { resource_metrics: vec![resource_metrics] }.encode_to_vec()
}

/// The body of a request to `/v1/traces`: a span for each call, each a trace of its own.
pub fn spans(teller: &Teller, calls: &[Probed], random: &mut fastrand::Rng) -> Vec<u8> {
    let scope_spans = ScopeSpans {
        scope: Some(teller.scope()),
        spans: calls.iter().map(|call| span(call, random)).collect(),
        schema_url: CONVENTIONS.to_owned(),
    };
    let resource_spans = ResourceSpans {
        resource: Some(teller.resource()),
        scope_spans: vec![scope_spans],
        schema_url: CONVENTIONS.to_owned(),
    };
    ExportTraceServiceRequest { resource_spans: vec![resource_spans] }.encode_to_vec()
}

impl Teller {
    fn resource(&self) -> Resource {
        let about = [
            ("service.name", "gemini-doctor"),
            ("service.version", self.version.as_str()),
            ("service.instance.id", self.instance.as_str()),
        ];
        let simulated =
            self.simulated.iter().map(|name| ("gemini_doctor.simulated", name.as_str()));
        let all = about.into_iter().chain(simulated);
        let attributes = all.map(|(name, value)| text(name, value)).collect();
        Resource { attributes, ..Resource::default() }
    }

    fn scope(&self) -> InstrumentationScope {
        InstrumentationScope {
            name: "gemini-doctor".to_owned(),
            version: self.version.clone(),
            ..InstrumentationScope::default()
        }
    }
}

fn metric(family: &Family, at_s: f64) -> Metric {
    Metric {
        name: family.name.to_owned(),
        description: family.help.to_owned(),
        unit: unit(family.unit).to_owned(),
        data: Some(data(family, nanos(at_s))),
        ..Metric::default()
    }
}

/// The protocol's own spelling of units; annotations stand in braces.
fn unit(unit: Option<&'static str>) -> &'static str {
    match unit {
        None => "",
        Some("seconds") => "s",
        Some("tokens") => "{token}",
        Some("ratio") => "1",
        Some(other) => other,
    }
}

fn data(family: &Family, at: u64) -> Data {
    let since = family.counted_since_s.map_or(0, nanos);
    let numbers = || {
        let each = family.series.iter();
        each.filter_map(|one| number(family.kind, one, since, at)).collect()
    };
    let aggregation_temporality = AggregationTemporality::Cumulative.into();
    match family.kind {
        Kind::Gauge => Data::Gauge(Gauge { data_points: numbers() }),
        Kind::Counter => {
            Data::Sum(Sum { data_points: numbers(), aggregation_temporality, is_monotonic: true })
        }
        Kind::Histogram => {
            let each = family.series.iter();
            let data_points = each.filter_map(|one| buckets(one, since, at)).collect();
            Data::Histogram(Histogram { data_points, aggregation_temporality })
        }
    }
}

fn number(kind: Kind, series: &Series, since: u64, at: u64) -> Option<NumberDataPoint> {
    let Value::Number(value) = series.value else { return None };
    Some(NumberDataPoint {
        attributes: attributes(series),
        start_time_unix_nano: since,
        time_unix_nano: at,
        value: Some(match kind {
            Kind::Counter => number_data_point::Value::AsInt(value as i64),
            Kind::Gauge | Kind::Histogram => number_data_point::Value::AsDouble(value),
        }),
        ..NumberDataPoint::default()
    })
}

fn buckets(series: &Series, since: u64, at: u64) -> Option<HistogramDataPoint> {
    let Value::Buckets(Buckets { bounds, counts, sum }) = &series.value else { return None };
    Some(HistogramDataPoint {
        attributes: attributes(series),
        start_time_unix_nano: since,
        time_unix_nano: at,
        count: counts.iter().sum(),
        sum: Some(*sum),
        bucket_counts: counts.clone(),
        explicit_bounds: bounds.to_vec(),
        ..HistogramDataPoint::default()
    })
}

fn attributes(series: &Series) -> Vec<KeyValue> {
    series.labels.iter().map(|(name, value)| attribute(name, value)).collect()
}

/// The one label of the conventions that is a number stays one.
fn attribute(name: &str, value: &str) -> KeyValue {
    match value.parse() {
        Ok(port) if name == "server.port" => whole(name, port),
        _ => text(name, value),
    }
}

/// A call. Where it is none of the operations that the conventions name, it bears the method's own name.
fn span(call: &Probed, random: &mut fastrand::Rng) -> Span {
    let name = operation(call.method).unwrap_or_else(|| call.method.name());
    let error = error_type(call);
    let code = if error.is_some() { StatusCode::Error } else { StatusCode::Unset };
    let start = nanos(call.at_s);
    Span {
        trace_id: random.u128(1..).to_be_bytes().to_vec(),
        span_id: random.u64(1..).to_be_bytes().to_vec(),
        name: format!("{name} {}", call.model),
        kind: SpanKind::Client.into(),
        start_time_unix_nano: start,
        end_time_unix_nano: start + nanos(call.took_ms.unwrap_or(0.0) / 1000.0),
        attributes: told_of(call, error.as_deref()),
        status: Some(Status { message: String::new(), code: code.into() }),
        ..Span::default()
    }
}

fn told_of(call: &Probed, error: Option<&str>) -> Vec<KeyValue> {
    let [served_by, response_id] =
        [&call.served_by, &call.response_id].map(|text| text.as_deref().map(bounded));
    let texts = [
        ("gen_ai.operation.name", operation(call.method)),
        ("gen_ai.provider.name", Some(provider(call.api))),
        ("gen_ai.request.model", Some(&*call.model)),
        ("gen_ai.response.model", served_by.as_deref()),
        ("gen_ai.response.id", response_id.as_deref()),
        ("server.address", Some(&*call.host)),
        ("error.type", error),
        ("gemini_doctor.outcome", Some(call.outcome.word())),
    ];
    let numbers = [
        ("gen_ai.usage.input_tokens", call.input_tokens),
        ("gen_ai.usage.output_tokens", call.output_tokens),
        ("server.port", Some(u64::from(call.port))),
        ("http.response.status_code", call.status.map(u64::from)),
    ];
    let texts = texts.into_iter().filter_map(|(name, value)| Some(text(name, value?)));
    let numbers = numbers
        .into_iter()
        .filter_map(|(name, value)| Some(whole(name, i64::try_from(value?).unwrap_or(i64::MAX))));
    let phases = phases::named(&call.phases).map(|(phase, ms)| {
        let name = format!("gemini_doctor.phase.{phase}_seconds");
        pair(&name, any_value::Value::DoubleValue(ms / 1000.0))
    });
    texts.chain(numbers).chain(phases).collect()
}

/// A server's text, cut, and without what is no character to show.
fn bounded(text: &str) -> String {
    text.chars().filter(|one| !one.is_control()).take(MOST_CHARACTERS).collect()
}

fn text(name: &str, value: &str) -> KeyValue {
    pair(name, any_value::Value::StringValue(value.to_owned()))
}

fn whole(name: &str, value: i64) -> KeyValue {
    pair(name, any_value::Value::IntValue(value))
}

fn pair(name: &str, value: any_value::Value) -> KeyValue {
    let value = Some(AnyValue { value: Some(value) });
    KeyValue { key: name.to_owned(), value, ..KeyValue::default() }
}

/// What lies before 1970 stands at its beginning.
fn nanos(seconds: f64) -> u64 {
    (seconds * 1e9).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        export::probed::Outcome,
        facts::{Method, Phases},
    };

    fn teller() -> Teller {
        let simulated = Some("alias-404".to_owned());
        Teller { version: "1.2.3".to_owned(), instance: "r-1".to_owned(), simulated }
    }

    fn call() -> Probed {
        Probed {
            at_s: 1_000.5,
            method: Method::Generate,
            model: "gemini-3.5-flash".to_owned(),
            host: "example.test".to_owned(),
            port: 443,
            api: "gemini",
            outcome: Outcome::Missing,
            status: Some(404),
            failure: None,
            took_ms: Some(250.0),
            phases: Phases { tls_ms: Some(40.0), ..Phases::default() },
            dialled: vec![],
            input_tokens: Some(3),
            output_tokens: None,
            served_by: None,
            response_id: None,
        }
    }

    fn value<'a>(attributes: &'a [KeyValue], name: &str) -> Option<&'a any_value::Value> {
        let found = attributes.iter().find(|one| one.key == name)?;
        found.value.as_ref()?.value.as_ref()
    }

    #[test]
    fn a_counter_grows_since_an_instant_and_a_gauge_has_none() {
        let counter = Family {
            kind: Kind::Counter,
            counted_since_s: Some(1_000.0),
            ..Family::gauge("used_tokens", Some("tokens"), "Tokens.")
        };
        let families = [
            counter.with([Series::number(&[("model", "m")], 12.0)]),
            Family::gauge("share_ratio", Some("ratio"), "A share.")
                .with([Series::number(&[], 0.5)]),
            Family::gauge("nothing", None, "Nothing."),
        ];
        let bytes = metrics(&teller(), &families, 1_060.0);
        let read = ExportMetricsServiceRequest::decode(&*bytes).unwrap();
        let resource = read.resource_metrics[0].resource.as_ref().unwrap();
        let of = |name| value(&resource.attributes, name);
        let says = |text: &str| Some(any_value::Value::StringValue(text.to_owned()));
        assert_eq!(of("service.name").cloned(), says("gemini-doctor"));
        assert_eq!(of("gemini_doctor.simulated").cloned(), says("alias-404"));
        let told = &read.resource_metrics[0].scope_metrics[0].metrics;
        assert_eq!(told.len(), 2);
        let Some(Data::Sum(sum)) = &told[0].data else { panic!("{:?}", told[0]) };
        assert_eq!((told[0].unit.as_str(), sum.is_monotonic), ("{token}", true));
        let point = &sum.data_points[0];
        assert_eq!(point.start_time_unix_nano, 1_000_000_000_000);
        assert_eq!(point.time_unix_nano, 1_060_000_000_000);
        assert_eq!(point.value, Some(number_data_point::Value::AsInt(12)));
        let Some(Data::Gauge(gauge)) = &told[1].data else { panic!("{:?}", told[1]) };
        assert_eq!(gauge.data_points[0].start_time_unix_nano, 0);
        assert_eq!(gauge.data_points[0].value, Some(number_data_point::Value::AsDouble(0.5)));
    }

    #[test]
    fn a_histogram_keeps_its_buckets_as_they_are() {
        let mut seen = Buckets::new(&[1.0, 2.0]);
        [0.5, 1.5, 9.0].into_iter().for_each(|value| seen.add(value));
        let family = Family::histogram("gen_ai.client.operation.duration", "s", 1.0, "Time.")
            .with([Series::buckets(&[("server.port", "443")], &seen)]);
        let bytes = metrics(&teller(), &[family], 2.0);
        let read = ExportMetricsServiceRequest::decode(&*bytes).unwrap();
        let metric = &read.resource_metrics[0].scope_metrics[0].metrics[0];
        let Some(Data::Histogram(histogram)) = &metric.data else { panic!("{metric:?}") };
        let point = &histogram.data_points[0];
        assert_eq!((point.count, point.sum, metric.unit.as_str()), (3, Some(11.0), "s"));
        assert_eq!(point.bucket_counts, [1, 1, 1]);
        assert_eq!(point.explicit_bounds, [1.0, 2.0]);
        let port = value(&point.attributes, "server.port");
        assert_eq!(port, Some(&any_value::Value::IntValue(443)));
    }

    #[test]
    fn a_call_is_a_span_by_the_conventions() {
        let bytes = spans(&teller(), &[call(), call()], &mut fastrand::Rng::with_seed(7));
        let read = ExportTraceServiceRequest::decode(&*bytes).unwrap();
        let spans = &read.resource_spans[0].scope_spans[0].spans;
        assert_ne!(spans[0].trace_id, spans[1].trace_id);
        let span = &spans[0];
        assert_eq!((span.trace_id.len(), span.span_id.len()), (16, 8));
        assert_eq!(span.name, "generate_content gemini-3.5-flash");
        assert_eq!(span.end_time_unix_nano - span.start_time_unix_nano, 250_000_000);
        let of = |name| value(&span.attributes, name);
        let says = |name, expected: &str| {
            assert_eq!(of(name), Some(&any_value::Value::StringValue(expected.to_owned())));
        };
        says("gen_ai.operation.name", "generate_content");
        says("gen_ai.provider.name", "gcp.gemini");
        says("gen_ai.request.model", "gemini-3.5-flash");
        says("error.type", "404");
        assert_eq!(of("gen_ai.usage.input_tokens"), Some(&any_value::Value::IntValue(3)));
        assert_eq!(of("gen_ai.usage.output_tokens"), None);
        assert_eq!(
            of("gemini_doctor.phase.tls_seconds"),
            Some(&any_value::Value::DoubleValue(0.04))
        );
        assert_eq!(span.status.as_ref().unwrap().code, i32::from(StatusCode::Error));
    }

    #[test]
    fn a_text_of_a_server_is_cut_and_has_nothing_to_hide_in() {
        let long = format!("gemini\u{1b}[31m\n{}", "é".repeat(100_000));
        let asked = Probed { served_by: Some(long.clone()), response_id: Some(long), ..call() };
        let told = told_of(&asked, None);
        for name in ["gen_ai.response.model", "gen_ai.response.id"] {
            let Some(any_value::Value::StringValue(text)) = value(&told, name) else {
                panic!("{name} is no text");
            };
            assert_eq!(text.chars().count(), MOST_CHARACTERS, "{name}");
            assert!(text.starts_with("gemini[31mé"), "{name}: {text}");
        }
    }

    #[test]
    fn an_answered_call_has_no_error() {
        let good = Probed { outcome: Outcome::Answered, status: Some(200), ..call() };
        let bytes = spans(&teller(), &[good], &mut fastrand::Rng::with_seed(7));
        let read = ExportTraceServiceRequest::decode(&*bytes).unwrap();
        let span = &read.resource_spans[0].scope_spans[0].spans[0];
        assert_eq!(value(&span.attributes, "error.type"), None);
        assert_eq!(span.status.as_ref().unwrap().code, i32::from(StatusCode::Unset));
    }
}
