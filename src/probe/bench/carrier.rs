//! What carries calls: a connection of one protocol, alone or shared, behind one face. Opens, sends and
//! tells; must not time and must not decide.

use crate::{
    facts::{Failure, Protocol},
    gemini::{Call, grpc},
    net::{self, ConnectionFacts, How, Target, tap::TheirEnd},
    transport::{
        Connection, Exchange, GrpcConnection, GrpcRequest, GrpcShared, Limits, Request, Shared,
    },
};

#[cfg(feature = "http3")]
use crate::{
    net::quic::{self, EarlyData},
    transport::H3Connection,
};

use super::http2::Http2Told;

/// A call as its protocol has it.
#[derive(Clone)]
pub(super) enum Ask {
    /// Over any version of HTTP.
    Http(Request),
    /// Over gRPC.
    Grpc(GrpcRequest),
}

/// A connection that is ready.
pub(super) enum Carrier {
    /// One call at a time.
    Alone(Connection),
    /// Several at the same time, as HTTP/2 can.
    Shared(Shared),
    /// One call of gRPC at a time.
    Grpc(GrpcConnection),
    /// Several of them.
    GrpcShared(GrpcShared),
    /// One call of HTTP/3 at a time.
    #[cfg(feature = "http3")]
    H3(Box<H3Connection>),
}

impl Carrier {
    /// Opens a connection. What was measured is given back either way.
    pub(super) async fn open(
        protocol: Protocol,
        target: &Target,
        how: &How,
        limits: &Limits,
    ) -> (ConnectionFacts, Result<Self, Failure>) {
        #[cfg(feature = "http3")]
        if protocol == Protocol::H3 {
            return open_http3(target, how, limits).await;
        }
        let dialled = net::connect(target, how).await;
        let opened = match dialled.outcome {
            Err(failure) => Err(failure),
            Ok(stream) if protocol == Protocol::Grpc => {
                GrpcConnection::open(stream, limits).await.map(Self::Grpc)
            }
            Ok(stream) => Connection::open(stream, limits).await.map(Self::Alone),
        };
        (dialled.facts, opened)
    }

    /// Sends a call and reads what comes.
    pub(super) async fn exchange(&mut self, ask: &Ask, limits: &Limits) -> Exchange {
        match (self, ask.clone()) {
            (Self::Alone(carrier), Ask::Http(request)) => carrier.exchange(request, limits).await,
            (Self::Shared(carrier), Ask::Http(request)) => carrier.exchange(request, limits).await,
            (Self::Grpc(carrier), Ask::Grpc(request)) => carrier.exchange(request, limits).await,
            (Self::GrpcShared(carrier), Ask::Grpc(request)) => {
                carrier.exchange(request, limits).await
            }
            #[cfg(feature = "http3")]
            (Self::H3(carrier), Ask::Http(request)) => carrier.exchange(request, limits).await,
            _ => unreachable!("a way asks as its connections carry"),
        }
    }

