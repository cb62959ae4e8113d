//! Every environment variable that is read, in one table: help, `.env.example` and the documentation
//! come from it. Only names and words; the values are in [`super::World`].

/// One variable.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does here.
    pub what: &'static str,
    /// A value it may have; empty where no value is worth showing.
    pub example: &'static str,
    /// What it belongs to, which also decides what a `.env` file may do with it.
    pub group: Group,
}

/// What a variable belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A key.
    Key,
    /// The model asked.
    Model,
    /// This program's own files.
    Files,
    /// The cloud platform: obeyed with `--api vertex` and reported otherwise.
    Cloud,
    /// What the SDKs obey. Reported, never obeyed here.
    Sdk,
    /// The way to the network.
    Proxy,
    /// Which certificates are trusted.
    Trust,
    /// What `doctor` says of this machine. Reported, never obeyed here.
    Machine,
    /// Who is told of results beside the terminal. Nothing that is simulated goes there unasked.
    Collector,
    /// How the result is shown.
    Terminal,
}

impl Group {
    /// Every group, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Key,
        Self::Model,
        Self::Files,
        Self::Cloud,
        Self::Sdk,
        Self::Proxy,
        Self::Trust,
        Self::Machine,
        Self::Collector,
        Self::Terminal,
    ];

    /// A heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Key => "Key",
            Self::Model => "Model",
            Self::Files => "Files",
            Self::Cloud => "Cloud platform (obeyed with --api vertex)",
            Self::Sdk => "SDK settings (reported, never obeyed)",
            Self::Proxy => "Proxy",
            Self::Trust => "Trust",
            Self::Machine => "Around it (reported by doctor, never obeyed)",
            Self::Collector => "Collectors",
            Self::Terminal => "Output",
        }
    }

    /// Whether a `.env` file may set it.
    pub const fn obeyed_in_dotenv(self) -> bool {
        matches!(self, Self::Key | Self::Model)
    }
}

