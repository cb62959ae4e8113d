//! What other programs say when a connection fails, as a step and a kind of trouble.
//!
//! A table read from the top: what only the innermost cause says stands first, an SDK's headline
//! last or not at all, so that the cause wins over the headline wherever in the text either stands.
//! It never guesses: a text that holds no row gives no clue.

use crate::facts::{
    Clue,
    Fault::{self, *},
    Stage,
};

/// The clues of the first row that a text holds; empty where it holds none.
pub(super) fn read(text: &str) -> Vec<Clue> {
    let text = Text::of(text);
    if text.is_of_a_gateways_log() {
        return Vec::new();
    }
    let Some((_, stage, fault)) = ROWS.iter().find(|(phrases, ..)| text.holds_all(phrases)) else {
        return Vec::new();
    };
    if text.is_about_the_proxy(*stage) {
        return vec![Clue::At(Stage::Proxy), Clue::Fault(*fault), Clue::ViaProxy];
    }
    vec![Clue::At(*stage), Clue::Fault(*fault)]
}

/// A word shorter than this may be a part of another.
const SHORT: usize = 12;

/// A text in lower case, with its white space and without: terminals break lines in the middle of
/// words.
struct Text {
    lower: String,
    squeezed: String,
}

impl Text {
    fn of(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        Self { squeezed: squeezed(&lower), lower }
    }

    fn holds_all(&self, phrases: &[&str]) -> bool {
        phrases.iter().all(|phrase| self.holds(phrase))
    }

    /// A phrase that begins with a blank begins a word, and so does a short word: `epipe` is no part of
    /// a pipeline.
    fn holds(&self, phrase: &str) -> bool {
        match phrase {
            _ if phrase.starts_with(' ') => self.lower.contains(phrase),
            _ if phrase.len() < SHORT && !phrase.contains(' ') => self.holds_word(phrase),
            _ => self.squeezed.contains(&squeezed(phrase)),
        }
    }

    fn holds_word(&self, word: &str) -> bool {
        self.lower.match_indices(word).any(|(at, _)| {
            !self.lower[..at].ends_with(|before: char| before.is_ascii_alphanumeric())
        })
    }

    /// A reverse proxy writes of the server behind it what a client writes of the one before it.
    fn is_of_a_gateways_log(&self) -> bool {
        GATEWAY_WORDS.iter().any(|word| self.holds(word))
    }

    /// Reaching a proxy fails with the words of reaching any host; only the words around them tell.
    fn is_about_the_proxy(&self, stage: Stage) -> bool {
        matches!(stage, Stage::Dns | Stage::Tcp | Stage::Head)
            && PROXY_WORDS.iter().any(|word| self.holds(word))
    }
}

/// Without white space, and without the sides of the boxes that terminals draw.
fn squeezed(text: &str) -> String {
    let is_kept = |letter: &char| !letter.is_whitespace() && !['│', '┃', '║'].contains(letter);
    text.chars().filter(is_kept).collect()
}

const GATEWAY_WORDS: &[&str] = &[
    "upstream timed out",
    "upstream prematurely closed",
    "response header from upstream",
    "while connecting to upstream",
    "while reading upstream",
    "while sending request to upstream",
    "no live upstreams",
    "upstream connect error",
];

const PROXY_WORDS: &[&str] = &[
    "connect to proxy",
    "proxyconnect tcp",
    "proxyerror",
    "resolve proxy",
    "proxy connection failed",
    "err_proxy_connection_failed",
    "proxy client error",
    "connecting to proxy",
    "proxyconnectionerror",
];

/// Lower-case phrases that must all be there, the step they name, the kind of trouble.
type Row = (&'static [&'static str], Stage, Fault);

