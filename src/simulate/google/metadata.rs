//! The metadata server of a machine in the cloud: plain HTTP, for whoever knows its header.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use super::{Google, GrantFault, MACHINE, OF_MACHINE, PROJECT};
use crate::simulate::call::{Call, Link};
use crate::simulate::reply::{Broken, Payload, Reply};
use crate::simulate::serve::World;

const ROOT: &str = "/computeMetadata/v1/";

/// Serves until the runtime ends.
pub(in crate::simulate) async fn serve(listener: TcpListener, world: Arc<World>) {
    let mut number = 0;
    loop {
        // An accept that fails now and then must not end it.
        if let Ok((stream, peer)) = listener.accept().await {
            number += 1;
            tokio::spawn(connection(stream, peer, number, Arc::clone(&world)));
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    number: u64,
    world: Arc<World>,
) -> Result<(), Broken> {
    let local = stream.local_addr()?;
    let link = Link { number, peer, local, listener: 0 };
    let service = service_fn(|request| answer(Arc::clone(&world), link, request));
    let builder = hyper::server::conn::http1::Builder::new();
    builder.serve_connection(TokioIo::new(stream), service).await.map_err(Into::into)
}

async fn answer(
    world: Arc<World>,
    link: Link,
    request: http::Request<Incoming>,
) -> Result<http::Response<Payload>, Broken> {
    let began = Instant::now();
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, 4096).collect().await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_else(|_| Bytes::new());
    let call = Call::new(link, &parts, body);
    let google = world.google.as_ref().expect("only a world with a login opens this");
    let reply = google.metadata(&call);
    let receipt = world.log.answering(&call, reply.status, None, began);
    Ok(reply.into_response(began.elapsed(), Box::new(receipt)))
}

impl Google {
    fn metadata(&self, call: &Call) -> Reply {
        let flavored = call.headers().get("metadata-flavor").is_some_and(|value| value == "Google");
        if call.path == "/" {
            return plain(200, "computeMetadata/\n");
        }
        if !flavored {
            return plain(403, "Missing Metadata-Flavor:Google header.\n");
        }
        let Some(path) = call.path.strip_prefix(ROOT) else { return plain(404, "Not Found\n") };
        if path == "project/project-id" {
            return plain(200, PROJECT);
        }
        if path == "universe/universe-domain" {
            return plain(200, "googleapis.com");
        }
        let Some(rest) = path.strip_prefix("instance/service-accounts/") else {
            return plain(404, "Not Found\n");
        };
        if self.cloud.grant == GrantFault::NoAccount {
            return plain(404, "The requested service account was not found on this instance.\n");
        }
        let own = rest.strip_prefix("default").or_else(|| rest.strip_prefix(MACHINE));
        match own {
            Some("/token") => json_reply(&json!({
                "access_token": OF_MACHINE, "expires_in": 3599, "token_type": "Bearer",
            })),
            Some("/email") => plain(200, MACHINE),
            Some("/scopes") => plain(200, "https://www.googleapis.com/auth/cloud-platform\n"),
            Some("/") => json_reply(&json!({
                "aliases": ["default"], "email": MACHINE,
                "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
            })),
            _ => plain(404, "Not Found\n"),
        }
    }
}

fn json_reply(value: &serde_json::Value) -> Reply {
    told(200, "application/json", value.to_string())
}

fn plain(status: u16, text: &str) -> Reply {
    told(status, "application/text", text.to_owned())
}

fn told(status: u16, kind: &str, text: String) -> Reply {
    let headers = vec![
        ("metadata-flavor", "Google".to_owned()),
        ("content-type", kind.to_owned()),
        ("server", "Metadata Server for VM".to_owned()),
    ];
    Reply::plain(status, headers, Payload::whole(text))
}
