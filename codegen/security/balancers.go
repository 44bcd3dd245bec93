package security

import (
	"slices"
	"strings"
)

const (
	balancer    = "aws:lb/loadBalancer:LoadBalancer"
	listener    = "aws:lb/listener:Listener"
	targetGroup = "aws:lb/targetGroup:TargetGroup"
)

func balancerRules() []Rule {
	return []Rule{
		{"CKV_AWS_131", "Load balancers drop headers that are not valid", checkov("ALBDropHttpHeaders.py"), []string{balancer}, Always,
			forApplications(must("dropInvalidHeaderFields", true))},
		{"CKV_AWS_328", "Load balancers defend against requests that two servers read differently", checkov("ALBDesyncMode.py"), []string{balancer}, Always,
			forApplications(where("desyncMitigationMode", never("desyncMitigationMode", "monitor")))},
		{"CKV_AWS_150", "Load balancers have deletion protection", checkov("LBDeletionProtection.py"), []string{balancer}, Protected, must("enableDeletionProtection", true)},
		{"CKV_AWS_103", "Load balancers speak TLS 1.2 or later", checkov("AppLoadBalancerTLS12.yaml"), []string{listener}, Always, modernTLS},
		{"CKV2_AWS_74", "Load balancers use strong ciphers", checkov("LBWeakCiphers.yaml"), []string{listener}, Always, strongCiphers},
		{"CKV2_AWS_20", "Load balancers redirect HTTP to HTTPS", checkov("ALBRedirectsHTTPToHTTPS.yaml"), []string{listener}, Always, redirects},
		{"CKV_AWS_261", "Target groups check health", checkov("LBTargetGroupsDefinesHealthcheck.py"), []string{targetGroup}, Always, present("healthCheck.protocol")},
		{"panka/balancer-internal", "Load balancers that do not face the internet are internal by name", "", []string{balancer}, Always, present("internal")},
	}
}

// forApplications limits a check to load balancers that understand HTTP.
func forApplications(check func(Resource, *Stack) string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string {
		if t := r.text("loadBalancerType"); t != "" && t != "application" {
			return ""
		}
		return check(r, s)
	}
}

// encrypting tells whether a listener ends TLS.
func encrypting(r Resource) bool {
	return slices.Contains([]string{"HTTPS", "TLS"}, r.text("protocol"))
}

func modernTLS(r Resource, _ *Stack) string {
	policy := r.text("sslPolicy")
	if encrypting(r) && !strings.HasPrefix(policy, "ELBSecurityPolicy-TLS13-1-2-") && !strings.HasPrefix(policy, "ELBSecurityPolicy-TLS13-1-3-") &&
		!strings.HasPrefix(policy, "ELBSecurityPolicy-TLS-1-2-") && !strings.HasPrefix(policy, "ELBSecurityPolicy-FS-1-2-") {
		return "sslPolicy is " + policy
	}
	return ""
}

// weakPolicies are those that allow TLS 1.0, TLS 1.1 or ciphers without forward secrecy.
var weakPolicies = []string{"", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-2015-05", "ELBSecurityPolicy-TLS-1-0-2015-04",
	"ELBSecurityPolicy-TLS-1-1-2017-01", "ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-1-2021-06"}

func strongCiphers(r Resource, _ *Stack) string {
	if policy := r.text("sslPolicy"); encrypting(r) && slices.Contains(weakPolicies, policy) {
		return "sslPolicy is " + policy
	}
	return ""
}

func redirects(r Resource, s *Stack) string {
	if r.text("protocol") != "HTTP" {
		return ""
	}
	return both(must("defaultActions.0.type", "redirect"), must("defaultActions.0.redirect.protocol", "HTTPS"))(r, s)
}
