package aws

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const certificateType = "aws:acm/certificate:Certificate"

func certificate() *Kind {
	return &Kind{
		Type: certificateType, Label: "ACM Certificate", Random: true,
		Replace: []string{"domainName", "subjectAlternativeNames", "validationMethod", "validationOptions", "certificateAuthorityArn", "keyAlgorithm"},
		Checks: []Check{
			oneOf("validationMethod", "DNS", "EMAIL"),
			oneOf("keyAlgorithm", "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"),
			oneOf("options.certificateTransparencyLoggingPreference", "ENABLED", "DISABLED"),
			exactlyOne("domainName", "privateKey"), characters("domainName", 1, 253), notEnding("domainName", "."), checkValidation,
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"keyAlgorithm": "RSA_2048", "options": map[string]any{"certificateTransparencyLoggingPreference": "ENABLED"}}
			if domain := c.In.String("domainName"); domain != "" {
				out["subjectAlternativeNames"] = []string{domain}
			}
			return out
		},
		Create: createCertificate,
		Delete: func(c *Call, r *store.Resource) error {
			for _, d := range c.all(distributionType) {
				if d.Inputs.Object("viewerCertificate").String("acmCertificateArn") == r.ID {
					return certificateInUse(r, d)
				}
			}
			return nil
		},
		InUse: certificateInUse,
		Usual: Usual{8, 2, 2},
	}
}

func certificateInUse(r, _ *store.Resource) error {
	return errorf("ResourceInUseException", "Certificate %s in account %s is in use.", r.ID, strings.Split(r.ID, ":")[4])
}

// checkValidation demands a way to validate certificates that AWS issues.
func checkValidation(in store.Values) []Problem {
	if in.Has("domainName") && !in.Has("validationMethod") && !in.Has("certificateAuthorityArn") {
		return []Problem{{"validationMethod", "validationMethod must be set for a certificate that Amazon issues"}}
	}
	return nil
}

// notEnding refuses a suffix.
func notEnding(path, suffix string) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if !ok || !strings.HasSuffix(s, suffix) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("invalid value for %s (%q): cannot end with %q", path, s, suffix)}}
	}
}

func createCertificate(c *Call) (*Made, error) {
	arn := c.ARN("acm", "certificate/"+c.UUID("certificate"))
	out := store.Values{"arn": arn, "domainValidationOptions": []any{}, "validationEmails": []any{}, "renewalEligibility": "INELIGIBLE",
		"pendingRenewal": false, "renewalSummaries": []any{}, "status": "PENDING_VALIDATION", "type": "AMAZON_ISSUED"}
	if c.In.Has("privateKey") || c.In.Has("certificateAuthorityArn") {
		out["status"], out["type"] = "ISSUED", "PRIVATE"
		out["notBefore"], out["notAfter"] = c.Now.UTC().Format(time.RFC3339), c.Now.UTC().AddDate(0, 13, 0).Format(time.RFC3339)
	}
	if c.In.Has("privateKey") {
		out["type"] = "IMPORTED"
	}
	if c.In.String("validationMethod") == "DNS" {
		var options []map[string]any
		for _, domain := range domainsOf(c.In) {
			bare := strings.TrimPrefix(domain, "*.")
			options = append(options, map[string]any{"domainName": domain, "resourceRecordType": "CNAME",
				"resourceRecordName":  "_" + digest(c.Account+"|name|"+bare, 32) + "." + bare + ".",
				"resourceRecordValue": "_" + digest(c.Account+"|value|"+bare, 32) + ".xlfgrmvvlj.acm-validations.aws."})
		}
		out["domainValidationOptions"] = options
	}
	return &Made{ID: arn, Outputs: out}, nil
}

