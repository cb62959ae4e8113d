// Calls Gemini by a retry policy: class `{{class}}`, by `gemini-doctor explain --policy`.
//
{{about}}
//
//   const answer = await generate(
//     (attempt) => ai.models.generateContent({ model: attempt.model, contents: prompt }),
//     ["first-choice", "second-choice"],
//     { fallback: () => answerOfYesterday },
//   );
//
// Switch off the retries of your client library: two loops multiply.

const RETRIES: number = {{retries}}; // For each model, after its first attempt.
const TOTAL_MS = {{total}}_000; // For all attempts and pauses together.
const NEXT_MODEL_WHEN_BUSY: boolean = {{busy}}; // A missing one is left in any case.
const ADVICE = "{{advice}}";

const PASSES = new Set([429, 500, 503, 504]); // 400, 401, 403 and 404 say "wrong", not "busy".
// Some 429s do not pass, although they too say "retry in 30s": a day's quota, a limit of 0, money.
const NO_QUOTA =
  /PerDay|per day|daily quota|free quota tier|limit: ?0\b(?!\.\d)|quota_limit_value\W+0\b/;
const NO_MONEY = /credits are depleted|spending cap/;
const GONE = /not found: models\/([\w.-]+)|models\/([\w.-]+)\W+(?:is|was) not found/;
const DELAY =
  /(?:delay\W+(?:seconds\W+)?|(?:retry|reset|again) (?:in|after) )(\d+\.?\d*) ?(ms|[hm])?/gi;
const TOO_LATE = Infinity; // Minutes, hours, dates: nobody waits for that inside of a call.
// The timer of an SDK says "aborted", as your own signal does; that one ends the next call at once.
const NO_ANSWER = /abort|timed?.?out|connection|ECONN|fetch failed|UND_ERR|EPIPE|EAI_AGAIN/i;

export type Attempt = {
  model: string;
  number: number;
  msLeft: number; // Your client's time limit must not be longer: a hung call is not ended here.
  newConnection: boolean; // The last call got no answer, and its connection may be to blame.
};

export type Options<T> = {
  fallback?: (error: unknown) => T | Promise<T>;
  sleep?: (ms: number) => Promise<unknown>;
  clock?: () => number;
  chance?: () => number;
};

/** Says why, and what to do; the last error is its `cause`. */
export class GaveUp extends Error {
  override name = "GaveUp";
}

export async function generate<T>(
  call: (attempt: Attempt) => Promise<T>,
  models: readonly [string, ...string[]],
  { fallback, sleep = pauseFor, clock = Date.now, chance = Math.random }: Options<T> = {},
): Promise<T> {
  const end = clock() + TOTAL_MS;
  let [model, ...others] = models;
  for (let number = 1, retries = 0, newConnection = false; ; number += 1) {
    let last: unknown;
    try {
      return await call({ model, number, msLeft: end - clock(), newConnection });
    } catch (error) {
      last = error;
    }
    const { status, text, asked } = read(last);
    const [step, why] = judge(last, status, text, model);
    // A call without an answer may have been served, and may be charged for: once more at most.
    const due = retries < RETRIES && (step === "again" || (step === "once" && !newConnection));
    const pause = step === "once" ? 0 : pauseBefore(retries, asked, chance());
    const left = end - clock();
    const [other, ...rest] = others;
    const leave = step === "next" || (step !== "stop" && NEXT_MODEL_WHEN_BUSY);
    if (due && pause < left) {
      await sleep(pause);
      retries += 1;
      newConnection ||= step === "once";
    } else if (other && left > 0 && leave) {
      [model, others, retries] = [other, rest, 0];
    } else if (fallback && step !== "stop") {
      return fallback(last); // For a wrong key or request it would only hide the fault.
    } else {
      const late = due ? `, ${pause} ms to wait with ${left} ms left` : "";
      throw new GaveUp(`${why}${late}; attempts: ${number}. ${ADVICE}`, { cause: last });
    }
  }
}

type Step = "again" | "once" | "next" | "stop"; // "next" is a model; "once" renews the connection.

type Status = number | undefined;

function judge(error: unknown, status: Status, text: string, model: string): [Step, string] {
  const gone = GONE.exec(text);
  const build = gone?.[1] ?? gone?.[2];
  if (status === 404 && build && build !== model.split("/").at(-1))
    return ["next", `the build ${build} behind ${model} is gone`]; // Not the name we asked for.
  if (status === 429 && NO_MONEY.test(text))
    return ["stop", "the credits or the spending cap are used up"];
  if (status === 429 && NO_QUOTA.test(text))
    return ["next", `${model} has no quota left, and a pause brings none`];
  if (status && PASSES.has(status)) return ["again", `status ${status}`];
  if (status) return ["stop", `status ${status} stays until its cause is fixed`];
  return NO_ANSWER.test(text) ? ["once", `no answer (${error})`] : ["stop", String(error)];
}

/** 1, 2, 4, 8 s, or what the server asks; 0 to 499 ms more, or all clients come back at once. */
function pauseBefore(retry: number, asked: number, chance: number): number {
  return Math.max(Math.min(1000 * 2 ** retry, 8000), asked) + Math.floor(chance * 500);
}

/** Status, text and longest delay asked for; the one place that knows how clients put them. */
function read(error: any): { status: Status; text: string; asked: number } {
  const { response, cause } = error ?? {};
  const numbers = [error, response].flatMap((one) => [one?.status, one?.statusCode, one?.code]);
  const body = JSON.stringify([error?.body, error?.error, error?.errorDetails, response?.data]);
  const text = `${error} ${cause ?? ""} ${cause?.code ?? error?.code ?? ""} ${body}`;
  const asked = [0];
  for (const [, number, unit] of text.matchAll(DELAY)) {
    asked.push(Number(number) * (unit === "ms" ? 1 : unit ? TOO_LATE : 1000));
  }
  for (const headers of [error?.headers, response?.headers]) {
    const after = headers?.get?.("retry-after") ?? headers?.["retry-after"];
    if (after != null) asked.push(/^\d+$/.test(after) ? after * 1000 : TOO_LATE);
  }
  const status = numbers.find((one) => typeof one === "number" && one >= 100);
  return { status, text, asked: Math.max(...asked) };
}

function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
