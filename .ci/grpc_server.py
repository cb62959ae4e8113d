"""A gRPC server that is not ours: grpcio with Google's own message classes.

Listens at 127.0.0.1 with TLS, answers the four methods that gemini-doctor calls, and writes what is
wrong with a call, field by field, to a file: one JSON line for each call. Beside it an HTTP/1.1 server
without TLS answers the same methods in JSON, whatever they ask for.

Usage: grpc_server.py CERTIFICATE KEY LOG
"""

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import grpc
from google.ai import generativelanguage_v1beta as api

KEY = "AQ.FAKE-key-for-the-grpc-check-0001"
PACKAGE = "google.ai.generativelanguage.v1beta"
# Models whose name asks for an error: `fails-5` fails with code 5.
FAILS = "models/fails-"
CODES = {code.value[0]: code for code in grpc.StatusCode}


def wrong_metadata(context, field, model):
    """What is wrong with the headers of a call."""
    sent = dict(context.invocation_metadata())
    expected = {
        "x-goog-api-key": KEY,
        "x-goog-request-params": f"{field}={model.replace('/', '%2F')}",
    }
    wrong = [f"{name} is {sent.get(name)!r}" for name, value in expected.items() if sent.get(name) != value]
    if not sent.get("user-agent", "").startswith("gemini-doctor/"):
        wrong.append(f"user-agent is {sent.get('user-agent')!r}")
    return wrong


def unknown_fields(message, path=""):
    """Numbers that Google's definition does not have, at any depth."""
    from google.protobuf import unknown_fields as reader

    found = [f"unknown field {path}{one.field_number}" for one in reader.UnknownFieldSet(message)]
    for field, value in message.ListFields():
        if field.message_type is None:
            continue
        for one in value if field.is_repeated else [value]:
            found += unknown_fields(one, f"{path}{field.name}.")
    return found


def wrong_contents(contents):
    """What is wrong with a prompt of one turn and one text."""
    if len(contents) != 1 or contents[0].role != "user" or len(contents[0].parts) != 1:
        return [f"the contents are {contents!r}"]
    part = type(contents[0].parts[0]).pb(contents[0].parts[0])
    if part.WhichOneof("data") != "text" or not part.text or part.thought:
        return [f"the part is {part!r}"]
    return []


def wrong_config(request):
    """What is wrong with the limits of a paid call."""
    config = type(request).pb(request).generation_config
    wrong = []
    if not 0 < config.max_output_tokens <= 65536:
        wrong.append(f"max_output_tokens is {config.max_output_tokens}")
    if config.HasField("thinking_config") and not config.thinking_config.HasField("thinking_budget"):
        wrong.append("a thinking_config without a thinking_budget")
    return wrong


