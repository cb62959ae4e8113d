//! Makes printed commands mean this run: the same host, key source, model and scenario.

use crate::{
    commands::shell_word::shell_word,
    diagnose::Finding,
    facts::{Endpoint, endpoint::DEFAULT_BASE_URL},
    report::document::Remark,
    settings::{Given, Shell},
};

/// The commands of ours that take the options of a live run.
const LIVE: [&str; 10] = [
    "gemini-doctor bench-transport",
    "gemini-doctor bisect",
    "gemini-doctor check-key",
    "gemini-doctor compare",
    "gemini-doctor doctor",
    "gemini-doctor gate",
    "gemini-doctor list-models",
    "gemini-doctor probe-alias",
    "gemini-doctor tls-check",
    "gemini-doctor watch",
];
/// Those of them that known fixes name for a look at the connection.
const LOOKS: [&str; 2] = [CHECK_KEY, "gemini-doctor tls-check"];
/// What is of this machine, and so not of a scenario.
const SOURCES: [&str; 7] = [
    "--key-file",
    "--key-stdin",
    "--key-command",
    "--env-file",
    "--credentials",
    "--proxy",
    "--resolve",
];
/// The command that asks nothing.
const INIT: &str = "gemini-doctor gate --init";
const CHECK_KEY: &str = "gemini-doctor check-key";
/// The host that commands of other programs name.
const USUAL_HOST: &str = "generativelanguage.googleapis.com";

/// What a command must repeat to ask the same thing again.
pub(super) struct Carried {
    options: Vec<(&'static str, String)>,
    endpoint: Endpoint,
    /// Who is to read the commands.
    shell: Shell,
    /// The command that looks again, in a run that only looks: no key has a part in that.
    look: Option<String>,
}

impl Carried {
    /// The options that were typed and that change what is asked.
    pub(super) fn of(given: &Given, endpoint: &Endpoint, shell: Shell) -> Self {
        let path = |path: &std::path::PathBuf| path.display().to_string();
        let mut options: Vec<(&'static str, Option<String>)> = vec![
            ("--simulate", given.simulate.clone()),
            ("--base-url", given.base_url.clone()),
            ("--api", given.api.map(|api| api.word().to_owned())),
            ("--project", given.project.clone()),
            ("--location", given.location.clone()),
            ("--credentials", given.credentials.as_ref().map(path)),
            ("--api-version", given.api_version.clone()),
            ("--profile", given.profile.clone()),
            ("--key-file", given.key_file.as_ref().map(path)),
            ("--env-file", given.env_file.as_ref().map(path)),
            ("--model", given.model.clone()),
            ("--proxy", given.proxy.clone().filter(|proxy| !proxy.contains('@'))),
            ("--no-proxy", given.no_proxy.then(String::new)),
            ("-4", given.ipv4.then(String::new)),
            ("-6", given.ipv6.then(String::new)),
        ];
        options.extend(given.ca_file.iter().map(|file| ("--ca-file", Some(path(file)))));
        let typed = options.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Self { options: typed.collect(), endpoint: endpoint.clone(), shell, look: None }
    }

    /// Of a run that looked at a host: what others print for the API is meant for that host here.
    pub(super) fn looking(self, command: String, host: &str, port: u16) -> Self {
        let endpoint = Endpoint { host: host.to_owned(), port, ..self.endpoint };
        Self { endpoint, look: Some(command), ..self }
    }

    /// A command that means this run.
    pub(super) fn command(&self, command: &str) -> String {
        if let (Some(look), Some(rest)) = (&self.look, options_of_a_look(command)) {
            return self.with_options(&format!("{look}{rest}"));
        }
        // A file to begin with is the same whatever is asked.
        if command == INIT {
            return command.to_owned();
        }
        if LIVE.iter().any(|live| command.starts_with(live)) {
            return self.with_options(command);
        }
        if self.endpoint.base_url() == DEFAULT_BASE_URL {
            return command.to_owned();
        }
        let address = format!("{}:{}", self.endpoint.host, self.endpoint.port);
        command
            .replace(&format!("{USUAL_HOST}:443"), &address)
            .replace(USUAL_HOST, &self.endpoint.host)
    }

