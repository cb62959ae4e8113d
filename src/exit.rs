//! Every exit code with its meaning. Frozen: scripts and CI jobs rest on them.

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exit {
    /// All required checks passed.
    Healthy,
    /// The caller can fix it.
    Yours,
    /// Wrong arguments or configuration, or no key where one is needed.
    Usage,
    /// The provider's side, or temporary.
    Theirs,
    /// The way there could not be taken or trusted.
    Path,
    /// Nothing could be decided.
    Unknown,
    /// A quota, a credit or a cap that no retry and no code change lifts.
    Quota,
    /// Our own fault.
    Internal,
    /// Stopped by SIGINT.
    Interrupted,
    /// Stopped by SIGTERM.
    Terminated,
}

impl Exit {
    /// Every code, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Healthy,
        Self::Yours,
        Self::Usage,
        Self::Theirs,
        Self::Path,
        Self::Unknown,
        Self::Quota,
        Self::Internal,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Healthy => 0,
            Self::Yours => 1,
            Self::Usage => 2,
            Self::Theirs => 3,
            Self::Path => 4,
            Self::Unknown => 5,
            Self::Quota => 6,
            Self::Internal => 70,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }

    /// The one-word class.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Yours => "yours",
            Self::Usage => "usage",
            Self::Theirs => "theirs",
            Self::Path => "path",
            Self::Unknown => "unknown",
            Self::Quota => "quota",
            Self::Internal => "internal",
            Self::Interrupted | Self::Terminated => "stopped",
        }
    }

    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Healthy => "all required checks passed (warnings allowed unless --fail-on warn)",
            Self::Yours => {
                "the caller can fix it: key, permission, request, model name, gate not met"
            }
            Self::Usage => "wrong arguments or configuration, or no key where one is needed",
            Self::Theirs => {
                "the provider's side or temporary: flaky alias, rate per minute, 5xx, missing build"
            }
            Self::Path => "could not reach or trust: DNS, TCP, proxy, TLS, clock, region",
            Self::Unknown => "inconclusive: budget or time ran out, or an unknown error",
            Self::Quota => {
                "a quota per day, a limit of zero, or no credits: no retry and no code change helps"
            }
            Self::Internal => "our own fault; please report it",
            Self::Interrupted => "stopped by Ctrl-C (SIGINT); the partial report was written",
            Self::Terminated => "stopped by SIGTERM; the partial report was written",
        }
    }

    /// What a CI job may do about it.
    pub const fn ci(self) -> &'static str {
        match self {
            Self::Healthy => "go on",
            Self::Yours => "stop, show the fix",
            Self::Usage => "fix the job",
            Self::Theirs => "retry later, fail over",
            Self::Path => "fix the runner's network",
            Self::Unknown => "raise the budget, look",
            Self::Quota => "alert the owner",
            Self::Internal => "report a bug",
            Self::Interrupted | Self::Terminated => "-",
        }
    }
}
