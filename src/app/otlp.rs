//! Sends numbers and spans to a collector, over the same names, proxies and trust as every call. That something did not
//! arrive is a sentence for a remark and never an end of anything: the next message has all counts again.

use crate::{
    error::UserError,
    settings::{Settings, World, collector},
};

#[cfg(feature = "otlp")]
pub use sending::Collector;

/// A collector, in a build that cannot send to one. There is no value of it.
#[cfg(not(feature = "otlp"))]
#[derive(Debug)]
pub enum Collector {}

/// The collector that was named. Where this build cannot send, only whoever asks for it on the command line is told: the
/// variable is there for all programs.
pub fn of(
    flag: Option<&str>,
    settings: &Settings,
    world: &World,
) -> Result<Option<Collector>, UserError> {
    let named = collector::collector(flag, world)?;
    #[cfg(feature = "otlp")]
    return named.map(|named| sending::reach(&named.value, settings)).transpose();
    #[cfg(not(feature = "otlp"))]
    {
        let _ = settings;
        match (flag, named) {
            (Some(_), Some(_)) => Err(UserError::usage(
                format!("could not use {}: this build cannot send by OTLP", collector::OPTION),
                "build it with: cargo install --features otlp; or have --metrics-listen scraped",
            )),
            _ => Ok(None),
        }
    }
}

#[cfg(feature = "otlp")]
mod sending {
    use std::time::Duration;

    use bytes::Bytes;
    use http::{HeaderValue, Method, header};
    use opentelemetry_proto::tonic::collector::{
        metrics::v1::ExportMetricsServiceResponse, trace::v1::ExportTraceServiceResponse,
    };
    use prost::Message;

    use crate::{
        app::network,
        error::UserError,
        export::{Probed, otlp, otlp::Teller, series::Family},
        facts::Endpoint,
        net::{How, Target},
        settings::{Settings, collector},
        transport::{Answer, Limits, Outcome, Pooled, Request},
    };

    /// A collector that does not answer within this time is not waited for.
    const TIMEOUT: Duration = Duration::from_secs(10);
    /// More than any answer of one holds.
    const ANSWER: usize = 64 * 1024;
    /// Where collectors listen for the protocol's other transport.
    const GRPC_PORT: u16 = 4317;

    /// Somebody who takes messages of OpenTelemetry's protocol over HTTP.
    #[derive(Debug)]
    pub struct Collector {
        endpoint: Endpoint,
        pool: Pooled,
    }

    /// Makes ready to send; opens no connection. What is simulated for the API is not for the collector.
    pub(super) fn reach(endpoint: &Endpoint, settings: &Settings) -> Result<Collector, UserError> {
        let how = network::how(settings, None)?;
        let how = How { proxy: network::proxy_to(&target(endpoint), settings)?, ..how };
        Collector::new(endpoint, &how)
    }

    impl Collector {
        /// Makes ready to send; opens no connection.
        pub fn new(endpoint: &Endpoint, how: &How) -> Result<Self, UserError> {
            let pool = Pooled::new(&target(endpoint), how).map_err(|failure| {
                UserError::usage(
                    format!(
                        "could not use the collector {}: {}",
                        endpoint.base_url(),
                        failure.detail
                    ),
                    format!("for example {} http://localhost:4318", collector::OPTION),
                )
            })?;
            Ok(Self { endpoint: endpoint.clone(), pool })
        }

        /// Where it is.
        pub fn url(&self) -> String {
            self.endpoint.base_url()
        }

        /// Tells how the families stood at that instant, in seconds since 1970. The error is a sentence.
        pub async fn tell(
            &self,
            teller: &Teller,
            families: &[Family],
            at_s: f64,
        ) -> Result<(), String> {
            let answer = self.post("v1/metrics", otlp::metrics(teller, families, at_s)).await?;
            let read = ExportMetricsServiceResponse::decode(&*answer.body).ok();
            let partial = read.and_then(|read| read.partial_success);
            self.all_taken("numbers", partial.map(|one| one.rejected_data_points))
        }

        /// Tells of calls, a span each. The error is a sentence.
        pub async fn tell_calls(
            &self,
            teller: &Teller,
            calls: &[Probed],
            random: &mut fastrand::Rng,
        ) -> Result<(), String> {
            let answer = self.post("v1/traces", otlp::spans(teller, calls, random)).await?;
            let read = ExportTraceServiceResponse::decode(&*answer.body).ok();
            let partial = read.and_then(|read| read.partial_success);
            self.all_taken("spans", partial.map(|one| one.rejected_spans))
        }

