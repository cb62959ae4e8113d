//! Known fixes of the family `certificate`: why a chain is not trusted, or should not be, cause by cause.
//!
//! None of them advises anyone to stop checking certificates. What a certificate says about its issuer is
//! a claim of whoever answered, and the words here treat it as one.

use crate::{
    catalog::{KnownFix, Sign, Split, Step, likely, maybe, owner, sure, you},
    facts::{
        Blame, Fault, Layer, RetryClass, Severity, Stage,
        inspection::{INSPECTORS, MITMPROXY},
    },
};

/// The fixes of this family.
pub(super) const FIXES: &[&KnownFix] = &[
    &MISSING_INTERMEDIATE,
    &COMPANY_CA,
    &INSPECTION_PRODUCT,
    &MITM_PROXY,
    &TEST_CA,
    &RECREATED_CA,
    &SELF_SIGNED_LEAF,
    &CA_AS_LEAF,
    &CN_ONLY,
    &WEAK_KEY,
    &WEAK_SIGNATURE,
    &WRONG_USAGE,
    &UNREADABLE,
    &REVOKED,
];

/// What runtimes say when they do not know who signed, whoever it was.
const UNTRUSTED: Sign = Sign::OneOf(&[
    Sign::Fault(Fault::CertUnknownIssuer),
    Sign::Fault(Fault::CertSelfSigned),
    Sign::Fault(Fault::CertInvalid),
]);

const SEE: Step = you("See which certificates are shown, and who is said to have signed them").run_in(
    "openssl s_client -connect generativelanguage.googleapis.com:443 -servername generativelanguage.googleapis.com -showcerts </dev/null",
    "gemini-doctor tls-check",
);

pub(super) const TRY_ROOT: Step =
    you("Once you have its root from those who run it, see whether it is the one")
        .run("gemini-doctor tls-check --ca-file corp-root.pem");

pub(super) const TO_NODE: Step = you("Give the root to Node, which adds it to the public ones")
    .run_in(
        "export NODE_EXTRA_CA_CERTS=\"$PWD/corp-root.pem\"",
        "$Env:NODE_EXTRA_CA_CERTS = \"$PWD\\corp-root.pem\"",
    );

const TO_PYTHON: Step = you("Give it to Python and curl, in one file with the public roots").run_in(
    "cat \"$(python3 -m certifi)\" corp-root.pem > bundle.pem; export SSL_CERT_FILE=\"$PWD/bundle.pem\" REQUESTS_CA_BUNDLE=\"$PWD/bundle.pem\" CURL_CA_BUNDLE=\"$PWD/bundle.pem\"",
    "Get-Content (python -m certifi), corp-root.pem | Set-Content -Encoding ascii bundle.pem; $Env:SSL_CERT_FILE = $Env:REQUESTS_CA_BUNDLE = $Env:CURL_CA_BUNDLE = \"$PWD\\bundle.pem\"",
);

pub(super) const TO_JAVA: Step = you("Give it to Java, in a trust store of your own").run_in(
    "cp \"${JAVA_HOME:-$(dirname \"$(dirname \"$(readlink -f \"$(command -v java)\")\")\")}/lib/security/cacerts\" truststore.jks && keytool -importcert -noprompt -alias corp-root -file corp-root.pem -keystore truststore.jks -storepass changeit; export JAVA_TOOL_OPTIONS=\"-Djavax.net.ssl.trustStore=$PWD/truststore.jks\"",
    "Copy-Item \"$Env:JAVA_HOME\\lib\\security\\cacerts\" truststore.jks; keytool -importcert -noprompt -alias corp-root -file corp-root.pem -keystore truststore.jks -storepass changeit; $Env:JAVA_TOOL_OPTIONS = \"-Djavax.net.ssl.trustStore=$PWD\\truststore.jks\"",
);

const TO_SYSTEM: Step = you("Or give it to the whole machine, where Go and others look").run_in(
    "sudo cp corp-root.pem /usr/local/share/ca-certificates/corp-root.crt && sudo update-ca-certificates",
    "Import-Certificate -FilePath corp-root.pem -CertStoreLocation Cert:\\LocalMachine\\Root",
);

