//! What kind of machine a program runs on: a container, a job of a CI system, a function. Facts, and never faults.

use crate::local::machine::Machine;

/// Variables that a CI system sets.
const CI: &[(&str, &str)] = &[
    ("GITHUB_ACTIONS", "GitHub Actions"),
    ("GITLAB_CI", "GitLab CI"),
    ("CIRCLECI", "CircleCI"),
    ("BUILDKITE", "Buildkite"),
    ("JENKINS_URL", "Jenkins"),
    ("TF_BUILD", "Azure Pipelines"),
    ("TEAMCITY_VERSION", "TeamCity"),
    ("CI", "a CI system"),
];
/// Variables of places that run code for others.
const HOSTED: &[(&str, &str)] = &[
    ("KUBERNETES_SERVICE_HOST", "Kubernetes"),
    ("K_SERVICE", "Cloud Run"),
    ("AWS_LAMBDA_FUNCTION_NAME", "AWS Lambda"),
    ("FUNCTIONS_WORKER_RUNTIME", "Azure Functions"),
    ("VERCEL", "Vercel"),
    ("GAE_ENV", "App Engine"),
    ("CODESPACES", "GitHub Codespaces"),
    ("WSL_DISTRO_NAME", "the Windows subsystem for Linux"),
];
/// Files that container engines leave.
const FILES: &[(&str, &str)] = &[(".dockerenv", "Docker"), ("run/.containerenv", "Podman")];

pub(super) fn look(machine: &Machine) -> String {
    let set = |name: &str| {
        machine.variable(name).is_some_and(|value| !value.eq_ignore_ascii_case("false"))
    };
    let ci = CI.iter().find(|(name, _)| set(name)).map(|(_, words)| format!("a job of {words}"));
    let hosted = HOSTED.iter().filter(|(name, _)| set(name)).map(|(_, words)| (*words).to_owned());
    let left = |file: &str| machine.system(file).is_some_and(|path| path.exists());
    let container = FILES.iter().find(|(file, _)| left(file));
    let container = container.map(|(_, words)| format!("a container of {words}"));
    let found: Vec<String> = ci.into_iter().chain(container).chain(hosted).collect();
    match found.is_empty() {
        true => "nothing shows a container or a CI system".to_owned(),
        false => format!("this looks like {}", found.join(", ")),
    }
}
