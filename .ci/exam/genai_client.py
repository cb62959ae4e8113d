"""One call with Google's own SDK, its repeats switched on, and no fallback."""

from google import genai
from google.genai import types

retry = types.HttpRetryOptions(attempts=4, initial_delay=0.5, max_delay=8.0)
client = genai.Client(http_options=types.HttpOptions(retry_options=retry))
client.models.generate_content(model="gemini-3.5-flash", contents="Say hello.")
