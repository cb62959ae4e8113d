//! Runtimes that hang, babble or are not there; and the real ones of this machine against a server on
//! loopback.

use std::net::SocketAddr;

use super::*;
use crate::local::scratch::Scratch;

/// Long enough for a Java that compiles on a busy machine.
const LONG: Duration = Duration::from_secs(120);

fn target(address: SocketAddr, name: &str) -> Target {
    Target {
        host: address.ip().to_string(),
        port: address.port(),
        name: name.to_owned(),
        way: Through::Nothing,
    }
}

fn nowhere() -> Target {
    target(SocketAddr::from(([127, 0, 0, 1], 1)), "api.example")
}

#[track_caller]
fn of(facts: &[RuntimeFact], runtime: Runtime) -> RuntimeFact {
    let fact = facts.iter().find(|fact| fact.runtime == runtime);
    fact.unwrap_or_else(|| panic!("{runtime:?} in {facts:?}")).clone()
}

fn lacks_a_root(fact: &RuntimeFact) -> bool {
    fact.trouble() == Some(compare::Trouble::Trust)
}

/// A machine on which only this script is there, by the name of a runtime.
#[cfg(unix)]
fn machine_with(scratch: &Scratch, name: &str, script: &str) -> Machine {
    scratch.program(&format!("bin/{name}"), script);
    let path = format!("{}/bin", scratch.path().display());
    scratch.machine(&[("PATH", &path)])
}

#[tokio::test]
async fn a_simulated_machine_has_no_runtime() {
    let machine = Machine { root: None, ..Scratch::new().machine(&[]) };
    assert_eq!(look(&machine, &nowhere(), PATIENCE).await, []);
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let facts = look(&Scratch::new().machine(&[]), &nowhere(), PATIENCE).await;
    assert_eq!(facts.len(), 5);
    for fact in facts {
        let Connected::NotTried(why) = &fact.connected else { panic!("{fact:?}") };
        assert!(why.contains("on the PATH") && fact.path.is_none(), "{fact:?}");
    }
}

#[cfg(unix)]
mod hostile {
    use super::*;

    const SOON: Duration = Duration::from_millis(300);
    /// Time enough for a shell to begin on a busy machine, and still an end.
    const LATER: Duration = Duration::from_secs(3);

    async fn node(script: &str, patience: Duration) -> RuntimeFact {
        let scratch = Scratch::new();
        let machine = machine_with(&scratch, "node", script);
        of(&look(&machine, &nowhere(), patience).await, Runtime::Node)
    }

    #[track_caller]
    fn why(fact: &RuntimeFact) -> &str {
        match &fact.connected {
            Connected::NotTried(why) | Connected::No(why) => why,
            Connected::Yes => panic!("{fact:?}"),
        }
    }

    #[tokio::test]
    async fn one_that_hangs_is_ended() {
        let fact = node("/bin/sleep 600", SOON).await;
        assert_eq!(why(&fact), "it gave no answer within 0.3 s and was ended");
    }

    #[tokio::test]
    async fn what_a_hanging_one_said_before_is_kept() {
        let fact =
            node("echo version=1.2; echo way=node; echo bundle=b; /bin/sleep 600", LATER).await;
        assert_eq!((fact.version.as_deref(), fact.bundle.as_deref()), (Some("1.2"), Some("b")));
        assert!(matches!(&fact.connected, Connected::No(words) if words.contains("3 s")));
    }

    /// A pipe that whoever is left of the group keeps open: its end is seen only when all are gone.
    #[tokio::test]
    async fn all_that_a_hanging_one_started_ends_too() {
        let scratch = Scratch::new();
        let pipe = scratch.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
        assert!(made.success());
        let (end, ended) = tokio::sync::oneshot::channel();
        let shown = pipe.display().to_string();
        // A thread of its own, so that a failure of this test does not wait for it.
        std::thread::spawn(move || end.send(std::fs::read(pipe).is_ok()));
        let script = format!("exec 3> {shown}\n/bin/sleep 600 & /bin/sleep 600");
        let machine = machine_with(&scratch, "node", &script);
        look(&machine, &nowhere(), LATER).await;
        let read = tokio::time::timeout(Duration::from_secs(60), ended).await;
        assert_eq!(read, Ok(Ok(true)), "somebody of the group is left");
    }

