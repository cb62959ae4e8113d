// Runs a printed policy through scenarios, as driver.py does.

import assert from "node:assert";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const policy = await import(pathToFileURL(process.argv[2]));
const say = (...words) => console.log(words.join("\t"));

// As client libraries have it: a status, headers, a text.
class Refused extends Error {
  constructor(status, after, body) {
    super(body);
    this.status = Number(status);
    this.headers = new Headers(after === "-" ? {} : { "Retry-After": after });
  }
}

function failure(status, after, body) {
  if (status === "timeout") return new DOMException(body, "TimeoutError");
  return status === "bug" ? new RangeError(body) : new Refused(status, after, body);
}

async function run([name, models, chance, fallback], steps) {
  let now = 1_000_000;
  const call = async (attempt) => {
    const [status, took, after, body] = steps[Math.min(attempt.number, steps.length) - 1];
    say("attempt", attempt.model, Math.round(attempt.msLeft), Number(attempt.newConnection));
    now += Number(took);
    if (status !== "ok") throw failure(status, after, body);
    return "answer";
  };
  const sleep = async (ms) => {
    now += ms;
    say("sleep", Math.round(ms));
  };
  const options = { sleep, clock: () => now };
  if (chance !== "-") options.chance = () => Number(chance);
  if (fallback === "fallback") options.fallback = () => "instead";
  say("scenario", name);
  try {
    say("end", await policy.generate(call, models.split(","), options), "");
  } catch (error) {
    assert(error instanceof policy.GaveUp && error.cause);
    say("end", "gave up", error.message);
  }
}

const scenarios = [];
for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [kind, ...fields] = line.split("\t");
  if (kind === "scenario") scenarios.push([fields, []]);
  else scenarios.at(-1)[1].push(fields);
}
for (const [fields, steps] of scenarios) await run(fields, steps);