    /// Findings whose commands mean this run.
    pub(super) fn rewrite(&self, findings: &mut [Finding]) {
        for finding in findings {
            for step in &mut finding.fixes {
                let stays = step.command.take().filter(|command| !self.leaves_the_world(command));
                step.command = stays.map(|command| self.command(&command));
            }
            if let Some(look) = &self.look {
                let again = self.with_options(look);
                let words = finding.confirm.replace(CHECK_KEY, &again);
                finding.confirm = words.replace("gemini-doctor tls-check", &again);
            }
        }
    }

    /// Remarks whose commands do so too.
    pub(super) fn rewrite_remarks(&self, remarks: &mut [Remark]) {
        for remark in remarks {
            let stays = remark.command.take().filter(|command| !self.leaves_the_world(command));
            remark.command = stays.map(|command| self.command(&command));
        }
    }

    /// Whether a command of ours asks somebody who is not there in a simulated world: another host, or the API of
    /// another credential.
    fn leaves_the_world(&self, command: &str) -> bool {
        let words: Vec<&str> = command.split_whitespace().collect();
        let ours = LIVE.iter().any(|live| command.starts_with(live));
        let own = |name: &str| {
            self.options.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
        };
        let is_simulated = own("--simulate").is_some() && !words.contains(&"--simulate");
        let leads = |name: &str, here: Option<&str>| {
            let named = words.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1]);
            named.is_some_and(|named| Some(named) != here)
        };
        let api = Some(self.endpoint.api.word());
        ours && is_simulated && (leads("--base-url", own("--base-url")) || leads("--api", api))
    }

    fn with_options(&self, command: &str) -> String {
        let words: Vec<&str> = command.split_whitespace().collect();
        // A family or a name that the step itself chooses stays its choice.
        let chosen = |name: &str| {
            words.contains(&name)
                || (["-4", "-6"].contains(&name)
                    && (words.contains(&"-4") || words.contains(&"-6")))
        };
        // A step that leads to the other API has no use for what only the cloud platform has.
        let elsewhere = words.windows(2).any(|pair| pair == ["--api", "gemini"]);
        let of_cloud = |name: &str| ["--project", "--location", "--credentials"].contains(&name);
        // A scenario brings its own key, network and host, and no command takes both.
        let names_source = words.iter().any(|word| SOURCES.contains(word));
        let is_simulated = words.contains(&"--simulate");
        let contradicts = |name: &str| {
            (names_source && name == "--simulate") || (is_simulated && OF_ONE_WORLD.contains(&name))
        };
        let missing = self.options.iter().filter(|(name, _)| {
            !(chosen(name) || contradicts(name) || elsewhere && of_cloud(name))
        });
        let takes_name =
            |word: Option<&&str>| matches!(word, Some(&"list-models" | &"probe-alias"));
        let fits = missing.filter(|(name, _)| *name != "--model" || !takes_name(words.get(1)));
        fits.fold(command.to_owned(), |command, (name, value)| match value.as_str() {
            "" => format!("{command} {name}"),
            value => format!("{command} {name} {}", shell_word(value, self.shell)),
        })
    }
}

/// What a scenario brings by itself, or refuses.
const OF_ONE_WORLD: &[&str] = &[
    "--base-url",
    "--env-file",
    "--key-file",
    "--key-stdin",
    "--key-command",
    "--profile",
    "--proxy",
    "--no-proxy",
    "--ca-file",
    "--resolve",
    "--credentials",
];

