//! Who is to blame where HTTP/2 was offered and is not spoken: the server, or a box in between. From
//! what a handshake showed alone; it asks nothing.

/// What a handshake showed in which HTTP/2 and HTTP/1.1 were offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice<'a> {
    /// What the other side picked; none where it answered no ALPN.
    pub alpn: Option<&'a str>,
    /// Whether the host is one of the provider's, whose certificates are public.
    pub is_providers: bool,
    /// Whether only this machine trusts the chain.
    pub private_trust: bool,
    /// Whether the issuer makes inspection boxes.
    pub by_inspector: bool,
    /// Who passed an answer on, as its `via` header says.
    pub via: Option<&'a str>,
    /// Whether a proxy was asked for a tunnel.
    pub via_proxy: bool,
    /// Whether the server picks HTTP/2 without that proxy, where that was asked.
    pub directly_http2: Option<bool>,
}

/// Whoever keeps HTTP/2 away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The server itself picks another version.
    Server,
    /// Nobody answered ALPN.
    NoAlpn,
    /// Something on the proxy's way: without the proxy it is HTTP/2.
    ProxyWay,
    /// A box that ends TLS in between, shown by its certificate.
    Inspector,
    /// A gateway that says so itself.
    Gateway,
}

impl Choice<'_> {
    /// Who it is, unless HTTP/2 was picked.
    ///
    /// A forward proxy passes TLS on as it is: without the certificate of somebody else it cannot have
    /// changed the choice.
    pub fn author(&self) -> Option<Author> {
        let ends_tls = self.by_inspector || self.is_providers && self.private_trust;
        Some(match (self.alpn, self.via.is_some_and(is_a_gateway)) {
            (Some("h2"), _) => return None,
            _ if self.directly_http2 == Some(true) => Author::ProxyWay,
            _ if ends_tls => Author::Inspector,
            (_, true) => Author::Gateway,
            (None, _) => Author::NoAlpn,
            (Some(_), _) => Author::Server,
        })
    }

    /// What was picked, by whom, and how that is known, as a part of a sentence.
    pub fn words(&self) -> String {
        let picked = match self.alpn {
            Some("h2") => return "the server picks HTTP/2 where it may choose".to_owned(),
            Some("http/1.1") => "picks HTTP/1.1 though HTTP/2 is offered".to_owned(),
            Some(other) => format!("picks {other:?} though HTTP/2 is offered"),
            None => "answers no ALPN, so that clients speak HTTP/1.1".to_owned(),
        };
        match self.author() {
            Some(Author::Inspector) => {
                format!("a box in between {picked}: it ends TLS here with a certificate of its own")
            }
            Some(Author::Gateway) => format!("a gateway in front of the server {picked}"),
            Some(Author::ProxyWay) => format!(
                "what answers behind the proxy {picked}, while the server itself picks HTTP/2: a \
                 proxy that leaves TLS intact cannot do that, so this one ends it or leads elsewhere"
            ),
            Some(Author::Server | Author::NoAlpn) | None if self.via_proxy => format!(
                "the server itself {picked}: TLS is intact, so that the proxy cannot have changed it"
            ),
            Some(Author::Server | Author::NoAlpn) | None => format!("the server itself {picked}"),
        }
    }
}

/// Google's own front end says `1.1 google`.
fn is_a_gateway(via: &str) -> bool {
    !via.to_ascii_lowercase().contains("google")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Choice<'_> = Choice {
        alpn: Some("http/1.1"),
        is_providers: true,
        private_trust: false,
        by_inspector: false,
        via: None,
        via_proxy: false,
        directly_http2: None,
    };

    #[test]
    fn the_server_is_to_blame_unless_something_else_is_shown() {
        let author = |choice: Choice<'_>| choice.author();
        assert_eq!(author(Choice { alpn: Some("h2"), private_trust: true, ..OLD }), None);
        assert_eq!(author(OLD), Some(Author::Server));
        assert_eq!(author(Choice { alpn: None, ..OLD }), Some(Author::NoAlpn));
        let proxied = Choice { via_proxy: true, directly_http2: Some(false), ..OLD };
        assert_eq!(author(proxied), Some(Author::Server), "TLS was intact");
        assert_eq!(author(Choice { via: Some("1.1 google"), ..OLD }), Some(Author::Server));
    }

    #[test]
    fn a_box_in_between_is_known_by_its_certificate_its_word_or_the_way_round_it() {
        let author = |choice: Choice<'_>| choice.author();
        assert_eq!(author(Choice { private_trust: true, ..OLD }), Some(Author::Inspector));
        let own = Choice { is_providers: false, private_trust: true, ..OLD };
        assert_eq!(author(own), Some(Author::Server), "a private host has a private chain");
        assert_eq!(author(Choice { by_inspector: true, ..own }), Some(Author::Inspector));
        assert_eq!(author(Choice { via: Some("1.1 varnish"), ..OLD }), Some(Author::Gateway));
        let round = Choice { via_proxy: true, directly_http2: Some(true), ..OLD };
        assert_eq!(author(Choice { alpn: None, ..round }), Some(Author::ProxyWay));
    }
}