// domainsOf gives the names that a certificate is for.
func domainsOf(in store.Values) []string {
	out := []string{in.String("domainName")}
	for _, name := range in.Strings("subjectAlternativeNames") {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// issued tells whether AWS has issued a certificate: it does once the records that prove the domains are there.
func (c *Call) issued(r *store.Resource) bool {
	if r.Outputs.String("status") == "ISSUED" {
		return true
	}
	options := r.Outputs.Objects("domainValidationOptions")
	for _, o := range options {
		if !c.resolves(o.String("resourceRecordName"), o.String("resourceRecordType"), o.String("resourceRecordValue")) {
			return false
		}
	}
	return len(options) > 0
}

// covers tells whether a certificate is for a domain.
func covers(r *store.Resource, domain string) bool {
	_, parent, _ := strings.Cut(domain, ".")
	for _, name := range domainsOf(r.Inputs) {
		if strings.EqualFold(name, domain) || strings.EqualFold(name, "*."+parent) {
			return true
		}
	}
	return false
}

// certificateIn finds a certificate of another region, for services that take it from there.
func (c *Call) certificateIn(region, arn string) *store.Resource {
	there := *c
	there.Region = region
	return there.Find(certificateType, arn)
}

// ambientCertificates are the issued certificates that were in the region before.
func (c *Call) ambientCertificates() []*store.Resource {
	var out []*store.Resource
	for _, arn := range sortedKeys(c.Tx.Document().Certificates) {
		if strings.HasPrefix(arn, "arn:aws:acm:"+c.Region+":") {
			out = append(out, &store.Resource{Type: certificateType, Key: arn, ID: arn, Region: c.Region, State: store.Available,
				Inputs:  store.Values{"domainName": c.Tx.Document().Certificates[arn].Domain},
				Outputs: store.Values{"arn": arn, "status": "ISSUED", "type": "AMAZON_ISSUED"}})
		}
	}
	return out
}

func certificateValidation() *Kind {
	return &Kind{
		Type: "aws:acm/certificateValidation:CertificateValidation", Label: "ACM Certificate Validation", Random: true,
		Replace: []string{"certificateArn", "validationRecordFqdns"},
		Refs: []Ref{{Path: "certificateArn", To: certificateType, Owned: true,
			Missing: missing("ResourceNotFoundException", "Could not find certificate %s.")}},
		Create: func(c *Call) (*Made, error) {
			r := c.Find(certificateType, c.In.String("certificateArn"))
			if !c.issued(r) {
				return nil, fmt.Errorf("waiting for ACM Certificate (%s) to be issued: timeout while waiting for state to become 'ISSUED' "+
					"(last state: 'PENDING_VALIDATION'): the records that prove its domains are not there", r.ID)
			}
			if c.Tx.Get(r.Type, r.Key) != nil {
				now := r.Clone()
				now.Outputs = now.Outputs.Over(store.Values{"status": "ISSUED", "renewalEligibility": "ELIGIBLE"})
				c.Tx.Put(now)
			}
			return &Made{ID: c.Now.UTC().Format("2006-01-02 15:04:05.999999999 -0700 MST") + " " + c.Hex("validation", 8)}, nil
		},
		Usual: Usual{30, 1, 1},
	}
}

func getCertificate(c *Call) (*Answer, error) {
	domain := c.In.String("domain")
	statuses := c.In.Strings("statuses")
	if len(statuses) == 0 {
		statuses = []string{"ISSUED"}
	}
	var found []*store.Resource
	for _, r := range c.all(certificateType) {
		status := "PENDING_VALIDATION"
		if c.issued(r) {
			status = "ISSUED"
		}
		if r.Inputs.String("domainName") == domain && slices.Contains(statuses, status) &&
			(!c.In.Has("types") || slices.Contains(c.In.Strings("types"), r.Outputs.String("type"))) {
			found = append(found, r)
		}
	}
	slices.SortStableFunc(found, func(a, b *store.Resource) int { return b.CreatedAt.Compare(a.CreatedAt) })
	switch {
	case len(found) == 0:
		return nil, fmt.Errorf("no ACM Certificate matches domain (%s)", domain)
	case len(found) > 1 && !c.In.Bool("mostRecent"):
		return nil, fmt.Errorf("multiple ACM Certificates match domain (%s)", domain)
	}
	r, status := found[0], "PENDING_VALIDATION"
	if c.issued(r) {
		status = "ISSUED"
	}
	return answer(store.Values{"id": r.ID, "arn": r.ID, "domain": domain, "status": status, "certificate": "", "certificateChain": "", "tags": tagsOf(r)})
}