    /// What it speaks.
    pub(super) fn http(&self) -> &'static str {
        match self {
            Self::Alone(carrier) => carrier.http(),
            // Nothing older can be shared.
            Self::Shared(_) => "HTTP/2",
            Self::Grpc(_) | Self::GrpcShared(_) => "gRPC",
            #[cfg(feature = "http3")]
            Self::H3(carrier) => carrier.http(),
        }
    }

    /// Whether no further call should go this way.
    pub(super) fn is_closed(&self) -> bool {
        match self {
            Self::Alone(carrier) => carrier.is_closed(),
            Self::Shared(carrier) => carrier.is_closed(),
            Self::Grpc(carrier) => carrier.connection().is_closed(),
            Self::GrpcShared(carrier) => carrier.is_closed(),
            #[cfg(feature = "http3")]
            Self::H3(carrier) => carrier.is_closed(),
        }
    }

    /// The calls that it has carried.
    pub(super) fn carried(&self) -> u32 {
        match self {
            Self::Alone(carrier) => carrier.carried(),
            Self::Shared(carrier) => carrier.carried(),
            Self::Grpc(carrier) => carrier.connection().carried(),
            Self::GrpcShared(carrier) => carrier.carried(),
            #[cfg(feature = "http3")]
            Self::H3(carrier) => carrier.carried(),
        }
    }

    /// Those among them that the other side took on, as far as it said.
    pub(super) fn taken(&self) -> u32 {
        match self {
            Self::Alone(carrier) => carrier.taken(),
            Self::Shared(carrier) => carrier.taken(),
            Self::Grpc(carrier) => carrier.connection().taken(),
            Self::GrpcShared(carrier) => carrier.taken(),
            #[cfg(feature = "http3")]
            Self::H3(carrier) => carrier.carried(),
        }
    }

    /// How and when the other side ended it, if it did.
    pub(super) fn their_end(&self) -> Option<TheirEnd> {
        match self {
            Self::Alone(carrier) => carrier.their_end(),
            Self::Shared(carrier) => carrier.their_end(),
            Self::Grpc(carrier) => carrier.connection().their_end(),
            Self::GrpcShared(carrier) => carrier.their_end(),
            #[cfg(feature = "http3")]
            Self::H3(carrier) => carrier.their_end(),
        }
    }

    /// What the other side said about HTTP/2, where that is spoken.
    pub(super) fn told(&self) -> Option<Http2Told> {
        let frames = match self {
            Self::Alone(carrier) => carrier.frames(),
            Self::Shared(carrier) => carrier.frames(),
            Self::Grpc(carrier) => carrier.connection().frames(),
            Self::GrpcShared(carrier) => carrier.frames(),
            #[cfg(feature = "http3")]
            Self::H3(_) => None,
        };
        frames.map(|frames| Http2Told::of(&frames.seen()))
    }

    /// A handle for calls at the same time; none where the protocol cannot carry them.
    pub(super) fn shared(self) -> Option<Self> {
        match self {
            Self::Alone(mut connection) => connection.share().map(Self::Shared),
            Self::Grpc(mut connection) => Some(Self::GrpcShared(connection.share())),
            #[cfg(feature = "http3")]
            Self::H3(_) => None,
            shared => Some(shared),
        }
    }

    /// Whether it is one of several handles on a connection.
    pub(super) fn is_handle(&self) -> bool {
        matches!(self, Self::Shared(_) | Self::GrpcShared(_))
    }

    /// Another handle on the same connection; none where it carries one call at a time.
    pub(super) fn handle(&self) -> Option<Self> {
        match self {
            Self::Shared(shared) => Some(Self::Shared(shared.clone())),
            Self::GrpcShared(shared) => Some(Self::GrpcShared(shared.clone())),
            Self::Alone(_) | Self::Grpc(_) => None,
            #[cfg(feature = "http3")]
            Self::H3(_) => None,
        }
    }
}

/// A request waits for the handshake, so that nobody who records it can send it again.
#[cfg(feature = "http3")]
async fn open_http3(
    target: &Target,
    how: &How,
    limits: &Limits,
) -> (ConnectionFacts, Result<Carrier, Failure>) {
    let dialled = quic::connect(target, how, EarlyData::Never).await;
    let opened = match dialled.outcome {
        Ok(quic) => H3Connection::open(quic, limits).await,
        Err(failure) => Err(failure),
    };
    (dialled.facts, opened.map(|connection| Carrier::H3(Box::new(connection))))
}

impl Ask {
    /// What came as HTTP would have brought it. Takes time, so that it is done when the clock is read.
    pub(super) fn settle(&self, call: &Call, exchange: Exchange) -> Exchange {
        match self {
            Self::Http(_) => exchange,
            Self::Grpc(_) => grpc::as_http(call, exchange),
        }
    }
}
