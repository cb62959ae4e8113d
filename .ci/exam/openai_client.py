"""One call with OpenAI's SDK and its usual repeats, on Google's compatible routes; then another model."""

import openai

client = openai.OpenAI()
try:
    client.chat.completions.create(
        model="gemini-3.5-flash", messages=[{"role": "user", "content": "Say hello."}]
    )
except (openai.APIConnectionError, openai.InternalServerError, openai.RateLimitError):
    client.chat.completions.create(
        model="gemini-3.5-flash-lite", messages=[{"role": "user", "content": "Say hello."}]
    )