const MISSING_INTERMEDIATE: KnownFix = KnownFix {
    id: "tls-missing-intermediate",
    title: "The server does not send the intermediate certificate that it needs",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertMissingIntermediate)]),
        sure(&[Sign::Fault(Fault::CertMissingIntermediate)]),
        maybe(&[Sign::Fault(Fault::CertUnknownIssuer), Sign::SaysOne(FIRST_ONLY)]),
    ],
    why: "Between the server's certificate and a trusted root stands another one, and the server keeps it to itself. \
          Browsers remember or fetch it, which is why they connect; programs do neither.",
    fix: &[
        SEE,
        owner("Let the server send its whole chain, without the root: nginx and HAProxy want it in one file, leaf first")
            .run_in(
                "cat server.pem intermediate.pem > fullchain.pem",
                "Get-Content server.pem, intermediate.pem | Set-Content -Encoding ascii fullchain.pem",
            ),
        owner("Get the certificate from the address in the evidence (AIA), or from the authority, over a connection that verifies"),
        you("Until then, if you have it from its authority, give it to Node, which adds it to what it trusts")
            .run_in(
                "export NODE_EXTRA_CA_CERTS=\"$PWD/intermediate.pem\"",
                "$Env:NODE_EXTRA_CA_CERTS = \"$PWD\\intermediate.pem\"",
            ),
    ],
    confirm: "gemini-doctor tls-check trusts the chain, without a file of your own.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: unable to verify the first certificate\n    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'",
        "verify error:num=21:unable to verify the first certificate",
    ],
    live: &[
        &[Sign::Fault(Fault::CertMissingIntermediate)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertMissingIntermediate)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
    ],
    splits: &[
        Split {
            id: "tls-ca-missing",
            by: "whether the issuer is a root or has an issuer itself: its name, and an address where it is to be got (AIA)",
        },
        Split {
            id: "tls-self-signed-interception",
            by: "the issuer's name: a public authority, or a company, product or person",
        },
    ],
    reproduce: "tls-missing-intermediate",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

/// OpenSSL says so of a chain of one certificate whose issuer it does not know.
const FIRST_ONLY: &[&str] = &["verify the first certificate", "VERIFY_LEAF_SIGNATURE"];

const COMPANY_CA: KnownFix = KnownFix {
    id: "tls-company-ca",
    title: "A company's own authority signed, and it is not trusted here",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertCompanyCa)]),
        sure(&[Sign::Fault(Fault::CertCompanyCa)]),
    ],
    why: "The chain says that it ends at a private authority. For a gateway of the company's own that is in order, and only \
          its root is missing here; for a host of Google's it means that the company looks into TLS, and can read keys and prompts.",
    fix: &[
        SEE,
        you(
            "Ask the company's IT whether that authority is theirs, whether it may see API keys, and for its root",
        ),
        TRY_ROOT,
        TO_NODE,
        TO_PYTHON,
        TO_JAVA,
        TO_SYSTEM,
        you("If nobody you know runs it, send no key through it"),
    ],
    confirm: "gemini-doctor tls-check --ca-file corp-root.pem trusts the chain.",
    seen_as: &[],
    live: &[
        &[Sign::Fault(Fault::CertCompanyCa)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertCompanyCa)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: unable to get local issuer certificate",
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    ],
    splits: &[],
    reproduce: "tls-company-ca",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const INSPECTION_PRODUCT: KnownFix = KnownFix {
    id: "tls-inspection-product",
    title: "A product that looks into TLS answers, and is not trusted here",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertInspectionProduct)]),
        sure(&[Sign::Fault(Fault::CertInspectionProduct)]),
        sure(&[UNTRUSTED, Sign::SaysOne(INSPECTORS)]),
    ],
    why: "The issuer's name is that of an inspection proxy, an antivirus or a debugging proxy. It takes the host's place, reads \
          all that passes, keys and prompts too, and signs with a root that this program or runtime does not know.",
    fix: &[
        SEE,
        you(
            "Ask the company's IT, or whoever set this machine up, whether it is theirs and whether it may see API keys",
        ),
        owner("Leave the API's hosts out of the inspection: then nothing has to be trusted"),
        TRY_ROOT,
        TO_NODE,
        TO_PYTHON,
        TO_JAVA,
        TO_SYSTEM,
        you(
            "If nobody you know runs it, send no key, and have the machine and the network looked at",
        ),
    ],
    confirm: "gemini-doctor tls-check names Google Trust Services as the issuer, or trusts the chain with --ca-file corp-root.pem.",
    seen_as: &[
        "depth=1 C = US, O = Zscaler Inc., CN = Zscaler Intermediate Root CA\nverify error:num=20:unable to get local issuer certificate",
        "*  issuer: C=US; O=Fortinet; CN=FGT60F0000000000\n* SSL certificate problem: self-signed certificate in certificate chain\ncurl: (60) SSL certificate problem: self-signed certificate in certificate chain",
    ],
    live: &[
        &[Sign::Fault(Fault::CertInspectionProduct)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertInspectionProduct)],
    ],
    not: &[
        "*  issuer: C=US; O=Zscaler Inc.; CN=Zscaler Intermediate Root CA\n*  SSL certificate verify ok.",
        "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
    ],
    splits: &[],
    reproduce: "tls-inspection-product",
    hides: &["tls-self-signed-interception", "tls-ca-missing"],
    docs: &[],
    as_of: "2026-11-30",
};

