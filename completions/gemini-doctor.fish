# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_gemini_doctor_global_optspecs
    string join \n h/help V/version
end

function __fish_gemini_doctor_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_gemini_doctor_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_gemini_doctor_using_subcommand
    set -l cmd (__fish_gemini_doctor_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -s h -l help -d 'Print help'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -s V -l version -d 'Print version'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "check-key" -d 'validate a key layer by layer; stop at the first that is broken and name it'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "list-models" -d 'list this key\'s models, look one up, or check a route file'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "probe-alias" -d 'an honest verdict on a model name that fails at times: how often, why, what a retry is worth'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "bench-transport" -d 'does the protocol matter here, and how much of the wait is it? HTTP/1.1, HTTP/2 and others, timed'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "compare" -d 'two sides asked the same, and only what differs: gateway or direct, two keys, two models, two machines'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "tls-check" -d 'why this machine cannot, or should not, trust that connection: chain, stores, what stands between'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "doctor" -d 'every layer in one run, root cause first: this machine, network, key, model, alias, stream'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "explain" -d 'what a pasted error means, offline: the cause, the fix, the evidence'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "lint" -d 'which field of a request the API would refuse, where it stands and what to write, before it is sent'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "count-tokens" -d 'how many tokens a text, a tree or a request is, offline; and whether a long prompt arrives whole'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "bisect" -d 'which part of a request body does the service refuse? taken apart until it is known, mostly free'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "fixes" -d 'the known fixes: list, search, or one in full'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "gate" -d 'may this deploy go on? checks, service levels and waivers of a file or built in; one exit code'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "watch" -d 'probes on a schedule: how a model stands now, since when, and a command when that changes'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "read-log" -d 'what the calls in a log show: when it began, what failed, why the 429s, who used how much; offline'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "merge" -d 'join logs of several machines exactly: HdrHistograms an arm, or calls in the order of time'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "ready" -d 'the launch checklist: what is shown, what is only said, what is open'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "simulate" -d 'a dishonest Gemini on loopback, for your own client; --grade puts that through an exam'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "completions" -d 'print the completion script of a shell'
complete -c gemini-doctor -n "__fish_gemini_doctor_needs_command" -f -a "help" -d 'help on a command or a topic: exit-codes, variables, scenarios'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l successor -d 'show that this new key works for every model in use: env:NAME, file:PATH, stdin, command:CMD or profile:NAME' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l in-use -d 'a model in use that the successor must work for (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l health-url -d 'also GET this end point of your own, such as `https://gw.example/healthz`: no key, no redirect' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l deep -d 'also test a streamed answer, a tool round trip and a structured answer (paid)'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l no-generate -d 'stop before anything that costs'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l expect-dead -d 'pass only if the key is refused as a key'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l transport-matrix -d 'try the key by every route, query and Bearer among them; rotate it afterwards (needs --yes)'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand check-key" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l method -d 'only models with this method; with NAME: the method it must have' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l min-input -d 'only models that take at least this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l match -d 'only names that match this regular expression' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l sort -d 'order of the list' -r -f -a "name\t'by name'
input\t'most input tokens first'
output\t'most output tokens first'
released\t'newest first, by the dated table'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l routes -d 'check this JSON map of tasks to models' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l lock -d 'write down version, limits, methods and stage of the models in use: NAMEs, those of --routes, those that are filtered for, or the default' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l check-lock -d 'hold the list against such a file: exit 1 if a model changed, is gone, or is in use and not in the file; more methods and higher limits are only noted. With --lock, that file is written anew for the same models' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l thinking -d 'only models that think'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l verify -d 'prove with free calls that what is listed can be used'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand list-models" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l samples -d 'make exactly this many calls instead of stopping when the verdict stands' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l siblings -d 'other names to ask as controls: auto, all, none, or NAME,...' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l connections -d 'keep this many connections, instead of opening a new one every few calls' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l concurrency -d 'calls at the same time' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l rate -d 'calls a second at most; slows down where the server throttles' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l duration -d 'go on for this long, such as 90s, 10m or 2h; one call a second unless --rate says otherwise' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l as-sdk -d 'dress half of the calls as this SDK\'s, to see whether the failures are for it alone' -r -f -a "python\t'google-genai for Python'
node\t'@google/genai for Node'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l healthy-rate -d 'the failure rate, in percent, of a name that is called healthy' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l broken-rate -d 'the failure rate, in percent, of a name that is called broken' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l alpha -d 'the chance that a healthy name is called broken; a deploy gate wants 0.001' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l beta -d 'the chance that a broken name is called healthy' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l cap -d 'the most calls of the name' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l target -d 'the success rate, in percent, that a retry policy is to reach' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l vendor-report -d 'write an issue text for the provider to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l verdict-only -d 'stop at the verdict, without asking on for the rate'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l no-preflight -d 'begin with the first call, without the free questions about key and name'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand probe-alias" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l arms -d 'the ways to compare: h1, h2, grpc, h3, each alone or with -cold, -warm or -resumed [default: h1,h2]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l versus -d 'compare two of something: families, direct, address=IP, base-url=URL (which gets the key too) or model=NAME' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l require -d 'fail unless this protocol is what a server picks that is offered all' -r -f -a "h2\t'HTTP/2, wherever the server may choose'
h3\t'HTTP/3: its way must be there'
grpc\t'gRPC: its way must be there'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l workload -d 'what each call asks: ping, tokens (both free), words:N or stream:N [default: ping]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l request -d 'ask what is in this file: the JSON body of a generateContent call' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l rounds -d 'rounds at most [default: 60, or 12 where calls cost money]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l duration -d 'time for the rounds at most, or for calls at a rate, such as 30s or 2m [default: 60s]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l concurrency -d 'calls at the same time over each way' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l baseline -d 'fail if a way is slower than in this earlier run, a JSON document of this command' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l rate -d 'make N calls a second, each when it is due, and tell whether that is held; needs --yes' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l idle-sweep -d 'find after how many idle seconds connections are closed [default: 1,2,4,6,10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l allow-host -d 'let your own text (a request, a prompt, a schema) go to this host, where it is not Google\'s (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l no-again -d 'go no way twice, so that nothing shows how large noise is'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l stream -d 'have the answer to --request come as a stream'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l find-limit -d 'find the rate and the capacity of the limit that a gateway sets; needs --yes'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l why-timeout -d 'tell whether calls time out by their size, by the network or by the load of the model'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bench-transport" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l a -d 'one side: settings as NAME=VALUE, a URL, a model, or a saved JSON report [default: direct]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l b -d 'the other side [default: direct]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l rounds -d 'rounds of free calls at most [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l generate -d 'also compare N short answers of each side, which cost money' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l base-url -d 'ask this base URL instead of the API\'s own; two or more: a way whose hops are compared, the nearest to the API last' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l fail-on-difference -d 'end with exit 1 if anything differs, and with 5 if the answers of --generate are too few to tell'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand compare" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l port -d 'the port of hosts that name none' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l sni -d 'send this name in the handshake; the certificate must be for HOST all the same' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l address -d 'dial this address, whatever the name leads to' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l expires-within -d 'fail (exit 1) if a certificate of the chain is valid for less' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l save-bundle -d 'write this machine\'s roots if they trust the chain, for SSL_CERT_FILE and NODE_EXTRA_CA_CERTS' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l save-chain -d 'write the chain as it was sent, as PEM' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l all-hosts -d 'every host of the API: Developer API, Vertex AI (global, us, eu), tokens'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l local -d 'also let the OpenSSL, Python, Node, Java and Go of this machine connect'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand tls-check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l only -d 'ask these checks only, and what they rest on: ids such as api.list, or whole groups such as local or net (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l skip -d 'leave out these checks, and what rests on them (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l scan -d 'look for keys lying about in this directory [default: the current one]; asks nobody, unless --only says so' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l request -d 'hold this request\'s body against the model\'s limits' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l schema -d 'ask for answers that follow this schema, and say how many do (paid)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l samples -d 'ask for so many of them; without --schema they follow a small built-in form [default: 5]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l allow-host -d 'let your own text (a request, a prompt, a schema) go to this host, where it is not Google\'s (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l health-url -d 'also GET this end point of your own, such as `https://gw.example/healthz`: no key, no redirect' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l quick -d 'free calls only, side by side and within 5 s: for a first look, or in a script'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l no-generate -d 'stop before anything that costs, however long the free calls take; without it a few short paid answers are asked for'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l deep -d 'also test a tool round trip, a structured answer and a longer stream (paid)'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l file -d 'read this file, or - for standard input; may be repeated' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l url -d 'the URL that was called' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l model -d 'the model that was asked' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l sdk -d 'the client library: google-genai, google-generativeai, langchain, litellm, openai ...' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l request -d 'the request\'s JSON body: a counted field in the error is then called by its name' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l policy -d 'print a retry policy for this class of error instead, as code to copy: python, typescript or rust' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l exit-code -d '`ours` ends with the class of the first cause [default: 0 for a cause, 5 for none; the command\'s own status]' -r -f -a "ours\t'Ours: the class of the first cause'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l report -d 'also write the result to a file: json=PATH, markdown=PATH ...; may be repeated' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l format -d 'write the result as table, plain, json, ndjson or markdown [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -l use-key-shape -d 'look at the shape of the key that this program would use, and at nothing else of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l stdin-filename -d 'what standard input is called in the report' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l kind -d 'the kind of body [default: looked for]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -s m -l model -d 'the model that the body is for, whatever it says; of several files, for those that name none [default: the body\'s own, or GEMINI_MODEL]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l api -d 'the API that it is for: gemini or vertex [default: gemini]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l api-version -d 'the version of the API: v1beta or v1 [default: v1beta]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l allow -d 'leave these rules out (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l fix-to -d 'the same to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l list -d 'the rules, or those that a text or an id names' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l fail-on -d 'which classes fail: warn, never [default: errors]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l report -d 'also write the result in a format to a file: json, sarif, junit, markdown, html, ... (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, sarif, prometheus or openmetrics [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l no-count -d 'do not count tokens'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -l fix -d 'write a new file with every correction that keeps what is meant: FILE.fixed.json'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -s q -l quiet -d 'no progress and no remarks on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l request -d 'a request\'s JSON body, of generateContent or of OpenAI\'s chat; - for standard input' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -s j -l jobs -d 'count so many files side by side [default: one a core]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l tokenizer -d 'count with this SentencePiece model or tokenizer.json instead' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l max -d 'fail (exit 1) above so many tokens; exit 5 if an estimate cannot tell: 750000, 750k, 1M' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l margin -d 'take an estimate to be off by so many percent at most, for --max' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l limit -d 'take this for the model\'s input limit [default: the dated table\'s]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l tpm -d 'how often a minute this fits into a quota of so many tokens a minute' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l prices -d 'what this costs by a TOML file of prices; none are built in' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l normalize -d 'write a copy without them, and show what was changed; nothing that is there is written over' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l classes -d 'which kinds: zero-width,bidi-control,bom ... [default: all but confusable and replacement]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l cap -d 'no chunk above so many tokens [default: 750000, less for models that take less]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l overlap -d 'begin each chunk with up to so many tokens of the one before' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l split -d 'write the chunks into this directory, byte for byte' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l ab -d 'with --prove-delivery, send the same once more with an empty list of tools' -r -f -a "tools\t'An empty list of tools'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l tokens -d 'the tokens of the text that --prove-delivery makes up [default: 220k]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l allow-host -d 'let your own text (a request, a prompt, a schema) go to this host, where it is not Google\'s (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l no-ignore -d 'also what .gitignore and .ignore leave out'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l hidden -d 'also hidden files'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l compare -d 'also count as OpenAI\'s models do: o200k_base and cl100k_base'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l hidden-chars -d 'find characters that nobody sees or that look like others: where, how many, and what they cost'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l plan -d 'cut the text into chunks: at paragraphs, else sentences, else words'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l verify -d 'ask the service\'s own countTokens as well, which is free'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l prove-delivery -d 'prove that a long prompt arrives whole: needles at seven depths and three counts (paid)'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l find-ceiling -d 'look for the prompt size above which calls fail, by halving (paid, up to 24 calls)'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l list -d 'list every input, not only the largest'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand count-tokens" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l body -d 'which of several bodies in FILE: "line 7", "entry 3", "command 2", or the number alone' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l oracle -d 'let this command decide in the place of the service; {} is the body\'s file' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l oracle-timeout -d 'a run of that command that takes longer cannot tell [default: 60s]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l max-tries -d 'try at most so many bodies [default: 120]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l write-minimal -d 'write the minimal failing body to this new file, as it was tried' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l write-passing -d 'write the nearest passing body to this new file, with your own texts' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l allow-host -d 'let your own text (a request, a prompt, a schema) go to this host, where it is not Google\'s (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, sarif, prometheus or openmetrics [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l keep-text -d 'send your own texts, not fillers in their place'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand bisect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand fixes" -l search -d 'only those whose words or example texts match this regular expression: 403, leaked, ECONNREFUSED' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand fixes" -l format -d 'write the result as table, plain, json, ndjson or markdown [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand fixes" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand fixes" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand fixes" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l init -d 'write a commented file to begin with, to FILE or gemini-gate.toml, and ask nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l force -d 'write it over a file that is there'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l print -d 'print the gate as a file, the smoke set where none is named, and ask nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand gate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l every -d 'how often to look, such as 30s, 5m or 1h' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l for -d 'for how long, such as 90m or 24h; seven days at most' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l confirm -d 'calls that confirm a change of a verdict in the clearest case; rarer failures take more' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l on-change -d 'run this command once per change of a verdict' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l log-max-size -d 'put the log aside at this size, such as 512k or 16M' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l log-keep -d 'keep so many logs that were put aside' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l metrics-listen -d 'give metrics out to Prometheus at this address; a port alone means this machine' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l metrics-file -d 'write Prometheus metrics to this file after each look, for a textfile collector' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l otlp-endpoint -d 'send metrics and a span a call to this OpenTelemetry collector over HTTP [default: OTEL_EXPORTER_OTLP_ENDPOINT]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l api -d 'speak this API [default: gemini]' -r -f -a "gemini\t'the Developer API\'s own routes'
openai\t'the routes of OpenAI\'s API, Google\'s or a gateway\'s'
express\t'the cloud platform with a key and no project'
vertex\t'the cloud platform with a login, in a project and a location'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l project -d 'the cloud platform\'s project [default: GOOGLE_CLOUD_PROJECT, else the credentials\' own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l location -d 'the cloud platform\'s location [default: GOOGLE_CLOUD_LOCATION, else global]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l api-version -d 'use this API version; `none` for a URL without one [default: v1beta; v1 on the cloud platform]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l model -d 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l models-file -d 'read changes to the dated model table from this TOML file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l profile -d 'use this profile of the config file, before any variable' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l key-command -d 'run this command and take its output as the key' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l env-file -d 'read this file instead of `.env` in the current directory' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l credentials -d 'the cloud platform\'s credentials [default: GOOGLE_APPLICATION_CREDENTIALS, else gcloud\'s file, else the metadata server]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l without-key -d 'what to do when there is no key [default: fail]' -r -f -a "skip\t'a skipped case, exit 0'
fail\t'a failure, exit 2'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l timeout -d 'give up on a request after this many seconds [default: 60]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l connect-timeout -d 'give up on a connection after this many seconds [default: 10]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l proxy -d 'go through this proxy [default: what the proxy variables say]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l resolve -d 'take this address, which may name another port, instead of asking DNS (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l http -d 'speak this version of HTTP [default: auto]' -r -f -a "1.1\t'HTTP/1.1 only'
2\t'HTTP/2 only'
auto\t'what the server picks'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l format -d 'write the result as table, plain, json, ndjson, junit, markdown, github, prometheus or openmetrics; timed calls as csv, too [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l report -d 'also write the result to a file: in those formats but github (prometheus is what a textfile collector reads), or as html; timed calls as csv or hdr, too (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l fail-on -d 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l expect -d 'for drills: exit 0 if the first cause that is found is this known fix, and 1 if not, whatever --fail-on says' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l log -d 'append one JSON line a request to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l max-requests -d 'send at most this many requests' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l max-tokens -d 'spend at most this many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l deadline -d 'end the run after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l seed -d 'seed of everything random, to repeat a run' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l simulate -d 'run against the embedded simulator: no key, no network' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l free -d 'ask only what is free: tokens are counted, and nothing is answered'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l metrics-listen-anywhere -d 'let --metrics-listen take an address that other machines reach'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l key-stdin -d 'read the key from standard input'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -s 4 -l ipv4 -d 'use IPv4 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -s 6 -l ipv6 -d 'use IPv6 only'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l no-proxy -d 'use no proxy, whatever the variables say'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -s q -l quiet -d 'no progress on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -s v -l verbose -d 'more detail; twice for all of it'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -l dry-run -d 'say what would be sent, and send nothing'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -s y -l yes -d 'agree to what is asked before it is sent: load, long prompts, more than 20 paid calls, --transport-matrix'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l map -d 'the log\'s own name for a field, such as team_id=squad or input_tokens=usage.in (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l require -d 'fail (exit 1) unless every call has these fields: request_id,team_id,... or all' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l limits -d 'the quotas of the project, to hold the minutes before a 429 against: rpm=1000,tpm=4M,rpd=10k' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l prices -d 'what calls cost by a TOML file of prices; none are built in' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l what-if-output -d 'what if no answer had more than so many tokens' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l top -d 'show so many rows of each table [default: 5]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l format -d 'write the result as table, plain, json, ndjson or markdown [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l report -d 'also write the result in a format to a file: table, plain, json, ndjson, markdown or html (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -s q -l quiet -d 'no progress and no remarks on standard error'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand read-log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand merge" -l unit -d 'the unit of the values in logs that do not say it [default: as their greatest values tell]' -r -f -a "ns\t'nanoseconds'
us\t'microseconds'
ms\t'milliseconds'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand merge" -l map -d 'a log of calls\' own name for a field, such as timestamp=when (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand merge" -l out -d 'write the joined log to this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand merge" -l report -d 'also write the result in a format to a file: table, plain, json, ndjson, markdown, html, csv or hdr (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand merge" -l format -d 'write the result as table, plain, json, ndjson, markdown or csv [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand merge" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand merge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l init -d 'write a file for the answers, every question commented out, and end [default: ready.toml]' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l answers -d 'the file with the answers to what cannot be measured' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l grade -d 'the JSON report of an exam of your client: simulate --grade --report json=FILE -- COMMAND' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l routes -d 'the JSON map of tasks to models, each with its fallbacks' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l tree -d 'look through this directory for names of models, for keys, and for what browsers get' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l log -d 'some of your own calls as your program logs them: JSON lines or CSV' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l evidence -d 'the JSON report of a run from where the program will run: doctor, check-key or watch (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l base-url -d 'ask this base URL instead of the API\'s own' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l key-file -d 'read the key from this file' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l ca-file -d 'trust the certificates of this PEM file too (repeatable)' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l fail-on -d 'which results fail the run: yours, unknown; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l report -d 'also write the result to a file: markdown=PATH, json=PATH, junit=PATH, html=PATH ... (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l format -d 'write the result as table, plain, json, ndjson or markdown [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l profiles -d 'hold the keys of the config file\'s profiles against each other, by their fingerprints'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -l live -d 'hold the models of --routes against this key\'s own list, with free calls; otherwise nothing is sent'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand ready" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l list -d 'list the built-in scenarios, or those whose id, layer, summary or command holds this text' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l listen -d 'where to listen; a loopback address' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l ca-out -d 'write the throw-away CA certificate here, for clients to trust' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l log -d 'write one JSON line a request here, keys as fingerprints' -r -F
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l for -d 'stop after this many seconds instead of at Ctrl-C' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l expect-calls -d 'end with exit 1 if fewer requests than this came' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l seed -d 'seed of everything random [default: the scenario\'s own]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l limit -d 'stop a run of the client after this many seconds' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l jobs -d 'run the client so many times side by side' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l pause -d 'without a command: a question is over after so many seconds without a request' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l fail-on -d 'which results of an exam fail the run: yours, unknown; or `warn`, or `never`' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l report -d 'also write the result of an exam to a file: json=PATH, junit=PATH, markdown=PATH ... (repeatable)' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l format -d 'write the result as table, plain, json, ndjson or markdown [default: table]' -r
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l color -d 'when to use colour [default: auto]' -r -f -a "auto\t'on a terminal, unless NO_COLOR says otherwise'
always\t'always'
never\t'never'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l shell -d 'print commands for this shell [default: the one in use]' -r -f -a "sh\t'sh, bash, zsh'
powershell\t'PowerShell'"
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -l grade -d 'grade how your client takes failures: what it repeats, how often, after which waits, and where it turns'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand completions" -s h -l help -d 'Print help'
complete -c gemini-doctor -n "__fish_gemini_doctor_using_subcommand help" -s h -l help -d 'Print help'