    #[tokio::test]
    async fn what_one_leaves_behind_delays_nobody() {
        let fact = node("echo version=7; /bin/sleep 600 & exit 3", LONG).await;
        assert_eq!(fact.version.as_deref(), Some("7"));
        assert_eq!(why(&fact), "it ended with exit code 3");
    }

    #[tokio::test]
    async fn one_that_babbles_is_cut() {
        let fact =
            node("echo version=1; while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done", LONG)
                .await;
        assert_eq!(fact.version.as_deref(), Some("1"));
        let long = node("printf '%0100000d' 7 >&2; exit 1", LONG).await;
        assert!(why(&long).chars().count() < 300, "{}", why(&long).len());
    }

    #[tokio::test]
    async fn one_that_cannot_run_says_so() {
        let gone = node("echo no such library >&2; exit 127", LONG).await;
        assert_eq!(why(&gone), "it ended with exit code 127: no such library");
        let killed = node("kill -9 $$", LONG).await;
        assert_eq!(why(&killed), "it was ended by a signal");
        let scratch = Scratch::new();
        let machine = machine_with(&scratch, "node", "");
        scratch.program("bin/node", "");
        std::fs::write(scratch.path().join("bin/node"), "#!/no/such/interpreter\n")
            .expect("written");
        let fact = of(&look(&machine, &nowhere(), LONG).await, Runtime::Node);
        assert!(why(&fact).starts_with("it could not be started"), "{fact:?}");
    }

    #[tokio::test]
    async fn nothing_secret_reaches_a_runtime() {
        let scratch = Scratch::new();
        let script = "echo way=node; echo \"words=$(/usr/bin/env | /usr/bin/tr '\\n' ' ')\"; echo connected=no";
        let mut machine = machine_with(&scratch, "node", script);
        for name in ["GEMINI_API_KEY", "GOOGLE_API_KEY", "AWS_SECRET_ACCESS_KEY"] {
            machine.variables.insert(name.to_owned(), "FAKE-secret".to_owned());
        }
        let fact = of(&look(&machine, &nowhere(), LONG).await, Runtime::Node);
        assert!(why(&fact).contains("LANG=C") && !why(&fact).contains("FAKE"), "{fact:?}");
    }

    #[tokio::test]
    async fn a_java_without_a_compiler_tells_its_version() {
        let scratch = Scratch::new();
        let script = "echo '    java.version = 8.0.1' >&2; echo '    java.home = /jre' >&2";
        let machine = machine_with(&scratch, "java", script);
        let fact = of(&look(&machine, &nowhere(), LONG).await, Runtime::Java);
        assert_eq!(fact.version.as_deref(), Some("8.0.1"));
        assert_eq!(fact.bundle.as_deref(), Some("/jre/lib/security/cacerts"));
        assert!(why(&fact).contains("no compiler"), "{fact:?}");
    }

    #[tokio::test]
    async fn a_java_whose_store_is_locked_is_not_tried() {
        let scratch = Scratch::new();
        let script = "echo '    java.version = 21' >&2; echo \"$@\" > \"$0.given\"";
        let mut machine = machine_with(&scratch, "java", script);
        scratch.file("store.p12", include_bytes!("../bundles/fixtures/protected.p12"));
        let options = "-Djavax.net.ssl.trustStore=store.p12 \
                       -Djavax.net.ssl.trustStorePassword=FAKE-word";
        machine.variables.insert("JDK_JAVA_OPTIONS".to_owned(), options.to_owned());
        let fact = of(&look(&machine, &nowhere(), LONG).await, Runtime::Java);
        let why = "its key store needs a password, which is not handed on".to_owned();
        assert_eq!(fact.connected, Connected::NotTried(why));
        assert_eq!(fact.version.as_deref(), Some("21"));
        let given = std::fs::read_to_string(scratch.path().join("bin/java.given")).expect("ran");
        assert!(given.contains("-version") && !given.contains("FAKE"), "{given}");
    }

