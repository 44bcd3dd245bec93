package security

import (
	"slices"
	"strings"
)

const (
	distribution  = "aws:cloudfront/distribution:Distribution"
	originControl = "aws:cloudfront/originAccessControl:OriginAccessControl"
)

func distributionRules() []Rule {
	of := []string{distribution}
	return []Rule{
		{"CKV_AWS_34", "Distributions serve over HTTPS only", checkov("CloudfrontDistributionEncryption.py"), of, Always,
			both(never("defaultCacheBehavior.viewerProtocolPolicy", "allow-all", nil), each("orderedCacheBehaviors", never("viewerProtocolPolicy", "allow-all", nil)))},
		{"CKV_AWS_216", "Distributions are enabled", checkov("CloudfrontDistributionEnabled.py"), of, Always, must("enabled", true)},
		{"CKV2_AWS_32", "Distributions add security headers", checkov("CloudFrontHasResponseHeadersPolicy.yaml"), of, Always, present("defaultCacheBehavior.responseHeadersPolicyId")},
		{"CKV2_AWS_46", "Distributions prove to buckets who they are", checkov("CLoudFrontS3OriginConfigWithOAI.yaml"), of, Always, each("origins", controlled)},
		{"CKV2_AWS_54", "Distributions speak TLS 1.2 to what is behind them", checkov("CloudFrontUsesSecureProtocolsForHTTPS.yaml"), of, Always, each("origins", modernOrigin)},
		{"CKV2_AWS_72", "Distributions ask what is behind them over HTTPS", checkov("CloudfrontOriginNotHTTPSOnly.yaml"), of, Always,
			each("origins", where("customOriginConfig", must("customOriginConfig.originProtocolPolicy", "https-only")))},
		{"panka/origin-signing", "Distributions sign every request to buckets", "", []string{originControl}, Always,
			both(must("signingBehavior", "always"), must("signingProtocol", "sigv4"))},
	}
}

func controlled(r Resource, s *Stack) string {
	if !strings.Contains(r.text("domainName"), ".s3.") {
		return ""
	}
	return present("originAccessControlId")(r, s)
}

func modernOrigin(r Resource, _ *Stack) string {
	for _, protocol := range r.list("customOriginConfig.originSslProtocols") {
		if slices.Contains([]string{"SSLv3", "TLSv1", "TLSv1.1"}, asText(protocol)) {
			return "customOriginConfig.originSslProtocols holds " + asText(protocol)
		}
	}
	return ""
}