/// What follows where a look is meant, and no host is named.
fn options_of_a_look(command: &str) -> Option<&str> {
    let rest = LOOKS.iter().find_map(|usual| command.strip_prefix(usual))?;
    (rest.is_empty() || rest.starts_with(" -")).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(given: &Given, base_url: &str) -> Carried {
        let endpoint = Endpoint::parse(base_url, "v1beta").expect("a good URL");
        Carried::of(given, &endpoint, Shell::Sh)
    }

    #[test]
    fn our_commands_repeat_what_was_typed() {
        let given = Given {
            base_url: Some("https://h.example".to_owned()),
            ca_file: vec!["my ca.pem".into()],
            model: Some("m".to_owned()),
            ipv4: true,
            ..Given::default()
        };
        let carried = carried(&given, "https://h.example");
        assert_eq!(
            carried.command("gemini-doctor check-key -6 --model other"),
            "gemini-doctor check-key -6 --model other --base-url https://h.example --ca-file 'my ca.pem'"
        );
        assert!(!carried.command("gemini-doctor list-models x").contains("--model"));
        assert_eq!(carried.command("gemini-doctor fixes x"), "gemini-doctor fixes x");
    }

    #[test]
    fn a_name_with_a_quote_in_it_is_read_back_as_it_is() {
        let given = Given { key_file: Some("it's mine.txt".into()), ..Given::default() };
        let said = carried(&given, DEFAULT_BASE_URL).command("gemini-doctor doctor");
        assert_eq!(said, r"gemini-doctor doctor --key-file 'it'\''s mine.txt'");
    }

    #[test]
    fn a_command_is_given_no_scenario_beside_a_source_of_this_machine() {
        let simulated = Given { simulate: Some("healthy".to_owned()), ..Given::default() };
        let said = |command: &str| carried(&simulated, DEFAULT_BASE_URL).command(command);
        for command in [
            "gemini-doctor check-key --key-file key.txt",
            "gemini-doctor check-key --proxy http://proxy.example:8080",
            "gemini-doctor check-key --credentials login.json",
        ] {
            assert_eq!(said(command), command);
        }
        assert_eq!(said("gemini-doctor doctor"), "gemini-doctor doctor --simulate healthy");
        let given = Given { env_file: Some(".env".into()), ..Given::default() };
        let command = "gemini-doctor doctor --simulate alias-404";
        assert_eq!(carried(&given, DEFAULT_BASE_URL).command(command), command);
    }

    #[test]
    fn a_simulated_world_has_no_other_host_and_no_other_api() {
        let given = Given { simulate: Some("gateway-refused".to_owned()), ..Given::default() };
        let carried = carried(&given, "https://gateway.example");
        let leaves = |command: &str| carried.leaves_the_world(command);
        assert!(leaves(
            "gemini-doctor check-key --base-url https://generativelanguage.googleapis.com"
        ));
        assert!(leaves("gemini-doctor check-key --api vertex"));
        assert!(!leaves("gemini-doctor check-key --api gemini --format json"));
        assert!(!leaves("gemini-doctor doctor --simulate healthy --api vertex"));
        assert!(!leaves("curl --base-url https://generativelanguage.googleapis.com"));
    }

    #[test]
    fn other_programs_are_pointed_at_the_host_that_was_asked() {
        let given = Given::default();
        let command = "openssl s_client -connect generativelanguage.googleapis.com:443";
        let other = carried(&given, "https://h.example:8443").command(command);
        assert_eq!(other, "openssl s_client -connect h.example:8443");
        assert_eq!(carried(&given, DEFAULT_BASE_URL).command(command), command);
    }

    #[test]
    fn a_look_goes_to_the_host_that_was_looked_at() {
        let looking = |command: &str| {
            let look = "gemini-doctor tls-check h.example --sni i.example".to_owned();
            let carried = carried(&Given::default(), DEFAULT_BASE_URL);
            carried.looking(look, "h.example", 443).command(command)
        };
        let here = "gemini-doctor tls-check h.example --sni i.example";
        for usual in LOOKS {
            assert_eq!(looking(usual), here);
            let given = looking(&format!("{usual} --ca-file corp-root.pem"));
            assert_eq!(given, format!("{here} --ca-file corp-root.pem"));
        }
        let other = "gemini-doctor tls-check other.example";
        assert_eq!(looking(other), other);
    }

    #[test]
    fn a_proxy_with_a_login_is_not_repeated() {
        let proxy = |url: &str| Given { proxy: Some(url.to_owned()), ..Given::default() };
        let said = |url| carried(&proxy(url), DEFAULT_BASE_URL).command("gemini-doctor doctor");
        assert_eq!(said("http://p:1"), "gemini-doctor doctor --proxy http://p:1");
        assert_eq!(said("http://user:word@p:1"), "gemini-doctor doctor");
    }
}