const MITM_PROXY: KnownFix = KnownFix {
    id: "tls-mitmproxy",
    title: "mitmproxy answers in the host's place, and is not trusted here",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertMitmproxy)]),
        sure(&[Sign::Fault(Fault::CertMitmproxy)]),
        sure(&[UNTRUSTED, Sign::Says(MITMPROXY)]),
    ],
    why: "mitmproxy makes a root of its own on the machine where it runs and signs for every host with it. Whoever runs it \
          sees and can change all that passes, keys and prompts too.",
    fix: &[
        you("If you run it yourself and want no more than to call, stop it and take the proxy out of the settings")
            .run_in(
                "unset HTTPS_PROXY https_proxy ALL_PROXY",
                "Remove-Item Env:HTTPS_PROXY, Env:ALL_PROXY -ErrorAction SilentlyContinue",
            ),
        you("If you want to look at your own traffic, give its root to this program only for that run").run_in(
            "gemini-doctor check-key --ca-file ~/.mitmproxy/mitmproxy-ca-cert.pem",
            "gemini-doctor check-key --ca-file $HOME\\.mitmproxy\\mitmproxy-ca-cert.pem",
        ),
        you("Give it to your program in the same way, and to nothing else").run_in(
            "export NODE_EXTRA_CA_CERTS=\"$HOME/.mitmproxy/mitmproxy-ca-cert.pem\"",
            "$Env:NODE_EXTRA_CA_CERTS = \"$HOME\\.mitmproxy\\mitmproxy-ca-cert.pem\"",
        ),
        you("If it is not yours, send no key, and ask whoever runs this network or machine"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain, and names Google Trust Services as the issuer.",
    seen_as: &[
        "depth=1 CN = mitmproxy, O = mitmproxy\nverify error:num=19:self-signed certificate in certificate chain",
        "*  issuer: CN=mitmproxy; O=mitmproxy\n* SSL certificate problem: unable to get local issuer certificate\ncurl: (60) SSL certificate problem: unable to get local issuer certificate",
    ],
    live: &[
        &[Sign::Fault(Fault::CertMitmproxy)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertMitmproxy)],
    ],
    not: &["*  issuer: CN=mitmproxy; O=mitmproxy\n*  SSL certificate verify ok."],
    splits: &[],
    reproduce: "tls-mitmproxy",
    hides: &["tls-self-signed-interception", "tls-ca-missing"],
    docs: &[],
    as_of: "2026-11-30",
};

