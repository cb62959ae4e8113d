// Tells what the TLS of this Go is and whether it connects. Sends nothing but a handshake.
package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"time"
)

const patience = 6 * time.Second

func main() {
	host, port, name, proxy, proxyPort := os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5]
	say("version", strings.TrimPrefix(runtime.Version(), "go"))
	say("tls", "crypto/tls")
	say("tls13", "yes")
	say("alpn", "yes")
	say("way", "go")
	say("bundle", bundle())
	start := time.Now()
	version, err := connect(host, port, name, proxy, proxyPort)
	if err != nil {
		say("words", err.Error())
		say("connected", "no")
	} else {
		say("negotiated", version)
		say("connected", "yes")
	}
	say("ms", fmt.Sprint(time.Since(start).Milliseconds()))
}

func connect(host, port, name, proxy, proxyPort string) (string, error) {
	stream, err := dial(net.JoinHostPort(host, port), proxy, proxyPort)
	if err != nil {
		return "", err
	}
	defer stream.Close()
	stream.SetDeadline(time.Now().Add(patience))
	config := &tls.Config{ServerName: name, NextProtos: []string{"h2", "http/1.1"}}
	secure := tls.Client(stream, config)
	if err := secure.Handshake(); err != nil {
		return "", err
	}
	versions := map[uint16]string{tls.VersionTLS12: "TLSv1.2", tls.VersionTLS13: "TLSv1.3"}
	return versions[secure.ConnectionState().Version], nil
}

func dial(target, proxy, proxyPort string) (net.Conn, error) {
	if proxy == "-" {
		return net.DialTimeout("tcp", target, patience)
	}
	stream, err := net.DialTimeout("tcp", net.JoinHostPort(proxy, proxyPort), patience)
	if err != nil {
		return nil, err
	}
	stream.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(stream, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n", target, target)
	reader := bufio.NewReaderSize(stream, 16384)
	first, err := reader.ReadString('\n')
	if err != nil {
		return nil, err
	}
	if words := strings.Fields(first); len(words) < 2 || words[1] != "200" {
		return nil, fmt.Errorf("the proxy answered: %s", strings.TrimSpace(first))
	}
	for line := ""; line != "\r\n"; {
		if line, err = reader.ReadString('\n'); err != nil {
			return nil, err
		}
	}
	return stream, nil
}

func bundle() string {
	file, directory := os.Getenv("SSL_CERT_FILE"), os.Getenv("SSL_CERT_DIR")
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" || file+directory == "" {
		return "the system's store"
	}
	if file == "" {
		file = "the system's file"
	}
	if directory == "" {
		directory = "the system's directories"
	}
	return file + ", " + directory
}

func say(key, value string) {
	fmt.Printf("%s=%s\n", key, strings.Join(strings.Fields(value), " "))
}
