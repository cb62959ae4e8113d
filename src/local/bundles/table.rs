//! The variables that name bundles, with what becomes of each program when one leads nowhere; and where
//! Linux distributions keep theirs. Only words.

/// A variable that names a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it names.
    pub kind: Kind,
    /// Who reads it, for a table.
    pub read_by: &'static str,
    /// Whether a Gemini SDK reads it. What another program's variable names explains why that program
    /// works.
    pub for_sdks: bool,
    /// What becomes of its readers where it leads to nothing they can use.
    pub when_broken: &'static str,
}

/// What a variable names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A file or a directory.
    FileOrDirectory,
    /// Directories, as `PATH` lists them.
    Directories,
    /// Options, one of which names a key store.
    JavaOptions,
}

/// The variables.
pub const VARIABLES: &[Variable] = &[
    Variable {
        name: "SSL_CERT_FILE",
        kind: Kind::File,
        read_by: "OpenSSL, Python's ssl, httpx (google-genai), Go, curl",
        for_sdks: true,
        when_broken: "httpx and google-genai raise FileNotFoundError (or an SSLError), curl ends with \
                      error 77, Python's ssl and OpenSSL silently go on without it, and so does Go",
    },
    Variable {
        name: "SSL_CERT_DIR",
        kind: Kind::Directories,
        read_by: "OpenSSL, Python's ssl, httpx (google-genai), Go, curl",
        for_sdks: true,
        when_broken: "all its readers silently go on without it and know no root but those of a file",
    },
    Variable {
        name: "REQUESTS_CA_BUNDLE",
        kind: Kind::FileOrDirectory,
        read_by: "requests (google-auth, the older Python SDKs)",
        for_sdks: true,
        when_broken: "requests raises OSError (\"Could not find a suitable TLS CA certificate bundle\") \
                      or an SSLError before it connects",
    },
    Variable {
        name: "CURL_CA_BUNDLE",
        kind: Kind::FileOrDirectory,
        read_by: "curl; requests where REQUESTS_CA_BUNDLE is not set",
        for_sdks: true,
        when_broken: "curl ends with error 77, and requests raises OSError before it connects",
    },
    Variable {
        name: "NODE_EXTRA_CA_CERTS",
        kind: Kind::File,
        read_by: "Node (@google/genai, gemini-cli), in addition to its own list",
        for_sdks: true,
        when_broken: "Node prints \"Warning: Ignoring extra certs\" and goes on without it",
    },
    Variable {
        name: "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
        kind: Kind::File,
        read_by: "gRPC of Python and C++ (the older Google SDKs)",
        for_sdks: true,
        when_broken: "gRPC goes on with the list that it brings along",
    },
    Variable {
        name: "JAVA_TOOL_OPTIONS",
        kind: Kind::JavaOptions,
        read_by: "every Java",
        for_sdks: true,
        when_broken: "Java trusts nobody: \"PKIX path building failed\", or \"the trustAnchors \
                      parameter must be non-empty\"",
    },
    Variable {
        name: "JDK_JAVA_OPTIONS",
        kind: Kind::JavaOptions,
        read_by: "Java where it is started as java",
        for_sdks: true,
        when_broken: "Java trusts nobody: \"PKIX path building failed\", or \"the trustAnchors \
                      parameter must be non-empty\"",
    },
    Variable {
        name: "DENO_CERT",
        kind: Kind::File,
        read_by: "Deno, in addition to its own list",
        for_sdks: true,
        when_broken: "Deno ends with an error before it runs anything",
    },
    Variable {
        name: "AWS_CA_BUNDLE",
        kind: Kind::File,
        read_by: "the AWS SDKs and no Gemini SDK",
        for_sdks: false,
        when_broken: "only the AWS SDKs fail",
    },
    Variable {
        name: "PIP_CERT",
        kind: Kind::FileOrDirectory,
        read_by: "pip and no Gemini SDK",
        for_sdks: false,
        when_broken: "only pip fails",
    },
    Variable {
        name: "GIT_SSL_CAINFO",
        kind: Kind::File,
        read_by: "git and no Gemini SDK",
        for_sdks: false,
        when_broken: "only git fails",
    },
    Variable {
        name: "CARGO_HTTP_CAINFO",
        kind: Kind::File,
        read_by: "cargo and no Gemini SDK",
        for_sdks: false,
        when_broken: "only cargo fails",
    },
];

/// Where Linux distributions keep their bundle, without the leading `/`; the first that is there counts.
pub const FILES: &[&str] = &[
    "etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Arch, Gentoo, NixOS
    "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, Red Hat, CentOS, Amazon Linux
    "etc/pki/tls/certs/ca-bundle.crt",   // their older releases
    "etc/ssl/ca-bundle.pem",             // openSUSE
    "etc/ssl/cert.pem",                  // Alpine
    "etc/pki/tls/cacert.pem",            // OpenELEC
    "usr/local/share/certs/ca-root-nss.crt", // FreeBSD
];

/// The directories that are read where none of the files is there.
pub const DIRECTORIES: &[&str] =
    &["etc/ssl/certs", "etc/pki/tls/certs", "system/etc/security/cacerts"];

/// One variable of the table.
pub fn find(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}