const TEST_CA: KnownFix = KnownFix {
    id: "tls-test-ca",
    title: "An authority that is only for tests signed the certificate",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertTestCa)]),
        sure(&[Sign::Fault(Fault::CertTestCa)]),
        sure(&[UNTRUSTED, Sign::SaysOne(TEST_AUTHORITIES)]),
    ],
    why: "The issuer's name is that of a development tool, a staging authority, or a root whose private key everybody can \
          have. No machine trusts those by itself; where the key is public, none ever should.",
    fix: &[
        SEE,
        owner("Give the server a certificate of a public authority; with ACME, ask the production server and not staging"),
        you("On your own machine, let the tool's root be trusted by the program that you develop, and by nothing else")
            .run_in(
                "export NODE_EXTRA_CA_CERTS=\"$(mkcert -CAROOT)/rootCA.pem\"",
                "$Env:NODE_EXTRA_CA_CERTS = \"$(mkcert -CAROOT)\\rootCA.pem\"",
            ),
        you("Never trust a root whose key is public (Superfish, eDellRoot, snake oil): remove what brought it"),
        you("If a host of Google's shows it, somebody else answered: send no key"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "depth=0 O = mkcert development certificate\nverify error:num=20:unable to get local issuer certificate",
        "*  issuer: CN=Caddy Local Authority - ECC Intermediate\n* SSL certificate problem: unable to get local issuer certificate\ncurl: (60) SSL certificate problem: unable to get local issuer certificate",
    ],
    live: &[
        &[Sign::Fault(Fault::CertTestCa)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertTestCa)],
    ],
    not: &["curl: (60) SSL certificate problem: unable to get local issuer certificate"],
    splits: &[],
    reproduce: "tls-test-ca",
    hides: &["tls-self-signed-interception", "tls-ca-missing"],
    docs: &[],
    as_of: "2026-11-30",
};

/// Words that no other text holds by accident.
const TEST_AUTHORITIES: &[&str] = &[
    "mkcert development",
    "minica root ca",
    "Caddy Local Authority",
    "(STAGING) Let's Encrypt",
    "(STAGING) Pretend Pear",
    "Fake LE Intermediate",
    "Fake LE Root",
    "Superfish",
    "eDellRoot",
    "BadSSL Untrusted Root",
    "snakeoil",
];