    #[tokio::test]
    async fn a_way_that_cannot_be_gone_is_not_tried() {
        let scratch = Scratch::new();
        let machine =
            machine_with(&scratch, "node", "echo version=9; echo way=node; echo connected=no");
        let way =
            Through::Unable("the proxy wants a login, and no runtime is given one".to_owned());
        let facts = look(&machine, &Target { way, ..nowhere() }, LONG).await;
        let fact = of(&facts, Runtime::Node);
        assert_eq!(fact.version.as_deref(), Some("9"));
        assert!(matches!(&fact.connected, Connected::NotTried(why) if why.contains("login")));
    }
}

#[cfg(unix)]
mod real {
    use std::sync::Arc;

    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// A server on loopback whose root is in a file.
    struct Server {
        address: SocketAddr,
        scratch: Scratch,
    }

    impl Server {
        async fn start(name: &str) -> Self {
            let mut root = CertificateParams::default();
            root.distinguished_name.push(DnType::CommonName, "Company Root");
            root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            root.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
            let key = KeyPair::generate().expect("a key");
            let root = CertifiedIssuer::self_signed(root, key).expect("a root");
            let key = KeyPair::generate().expect("a key");
            let mut leaf = CertificateParams::new([name.to_owned()]).expect("a name");
            leaf.use_authority_key_identifier_extension = true;
            let leaf = leaf.signed_by(&key, &root).expect("a certificate").der().clone();
            let scratch = Scratch::new();
            scratch.file("company.pem", root.pem());
            let address = serve(leaf, key).await;
            Self { address, scratch }
        }

        /// This machine's programs, with these variables only.
        fn machine(&self, variables: &[(&str, &str)]) -> Machine {
            let real = crate::settings::World::of_this_machine();
            let kept = ["PATH", "HOME", "PYENV_VERSION", "JAVA_HOME"];
            let mut machine = self.scratch.machine(variables);
            for name in kept {
                let value = real.variable(name).map(str::to_owned);
                machine.variables.extend(value.map(|value| (name.to_owned(), value)));
            }
            machine
        }
    }

