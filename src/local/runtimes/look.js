// Tells what the TLS of this Node is and whether it connects. Sends nothing but a handshake.
"use strict";
const net = require("net");
const tls = require("tls");

const [host, port, name, proxy, proxyPort] = process.argv.slice(-5);
const PATIENCE = 6000;

function say(key, value) {
  const text = String(value).replace(/\s+/g, " ").replace(/[^ -~]/g, "?");
  process.stdout.write(`${key}=${text}\n`);
}

function bundle() {
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  const options = (process.env.NODE_OPTIONS || "").split(/\s+/);
  const parts = [];
  if (options.includes("--use-openssl-ca")) {
    parts.push("the store of OpenSSL");
  } else {
    parts.push(`${tls.rootCertificates.length} roots of its own`);
  }
  if (options.includes("--use-system-ca") || process.env.NODE_USE_SYSTEM_CA === "1") {
    parts.push("the system's store");
  }
  if (extra) parts.push(extra);
  return parts.join(", ");
}

function dial(connected, failed) {
  if (proxy === "-") {
    const stream = net.connect({ host, port: Number(port) }, () => connected(stream));
    stream.on("error", failed);
    return;
  }
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const request = require("http").request({
    host: proxy,
    port: Number(proxyPort),
    method: "CONNECT",
    path: target,
    headers: { Host: target },
    agent: false,
  });
  request.on("connect", (answer, stream) => {
    if (answer.statusCode === 200) return connected(stream);
    stream.destroy();
    failed(new Error(`the proxy answered: ${answer.statusCode} ${answer.statusMessage}`));
  });
  request.on("error", failed);
  request.end();
}

const start = Date.now();
let ended = false;

function end(outcome, words) {
  if (ended) return;
  ended = true;
  if (words) say("words", words);
  say("connected", outcome);
  say("ms", Date.now() - start);
  process.exit(0);
}

function failed(error) {
  end("no", `${error.code ? `${error.code}: ` : ""}${error.message}`);
}

say("version", process.versions.node);
say("tls", process.versions.boringssl ? "BoringSSL" : `OpenSSL ${process.versions.openssl}`);
say("tls13", tls.DEFAULT_MAX_VERSION === "TLSv1.3" ? "yes" : "no");
say("alpn", process.features.tls_alpn === false ? "no" : "yes");
say("way", "node");
say("bundle", bundle());
setTimeout(() => failed(new Error(`no answer within ${PATIENCE / 1000} s`)), PATIENCE);
dial((socket) => {
  const options = { socket, host: name, ALPNProtocols: ["h2", "http/1.1"] };
  if (!net.isIP(name)) options.servername = name;
  const stream = tls.connect(options, () => {
    say("negotiated", stream.getProtocol());
    end("yes");
  });
  stream.on("error", failed);
  stream.on("close", () => failed(new Error("the connection was closed in the handshake")));
}, failed);