const RECREATED_CA: KnownFix = KnownFix {
    id: "tls-recreated-ca",
    title: "A trusted authority has the issuer's name, and another key",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertRecreatedCa)]),
        sure(&[Sign::Fault(Fault::CertRecreatedCa)]),
    ],
    why: "The issuer is known by its name, and its key did not make the signature. Mostly the authority was made anew under its \
          old name, by a reinstalled proxy, cluster or development tool, and the old root is still trusted here. Rarely it is a forgery.",
    fix: &[
        you("Compare the root that you trust with the one that those who run it use today").run_in(
            "openssl x509 -in corp-root.pem -noout -subject -dates -fingerprint -sha256",
            "(Get-PfxCertificate corp-root.pem) | Format-List Subject, NotBefore, NotAfter, Thumbprint",
        ),
        you("Get the new root from them over a way that you trust, and put it in the old one's place"),
        TRY_ROOT,
        TO_NODE,
        TO_PYTHON,
        TO_JAVA,
        TO_SYSTEM,
        owner("Give an authority that is made anew a new name"),
        you("If nobody made it anew, somebody uses its name: send no key"),
    ],
    confirm: "gemini-doctor tls-check --ca-file corp-root.pem trusts the chain, with the new root alone.",
    seen_as: &[
        "tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"Example Corp Root CA\")",
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate signature failure (_ssl.c:1007)",
        "TypeError: fetch failed\n  [cause]: Error: certificate signature failure\n    code: 'CERT_SIGNATURE_FAILURE'",
        "client error (Connect): invalid peer certificate: BadSignature",
    ],
    live: &[
        &[Sign::Fault(Fault::CertRecreatedCa)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertRecreatedCa)],
    ],
    not: &[
        "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
    ],
    splits: &[],
    reproduce: "tls-recreated-ca",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const SELF_SIGNED_LEAF: KnownFix = KnownFix {
    id: "tls-self-signed-leaf",
    title: "The server's certificate signed itself",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertSelfSignedLeaf)]),
        sure(&[Sign::Fault(Fault::CertSelfSignedLeaf)]),
    ],
    why: "Nobody but the server itself vouches for it. Ingress controllers, routers, appliances and sign-in pages of guest \
          networks show such certificates where they have none for the name that was asked; Google's hosts never do.",
    fix: &[
        SEE,
        you("See which address the name leads to: if it is a host of Google's, somebody else answered there").run_in(
            "getent hosts generativelanguage.googleapis.com",
            "Resolve-DnsName generativelanguage.googleapis.com",
        ),
        you("Sign in to the guest network in a browser, if there is one"),
        owner("If the server is yours, give it a certificate of an authority for the name that is asked"),
        you("If it is yours and must stay so, pass that very certificate, got over a way that you trust")
            .run("gemini-doctor tls-check --ca-file server.pem"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: self-signed certificate\n    code: 'DEPTH_ZERO_SELF_SIGNED_CERT'",
        "curl: (60) SSL certificate problem: self-signed certificate",
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate (_ssl.c:1129)",
        "depth=0 CN = gateway\nverify error:num=18:self-signed certificate",
    ],
    live: &[
        &[Sign::Fault(Fault::CertSelfSignedLeaf)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertSelfSignedLeaf)],
    ],
    not: &[
        "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
        "Error: self-signed certificate in certificate chain code: 'SELF_SIGNED_CERT_IN_CHAIN'",
    ],
    splits: &[Split {
        id: "tls-self-signed-interception",
        by: "whether more than one certificate is shown, and who is said to have signed the first",
    }],
    reproduce: "tls-self-signed-leaf",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const CA_AS_LEAF: KnownFix = KnownFix {
    id: "tls-ca-as-leaf",
    title: "The server shows an authority's certificate as its own",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertCaAsLeaf)]),
        sure(&[Sign::Fault(Fault::CertCaAsLeaf)]),
    ],
    why: "The certificate says that it is an authority's (CA:TRUE), which signs others and serves no host. OpenSSL takes it all \
          the same, so that curl and Python connect, while Rust programs and Firefox refuse.",
    fix: &[
        owner("Make a certificate of its own for the server, signed by that authority").run_in(
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -subj /CN=gateway.example -out server.csr && printf 'subjectAltName=DNS:gateway.example\\nbasicConstraints=CA:FALSE\\nextendedKeyUsage=serverAuth\\n' > server.ext && openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -extfile server.ext -out server.pem",
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -subj /CN=gateway.example -out server.csr; Set-Content -Encoding ascii server.ext \"subjectAltName=DNS:gateway.example`nbasicConstraints=CA:FALSE`nextendedKeyUsage=serverAuth\"; openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -extfile server.ext -out server.pem",
        ),
        owner("Or make the one that signed itself anew, with basicConstraints=CA:FALSE: openssl req -x509 says CA:TRUE unless it is told otherwise"),
        you("Trust the authority, and not the server's certificate")
            .run("gemini-doctor tls-check --ca-file ca.pem"),
    ],
    confirm: "gemini-doctor tls-check --ca-file ca.pem trusts the chain.",
    seen_as: &[
        "client error (Connect): invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
        "An error occurred during a connection to gateway.example. MOZILLA_PKIX_ERROR_CA_CERT_USED_AS_END_ENTITY",
    ],
    live: &[
        &[Sign::Fault(Fault::CertCaAsLeaf)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertCaAsLeaf)],
    ],
    not: &["client error (Connect): invalid peer certificate: UnknownIssuer"],
    splits: &[],
    reproduce: "tls-ca-as-leaf",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const CN_ONLY: KnownFix = KnownFix {
    id: "tls-cn-only",
    title: "The certificate names its host only in the common name",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertCnOnly)]),
        sure(&[Sign::Fault(Fault::CertCnOnly)]),
    ],
    why: "Hosts are named in the subject alternative names, and this certificate has none. The common name counted until about \
          2017; curl and old OpenSSL programs still look at it, Go, Rust, Node, Python and browsers do not.",
    fix: &[
        owner("Make the certificate anew, with the name among the alternative names").run_in(
            "openssl req -new -key server.key -subj /CN=gateway.example -addext subjectAltName=DNS:gateway.example -out server.csr",
            "openssl req -new -key server.key -subj /CN=gateway.example -addext subjectAltName=DNS:gateway.example -out server.csr",
        ),
        owner("Let the authority copy them: openssl x509 -req drops them unless -copy_extensions copy or -extfile says otherwise"),
        you("See which names the certificate has").run_in(
            "openssl s_client -connect gateway.example:443 -servername gateway.example </dev/null | openssl x509 -noout -subject -ext subjectAltName",
            "gemini-doctor tls-check",
        ),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead",
        "urllib3.exceptions.SSLError: (CertificateError('no appropriate subjectAltName fields were found'))",
        "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Cert does not contain a DNS name",
    ],
    live: &[
        &[Sign::Fault(Fault::CertCnOnly)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertCnOnly)],
    ],
    not: &[
        "tls: failed to verify certificate: x509: certificate is valid for other.example, not generativelanguage.googleapis.com",
    ],
    splits: &[],
    reproduce: "tls-cn-only",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const WEAK_KEY: KnownFix = KnownFix {
    id: "tls-weak-key",
    title: "A key in the certificate chain is too short",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertWeakKey)]),
        sure(&[Sign::Fault(Fault::CertWeakKey)]),
    ],
    why: "RSA below 2048 bits and curves below 256 can be broken, and clients refuse them. Public authorities have signed none \
          for ten years, so an old appliance, an inspection proxy or a private authority answers here.",
    fix: &[
        you("See whose key is short, the server's or the one of who signed for it").run_in(
            "openssl s_client -connect gateway.example:443 -servername gateway.example </dev/null | openssl x509 -noout -text | grep -A1 'Public Key Algorithm'",
            "gemini-doctor tls-check",
        ),
        owner("Make the key anew and have it certified: EC P-256, or RSA with 2048 bits or more").run_in(
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -subj /CN=gateway.example -addext subjectAltName=DNS:gateway.example -out server.csr",
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -subj /CN=gateway.example -addext subjectAltName=DNS:gateway.example -out server.csr",
        ),
        owner("If an authority's key is short, everything that it signed must be signed anew"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: EE certificate key too weak (_ssl.c:1007)",
        "curl: (60) SSL certificate problem: EE certificate key too weak",
        "javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: Algorithm constraints check failed on keysize limits: RSA 1024 bit key used with certificate: CN=gateway.example",
    ],
    live: &[
        &[Sign::Fault(Fault::CertWeakKey)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertWeakKey)],
    ],
    not: &[
        "ssl.SSLError: [SSL: DH_KEY_TOO_SMALL] dh key too small (_ssl.c:1007)",
        "curl: (60) SSL certificate problem: CA signature digest algorithm too weak",
    ],
    splits: &[],
    reproduce: "tls-weak-key",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const WEAK_SIGNATURE: KnownFix = KnownFix {
    id: "tls-weak-signature",
    title: "A certificate is signed with SHA-1 or MD5, which counts no longer",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertWeakSignature)]),
        sure(&[Sign::Fault(Fault::CertWeakSignature)]),
    ],
    why: "Two texts with one SHA-1 or MD5 digest can be made, so that such a signature proves nothing. Public authorities have \
          used neither since 2017: an old appliance, an inspection proxy or a private authority signed here.",
    fix: &[
        you("See which certificate is signed so").run_in(
            "openssl s_client -connect gateway.example:443 -servername gateway.example </dev/null | openssl x509 -noout -text | grep 'Signature Algorithm'",
            "gemini-doctor tls-check",
        ),
        owner("Let the authority or the proxy sign with SHA-256, and have the certificate made anew")
            .run_in(
                "openssl x509 -req -sha256 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -copy_extensions copy -out server.pem",
                "openssl x509 -req -sha256 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 -copy_extensions copy -out server.pem",
            ),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: CA signature digest algorithm too weak (_ssl.c:1007)",
        "tls: failed to verify certificate: x509: cannot verify signature: insecure algorithm SHA1-RSA",
        "javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: Algorithm constraints check failed on signature algorithm: SHA1withRSA",
        "curl: (58) could not load PEM client certificate, OpenSSL error error:0A00018E:SSL routines::ca md too weak",
    ],
    live: &[
        &[Sign::Fault(Fault::CertWeakSignature)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertWeakSignature)],
    ],
    not: &["curl: (60) SSL certificate problem: EE certificate key too weak"],
    splits: &[],
    reproduce: "tls-weak-signature",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const WRONG_USAGE: KnownFix = KnownFix {
    id: "tls-wrong-usage",
    title: "A certificate is used for something that it is not for",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertWrongUsage)]),
        sure(&[Sign::Fault(Fault::CertWrongUsage)]),
    ],
    why: "A certificate says what it is for: servers, clients, signing others, and above how many authorities. A client's \
          certificate on a server, or a server's that signed another, is refused whoever made it.",
    fix: &[
        you("See what the certificate is for").run_in(
            "openssl s_client -connect gateway.example:443 -servername gateway.example </dev/null | openssl x509 -noout -purpose -ext extendedKeyUsage,keyUsage,basicConstraints",
            "gemini-doctor tls-check",
        ),
        owner("Give the server a certificate with extendedKeyUsage=serverAuth, and keep the client's for clients"),
        owner("Sign with an authority's certificate only: CA:TRUE, keyCertSign, and a path length that leaves room"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unsuitable certificate purpose (_ssl.c:1007)",
        "curl: (60) SSL certificate problem: unsupported certificate purpose",
        "tls: failed to verify certificate: x509: certificate specifies an incompatible key usage",
        "tls: failed to verify certificate: x509: certificate is not authorized to sign other certificates",
        "javax.net.ssl.SSLHandshakeException: Extended key usage does not permit use for TLS server authentication",
        "curl: (60) SSL certificate problem: invalid CA certificate",
    ],
    live: &[
        &[Sign::Fault(Fault::CertWrongUsage)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertWrongUsage)],
    ],
    not: &["client error (Connect): invalid peer certificate: UnknownIssuer"],
    splits: &[],
    reproduce: "tls-wrong-usage",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const UNREADABLE: KnownFix = KnownFix {
    id: "tls-certificate-unreadable",
    title: "The server's certificate cannot be read or understood",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertUnreadable)]),
        sure(&[Sign::Fault(Fault::CertUnreadable)]),
    ],
    why: "Its bytes are no certificate, or it holds a critical extension that verifiers must understand and do not. An authority \
          made by hand, a broken appliance or something that changes bytes on the way shows such ones; Google's hosts do not.",
    fix: &[
        you("See what is shown").run_in(
            "openssl s_client -connect gateway.example:443 -servername gateway.example -showcerts </dev/null | openssl x509 -noout -text",
            "gemini-doctor tls-check",
        ),
        owner("Make the certificate anew with usual tools, and mark no extension critical that clients do not know"),
        you("Try another network, such as a phone's, to see whether it is the network"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "tls: failed to verify certificate: x509: unhandled critical extension",
        "curl: (60) SSL certificate problem: unhandled critical extension",
        "tls: failed to parse certificate from server: x509: malformed certificate",
        "client error (Connect): invalid peer certificate: BadEncoding",
    ],
    live: &[
        &[Sign::Fault(Fault::CertUnreadable)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertUnreadable)],
    ],
    not: &["client error (Connect): invalid peer certificate: UnknownIssuer"],
    splits: &[],
    reproduce: "tls-certificate-unreadable",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};