    async fn serve(leaf: CertificateDer<'static>, key: KeyPair) -> SocketAddr {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider supports TLS 1.2 and 1.3")
            .with_no_client_auth()
            .with_single_cert(vec![leaf], key)
            .expect("a key that fits");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                tokio::spawn(async move {
                    use tokio::io::AsyncReadExt;
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let _ = stream.read(&mut [0; 16]).await;
                });
            }
        });
        address
    }

    /// Whether a runtime is here and can be told to connect; where not, it is said.
    #[expect(clippy::disallowed_macros, reason = "a skipped test says why")]
    fn is_here(fact: &RuntimeFact) -> bool {
        let Connected::NotTried(why) = &fact.connected else { return true };
        assert!(fact.path.is_none() || why.contains("no compiler"), "{fact:?}");
        println!("skipped {}: {why}", fact.runtime.word());
        false
    }

    #[tokio::test]
    async fn without_the_root_each_fails_and_with_it_each_connects() {
        let server = Server::start("api.example").await;
        let target = target(server.address, "api.example");
        let without = look(&server.machine(&[]), &target, LONG).await;
        for fact in without.iter().filter(|fact| is_here(fact)) {
            assert!(lacks_a_root(fact), "{fact:?}");
            assert!(
                fact.version.is_some() && fact.tls.is_some() && fact.bundle.is_some(),
                "{fact:?}"
            );
            assert_eq!(fact.tls13, Some(true), "{fact:?}");
        }
        let node = of(&without, Runtime::Node);
        let own = node.bundle.as_ref().is_some_and(|bundle| bundle.ends_with("roots of its own"));
        assert!(!is_here(&node) || own, "{node:?}");
        let with = server.machine(&[
            ("SSL_CERT_FILE", "company.pem"),
            ("REQUESTS_CA_BUNDLE", "company.pem"),
            ("NODE_EXTRA_CA_CERTS", "company.pem"),
        ]);
        let with = look(&with, &target, LONG).await;
        for fact in with.iter().filter(|fact| is_here(fact) && fact.runtime != Runtime::Java) {
            assert_eq!(fact.connected, Connected::Yes, "{fact:?}");
            assert_eq!(fact.negotiated.as_deref(), Some("TLSv1.3"), "{fact:?}");
        }
        let java = of(&with, Runtime::Java);
        assert!(!is_here(&java) || lacks_a_root(&java), "Java reads no PEM: {java:?}");
    }

    #[tokio::test]
    async fn another_name_is_refused_by_each() {
        let server = Server::start("else.example").await;
        let machine = server.machine(&[
            ("SSL_CERT_FILE", "company.pem"),
            ("REQUESTS_CA_BUNDLE", "company.pem"),
            ("NODE_EXTRA_CA_CERTS", "company.pem"),
        ]);
        let facts = look(&machine, &target(server.address, "api.example"), LONG).await;
        for fact in facts.iter().filter(|fact| is_here(fact)) {
            assert!(matches!(fact.connected, Connected::No(_)), "{fact:?}");
            let java = fact.runtime == Runtime::Java;
            assert_eq!(lacks_a_root(fact), java, "{fact:?}");
        }
    }

    #[tokio::test]
    async fn a_variable_that_leads_nowhere_breaks_requests_only() {
        let server = Server::start("api.example").await;
        let machine = server.machine(&[
            ("SSL_CERT_FILE", "company.pem"),
            ("REQUESTS_CA_BUNDLE", "no/such.pem"),
            ("NODE_EXTRA_CA_CERTS", "company.pem"),
        ]);
        let facts = look(&machine, &target(server.address, "api.example"), LONG).await;
        for fact in facts.iter().filter(|fact| is_here(fact) && fact.runtime != Runtime::Java) {
            let broken = fact.runtime == Runtime::PythonRequests;
            assert_eq!(fact.connected == Connected::Yes, !broken, "{fact:?}");
        }
    }

    /// Java's own form of a bundle, made by its own tool.
    #[tokio::test]
    #[expect(clippy::disallowed_macros, reason = "a skipped test says why")]
    async fn java_connects_with_a_key_store() {
        let server = Server::start("api.example").await;
        let mut keytool = std::process::Command::new("keytool");
        keytool.current_dir(server.scratch.path()).args(["-importcert", "-noprompt"]);
        keytool.args(["-alias", "company", "-file", "company.pem", "-storepass", "changeit"]);
        keytool.args(["-storetype", "JKS", "-keystore", "company.jks"]);
        let Ok(made) = keytool.output() else {
            return println!("skipped: keytool is not installed");
        };
        assert!(made.status.success(), "{made:?}");
        let option = "-Djavax.net.ssl.trustStore=company.jks";
        let machine = server.machine(&[("JAVA_TOOL_OPTIONS", option)]);
        let facts = look(&machine, &target(server.address, "api.example"), LONG).await;
        let java = of(&facts, Runtime::Java);
        assert!(!is_here(&java) || java.connected == Connected::Yes, "{java:?}");
    }

    /// A proxy that lets everybody through, once for each runtime.
    #[tokio::test]
    async fn each_goes_through_a_proxy() {
        let server = Server::start("api.example").await;
        let proxy = tunnel(server.address).await;
        let way = Through::Proxy { host: proxy.ip().to_string(), port: proxy.port() };
        let machine = server.machine(&[
            ("SSL_CERT_FILE", "company.pem"),
            ("REQUESTS_CA_BUNDLE", "company.pem"),
            ("NODE_EXTRA_CA_CERTS", "company.pem"),
        ]);
        // Only the proxy knows the way: this host does not exist.
        let host = "only-the-proxy-knows.invalid".to_owned();
        let target = Target { host, way, ..target(server.address, "api.example") };
        let facts = look(&machine, &target, LONG).await;
        for fact in facts.iter().filter(|fact| is_here(fact) && fact.runtime != Runtime::Java) {
            assert_eq!(fact.connected, Connected::Yes, "{fact:?}");
        }
        let java = of(&facts, Runtime::Java);
        assert!(!is_here(&java) || lacks_a_root(&java), "{java:?}");
    }

    async fn tunnel(to: SocketAddr) -> SocketAddr {
        use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") && head.len() < 4096 {
                        let Ok(byte) = near.read_u8().await else { return };
                        head.push(byte);
                    }
                    let Ok(mut far) = tokio::net::TcpStream::connect(to).await else { return };
                    let _ = near.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        address
    }
}
