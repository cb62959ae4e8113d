
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'gemini-doctor' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'gemini-doctor'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'gemini-doctor' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('check-key', 'check-key', [CompletionResultType]::ParameterValue, 'validate a key layer by layer; stop at the first that is broken and name it')
            [CompletionResult]::new('list-models', 'list-models', [CompletionResultType]::ParameterValue, 'list this key''s models, look one up, or check a route file')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'key, model and alias in one run, root cause first')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'what a pasted error means, offline: the cause, the fix, the evidence')
            [CompletionResult]::new('fixes', 'fixes', [CompletionResultType]::ParameterValue, 'the known fixes: list, search, or one in full')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'a dishonest Gemini on loopback, for your own client')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'print the completion script of a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'help on a command or a topic: exit-codes, variables')
            break
        }
        'gemini-doctor;check-key' {
            [CompletionResult]::new('--successor', '--successor', [CompletionResultType]::ParameterName, 'show that this new key works for every model in use: env:NAME, file:PATH, stdin, command:CMD or profile:NAME')
            [CompletionResult]::new('--in-use', '--in-use', [CompletionResultType]::ParameterName, 'a model in use that the successor must work for (repeatable)')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'ask this base URL instead of the API''s own')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'use this API version; `none` for a URL without one [default: v1beta]')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]')
            [CompletionResult]::new('--models-file', '--models-file', [CompletionResultType]::ParameterName, 'read changes to the dated model table from this TOML file')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'use this profile of the config file, before any variable')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'read the key from this file')
            [CompletionResult]::new('--key-command', '--key-command', [CompletionResultType]::ParameterName, 'run this command and take its output as the key')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'read this file instead of `.env` in the current directory')
            [CompletionResult]::new('--without-key', '--without-key', [CompletionResultType]::ParameterName, 'what to do when there is no key [default: fail]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'give up on a request after this many seconds [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'give up on a connection after this many seconds [default: 10]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'go through this proxy [default: what the proxy variables say]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'trust the certificates of this PEM file too (repeatable)')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'take this address, which may name another port, instead of asking DNS (repeatable)')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'speak this version of HTTP [default: auto]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'write the result as table, plain, json, ndjson, junit, markdown or github [default: table]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'also write the result in a format to a file (repeatable)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'when to use colour [default: auto]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'print commands for this shell [default: the one in use]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'append one JSON line a request to this file')
            [CompletionResult]::new('--max-requests', '--max-requests', [CompletionResultType]::ParameterName, 'send at most this many requests')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'spend at most this many tokens')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'end the run after this many seconds')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'seed of everything random, to repeat a run')
            [CompletionResult]::new('--simulate', '--simulate', [CompletionResultType]::ParameterName, 'run against the embedded simulator: no key, no network')
            [CompletionResult]::new('--deep', '--deep', [CompletionResultType]::ParameterName, 'also test a streamed answer, a tool round trip and a structured answer (paid)')
            [CompletionResult]::new('--no-generate', '--no-generate', [CompletionResultType]::ParameterName, 'stop before anything that costs')
            [CompletionResult]::new('--expect-dead', '--expect-dead', [CompletionResultType]::ParameterName, 'pass only if the key is refused as a key')
            [CompletionResult]::new('--transport-matrix', '--transport-matrix', [CompletionResultType]::ParameterName, 'try the key by every route, query and Bearer among them; rotate it afterwards (needs --yes)')
            [CompletionResult]::new('--key-stdin', '--key-stdin', [CompletionResultType]::ParameterName, 'read the key from standard input')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'use IPv4 only')
            [CompletionResult]::new('--ipv4', '--ipv4', [CompletionResultType]::ParameterName, 'use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'use IPv6 only')
            [CompletionResult]::new('--ipv6', '--ipv6', [CompletionResultType]::ParameterName, 'use IPv6 only')
            [CompletionResult]::new('--no-proxy', '--no-proxy', [CompletionResultType]::ParameterName, 'use no proxy, whatever the variables say')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'no progress on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'no progress on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'more detail; twice for all of it')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'more detail; twice for all of it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'say what would be sent, and send nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'agree to --transport-matrix, and to runs of more than 20 paid calls')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'agree to --transport-matrix, and to runs of more than 20 paid calls')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gemini-doctor;list-models' {
            [CompletionResult]::new('--method', '--method', [CompletionResultType]::ParameterName, 'only models with this method; with NAME: the method it must have')
            [CompletionResult]::new('--min-input', '--min-input', [CompletionResultType]::ParameterName, 'only models that take at least this many tokens')
            [CompletionResult]::new('--match', '--match', [CompletionResultType]::ParameterName, 'only names that match this regular expression')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'order of the list')
            [CompletionResult]::new('--routes', '--routes', [CompletionResultType]::ParameterName, 'check this JSON map of tasks to models')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'ask this base URL instead of the API''s own')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'use this API version; `none` for a URL without one [default: v1beta]')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]')
            [CompletionResult]::new('--models-file', '--models-file', [CompletionResultType]::ParameterName, 'read changes to the dated model table from this TOML file')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'use this profile of the config file, before any variable')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'read the key from this file')
            [CompletionResult]::new('--key-command', '--key-command', [CompletionResultType]::ParameterName, 'run this command and take its output as the key')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'read this file instead of `.env` in the current directory')
            [CompletionResult]::new('--without-key', '--without-key', [CompletionResultType]::ParameterName, 'what to do when there is no key [default: fail]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'give up on a request after this many seconds [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'give up on a connection after this many seconds [default: 10]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'go through this proxy [default: what the proxy variables say]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'trust the certificates of this PEM file too (repeatable)')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'take this address, which may name another port, instead of asking DNS (repeatable)')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'speak this version of HTTP [default: auto]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'write the result as table, plain, json, ndjson, junit, markdown or github [default: table]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'also write the result in a format to a file (repeatable)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'when to use colour [default: auto]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'print commands for this shell [default: the one in use]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'append one JSON line a request to this file')
            [CompletionResult]::new('--max-requests', '--max-requests', [CompletionResultType]::ParameterName, 'send at most this many requests')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'spend at most this many tokens')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'end the run after this many seconds')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'seed of everything random, to repeat a run')
            [CompletionResult]::new('--simulate', '--simulate', [CompletionResultType]::ParameterName, 'run against the embedded simulator: no key, no network')
            [CompletionResult]::new('--thinking', '--thinking', [CompletionResultType]::ParameterName, 'only models that think')
            [CompletionResult]::new('--verify', '--verify', [CompletionResultType]::ParameterName, 'prove with free calls that what is listed can be used')
            [CompletionResult]::new('--key-stdin', '--key-stdin', [CompletionResultType]::ParameterName, 'read the key from standard input')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'use IPv4 only')
            [CompletionResult]::new('--ipv4', '--ipv4', [CompletionResultType]::ParameterName, 'use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'use IPv6 only')
            [CompletionResult]::new('--ipv6', '--ipv6', [CompletionResultType]::ParameterName, 'use IPv6 only')
            [CompletionResult]::new('--no-proxy', '--no-proxy', [CompletionResultType]::ParameterName, 'use no proxy, whatever the variables say')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'no progress on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'no progress on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'more detail; twice for all of it')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'more detail; twice for all of it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'say what would be sent, and send nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'agree to --transport-matrix, and to runs of more than 20 paid calls')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'agree to --transport-matrix, and to runs of more than 20 paid calls')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gemini-doctor;doctor' {
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'ask this base URL instead of the API''s own')
            [CompletionResult]::new('--api-version', '--api-version', [CompletionResultType]::ParameterName, 'use this API version; `none` for a URL without one [default: v1beta]')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'ask this model [default: GEMINI_MODEL, else the newest stable flash model]')
            [CompletionResult]::new('--models-file', '--models-file', [CompletionResultType]::ParameterName, 'read changes to the dated model table from this TOML file')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'use this profile of the config file, before any variable')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'read the key from this file')
            [CompletionResult]::new('--key-command', '--key-command', [CompletionResultType]::ParameterName, 'run this command and take its output as the key')
            [CompletionResult]::new('--env-file', '--env-file', [CompletionResultType]::ParameterName, 'read this file instead of `.env` in the current directory')
            [CompletionResult]::new('--without-key', '--without-key', [CompletionResultType]::ParameterName, 'what to do when there is no key [default: fail]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'give up on a request after this many seconds [default: 60]')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'give up on a connection after this many seconds [default: 10]')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'go through this proxy [default: what the proxy variables say]')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'trust the certificates of this PEM file too (repeatable)')
            [CompletionResult]::new('--resolve', '--resolve', [CompletionResultType]::ParameterName, 'take this address, which may name another port, instead of asking DNS (repeatable)')
            [CompletionResult]::new('--http', '--http', [CompletionResultType]::ParameterName, 'speak this version of HTTP [default: auto]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'write the result as table, plain, json, ndjson, junit, markdown or github [default: table]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'also write the result in a format to a file (repeatable)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'when to use colour [default: auto]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'print commands for this shell [default: the one in use]')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'which results fail the run: yours, theirs, path, unknown, quota; or `warn`, or `never`')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'append one JSON line a request to this file')
            [CompletionResult]::new('--max-requests', '--max-requests', [CompletionResultType]::ParameterName, 'send at most this many requests')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'spend at most this many tokens')
            [CompletionResult]::new('--deadline', '--deadline', [CompletionResultType]::ParameterName, 'end the run after this many seconds')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'seed of everything random, to repeat a run')
            [CompletionResult]::new('--simulate', '--simulate', [CompletionResultType]::ParameterName, 'run against the embedded simulator: no key, no network')
            [CompletionResult]::new('--no-generate', '--no-generate', [CompletionResultType]::ParameterName, 'stop before anything that costs; without it 4 to 15 short paid answers are asked for')
            [CompletionResult]::new('--key-stdin', '--key-stdin', [CompletionResultType]::ParameterName, 'read the key from standard input')
            [CompletionResult]::new('-4', '-4', [CompletionResultType]::ParameterName, 'use IPv4 only')
            [CompletionResult]::new('--ipv4', '--ipv4', [CompletionResultType]::ParameterName, 'use IPv4 only')
            [CompletionResult]::new('-6', '-6', [CompletionResultType]::ParameterName, 'use IPv6 only')
            [CompletionResult]::new('--ipv6', '--ipv6', [CompletionResultType]::ParameterName, 'use IPv6 only')
            [CompletionResult]::new('--no-proxy', '--no-proxy', [CompletionResultType]::ParameterName, 'use no proxy, whatever the variables say')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'no progress on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'no progress on standard error')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'more detail; twice for all of it')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'more detail; twice for all of it')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'say what would be sent, and send nothing')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'agree to --transport-matrix, and to runs of more than 20 paid calls')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'agree to --transport-matrix, and to runs of more than 20 paid calls')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gemini-doctor;explain' {
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'read this file, or - for standard input; may be repeated')
            [CompletionResult]::new('--url', '--url', [CompletionResultType]::ParameterName, 'the URL that was called')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'the model that was asked')
            [CompletionResult]::new('--sdk', '--sdk', [CompletionResultType]::ParameterName, 'the client library: google-genai, google-generativeai, langchain, litellm, openai ...')
            [CompletionResult]::new('--request', '--request', [CompletionResultType]::ParameterName, 'the request''s JSON body: a counted field in the error is then called by its name')
            [CompletionResult]::new('--policy', '--policy', [CompletionResultType]::ParameterName, 'print a retry policy for this class of error instead, as code to copy: python, typescript or rust')
            [CompletionResult]::new('--exit-code', '--exit-code', [CompletionResultType]::ParameterName, '`ours` ends with the class of the first cause [default: 0 for a cause, 5 for none; the command''s own status]')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'also write the result to a file: json=PATH, markdown=PATH ...; may be repeated')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'write the result as table, plain, json, ndjson or markdown [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'when to use colour [default: auto]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'print commands for this shell [default: the one in use]')
            [CompletionResult]::new('--use-key-shape', '--use-key-shape', [CompletionResultType]::ParameterName, 'look at the shape of the key that this program would use, and at nothing else of it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gemini-doctor;fixes' {
            [CompletionResult]::new('--search', '--search', [CompletionResultType]::ParameterName, 'only those whose words or example texts match this regular expression: 403, leaked, ECONNREFUSED')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'write the result as table, plain, json, ndjson or markdown [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'when to use colour [default: auto]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'print commands for this shell [default: the one in use]')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gemini-doctor;simulate' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'where to listen; a loopback address')
            [CompletionResult]::new('--ca-out', '--ca-out', [CompletionResultType]::ParameterName, 'write the throw-away CA certificate here, for clients to trust')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'write one JSON line a request here, keys as fingerprints')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'stop after this many seconds instead of at Ctrl-C')
            [CompletionResult]::new('--expect-calls', '--expect-calls', [CompletionResultType]::ParameterName, 'end with exit 1 if fewer requests than this came')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'seed of everything random [default: the scenario''s own]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'write the result as table, plain, json, ndjson or markdown [default: table]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'when to use colour [default: auto]')
            [CompletionResult]::new('--shell', '--shell', [CompletionResultType]::ParameterName, 'print commands for this shell [default: the one in use]')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'list the built-in scenarios')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'gemini-doctor;completions' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'gemini-doctor;help' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