const REVOKED: KnownFix = KnownFix {
    id: "tls-certificate-revoked",
    title: "The server's certificate was revoked",
    layer: Layer::Tls,
    blame: Blame::Path,
    severity: Severity::Error,
    class: None,
    retry: RetryClass::FixFirst,
    when: &[
        sure(&[Sign::At(Stage::Tls), Sign::Fault(Fault::CertRevoked)]),
        sure(&[Sign::Fault(Fault::CertRevoked)]),
        likely(&[Sign::Fault(Fault::CertInvalid), Sign::Says("certificate revoked")]),
    ],
    why: "Its authority took it back before its time, mostly because its key got into other hands or the host has a new one. \
          Whoever still shows it may be somebody who has the old key.",
    fix: &[
        you("See what the server shows about it").run_in(
            "openssl s_client -connect gateway.example:443 -servername gateway.example -status </dev/null",
            "gemini-doctor tls-check",
        ),
        you("Send no key to it until that is settled"),
        owner("Put the new certificate in place, with its new key, and restart what still shows the old one"),
        owner("If it was revoked by mistake, have it made anew: nothing that is revoked comes back"),
    ],
    confirm: "gemini-doctor tls-check trusts the chain.",
    seen_as: &[
        "TypeError: fetch failed\n  [cause]: Error: certificate revoked\n    code: 'CERT_REVOKED'",
        "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate revoked (_ssl.c:1007)",
        "schannel: CRYPT_E_REVOKED: the certificate is revoked",
        "client error (Connect): invalid peer certificate: Revoked",
    ],
    live: &[
        &[Sign::Fault(Fault::CertRevoked)],
        &[Sign::At(Stage::Tls), Sign::Fault(Fault::CertRevoked)],
    ],
    not: &[
        "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}",
        "curl: (60) SSL certificate problem: certificate has expired",
    ],
    splits: &[],
    reproduce: "tls-certificate-revoked",
    hides: &[],
    docs: &[],
    as_of: "2026-11-30",
};