        async fn post(&self, path: &str, body: Vec<u8>) -> Result<Answer, String> {
            let protobuf = HeaderValue::from_static("application/x-protobuf");
            let request = Request {
                method: Method::POST,
                path_and_query: self.endpoint.path(path),
                headers: vec![(header::CONTENT_TYPE, protobuf)],
                body: Some(Bytes::from(body)),
                authority: self.endpoint.authority(),
                secure: self.endpoint.secure,
            };
            let limits = Limits { request_timeout: TIMEOUT, max_body: ANSWER, ..Limits::default() };
            match self.pool.exchange(request, &limits).await.outcome {
                Outcome::Answered(answer) if (200..300).contains(&answer.status) => Ok(answer),
                Outcome::Answered(answer) => Err(self.why(&format!("answers {}", answer.status))),
                Outcome::Failed(failure) => Err(self.why(&format!("({})", failure.detail))),
            }
        }

        fn all_taken(&self, what: &str, rejected: Option<i64>) -> Result<(), String> {
            match rejected.unwrap_or(0) {
                0 => Ok(()),
                count => Err(self.why(&format!("did not take {count} of the {what}"))),
            }
        }

        fn why(&self, said: &str) -> String {
            let other = if self.endpoint.port == GRPC_PORT {
                "; that port is usually for gRPC, and HTTP is at 4318"
            } else {
                ""
            };
            let url = self.endpoint.base_url();
            format!("could not hand everything to the collector {url}: it {said}{other}")
        }
    }

    fn target(endpoint: &Endpoint) -> Target {
        Target { host: endpoint.host.clone(), port: endpoint.port, secure: endpoint.secure }
    }

    #[cfg(test)]
    mod tests {
        use tokio::{
            io::{AsyncReadExt, AsyncWriteExt},
            net::TcpListener,
        };

        use super::*;
        use crate::net::tls::{Alpn, Setup, trust::Trust};

        fn collector(url: &str) -> Collector {
            let setup = Setup::new(&Trust::default(), Alpn::H1).expect("embedded roots");
            let how = How::new(setup);
            Collector::new(&Endpoint::parse(url, "").expect("a URL"), &how).expect("ready")
        }

        fn teller() -> Teller {
            Teller { version: "1".to_owned(), instance: "r".to_owned(), simulated: None }
        }

        /// What `tell` says where the collector answers like this, and the request's head.
        async fn told(path: &str, answer: &'static [u8]) -> (Result<(), String>, String) {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let url = format!("http://{}{path}", listener.local_addr().expect("bound"));
            let serve = async {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let mut head = Vec::new();
                while !head.windows(4).any(|four| four == b"\r\n\r\n") {
                    head.push(stream.read_u8().await.expect("a head"));
                }
                stream.write_all(answer).await.expect("written");
                // Until the other side has read the answer.
                let _ = stream.read_to_end(&mut Vec::new()).await;
                String::from_utf8(head).expect("text")
            };
            let collector = collector(&url);
            let tell = async {
                let result = collector.tell(&teller(), &[], 1.0).await;
                drop(collector);
                result
            };
            tokio::join!(tell, serve)
        }

        #[tokio::test]
        async fn a_message_goes_to_the_path_of_its_signal() {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let (result, head) = told("/in", answer).await;
            assert_eq!(result, Ok(()));
            assert!(head.starts_with("POST /in/v1/metrics HTTP/1.1\r\n"), "{head}");
            assert!(head.contains("content-type: application/x-protobuf\r\n"), "{head}");
        }

        #[tokio::test]
        async fn what_was_not_taken_is_a_sentence() {
            let refused = b"HTTP/1.1 503 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let (result, _) = told("", refused).await;
            assert!(result.expect_err("refused").contains("it answers 503"));
            // partial_success { rejected_data_points: 2 }
            let partial = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\n\x0a\x02\x08\x02";
            let (result, _) = told("", partial).await;
            assert!(result.expect_err("partial").contains("it did not take 2 of the numbers"));
        }

        #[tokio::test]
        async fn nobody_there_is_a_sentence_too() {
            let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let url = format!("http://{}", free.local_addr().expect("bound"));
            drop(free);
            let error = collector(&url).tell(&teller(), &[], 1.0).await.expect_err("nobody");
            assert!(error.contains(&url), "{error}");
        }
    }
}
