package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// checkQuery is what a check asks. A store without a snapshot answers it, too.
const checkQuery = `{ snapshots(first: 1) { edges { node { id } } } }`

// checkTime is how long a server may think about it.
const checkTime = 10 * time.Second

// checkBytes is more than any answer to checkQuery has.
const checkBytes = 1 << 16

// errUnhealthy: what answers a check is no server that works.
var errUnhealthy = errors.New("the server does not answer")

// check asks the server that was started with the same flags one question. It
// is what a container whose image holds no other program proves its health by.
func (o *doors) check(ctx context.Context) error {
	token, err := readToken(o.tokenFile)
	if err != nil {
		return err
	}
	secured, err := o.tls()
	if err != nil {
		return err
	}
	url, err := checkAddressOf(o.listen, secured != nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	body, err := json.Marshal(map[string]string{"query": checkQuery})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: onlyThis(secured)}}
	return asAnswer(client.Do(r))
}

// checkAddressOf is where a server that listens on an address is asked: one
// that listens everywhere, on loopback.
func checkAddressOf(listen string, secured bool) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", usagef("--listen %q: want host:port", listen)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme := "http"
	if secured {
		scheme = "https"
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/graphql", nil
}

// onlyThis trusts the one certificate that the server has, which was not made
// for the address that it is asked at.
func onlyThis(served *tls.Config) *tls.Config {
	if served == nil {
		return nil
	}
	want := served.Certificates[0].Certificate[0]
	return &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: true, //nolint:gosec // the certificate is compared, which is more
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 || !bytes.Equal(s.PeerCertificates[0].Raw, want) {
				return fmt.Errorf("%w: it shows another certificate", errUnhealthy)
			}
			return nil
		},
	}
}

// asAnswer says whether a response answers the question.
func asAnswer(r *http.Response, err error) error {
	if err != nil {
		return fmt.Errorf("%w: %w", errUnhealthy, err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(io.LimitReader(r.Body, checkBytes))
	if err != nil {
		return fmt.Errorf("%w: %w", errUnhealthy, err)
	}
	var answer struct {
		Data   struct{ Snapshots *struct{} }
		Errors []struct{ Message string }
	}
	err = json.Unmarshal(text, &answer)
	switch {
	case err == nil && len(answer.Errors) > 0:
		return fmt.Errorf("%w: %s", errUnhealthy, answer.Errors[0].Message)
	case err != nil || answer.Data.Snapshots == nil:
		return fmt.Errorf("%w: %s, and no answer to GraphQL", errUnhealthy, strings.TrimSpace(r.Status))
	}
	return nil
}
