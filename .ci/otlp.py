"""A collector that reads what it gets with the published types of OpenTelemetry's protocol.

otlp.py COMMAND...: runs the command with the collector's URL as its last word, and judges what came.
"""
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as trace_pb2
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

SIGNALS = {
    "/v1/metrics": (metrics_pb2.ExportMetricsServiceRequest, metrics_pb2.ExportMetricsServiceResponse),
    "/v1/traces": (trace_pb2.ExportTraceServiceRequest, trace_pb2.ExportTraceServiceResponse),
}
received = {}


class Collector(BaseHTTPRequestHandler):
    """Answers as a collector does, and keeps what it read."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        request, response = SIGNALS.get(self.path, (None, None))
        good = request and self.headers["content-type"] == "application/x-protobuf"
        if good:
            received.setdefault(self.path, []).append(request.FromString(body))
        self.pause()
        self.send_response(200 if good else 404)
        said = response().SerializeToString() if good else b""
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def pause(self):
        """Takes no time."""

    def log_message(self, *_):
        """Nothing is said of single requests."""


def judge(what, good, seen=""):
    print(f"ok       {what}" if good else f"FAILED   {what}: {seen}")


def known(attributes):
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in attributes}


def judge_metrics(request):
    (resource,) = request.resource_metrics
    about = known(resource.resource.attributes)
    judge("who tells is named", about.get("service.name") == "gemini-doctor", about)
    metrics = {one.name: one for scope in resource.scope_metrics for one in scope.metrics}
    fields = [field.name for one in metrics.values() for field, _ in one.ListFields()]
    judge("every metric has a description", fields.count("description") == len(metrics), fields)
    counters = [one.sum for one in metrics.values() if one.HasField("sum")]
    judge("counters only grow, since an instant", counters and all(
        one.is_monotonic and one.aggregation_temporality == AGGREGATION_TEMPORALITY_CUMULATIVE
        and all(point.start_time_unix_nano for point in one.data_points) for one in counters))
    probes = metrics["gemini_doctor_probes"].sum.data_points
    judge("calls are counted", sum(point.as_int for point in probes) >= 3, probes)
    histograms = [one.histogram for one in metrics.values() if one.HasField("histogram")]
    judge("buckets add up to their counts", histograms and all(
        sum(point.bucket_counts) == point.count
        and len(point.bucket_counts) == len(point.explicit_bounds) + 1
        for one in histograms for point in one.data_points))
    for name, unit in (("gen_ai.client.operation.duration", "s"),
                       ("gen_ai.client.token.usage", "{token}")):
        metric = metrics.get(name)
        points = metric.histogram.data_points if metric else []
        wanted = {"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model",
                  "server.address", "server.port"}
        judge(f"{name} is as the conventions have it", metric and metric.unit == unit and points
              and all(wanted <= known(point.attributes).keys() for point in points), metric)


def judge_spans(request):
    spans = [one for resource in request.resource_spans for scope in resource.scope_spans
             for one in scope.spans]
    judge("every call is a span of a client", len(spans) >= 3 and all(
        one.kind == Span.SPAN_KIND_CLIENT and len(one.trace_id) == 16 and len(one.span_id) == 8
        and one.end_time_unix_nano >= one.start_time_unix_nano > 0 for one in spans), spans)
    judge("each span is a trace of its own", len({one.trace_id for one in spans}) == len(spans))
    judge("spans bear the names of the conventions", all(
        one.name == "generate_content " + known(one.attributes)["gen_ai.request.model"]
        and known(one.attributes)["gen_ai.operation.name"] == "generate_content" for one in spans))
    failed = [one for one in spans if one.status.code == Status.STATUS_CODE_ERROR]
    typed = [one for one in spans if "error.type" in known(one.attributes)]
    judge("who failed says of which type", failed == typed and failed, spans)
    tokens = [known(one.attributes).get("gen_ai.usage.output_tokens") for one in spans]
    judge("tokens are numbers", any(isinstance(one, int) for one in tokens), tokens)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    run = subprocess.run([*sys.argv[1:], f"http://127.0.0.1:{server.server_port}"],
                         capture_output=True, text=True, check=False, timeout=600)
    judge("what is sent is accepted", run.returncode == 0, run.stderr.strip()[-500:])
    judge("both signals came", received.keys() == SIGNALS.keys(), list(received))
    if received.keys() == SIGNALS.keys():
        judge_metrics(received["/v1/metrics"][-1])
        judge_spans(received["/v1/traces"][-1])
