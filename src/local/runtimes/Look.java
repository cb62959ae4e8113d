// Tells what the TLS of this Java is and whether it connects. Sends nothing but a handshake.

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyStore;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

public class Look {
    private static final int PATIENCE = 6000;

    public static void main(String[] given) {
        say("version", System.getProperty("java.version"));
        long start = System.nanoTime();
        try {
            SSLContext context = SSLContext.getDefault();
            SSLParameters able = context.getSupportedSSLParameters();
            say("tls", context.getProvider().getName() + " " + context.getProvider().getVersionStr());
            say("tls13", Arrays.asList(able.getProtocols()).contains("TLSv1.3") ? "yes" : "no");
            say("alpn", "yes");
            say("way", "java");
            say("bundle", bundle());
            start = System.nanoTime();
            connect(context, given);
            say("connected", "yes");
        } catch (Exception error) {
            say("words", words(error));
            say("connected", "no");
        }
        say("ms", (System.nanoTime() - start) / 1000000);
    }

    private static void connect(SSLContext context, String[] given) throws Exception {
        int port = Integer.parseInt(given[1]);
        try (Socket plain = dial(given[0], port, given[3], given[4])) {
            plain.setSoTimeout(PATIENCE);
            SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, given[2], port, true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            say("negotiated", socket.getSession().getProtocol());
        }
    }

    private static Socket dial(String host, int port, String proxy, String proxyPort)
            throws IOException {
        Socket socket = new Socket();
        if (proxy.equals("-")) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE);
            return socket;
        }
        socket.connect(new InetSocketAddress(proxy, Integer.parseInt(proxyPort)), PATIENCE);
        socket.setSoTimeout(PATIENCE);
        String target = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        String request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes("US-ASCII"));
        String answer = head(socket);
        String[] words = answer.split(" ");
        if (words.length < 2 || !words[1].equals("200")) {
            throw new IOException("the proxy answered: " + answer.split("\r\n")[0]);
        }
        return socket;
    }

    private static String head(Socket socket) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (!answer.toString("US-ASCII").endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            if (next < 0 || answer.size() > 16384) {
                throw new IOException("the proxy gave no answer that can be read");
            }
            answer.write(next);
        }
        return answer.toString("US-ASCII");
    }

    private static String bundle() throws Exception {
        String named = System.getProperty("javax.net.ssl.trustStore");
        String kind = System.getProperty("javax.net.ssl.trustStoreType");
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        int roots = 0;
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager) {
                roots += ((X509TrustManager) manager).getAcceptedIssuers().length;
            }
        }
        String own = System.getProperty("java.home") + "/lib/security/cacerts";
        String place = named != null ? named : kind != null ? kind : own;
        return place + " (" + roots + " roots)";
    }

    private static String words(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String words = error.getClass().getSimpleName() + ": " + error.getMessage();
        boolean told = words.contains(String.valueOf(cause.getMessage()));
        return told ? words : words + " (" + cause.getMessage() + ")";
    }

    private static void say(String key, Object value) {
        String text = String.valueOf(value).replaceAll("\\s+", " ").replaceAll("[^ -~]", "?");
        System.out.println(key + "=" + text);
    }
}