/// The table.
#[rustfmt::skip]
pub const VARIABLES: &[Variable] = &[
    row("GOOGLE_API_KEY", "the key; wins over GEMINI_API_KEY, as in the SDKs", "", Group::Key),
    row("GEMINI_API_KEY", "the key", "", Group::Key),
    row("GOOGLE_GENERATIVE_AI_API_KEY", "a name other tools read; named when no key is found", "", Group::Sdk),
    row("GOOGLE_AI_API_KEY", "another such name", "", Group::Sdk),
    row("GEMINI_MODEL", "the model asked unless --model names one", "gemini-3.5-flash", Group::Model),
    row("GEMINI_DOCTOR_CONFIG", "the config file to read", "/etc/gemini-doctor.toml", Group::Files),
    row("XDG_CONFIG_HOME", "where gemini-doctor/config.toml is looked for", "/home/me/.config", Group::Files),
    row("HOME", "where .config/gemini-doctor/config.toml is looked for", "/home/me", Group::Files),
    row("APPDATA", "where gemini-doctor\\config.toml is looked for on Windows", "C:\\Users\\me\\AppData\\Roaming", Group::Files),
    row("GOOGLE_GEMINI_BASE_URL", "sends the SDKs to another host", "https://gateway.example", Group::Sdk),
    row("GOOGLE_VERTEX_BASE_URL", "sends the SDKs to another host in cloud mode", "https://gateway.example", Group::Sdk),
    row("GOOGLE_GENAI_USE_VERTEXAI", "switches the SDKs to the cloud platform", "true", Group::Sdk),
    row("GOOGLE_GENAI_USE_ENTERPRISE", "the same switch under its newer name; wins over the older", "true", Group::Sdk),
    row("GOOGLE_CLOUD_PROJECT", "the project, unless --project names one", "example-project", Group::Cloud),
    row("GOOGLE_CLOUD_LOCATION", "the location, unless --location names one", "global", Group::Cloud),
    row("GOOGLE_APPLICATION_CREDENTIALS", "the file of the login, unless --credentials names one", "/home/me/login.json", Group::Cloud),
    row("GOOGLE_CLOUD_QUOTA_PROJECT", "the project whose quota counts; wins over the login's own", "example-project", Group::Cloud),
    row("CLOUDSDK_CONFIG", "where gcloud keeps the login, in place of its usual folder", "/home/me/gcloud", Group::Cloud),
    row("GCE_METADATA_HOST", "the metadata server's host and port", "metadata.google.internal", Group::Cloud),
    row("HTTPS_PROXY", "the proxy for https URLs", "http://proxy.example:3128", Group::Proxy),
    row("https_proxy", "the same in lower case", "http://proxy.example:3128", Group::Proxy),
    row("HTTP_PROXY", "the proxy for http URLs", "http://proxy.example:3128", Group::Proxy),
    row("http_proxy", "the same in lower case", "http://proxy.example:3128", Group::Proxy),
    row("ALL_PROXY", "the proxy where no other one is set", "socks5://proxy.example:1080", Group::Proxy),
    row("all_proxy", "the same in lower case", "socks5://proxy.example:1080", Group::Proxy),
    row("NO_PROXY", "hosts that are reached without a proxy", "localhost,.example", Group::Proxy),
    row("no_proxy", "the same in lower case", "localhost,.example", Group::Proxy),
    row("SSL_CERT_FILE", "a PEM file that replaces all trusted roots", "/etc/ssl/corporate.pem", Group::Trust),
    row("SSL_CERT_DIR", "directories of PEM files that replace all trusted roots", "/etc/ssl/certs", Group::Trust),
    row("GOOGLE_CLOUD_REGION", "the location in cloud mode, as Go's SDK also reads it", "us-central1", Group::Machine),
    row("GEMINI_API_KEYS", "a name that no SDK of Google's reads", "", Group::Machine),
    row("OPENAI_API_KEY", "the key of OpenAI's SDK: whether it fits where its calls go", "", Group::Machine),
    row("OPENAI_BASE_URL", "where OpenAI's SDK calls", "https://generativelanguage.googleapis.com/v1beta/openai/", Group::Machine),
    row("OPENAI_API_BASE", "the same for its old versions", "", Group::Machine),
    row("ANTHROPIC_API_KEY", "the key of Anthropic's SDK: whether it fits where its calls go", "", Group::Machine),
    row("ANTHROPIC_BASE_URL", "where Anthropic's SDK calls", "", Group::Machine),
    row("NODE_USE_ENV_PROXY", "1 where Node's own fetch obeys the proxy's variables", "1", Group::Machine),
    row("REQUESTS_CA_BUNDLE", "the certificates that requests trusts", "/etc/ssl/corporate.pem", Group::Machine),
    row("CURL_CA_BUNDLE", "the certificates that curl trusts", "/etc/ssl/corporate.pem", Group::Machine),
    row("NODE_EXTRA_CA_CERTS", "the certificates that Node trusts besides its own", "/etc/ssl/corporate.pem", Group::Machine),
    row("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "the certificates that gRPC trusts", "/etc/ssl/corporate.pem", Group::Machine),
    row("DENO_CERT", "the certificates that Deno trusts besides its own", "/etc/ssl/corporate.pem", Group::Machine),
    row("NODE_TLS_REJECT_UNAUTHORIZED", "0 where Node checks no certificate", "", Group::Machine),
    row("PYTHONHTTPSVERIFY", "0 where old Pythons check no certificate", "", Group::Machine),
    row("GIT_SSL_NO_VERIFY", "set where git checks no certificate", "", Group::Machine),
    row("VIRTUAL_ENV", "the environment of Python whose packages are read", "/srv/app/.venv", Group::Machine),
    row("CONDA_PREFIX", "the same for conda", "/opt/conda/envs/app", Group::Machine),
    row("PATH", "where the Python is looked for whose packages are read, without starting it", "", Group::Machine),
    row("USERPROFILE", "a home directory, which is not looked through", "", Group::Machine),
    row("CI", "set by CI systems, as GITLAB_CI, CIRCLECI, BUILDKITE, JENKINS_URL, TF_BUILD and TEAMCITY_VERSION are by theirs", "true", Group::Machine),
    row("KUBERNETES_SERVICE_HOST", "set by Kubernetes, as K_SERVICE, AWS_LAMBDA_FUNCTION_NAME, FUNCTIONS_WORKER_RUNTIME, VERCEL, GAE_ENV, CODESPACES and WSL_DISTRO_NAME are by other places", "", Group::Machine),
    row("OTEL_EXPORTER_OTLP_ENDPOINT", "the collector that watch sends to by OTLP, where it was built with that", "http://localhost:4318", Group::Collector),
    row("NO_COLOR", "no colour, when set to anything", "1", Group::Terminal),
    row("CLICOLOR_FORCE", "colour even without a terminal, unless 0", "1", Group::Terminal),
    row("TERM", "the kind of terminal; dumb has no colour", "xterm-256color", Group::Terminal),
    row("COLUMNS", "the width of tables", "80", Group::Terminal),
    row("LC_ALL", "whether the terminal shows UTF-8", "en_US.UTF-8", Group::Terminal),
    row("LC_CTYPE", "the same, after LC_ALL", "en_US.UTF-8", Group::Terminal),
    row("LANG", "the same, after LC_CTYPE", "en_US.UTF-8", Group::Terminal),
    row("WT_SESSION", "set by Windows Terminal, which shows UTF-8", "", Group::Terminal),
    row("SHELL", "which shell commands are printed for", "/bin/bash", Group::Terminal),
    row("PSModulePath", "set in PowerShell: commands are printed for it", "", Group::Terminal),
    row("GITHUB_ACTIONS", "true in a GitHub workflow: adds annotations", "true", Group::Terminal),
    row("GITHUB_STEP_SUMMARY", "the file a GitHub workflow shows as its summary", "", Group::Terminal),
];

const fn row(
    name: &'static str,
    what: &'static str,
    example: &'static str,
    group: Group,
) -> Variable {
    Variable { name, what, example, group }
}

/// The row of a name.
pub fn find(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

/// The text of `.env.example`: what a `.env` file may set first, the rest as remarks.
pub fn env_example() -> String {
    let mut text = String::from(
        "# Copy to .env in the directory you work in, and keep it out of version control.\n\
         # gemini-doctor takes the key and the model from it, and nothing else.\n",
    );
    for group in Group::ALL {
        text += &format!("\n# {}\n", heading(group));
        for variable in VARIABLES.iter().filter(|variable| variable.group == group) {
            text += &example_lines(variable);
        }
    }
    text
}

fn heading(group: Group) -> String {
    if group.obeyed_in_dotenv() {
        group.title().to_owned()
    } else {
        format!("{}: from the environment only", group.title())
    }
}

/// One key stands ready to be filled in; everything else is a remark, so that a copy sets nothing.
fn example_lines(variable: &Variable) -> String {
    let Variable { name, what, example, .. } = variable;
    let mark = if *name == "GEMINI_API_KEY" { "" } else { "# " };
    format!("#   {what}\n{mark}{name}={example}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_a_contract() {
        let names: Vec<&str> = VARIABLES.iter().map(|variable| variable.name).collect();
        assert_eq!(
            names.join(" "),
            "GOOGLE_API_KEY GEMINI_API_KEY GOOGLE_GENERATIVE_AI_API_KEY GOOGLE_AI_API_KEY \
             GEMINI_MODEL GEMINI_DOCTOR_CONFIG XDG_CONFIG_HOME HOME APPDATA GOOGLE_GEMINI_BASE_URL GOOGLE_VERTEX_BASE_URL GOOGLE_GENAI_USE_VERTEXAI \
             GOOGLE_GENAI_USE_ENTERPRISE GOOGLE_CLOUD_PROJECT GOOGLE_CLOUD_LOCATION \
             GOOGLE_APPLICATION_CREDENTIALS GOOGLE_CLOUD_QUOTA_PROJECT CLOUDSDK_CONFIG GCE_METADATA_HOST HTTPS_PROXY \
             https_proxy HTTP_PROXY http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy SSL_CERT_FILE \
             SSL_CERT_DIR GOOGLE_CLOUD_REGION GEMINI_API_KEYS OPENAI_API_KEY OPENAI_BASE_URL \
             OPENAI_API_BASE ANTHROPIC_API_KEY ANTHROPIC_BASE_URL NODE_USE_ENV_PROXY \
             REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NODE_EXTRA_CA_CERTS \
             GRPC_DEFAULT_SSL_ROOTS_FILE_PATH DENO_CERT NODE_TLS_REJECT_UNAUTHORIZED \
             PYTHONHTTPSVERIFY GIT_SSL_NO_VERIFY VIRTUAL_ENV CONDA_PREFIX PATH USERPROFILE CI \
             KUBERNETES_SERVICE_HOST OTEL_EXPORTER_OTLP_ENDPOINT NO_COLOR CLICOLOR_FORCE TERM COLUMNS LC_ALL LC_CTYPE LANG WT_SESSION \
             SHELL PSModulePath GITHUB_ACTIONS GITHUB_STEP_SUMMARY"
        );
    }

    #[test]
    fn every_row_says_what_it_does_in_one_line() {
        for variable in VARIABLES {
            assert!(!variable.what.is_empty() && !variable.what.ends_with('.'));
            assert!(!variable.what.contains('\n') && !variable.example.contains('\n'));
        }
    }

    #[test]
    fn the_example_names_every_variable_and_sets_no_value() {
        let text = env_example();
        for variable in VARIABLES {
            assert!(text.contains(&format!("{}=", variable.name)), "{}", variable.name);
        }
        let set: Vec<&str> =
            text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(set, ["GEMINI_API_KEY="]);
    }

    #[test]
    fn only_keys_and_the_model_are_obeyed_in_a_dotenv_file() {
        let obeyed = VARIABLES.iter().filter(|variable| variable.group.obeyed_in_dotenv());
        let names: Vec<&str> = obeyed.map(|variable| variable.name).collect();
        assert_eq!(names, ["GOOGLE_API_KEY", "GEMINI_API_KEY", "GEMINI_MODEL"]);
    }
}
