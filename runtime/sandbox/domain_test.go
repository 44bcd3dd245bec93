package sandbox

import (
	"testing"
)

const (
	tCertificate = "aws:acm/certificate:Certificate"
	tValidation  = "aws:acm/certificateValidation:CertificateValidation"
	tRecord      = "aws:route53/record:Record"

	zones = "zones: {example.com: {id: Z0123456789ABC}, internal.example: {id: Z0123456789DEF, private: true}}\n"
)

func newDomain(t *testing.T) *estate {
	t.Helper()
	s := newEstate(t, certificates+zones)
	certificate := s.add("certificate", tCertificate, props{"domainName": "new.example.com", "validationMethod": "DNS",
		"subjectAlternativeNames": []any{"*.new.example.com"}})
	option := certificate.outputs["domainValidationOptions"].ArrayValue()[0].ObjectValue()
	s.add("proof", tRecord, props{"zoneId": "Z0123456789ABC", "name": option["resourceRecordName"], "type": option["resourceRecordType"],
		"records": []any{option["resourceRecordValue"]}, "ttl": 60})
	_, subnets := s.network()
	lb := s.add("lb", tLB, props{"name": "lb", "subnets": subnets, "internal": true})
	s.add("alias", tRecord, props{"zoneId": "Z0123456789ABC", "name": "new.example.com", "type": "A", "aliases": []any{
		props{"name": lb.out("dnsName"), "zoneId": lb.out("zoneId"), "evaluateTargetHealth": true}}})
	s.add("plain", tRecord, props{"zoneId": "Z0123456789DEF", "name": "db", "type": "A", "ttl": 30, "records": []any{"10.0.0.1"},
		"weightedRoutingPolicies": []any{props{"weight": 10}}, "setIdentifier": "blue"})
	return s
}

func TestDomains(t *testing.T) {
	s := newDomain(t)
	if id, name := s.things["plain"].id, s.things["plain"].out("fqdn"); id != "Z0123456789DEF_db_A_blue" || name != "db.internal.example" {
		t.Errorf("record %s is %s", id, name)
	}
	s.verify()
}

// TestCertificateIsIssuedOnProof: a certificate can be used once the records that prove its domains are there.
func TestCertificateIsIssuedOnProof(t *testing.T) {
	s := newDomain(t)
	certificate, proof := s.things["certificate"], s.things["proof"]
	listener := props{"loadBalancerArn": s.things["lb"].id, "port": 443, "protocol": "HTTPS", "certificateArn": certificate.id,
		"defaultActions": []any{props{"type": "fixed-response", "fixedResponse": props{"contentType": "text/plain"}}}}
	if err := s.delete(proof); err != nil {
		t.Fatal(err)
	}
	byMail := s.create(tCertificate, "by-mail", props{"domainName": "mail.example.com", "validationMethod": "EMAIL"})
	s.refuse(map[string]refusal{
		"validation by mail": {tValidation, props{"certificateArn": byMail.id}, "last state: 'PENDING_VALIDATION'"},
		"validation":         {tValidation, props{"certificateArn": certificate.id}, "last state: 'PENDING_VALIDATION'"},
		"listener":           {tListener, listener, "UnsupportedCertificate"},
		"validation of none": {tValidation, props{"certificateArn": "arn:none"}, "Could not find certificate"},
	})
	_, err := s.invoke("aws:acm/getCertificate:getCertificate", props{"domain": "new.example.com"})
	wantError(t, err, "no ACM Certificate matches domain (new.example.com)")
	s.create(tRecord, "proof", mappable(proof))
	s.create(tValidation, "validation", props{"certificateArn": certificate.id})
	if got := s.read(certificate).Outputs["status"].StringValue(); got != "ISSUED" {
		t.Errorf("after its validation the certificate is %s", got)
	}
	found, err := s.invoke("aws:acm/getCertificate:getCertificate", props{"domain": "new.example.com"})
	if err != nil || found["arn"].StringValue() != certificate.id {
		t.Errorf("found %v, %v", found, err)
	}
	s.create(tListener, "listener", listener)
	wantError(t, s.delete(certificate), "ResourceInUseException")
}

func TestDomainRefusals(t *testing.T) {
	s := newDomain(t)
	plain := props{"zoneId": "Z0123456789ABC", "name": "x", "type": "A", "ttl": 60, "records": []any{"10.0.0.1"}}
	s.refuse(map[string]refusal{
		"zone":                {tRecord, with(plain, props{"zoneId": "Z0"}), "NoSuchHostedZone: No hosted zone found with ID: Z0"},
		"name taken":          {tRecord, with(plain, props{"name": "new.example.com."}), "name='new.example.com.', type='A'] but it already exists"},
		"CNAME at apex":       {tRecord, with(plain, props{"name": "example.com", "type": "CNAME", "records": []any{"a.b"}}), "not permitted at apex"},
		"CNAME beside":        {tRecord, with(plain, props{"name": "new", "type": "CNAME", "records": []any{"a.b"}}), "conflicts with other records"},
		"address":             {tRecord, with(plain, props{"records": []any{"shop.example.com"}}), "not a valid address"},
		"no lifetime":         {tRecord, with(plain, props{"ttl": nil}), "ttl is required with records"},
		"nothing":             {tRecord, with(plain, props{"records": nil}), "exactly one of aliases, records"},
		"policy alone":        {tRecord, with(plain, props{"latencyRoutingPolicies": []any{props{"region": "us-east-1"}}}), "setIdentifier is required"},
		"alias of none":       {tRecord, with(s.given("alias"), props{"name": "y", "aliases": []any{props{"name": "gone-1.us-east-1.elb.amazonaws.com", "zoneId": "Z35SXDOTRQ7X7K", "evaluateTargetHealth": false}}}), "that target was not found"},
		"alias elsewhere":     {tRecord, with(s.given("alias"), props{"name": "y", "aliases": []any{props{"name": "example.org", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": false}}}), "does not lie within the target zone"},
		"unproven":            {tCertificate, props{"domainName": "a.example.com"}, "validationMethod must be set"},
		"certificate for dot": {tCertificate, props{"domainName": "a.example.com.", "validationMethod": "DNS"}, "cannot end with"},
	})
	for name, in := range map[string]props{"none": {"name": "example.org"}, "private": {"name": "internal.example"}} {
		if _, err := s.invoke("aws:route53/getZone:getZone", in); err == nil {
			t.Errorf("%s: a zone is found", name)
		}
	}
	zone, err := s.invoke("aws:route53/getZone:getZone", props{"name": "internal.example.", "privateZone": true})
	if err != nil || zone["zoneId"].StringValue() != "Z0123456789DEF" || zone["resourceRecordSetCount"].NumberValue() != 3 {
		t.Errorf("zone: %v, %v", zone, err)
	}
}

func TestDomainChanges(t *testing.T) {
	s := newDomain(t)
	s.diffs(map[string]change{
		"record's values":   {"plain", props{"records": []any{"10.0.0.2"}}, ""},
		"record's name":     {"plain", props{"name": "x"}, "name"},
		"record's zone":     {"plain", props{"zoneId": "Z0123456789ABC"}, "zoneId"},
		"weight":            {"plain", props{"weightedRoutingPolicies": []any{props{"weight": 20}}}, ""},
		"alternative names": {"certificate", props{"subjectAlternativeNames": []any{"a.example.com"}}, "subjectAlternativeNames"},
		"certificate tags":  {"certificate", props{"tags": props{"a": "b"}}, ""},
	})
}
