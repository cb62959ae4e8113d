"""Calls Gemini by a retry policy: class `{{class}}`, from `gemini-doctor explain --policy python`.

{{about}}

    answer = generate(
        lambda attempt: client.models.generate_content(model=attempt.model, contents=prompt),
        ["first-choice", "second-choice"],
        fallback=lambda error: answer_of_yesterday,
    )

Switch off the retries of your client library: two loops multiply.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

RETRIES = {{retries}}  # For each model, after its first attempt.
TOTAL_SECONDS = {{total}}.0  # For all attempts and pauses together.
NEXT_MODEL_WHEN_BUSY = {{busy}}  # One that is missing or out of quota is left in any case.
ADVICE = "{{advice}}"

PASSES = {429, 500, 503, 504}  # 400, 401, 403 and 404 say "wrong", not "busy".
# Some 429s do not pass, although they too say "retry in 30s": a day's quota, a limit of 0, money.
NO_QUOTA = r"PerDay|per day|daily quota|free quota tier|limit: ?0\b(?!\.\d)|quota_limit_value\W+0\b"
NO_MONEY = r"credits are depleted|spending cap"
GONE = r"not found: models/([\w.-]+)|models/([\w.-]+)\W+(?:is|was) not found"
DELAY = r"(?:delay\W+(?:seconds\W+)?|(?:retry|reset|again) (?:in|after) )(\d+\.?\d*) ?(ms|[hm])?"
SECONDS = {"": 1.0, "ms": 0.001}
TOO_LATE = float("inf")  # Minutes, hours, dates: nobody waits for that inside of a call.
NO_ANSWER = r"Timeout|Transport|Connect|URLError|gaierror"  # In the names of an error's classes.
T = TypeVar("T")


@dataclass(frozen=True)
class Attempt:
    model: str
    number: int
    seconds_left: float  # Your client's time limit, at most: a call that hangs is not ended here.
    new_connection: bool  # The last call got no answer, and its connection may be to blame.


class GaveUp(Exception):
    """Says why, and what to do; the last error is its `__cause__`."""


def generate(
    call: Callable[[Attempt], T],
    models: Sequence[str],
    fallback: Callable[[Exception], T] | None = None,
    *,
    sleep: Callable[[float], object] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    chance: Callable[[], float] = random.random,
) -> T:
    end, attempts, place, retries, renewed = clock() + TOTAL_SECONDS, 0, 0, 0, False
    while True:
        attempts += 1
        try:
            return call(Attempt(models[place], attempts, end - clock(), renewed))
        except Exception as error:
            last = error
        status, text, asked = read(last)
        step, why = judge(last, status, text, models[place])
        # A call without an answer may have been served, and may be charged for: once more at most.
        due = retries < RETRIES and (step == "again" or (step == "once" and not renewed))
        pause = 0.0 if step == "once" else pause_before(retries, asked, chance())
        left = end - clock()
        leave = step == "next" or (step != "stop" and NEXT_MODEL_WHEN_BUSY)
        if due and pause < left:
            sleep(pause)
            retries, renewed = retries + 1, renewed or step == "once"
        elif leave and left > 0 and place + 1 < len(models):
            place, retries = place + 1, 0
        else:
            break
    if fallback is not None and step != "stop":  # It would only hide a wrong key or request.
        return fallback(last)
    late = f", {pause:.1f} s to wait with {left:.1f} s left" if due else ""
    raise GaveUp(f"{why}{late}; attempts: {attempts}. {ADVICE}") from last


def judge(error: Exception, status: int | None, text: str, model: str) -> tuple[str, str]:
    """The next step, and why: the same "again", "once" more, the "next" model, or "stop"."""
    gone = re.search(GONE, text)
    if status == 404 and gone and (gone[1] or gone[2]) != model.split("/")[-1]:
        return "next", f"the build {gone[1] or gone[2]} behind {model} is gone"  # Not our name.
    if status == 429 and re.search(NO_MONEY, text):
        return "stop", "the credits or the spending cap are used up"
    if status == 429 and re.search(NO_QUOTA, text):
        return "next", f"{model} has no quota left, and a pause brings none"
    if status in PASSES:
        return "again", f"status {status}"
    if status is None and re.search(NO_ANSWER, " ".join(map(str, type(error).__mro__))):
        return "once", f"no answer ({error!r})"
    return "stop", f"status {status} stays until its cause is fixed" if status else repr(error)


def pause_before(retry: int, asked: float, chance: float) -> float:
    """1, 2, 4, 8 s, or what the server asks; 0 to 499 ms more, or all clients come back at once."""
    return max(min(1000 << retry, 8000), asked * 1000) / 1000 + int(chance * 500) / 1000


def read(error: Any) -> tuple[int | None, str, float]:
    """Status, text and longest delay asked for; the one place that knows how clients put them.

    A client that hides the body, as urllib does, is wrapped: raise an error with `.body` in `call`.
    """
    status, parts, asked = None, [error], [0.0]
    for holder in (error, getattr(error, "response", None)):
        numbers = [getattr(holder, name, None) for name in ("status_code", "code", "status")]
        known = (int(one) for one in numbers if isinstance(one, int) and one >= 100)
        status = status or next(known, None)
        with suppress(Exception):  # A body that was streamed cannot be read any more.
            parts += [getattr(holder, name, "") for name in ("details", "body", "text")]
        for name, value in dict(getattr(holder, "headers", None) or {}).items():
            if str(name).lower() == "retry-after":
                asked.append(float(value) if value.isdigit() else TOO_LATE)
    text = " ".join(map(str, parts))
    asked += [float(n) * SECONDS.get(unit, TOO_LATE) for n, unit in re.findall(DELAY, text, re.I)]
    return status, text, max(asked)
