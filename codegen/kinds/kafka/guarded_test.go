package kafka

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRealGuardedCluster runs brokers with controllers apart, TLS everywhere and users with passwords: who may do what.
func TestRealGuardedCluster(t *testing.T) {
	in := installed(t)
	spec := fmt.Sprintf(`  version: %q
  storage: {sizeGB: 10}
  brokers: 2
  controllers: {mode: dedicated, count: 1}
  resources: {memory: 1024}
  security:
    certificateSecret: /shop/tls
    authentication: scram
    users:
      - {name: foreign, secretRef: /shop/foreign}
      - {name: admin, secretRef: /shop/admin, admin: true}
      - {name: api, secretRef: /shop/api}
  topics: [{name: orders.v1, partitions: 2}]
`, in.version)
	const odd = `pa\ss=word, "it's" $(all) `
	ca := newAuthority(t)
	r := newRunning(t, in, spec, map[string]string{
		"PASSWORD_1": "wörd", "PASSWORD_2": "secret-of-admin", "PASSWORD_3": odd, "TLS_CA": ca.text,
	})
	r.secrets["TLS_CERTIFICATE"], r.secrets["TLS_KEY"] = ca.issue(t, "*."+r.zone())
	for _, n := range r.nodes() {
		r.start(t, n)
		r.well(t, n)
	}
	authority := filepath.Join(r.dir, "ca.pem")
	write(t, authority, ca.text)
	as := func(user, password string) []string {
		file := filepath.Join(r.dir, user+".properties")
		escaped := strings.NewReplacer(`\`, `\\\\`, `"`, `\\"`).Replace(password) // for the properties, and JAAS within
		write(t, file, "security.protocol=SASL_SSL\nsasl.mechanism=SCRAM-SHA-512\nssl.truststore.type=PEM\nssl.truststore.location="+authority+
			"\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\""+user+
			"\" password=\""+escaped+"\";\nrequest.timeout.ms=8000\ndefault.api.timeout.ms=10000\n")
		return []string{"--bootstrap-server", r.host(r.nodes()[1]) + ":9094", "--command-config", file}
	}
	admin, api := as("admin", "secret-of-admin"), as("api", odd)
	r.wantTopic(t, admin, "orders.v1", "PartitionCount: 2", "ReplicationFactor: 2")
	eventually(t, "the grants of api", func() error {
		_, err := r.run("one\ntwo\n", "kafka-console-producer", "--bootstrap-server", api[1], "--topic", "orders.v1", "--producer.config", api[3])
		return err
	})
	out, err := r.run("", "kafka-console-consumer", "--bootstrap-server", api[1], "--topic", "orders.v1", "--consumer.config", api[3],
		"--group", "readers", "--from-beginning", "--max-messages", "2", "--timeout-ms", "30000")
	if err != nil || !strings.Contains(out, "one\n") || !strings.Contains(out, "two\n") {
		t.Errorf("api reads %q: %v", out, err)
	}
	refused := func(what, reason string, args ...string) {
		t.Helper()
		if out, err := r.run("", "kafka-topics", args...); err == nil || !strings.Contains(out+err.Error(), reason) {
			t.Errorf("%s: %q, %v; want %s", what, out, err, reason)
		}
	}
	refused("api makes a topic", "Authorization failed", append(api, "--create", "--topic", "more")...)
	refused("a user who does not exist", "Authentication failed", append(as("stranger", odd), "--list")...)
	refused("a user whose password is not ASCII", "Authentication failed", append(as("foreign", "word"), "--list")...)
	among := filepath.Join(r.dir, "among.properties")
	write(t, among, "security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.location="+authority+"\nrequest.timeout.ms=8000\n"+
		"default.api.timeout.ms=10000\n")
	refused("as a node without a certificate", "SSL", "--bootstrap-server", r.host(r.nodes()[1])+":9091", "--command-config", among, "--list")

	// The file with a password is gone, and the certificate's key is for the node alone.
	for _, n := range r.nodes() {
		if left, err := filepath.Glob(filepath.Join(r.dir, n.name, "start", "password")); err != nil || len(left) > 0 {
			t.Errorf("%s leaves %v behind: %v", n.name, left, err)
		}
		if info, err := os.Stat(filepath.Join(r.dir, n.name, "start", "identity.pem")); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: the key has %v, %v", n.name, info.Mode(), err)
		}
	}
	if log, err := os.ReadFile(r.started["broker-1"].log); err != nil || !strings.Contains(string(log), "The password of the user foreign is not set") {
		t.Errorf("broker-1 does not say whose password it could not set: %v", err)
	}
}

// authority issues certificates.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	text        string
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{certificate, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// issue makes a certificate for client and server use, and its key.
func (a authority) issue(t *testing.T, name string) (certificate, key string) {
	t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "nodes, of \"Kafka\""}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}, a.certificate, own.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(own)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
}