const ROWS: &[Row] = &[
    // The proxy's own answers. A 403 or 407 in them is the proxy's, never the API's.
    (&["proxy-authenticate: basic"], Stage::Proxy, ProxyWantsLogin),
    (&["proxy-authenticate: ntlm"], Stage::Proxy, ProxyWantsOtherLogin),
    (&["proxy-authenticate: negotiate"], Stage::Proxy, ProxyWantsOtherLogin),
    (&["proxy-authenticate: digest"], Stage::Proxy, ProxyWantsOtherLogin),
    (&["proxy-authenticate: kerberos"], Stage::Proxy, ProxyWantsOtherLogin),
    (&["tunnel connection failed: 407"], Stage::Proxy, ProxyWantsLogin),
    (&["connect tunnel failed, response 407"], Stage::Proxy, ProxyWantsLogin),
    (&["http code 407 from proxy"], Stage::Proxy, ProxyWantsLogin),
    (&["proxy response (407)"], Stage::Proxy, ProxyWantsLogin),
    (&["proxy authentication required"], Stage::Proxy, ProxyWantsLogin),
    (&["proxy authorization required"], Stage::Proxy, ProxyWantsLogin),
    (&["tunnel connection failed: "], Stage::Proxy, ProxyRefused),
    (&["connect tunnel failed, response"], Stage::Proxy, ProxyRefused),
    (&["from proxy after connect"], Stage::Proxy, ProxyRefused),
    (&["!== 200 when http tunneling"], Stage::Proxy, ProxyRefused),
    (&["unable to tunnel through proxy"], Stage::Proxy, ProxyRefused),
    (&["err_tunnel_connection_failed"], Stage::Proxy, ProxyRefused),
    (&["tunnel error: unsuccessful"], Stage::Proxy, ProxyRefused),
    (
        &["tunneling socket could not be established", "statuscode=407"],
        Stage::Proxy,
        ProxyWantsLogin,
    ),
    (&["tunneling socket could not be established", "statuscode="], Stage::Proxy, ProxyRefused),
    (&["tunneling socket could not be established", "refused"], Stage::Proxy, Refused),
    (&["proxy tunnel request", "status code '407'"], Stage::Proxy, ProxyWantsLogin),
    (&["proxy tunnel request", "failed with status code"], Stage::Proxy, ProxyRefused),
    (&["proxyerror: 407"], Stage::Proxy, ProxyWantsLogin),
    (&["proxyerror: 403"], Stage::Proxy, ProxyRefused),
    (&["proxyerror: 50"], Stage::Proxy, ProxyRefused),
    (&["proxy connect aborted"], Stage::Proxy, Closed),
    (&["unknown scheme for proxy url"], Stage::Proxy, ProxyScheme),
    (&["proxy: unknown scheme"], Stage::Proxy, ProxyScheme),
    (&["unknown proxy scheme"], Stage::Proxy, ProxyScheme),
    (&["invalid proxy scheme"], Stage::Proxy, ProxyScheme),
    (&["unsupported proxy"], Stage::Proxy, ProxyScheme),
    (&["proxy", "unsupported scheme"], Stage::Proxy, ProxyScheme),
    (&["'socksio' package is not installed"], Stage::Proxy, ProxyScheme),
    (&["missing dependencies for socks"], Stage::Proxy, ProxyScheme),
    (&["unable to determine socks version"], Stage::Proxy, ProxyScheme),
    (&["proxy url had no scheme"], Stage::Proxy, ProxyScheme),
    (&["not supported proxy scheme"], Stage::Proxy, ProxyScheme),
    (&["socks proxies are not supported"], Stage::Proxy, ProxyScheme),
    (&["err_no_supported_proxies"], Stage::Proxy, ProxyScheme),
    // Certificates. The generic "verify failed" stands after every reason for it.
    (&["not yet valid", "is before"], Stage::Tls, CertNotYetValid),
    (&["cert_not_yet_valid"], Stage::Tls, CertNotYetValid),
    (&["certificate is not yet valid"], Stage::Tls, CertNotYetValid),
    (&["notvalidyet"], Stage::Tls, CertNotYetValid),
    (&["certificatenotyetvalidexception"], Stage::Tls, CertNotYetValid),
    (&["cert_has_expired"], Stage::Tls, CertExpired),
    (&["certificate has expired"], Stage::Tls, CertExpired),
    (&["certificate expired"], Stage::Tls, CertExpired),
    (&["invalid peer certificate: expired"], Stage::Tls, CertExpired),
    (&["sec_e_cert_expired"], Stage::Tls, CertExpired),
    (&["certificate relies on legacy common name field"], Stage::Tls, CertCnOnly),
    (&["no appropriate subjectaltname"], Stage::Tls, CertCnOnly),
    (&["no appropriate commonname or subjectaltname"], Stage::Tls, CertCnOnly),
    (&["cert does not contain a dns name"], Stage::Tls, CertCnOnly),
    (&["err_tls_cert_altname_invalid"], Stage::Tls, CertWrongName),
    (&["does not match certificate's altnames"], Stage::Tls, CertWrongName),
    (&["doesn't match certificate's altnames"], Stage::Tls, CertWrongName),
    (&["certificate subject name", "does not match target host"], Stage::Tls, CertWrongName),
    (&["certificateerror: hostname '", "doesn't match"], Stage::Tls, CertWrongName),
    (&["sslpeerunverifiedexception: hostname ", " not verified"], Stage::Tls, CertWrongName),
    (&["ssl_error_bad_cert_domain"], Stage::Tls, CertWrongName),
    (&["verify error:num=62"], Stage::Tls, CertWrongName),
    (&["hostname mismatch"], Stage::Tls, CertWrongName),
    (&["certificate is valid for "], Stage::Tls, CertWrongName),
    (&["notvalidforname"], Stage::Tls, CertWrongName),
    (&["no alternative certificate subject name"], Stage::Tls, CertWrongName),
    (&["no subject alternative", "name matching"], Stage::Tls, CertWrongName),
    (&["remotecertificatenamemismatch"], Stage::Tls, CertWrongName),
    (&["sec_e_wrong_principal"], Stage::Tls, CertWrongName),
    (&["err_cert_common_name_invalid"], Stage::Tls, CertWrongName),
    (&["self_signed_cert_in_chain"], Stage::Tls, CertSelfSigned),
    (&["self-signed certificate in"], Stage::Tls, CertSelfSigned),
    (&["self signed certificate in"], Stage::Tls, CertSelfSigned),
    (&["verify error:num=19"], Stage::Tls, CertSelfSigned),
    (&["depth_zero_self_signed_cert"], Stage::Tls, CertSelfSignedLeaf),
    (&["pkix_error_self_signed_cert"], Stage::Tls, CertSelfSignedLeaf),
    (&["self-signed certificate"], Stage::Tls, CertSelfSignedLeaf),
    (&["self signed certificate"], Stage::Tls, CertSelfSignedLeaf),
    (&["verify error:num=18"], Stage::Tls, CertSelfSignedLeaf),
    (&["verify candidate authority certificate"], Stage::Tls, CertRecreatedCa),
    (&["certificate signature failure"], Stage::Tls, CertRecreatedCa),
    (&["cert_signature_failure"], Stage::Tls, CertRecreatedCa),
    (&["verify error:num=7:"], Stage::Tls, CertRecreatedCa),
    (&["invalid peer certificate: badsignature"], Stage::Tls, CertRecreatedCa),
    (&["causedasendentity"], Stage::Tls, CertCaAsLeaf),
    (&["ca_cert_used_as_end_entity"], Stage::Tls, CertCaAsLeaf),
    (&["certificate key too weak"], Stage::Tls, CertWeakKey),
    (&["constraints check failed on keysize limits"], Stage::Tls, CertWeakKey),
    (&["verify error:num=66:"], Stage::Tls, CertWeakKey),
    (&["signature digest algorithm too weak"], Stage::Tls, CertWeakSignature),
    (&["ca md too weak"], Stage::Tls, CertWeakSignature),
    (&["ca_md_too_weak"], Stage::Tls, CertWeakSignature),
    (&["signature: insecure algorithm"], Stage::Tls, CertWeakSignature),
    (&["constraints check failed on signature algorithm"], Stage::Tls, CertWeakSignature),
    (&["constraints check failed on disabled algorithm"], Stage::Tls, CertWeakSignature),
    (&["err_cert_weak_signature_algorithm"], Stage::Tls, CertWeakSignature),
    (&["unsuitable certificate purpose"], Stage::Tls, CertWrongUsage),
    (&["unsupported certificate purpose"], Stage::Tls, CertWrongUsage),
    (&["invalid_purpose"], Stage::Tls, CertWrongUsage),
    (&["certificate specifies an incompatible key usage"], Stage::Tls, CertWrongUsage),
    (&["not authorized to sign other certificates"], Stage::Tls, CertWrongUsage),
    (&["extended key usage does not permit"], Stage::Tls, CertWrongUsage),
    (&["does not allow extended key usage"], Stage::Tls, CertWrongUsage),
    (&["invalid peer certificate: invalidpurpose"], Stage::Tls, CertWrongUsage),
    (&["invalid ca certificate"], Stage::Tls, CertWrongUsage),
    (&["path length constraint exceeded"], Stage::Tls, CertWrongUsage),
    (&["endentityusedasca"], Stage::Tls, CertWrongUsage),
    (&["unhandled critical extension"], Stage::Tls, CertUnreadable),
    (&["x509: malformed certificate"], Stage::Tls, CertUnreadable),
    (&["failed to parse certificate from server"], Stage::Tls, CertUnreadable),
    (&["invalid peer certificate: badencoding"], Stage::Tls, CertUnreadable),
    (&["certificate verify failed: certificate revoked"], Stage::Tls, CertRevoked),
    (&["certificate problem: certificate revoked"], Stage::Tls, CertRevoked),
    (&["invalid peer certificate: revoked"], Stage::Tls, CertRevoked),
    (&["cert_revoked"], Stage::Tls, CertRevoked),
    (&["crypt_e_revoked"], Stage::Tls, CertRevoked),
    (&["certificate has been revoked"], Stage::Tls, CertRevoked),
    (&["verify error:num=23:"], Stage::Tls, CertRevoked),
    (&["unable_to_get_issuer_cert"], Stage::Tls, CertUnknownIssuer),
    (&["unable to get local issuer"], Stage::Tls, CertUnknownIssuer),
    (&["unable to get issuer certificate"], Stage::Tls, CertUnknownIssuer),
    (&["unable_to_verify_leaf_signature"], Stage::Tls, CertUnknownIssuer),
    (&["unable to verify the first certificate"], Stage::Tls, CertUnknownIssuer),
    (&["unknownissuer"], Stage::Tls, CertUnknownIssuer),
    (&["signed by unknown authority"], Stage::Tls, CertUnknownIssuer),
    (&["unable to find valid certification path"], Stage::Tls, CertUnknownIssuer),
    (&["pkix path building failed"], Stage::Tls, CertUnknownIssuer),
    (&["sec_e_untrusted_root"], Stage::Tls, CertUnknownIssuer),
    (&["issued by an authority that is not trusted"], Stage::Tls, CertUnknownIssuer),
    (&["verify error:num=20"], Stage::Tls, CertUnknownIssuer),
    (&["verify error:num=21"], Stage::Tls, CertUnknownIssuer),
    (&["err_cert_authority_invalid"], Stage::Tls, CertUnknownIssuer),
    (&["error setting certificate verify locations"], Stage::Tls, CertUnknownIssuer),
    (&["error setting certificate file"], Stage::Tls, CertUnknownIssuer),
    (&["remotecertificatechainerrors"], Stage::Tls, CertUnknownIssuer),
    (&["certificate is not trusted"], Stage::Tls, CertUnknownIssuer),
    (&["certificate_verify_failed"], Stage::Tls, CertInvalid),
    (&["certificate verify failed"], Stage::Tls, CertInvalid),
    (&["invalid peer certificate"], Stage::Tls, CertInvalid),
    (&["the remote certificate is invalid"], Stage::Tls, CertInvalid),
    (&["curl: (60)"], Stage::Tls, CertInvalid),
    // The handshake.
    (&["bad record mac"], Stage::Tls, TlsCorrupted),
    (&["bad_record_mac"], Stage::Tls, TlsCorrupted),
    (&["illegal parameter"], Stage::Tls, TlsCorrupted),
    (&["illegal_parameter"], Stage::Tls, TlsCorrupted),
    (&["ssl alert number 20"], Stage::Tls, TlsCorrupted),
    (&["ssl alert number 47"], Stage::Tls, TlsCorrupted),
    (&["alert decrypt error"], Stage::Tls, TlsCorrupted),
    (&["cannot decrypt peer's message"], Stage::Tls, TlsCorrupted),
    (&["wrong version number"], Stage::Tls, NotTls),
    (&["wrong_version_number"], Stage::Tls, NotTls),
    (&["first record does not look like a tls handshake"], Stage::Tls, NotTls),
    (&["http response to https client"], Stage::Tls, NotTls),
    (&["packet length too long"], Stage::Tls, NotTls),
    (&["packet_length_too_long"], Stage::Tls, NotTls),
    (&["oversized record received"], Stage::Tls, NotTls),
    (&["ssl_error_rx_record_too_long"], Stage::Tls, NotTls),
    (&["invalidcontenttype"], Stage::Tls, NotTls),
    (&["unsupported or unrecognized ssl message"], Stage::Tls, NotTls),
    (&["unrecognized ssl message, plaintext"], Stage::Tls, NotTls),
    (&["err_ssl_protocol_error"], Stage::Tls, NotTls),
    // What is not shared, in the words of whoever noticed. An alert that only refuses stands behind them.
    (&["server selected unsupported protocol version"], Stage::Tls, TlsTooOld),
    (&["is not accepted by client preferences"], Stage::Tls, TlsTooOld),
    (&["no appropriate protocol (protocol is disabled"], Stage::Tls, TlsTooOld),
    (&["serverdoesnotsupporttls12or13"], Stage::Tls, TlsTooOld),
    (&["routines", "unsupported protocol"], Stage::Tls, TlsTooOld),
    (&["[ssl: unsupported_protocol]"], Stage::Tls, TlsTooOld),
    (&["err_ssl_unsupported_protocol"], Stage::Tls, TlsTooOld),
    (&["no protocols available"], Stage::Tls, TlsTooOld),
    (&["no_protocols_available"], Stage::Tls, TlsTooOld),
    (&["ssl_error_unsupported_version"], Stage::Tls, TlsTooOld),
    (&["err_ssl_obsolete_version"], Stage::Tls, TlsTooOld),
    (&["dh key too small"], Stage::Tls, TlsNoCipher),
    (&["dh_key_too_small"], Stage::Tls, TlsNoCipher),
    (&["dh serverkeyexchange does not comply"], Stage::Tls, TlsNoCipher),
    (&["no shared cipher"], Stage::Tls, TlsNoCipher),
    (&["no_shared_cipher"], Stage::Tls, TlsNoCipher),
    (&["no ciphers available"], Stage::Tls, TlsNoCipher),
    (&["no_ciphers_available"], Stage::Tls, TlsNoCipher),
    (&["no cipher suites in common"], Stage::Tls, TlsNoCipher),
    (&["no cipher suite supported by both"], Stage::Tls, TlsNoCipher),
    (&["ssl_error_no_cypher_overlap"], Stage::Tls, TlsNoCipher),
    (&["no suitable key share"], Stage::Tls, TlsNoGroup),
    (&["no_suitable_key_share"], Stage::Tls, TlsNoGroup),
    (&["no suitable groups"], Stage::Tls, TlsNoGroup),
    (&["no_suitable_groups"], Stage::Tls, TlsNoGroup),
    (&["no ecdhe curve supported by both"], Stage::Tls, TlsNoGroup),
    (&["no key exchanges supported by both"], Stage::Tls, TlsNoGroup),
    (&["server selected unsupported group"], Stage::Tls, TlsNoGroup),
    (&["server selected unsupported curve"], Stage::Tls, TlsNoGroup),
    (&["nokxgroupsincommon"], Stage::Tls, TlsNoGroup),
    (&["no application protocol"], Stage::Tls, TlsNoAlpn),
    (&["no_application_protocol"], Stage::Tls, TlsNoAlpn),
    (&["requested unsupported application protocols"], Stage::Tls, TlsNoAlpn),
    (&["alert certificate required"], Stage::Tls, TlsWantsCertificate),
    (&["alert_certificate_required"], Stage::Tls, TlsWantsCertificate),
    (&["tls: certificate required"], Stage::Tls, TlsWantsCertificate),
    (&["fatal alert: certificaterequired"], Stage::Tls, TlsWantsCertificate),
    (&["fatal alert: certificate_required"], Stage::Tls, TlsWantsCertificate),
    (&["no required ssl certificate was sent"], Stage::Tls, TlsWantsCertificate),
    (&["err_bad_ssl_client_auth_cert"], Stage::Tls, TlsWantsCertificate),
    (&["ssl_error_rx_certificate_required_alert"], Stage::Tls, TlsWantsCertificate),
    (&["tlsv1 unrecognized name"], Stage::Tls, TlsNameRefused),
    (&["tlsv1_unrecognized_name"], Stage::Tls, TlsNameRefused),
    (&["alert unrecognized name"], Stage::Tls, TlsNameRefused),
    (&["alert_unrecognized_name"], Stage::Tls, TlsNameRefused),
    (&["alert: unrecognized_name"], Stage::Tls, TlsNameRefused),
    (&["tls: unrecognized name"], Stage::Tls, TlsNameRefused),
    (&["unrecognisedname"], Stage::Tls, TlsNameRefused),
    (&["ssl_error_unrecognized_name_alert"], Stage::Tls, TlsNameRefused),
    (&["handshake failure"], Stage::Tls, TlsRefused),
    (&["handshake_failure"], Stage::Tls, TlsRefused),
    (&["alert protocol version"], Stage::Tls, TlsRefused),
    (&["alert_protocol_version"], Stage::Tls, TlsRefused),
    (&["fatal alert: protocolversion"], Stage::Tls, TlsRefused),
    (&["fatal alert: protocol_version"], Stage::Tls, TlsRefused),
    (&["protocol version not supported"], Stage::Tls, TlsRefused),
    (&["err_ssl_version_or_cipher_mismatch"], Stage::Tls, TlsRefused),
    (&["unsupported protocol", "ssl"], Stage::Tls, TlsRefused),
    (&["tls handshake timeout"], Stage::Tls, TimedOut),
    (&["handshake operation timed out"], Stage::Tls, TimedOut),
    (&["ssl connection timeout"], Stage::Tls, TimedOut),
    (&["ssl handshake timed out"], Stage::Tls, TimedOut),
    (&["timed out during opening handshake"], Stage::Head, TimedOut),
    (&["handshake timed out"], Stage::Tls, TimedOut),
    (&["unexpected_eof_while_reading"], Stage::Tls, Closed),
    (&["eof occurred in violation of protocol"], Stage::Tls, Closed),
    (&["ssleoferror"], Stage::Tls, Closed),
    (&["tls handshake eof"], Stage::Tls, Closed),
    (&["eof during handshake"], Stage::Tls, Closed),
    (&["ssl peer shut down incorrectly"], Stage::Tls, Closed),
    (&["connection has been closed (eof)"], Stage::Tls, Closed),
    (&["received an unexpected eof"], Stage::Tls, Closed),
    (&["unexpected eof while reading"], Stage::Tls, Closed),
    (&["before secure tls connection was established"], Stage::Tls, Closed),
    (&["terminated the handshake"], Stage::Tls, Closed),
    (&["curl: (35)", "reset by peer"], Stage::Tls, Reset),
    (&["ssl_connect", "reset by peer"], Stage::Tls, Reset),
    (&["ssl_error_syscall"], Stage::Tls, Closed),
    (&[" eproto"], Stage::Tls, TlsCorrupted),
    (&["'eproto'"], Stage::Tls, TlsCorrupted),
    // Names.
    (&["eai_again"], Stage::Dns, NameTryAgain),
    (&["temporary failure in name resolution"], Stage::Dns, NameTryAgain),
    // Never bare: Python's ModuleNotFoundError holds the same letters.
    (&[" enotfound"], Stage::Dns, NameNotFound),
    (&["'enotfound"], Stage::Dns, NameNotFound),
    (&["\"enotfound"], Stage::Dns, NameNotFound),
    (&["(enotfound"], Stage::Dns, NameNotFound),
    (&["[enotfound"], Stage::Dns, NameNotFound),
    (&["name or service not known"], Stage::Dns, NameNotFound),
    (&["nodename nor servname provided"], Stage::Dns, NameNotFound),
    (&["no such host"], Stage::Dns, NameNotFound),
    (&["wsahost_not_found"], Stage::Dns, NameNotFound),
    (&["os error 11001"], Stage::Dns, NameNotFound),
    (&["getaddrinfo failed"], Stage::Dns, NameNotFound),
    (&["unknownhostexception"], Stage::Dns, NameNotFound),
    (&["unable to resolve host"], Stage::Dns, NameNotFound),
    (&["remote name could not be resolved"], Stage::Dns, NameNotFound),
    (&["could not resolve host"], Stage::Dns, NameNotFound),
    (&["could not resolve proxy"], Stage::Dns, NameNotFound),
    (&["err_name_not_resolved"], Stage::Dns, NameNotFound),
    (&["name does not resolve"], Stage::Dns, NameNotFound),
    (&["no address associated with hostname"], Stage::Dns, NameNotFound),
    (&["nxdomain"], Stage::Dns, NameNotFound),
    (&["failed host lookup"], Stage::Dns, NameNotFound),
    (&["host not found in upstream"], Stage::Dns, NameNotFound),
    (&["hostname could not be found"], Stage::Dns, NameNotFound),
    (&["resolving timed out"], Stage::Dns, TimedOut),
    (&["timeout while contacting dns"], Stage::Dns, TimedOut),
    (&["lookup ", "i/o timeout", ":53"], Stage::Dns, TimedOut),
    (&["server misbehaving"], Stage::Dns, NameFailed),
    (&["could not contact dns servers"], Stage::Dns, NameFailed),
    (&["dns resolution failed"], Stage::Dns, NameFailed),
    (&["name resolution failed"], Stage::Dns, NameFailed),
    (&["failed to lookup address information"], Stage::Dns, NameFailed),
    (&["clientconnectordnserror"], Stage::Dns, NameFailed),
    (&["nameresolutionerror"], Stage::Dns, NameFailed),
    (&["dns error"], Stage::Dns, NameFailed),
    // Addresses.
    (&["eaddrnotavail"], Stage::Tcp, NoLocalAddress),
    (&["assign requested address"], Stage::Tcp, NoLocalAddress),
    (&["os error 99)"], Stage::Tcp, NoLocalAddress),
    (&["error 10048"], Stage::Tcp, NoLocalAddress),
    (&["only one usage of each socket address"], Stage::Tcp, NoLocalAddress),
    (&["error 10013"], Stage::Tcp, Forbidden),
    (&["forbidden by its access permissions"], Stage::Tcp, Forbidden),
    (&["connect eperm"], Stage::Tcp, Forbidden),
    (&["connect eacces"], Stage::Tcp, Forbidden),
    (&["connect: permission denied"], Stage::Tcp, Forbidden),
    (&["connect: operation not permitted"], Stage::Tcp, Forbidden),
    (&["enetunreach"], Stage::Tcp, Unreachable),
    (&["ehostunreach"], Stage::Tcp, Unreachable),
    (&["network is unreachable"], Stage::Tcp, Unreachable),
    (&["no route to host"], Stage::Tcp, Unreachable),
    (&["error 10051"], Stage::Tcp, Unreachable),
    (&["error 10065"], Stage::Tcp, Unreachable),
    (&["err_internet_disconnected"], Stage::Tcp, Unreachable),
    (&["err_address_unreachable"], Stage::Tcp, Unreachable),
    (&["connection appears to be offline"], Stage::Tcp, Unreachable),
    (&["econnrefused"], Stage::Tcp, Refused),
    (&["connection refused"], Stage::Tcp, Refused),
    (&["actively refused"], Stage::Tcp, Refused),
    (&["error 10061"], Stage::Tcp, Refused),
    (&["connect call failed"], Stage::Tcp, Refused),
    (&["err_connection_refused"], Stage::Tcp, Refused),
    (&["nsurlerrordomain code=-1004"], Stage::Tcp, Refused),
    // Time. What names the read stands before what names the connection.
    (&["litellm.timeout"], Stage::Head, TimedOut),
    (&["aborted due to timeout"], Stage::Head, TimedOut),
    (&["und_err_headers_timeout"], Stage::Head, TimedOut),
    (&["headerstimeouterror"], Stage::Head, TimedOut),
    (&["und_err_body_timeout"], Stage::Body, TimedOut),
    (&["bodytimeouterror"], Stage::Body, TimedOut),
    (&["read etimedout"], Stage::Head, TimedOut),
    (&["read timed out"], Stage::Head, TimedOut),
    (&["read operation timed out"], Stage::Head, TimedOut),
    (&["net::readtimeout"], Stage::Head, TimedOut),
    (&["while awaiting headers"], Stage::Head, TimedOut),
    (&["timeout awaiting response headers"], Stage::Head, TimedOut),
    (&["configured httpclient.timeout"], Stage::Head, TimedOut),
    (&["timeout on reading data from socket"], Stage::Head, TimedOut),
    (&["esockettimedout"], Stage::Head, TimedOut),
    (&["while reading body"], Stage::Body, TimedOut),
    (&["bytes received", "timed out after"], Stage::Head, TimedOut),
    (&["und_err_connect_timeout"], Stage::Tcp, TimedOut),
    (&["connecttimeout"], Stage::Tcp, TimedOut),
    (&["connect etimedout"], Stage::Tcp, TimedOut),
    (&["connect timed out"], Stage::Tcp, TimedOut),
    (&["failed to open tcp connection", "execution expired"], Stage::Tcp, TimedOut),
    (&["connected party did not properly respond"], Stage::Tcp, TimedOut),
    (&["failed to connect to", "timeout was reached"], Stage::Tcp, TimedOut),
    (&["sockettimeoutexception: failed to connect"], Stage::Tcp, TimedOut),
    // This machine answers at once, so that without a reason it refused.
    (&["failed to connect to /127.0.0.1"], Stage::Tcp, Refused),
    (&["failed to connect to localhost/"], Stage::Tcp, Refused),
    (&["failed to connect to /[::1]"], Stage::Tcp, Refused),
    (&["tcp connect error: deadline has elapsed"], Stage::Tcp, TimedOut),
    (&["net::opentimeout"], Stage::Tcp, TimedOut),
    (&["connection timed out"], Stage::Tcp, TimedOut),
    (&["connection timeout"], Stage::Tcp, TimedOut),
    (&["dial tcp", "i/o timeout"], Stage::Tcp, TimedOut),
    (&["connection to ", "timed out"], Stage::Tcp, TimedOut),
    (&["error 10060"], Stage::Tcp, TimedOut),
    (&["semaphore timeout"], Stage::Tcp, TimedOut),
    (&["err_connection_timed_out"], Stage::Tcp, TimedOut),
    (&["etimedout"], Stage::Tcp, TimedOut),
    (&["readtimeout"], Stage::Head, TimedOut),
    (&["timeout of ", "ms exceeded"], Stage::Head, TimedOut),
    (&["apitimeouterror"], Stage::Head, TimedOut),
    (&["sockettimeoutexception"], Stage::Head, TimedOut),
    (&["request timed out"], Stage::Head, TimedOut),
    (&["\": context deadline exceeded"], Stage::Head, TimedOut),
    (&["operation timed out"], Stage::Head, TimedOut),
    // HTTP.
    (&["goaway"], Stage::Head, GoAway),
    (&["connectionterminated error_code"], Stage::Head, GoAway),
    (&["rst_stream"], Stage::Head, StreamReset),
    (&["streamreset stream_id"], Stage::Head, StreamReset),
    (&["stream error: stream id"], Stage::Head, StreamReset),
    (&["stream error received"], Stage::Head, StreamReset),
    (&["err_http2_stream_error"], Stage::Head, StreamReset),
    (&["err_http2_protocol_error"], Stage::Head, StreamReset),
    (&["was not closed cleanly"], Stage::Head, StreamReset),
    (&["stream was reset"], Stage::Head, StreamReset),
    (&["hpe_header_overflow"], Stage::Head, HeadersTooLarge),
    (&["und_err_headers_overflow"], Stage::Head, HeadersTooLarge),
    (&["bytes when reading header line"], Stage::Head, HeadersTooLarge),
    (&["got more than 100 headers"], Stage::Head, HeadersTooLarge),
    (&["message head is too large"], Stage::Head, HeadersTooLarge),
    (&["server response headers exceeded"], Stage::Head, HeadersTooLarge),
    (&["too large response headers"], Stage::Head, HeadersTooLarge),
    (&["err_response_headers_too_big"], Stage::Head, HeadersTooLarge),
    (&["hpe_invalid"], Stage::Head, NotHttp),
    (&["parse error: expected http/"], Stage::Head, NotHttp),
    (&["badstatusline"], Stage::Head, NotHttp),
    (&["malformed http"], Stage::Head, NotHttp),
    (&["received http/0.9 when not allowed"], Stage::Head, NotHttp),
    (&["invalid http version parsed"], Stage::Head, NotHttp),
    (&["illegal status line"], Stage::Head, NotHttp),
    (&["invalid http response"], Stage::Head, NotHttp),
    (&["err_invalid_http_response"], Stage::Head, NotHttp),
    (&["exceeded_max_size"], Stage::Body, BodyTooLarge),
    (&["maxcontentlength size of"], Stage::Body, BodyTooLarge),
    (&["maximum file size exceeded"], Stage::Body, BodyTooLarge),
    (&["received message larger than max"], Stage::Body, BodyTooLarge),
    (&["length limit exceeded"], Stage::Body, BodyTooLarge),
    (&["terminated", "other side closed"], Stage::Body, Closed),
    (&["incompleteread("], Stage::Body, BodyCut),
    (&["bytes remaining to read"], Stage::Body, BodyCut),
    (&["message body (received"], Stage::Body, BodyCut),
    (&["end of file before message length reached"], Stage::Body, BodyCut),
    (&["response payload is not completed"], Stage::Body, BodyCut),
    (&["err_content_length_mismatch"], Stage::Body, BodyCut),
    (&["chunkedencodingerror"], Stage::Body, BodyCut),
    (&["invalidchunklength"], Stage::Body, BodyCut),
    (&["err_incomplete_chunked_encoding"], Stage::Body, BodyCut),
    (&["connection closed while receiving data"], Stage::Body, BodyCut),
    (&["premature eof"], Stage::Body, BodyCut),
    (&["unexpected eof"], Stage::Body, BodyCut),
    (&["empty reply from server"], Stage::Head, Closed),
    (&["server disconnected"], Stage::Head, Closed),
    (&["other side closed"], Stage::Head, Closed),
    (&["closed connection without response"], Stage::Head, Closed),
    (&["closed before message completed"], Stage::Head, Closed),
    (&["server closed idle connection"], Stage::Head, Closed),
    (&["err_empty_response"], Stage::Head, Closed),
    (&["und_err_socket"], Stage::Head, Closed),
    (&["nohttpresponseexception"], Stage::Head, Closed),
    (&["unexpected end of stream on http"], Stage::Head, Closed),
    (&["connection closed before full header"], Stage::Head, Closed),
    (&["the response ended prematurely"], Stage::Head, Closed),
    (&["end of file reached"], Stage::Head, Closed),
    (&["network connection was lost"], Stage::Head, Closed),
    (&["transporterror{reason: :closed}"], Stage::Head, Closed),
    (&["googleapis.com", "\": eof"], Stage::Head, Closed),
    (&["error: aborted", "econnreset"], Stage::Body, Reset),
    // Only an open session is read from.
    (&["ssl_read", "reset by peer"], Stage::Head, Reset),
    // These do not say when: before, during or after the handshake.
    (&["econnreset"], Stage::Tcp, Reset),
    (&["connection reset"], Stage::Tcp, Reset),
    (&["socket hang up"], Stage::Tcp, Reset),
    (&["forcibly closed by the remote host"], Stage::Tcp, Reset),
    (&["error 10054"], Stage::Tcp, Reset),
    (&["err_connection_reset"], Stage::Tcp, Reset),
    (&["epipe"], Stage::Request, Closed),
    (&["broken pipe"], Stage::Request, Closed),
    // What curl says when it says no more.
    (&["curl: (5)"], Stage::Proxy, NameNotFound),
    (&["curl: (6)"], Stage::Dns, NameNotFound),
    (&["curl: (7)"], Stage::Tcp, Refused),
    (&["curl: (18)"], Stage::Body, BodyCut),
    (&["curl: (28)"], Stage::Head, TimedOut),
    (&["curl: (35)"], Stage::Tls, TlsRefused),
    (&["curl: (52)"], Stage::Head, Closed),
    (&["curl: (56)"], Stage::Head, Reset),
    (&["curl: (92)"], Stage::Head, StreamReset),
    // The same numbers from its library.
    (&["curl error 5:"], Stage::Proxy, NameNotFound),
    (&["curl error 6:"], Stage::Dns, NameNotFound),
    (&["curl error 7:"], Stage::Tcp, Refused),
    (&["curl error 18:"], Stage::Body, BodyCut),
    (&["curl error 28:"], Stage::Head, TimedOut),
    (&["curl error 35:"], Stage::Tls, TlsRefused),
    (&["curl error 52:"], Stage::Head, Closed),
    (&["curl error 56:"], Stage::Head, Reset),
    (&["curl error 60:"], Stage::Tls, CertInvalid),
    (&["curl error 92:"], Stage::Head, StreamReset),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(text: &str) -> Option<(Stage, Fault)> {
        match read(text).as_slice() {
            [Clue::At(stage), Clue::Fault(fault), ..] => Some((*stage, *fault)),
            _ => None,
        }
    }

    #[test]
    fn the_cause_wins_over_the_headline() {
        for (text, stage, fault) in [
            (
                "ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 403 X'))",
                Stage::Proxy,
                ProxyRefused,
            ),
            (
                "openai.APIConnectionError: Connection error. from httpx.ConnectError: [SSL: \
                 CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch",
                Stage::Tls,
                CertWrongName,
            ),
            (
                "httpx.ConnectTimeout: _ssl.c:989: The handshake operation timed out",
                Stage::Tls,
                TimedOut,
            ),
            ("curl: (28) SSL connection timeout", Stage::Tls, TimedOut),
            ("curl: (7) Failed to connect: No route to host", Stage::Tcp, Unreachable),
            ("error: Connection reset; cause: ENOTFOUND", Stage::Dns, NameNotFound),
            ("curl: (56) OpenSSL SSL_read: error: Connection reset by peer", Stage::Head, Reset),
            ("Error msg: Failed to connect to /127.0.0.1:8099", Stage::Tcp, Refused),
            ("reason: self-signed     │\n│ certificate in", Stage::Tls, CertSelfSigned),
            (
                "ProxyError('Unable to connect to proxy', RemoteDisconnected('Remote end closed \
                 connection without response'))",
                Stage::Proxy,
                Closed,
            ),
        ] {
            assert_eq!(wire(text), Some((stage, fault)), "{text}");
        }
    }

    #[test]
    fn reaching_the_proxy_is_not_reaching_the_host() {
        let proxy = "proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused";
        assert_eq!(wire(proxy), Some((Stage::Proxy, Refused)));
        assert!(read(proxy).contains(&Clue::ViaProxy));
        assert_eq!(wire("dial tcp: connect: connection refused"), Some((Stage::Tcp, Refused)));
    }

    #[test]
    fn go_says_both_times_and_means_one() {
        let text = "x509: certificate has expired or is not yet valid: current time 2026-01-01 is";
        assert_eq!(wire(&format!("{text} after 2025")), Some((Stage::Tls, CertExpired)));
        assert_eq!(wire(&format!("{text} before 2027")), Some((Stage::Tls, CertNotYetValid)));
    }

    #[test]
    fn rows_are_lower_case_and_no_row_hides_behind_another() {
        for (at, (phrases, ..)) in ROWS.iter().enumerate() {
            let text = phrases.join(" ");
            assert_eq!(text, text.to_ascii_lowercase());
            let seen = Text::of(&text);
            let first = ROWS.iter().position(|(earlier, ..)| seen.holds_all(earlier));
            assert_eq!(first, Some(at), "{phrases:?}");
        }
    }

    #[test]
    fn other_texts_give_nothing() {
        for text in [
            "",
            "API key not valid.",
            "fetch failed",
            "httpx.RemoteProtocolError: x",
            "[error] 7#7: *1 upstream timed out (110: Connection timed out) while reading response \
             header from upstream",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