class Service:
    """Answers calls and notes what is wrong with them."""

    def __init__(self, log):
        self.log = open(log, "a", buffering=1, encoding="utf-8")

    def judge(self, method, request, context, model, wrong):
        """Notes a call; ends it where the model's name or a flaw says so."""
        wrong = wrong + unknown_fields(type(request).pb(request))
        config = type(request).pb(request) if hasattr(request, "generation_config") else None
        seen = {"method": method, "model": model, "wrong": wrong}
        if config is not None and config.HasField("generation_config"):
            seen["config"] = str(config.generation_config).split()
        self.log.write(json.dumps(seen) + "\n")
        if model.startswith(FAILS):
            context.abort(CODES[int(model.removeprefix(FAILS))], "as the name says: 100 % wrong, ü")
        if wrong:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "; ".join(wrong))

    def get_model(self, request, context):
        self.judge("GetModel", request, context, request.name, wrong_metadata(context, "name", request.name))
        return api.Model(
            name=request.name, version="001", display_name="A model", input_token_limit=1048576,
            output_token_limit=65536, supported_generation_methods=["generateContent", "countTokens"],
            temperature=1, top_p=0.95, top_k=64, thinking=True,
        )

    def count_tokens(self, request, context):
        wrong = wrong_metadata(context, "model", request.model) + wrong_contents(request.contents)
        self.judge("CountTokens", request, context, request.model, wrong)
        return api.CountTokensResponse(total_tokens=sum(len(part.text.split()) for part in request.contents[0].parts))

    def generate(self, method, request, context):
        wrong = wrong_metadata(context, "model", request.model)
        wrong += wrong_contents(request.contents) + wrong_config(request)
        self.judge(method, request, context, request.model, wrong)

    def answer(self, text, finish, said):
        parts = [api.Part(text=text)] if text else []
        candidate = api.Candidate(
            content=api.Content(role="model", parts=parts), finish_reason=finish, index=0,
            safety_ratings=[api.SafetyRating(category="HARM_CATEGORY_HARASSMENT", probability="NEGLIGIBLE")],
        )
        usage = api.GenerateContentResponse.UsageMetadata(
            prompt_token_count=7, candidates_token_count=said, thoughts_token_count=3, total_token_count=10 + said,
        )
        return api.GenerateContentResponse(
            candidates=[candidate], usage_metadata=usage, model_version="a-model-001", response_id="r-1",
        )

    def generate_content(self, request, context):
        self.generate("GenerateContent", request, context)
        return self.answer("some words", "STOP", 2)

    def stream_generate_content(self, request, context):
        self.generate("StreamGenerateContent", request, context)
        yield self.answer("", "FINISH_REASON_UNSPECIFIED", 0)
        for nth in range(4):
            yield self.answer(f"word {nth} ", "FINISH_REASON_UNSPECIFIED", 2 * nth)
        yield self.answer("", "STOP", 8)


def handlers(service):
    """The two services, as grpcio wants them."""
    unary, stream = grpc.unary_unary_rpc_method_handler, grpc.unary_stream_rpc_method_handler

    def method(kind, call, request, answer):
        return kind(call, request_deserializer=request.deserialize, response_serializer=answer.serialize)

    models = {"GetModel": method(unary, service.get_model, api.GetModelRequest, api.Model)}
    answer = api.GenerateContentResponse
    generative = {
        "CountTokens": method(unary, service.count_tokens, api.CountTokensRequest, api.CountTokensResponse),
        "GenerateContent": method(unary, service.generate_content, api.GenerateContentRequest, answer),
        "StreamGenerateContent": method(stream, service.stream_generate_content, api.GenerateContentRequest, answer),
    }
    named = {"ModelService": models, "GenerativeService": generative}
    return [grpc.method_handlers_generic_handler(f"{PACKAGE}.{name}", these) for name, these in named.items()]


class Json(BaseHTTPRequestHandler):
    """The methods over HTTP/1.1, in the JSON of Google's own message classes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.say(api.Model(name="models/any", supported_generation_methods=["generateContent"]))

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        if ":countTokens" in self.path:
            return self.say(api.CountTokensResponse(total_tokens=1))
        candidate = api.Candidate(content=api.Content(role="model", parts=[api.Part(text="ok")]), finish_reason="STOP")
        self.say(api.GenerateContentResponse(candidates=[candidate]), as_event=":stream" in self.path)

    def say(self, message, as_event=False):
        text = type(message).to_json(message, indent=None, use_integers_for_enums=False)
        body = (f"data: {text}\r\n\r\n" if as_event else text).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if as_event else "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nobody reads it."""


def main():
    """Serves until it is stopped; what it prints are the ports for gRPC and for HTTP/1.1."""
    certificate, key, log = sys.argv[1:]
    pair = tuple(open(path, "rb").read() for path in (key, certificate))
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    server.add_generic_rpc_handlers(handlers(Service(log)))
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
    server.start()
    plain = ThreadingHTTPServer(("127.0.0.1", 0), Json)
    threading.Thread(target=plain.serve_forever, daemon=True).start()
    print(port, plain.server_address[1], flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
