package aws

import (
	"cmp"
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// managedPolicies are the policies that CloudFront offers to all accounts: their IDs by name, which AWS documents.
func managedPolicies(typ string) map[string]string {
	switch typ {
	case cachePolicyType:
		return map[string]string{
			"Managed-CachingOptimized":                       "658327ea-f89d-4fab-a63d-7e88639e58f6",
			"Managed-CachingDisabled":                        "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
			"Managed-CachingOptimizedForUncompressedObjects": "b2884449-e4de-46a7-ac36-70bc7f1ddd6d",
			"Managed-Elemental-MediaPackage":                 "08627262-05a9-4f76-9ded-b50ca2e3a84f",
			"Managed-Amplify":                                "2e54312d-136d-493c-8eb9-b001f22f67d2",
			"UseOriginCacheControlHeaders":                   "83da9c7e-98b4-4e11-a168-04f0df8e2c65",
			"UseOriginCacheControlHeaders-QueryStrings":      "4cc15a8a-d715-48a4-82b8-cc0b614638fe",
		}
	case originPolicyType:
		return map[string]string{
			"Managed-AllViewer":                             "216adef6-5c7f-47e4-b989-5492eafa07d3",
			"Managed-AllViewerExceptHostHeader":             "b689b0a8-53d0-40ab-baf2-68738e2966ac",
			"Managed-AllViewerAndCloudFrontHeaders-2022-06": "33f36d7e-f396-46d9-90e0-52428a34d9dc",
			"Managed-CORS-CustomOrigin":                     "59781a5b-3903-41f3-afcb-af62929ccde1",
			"Managed-CORS-S3Origin":                         "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf",
			"Managed-UserAgentRefererHeaders":               "acba4595-bd28-49b8-b9fe-13317c0390fa",
		}
	}
	return map[string]string{
		"Managed-SimpleCORS":                                    "60669652-455b-4ae9-85a4-c4c02393f86c",
		"Managed-CORS-With-Preflight":                           "5cc3b908-e619-4b99-88e5-2cf7f45965bd",
		"Managed-SecurityHeadersPolicy":                         "67f7725c-6f97-4210-82d7-5512b31e9d03",
		"Managed-CORS-and-SecurityHeadersPolicy":                "e61eb60c-9c35-4d20-a928-2b84e02af89c",
		"Managed-CORS-with-preflight-and-SecurityHeadersPolicy": "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
	}
}

func isManaged(id string) bool {
	for _, typ := range []string{cachePolicyType, originPolicyType, headersPolicyType} {
		for _, has := range managedPolicies(typ) {
			if has == id {
				return true
			}
		}
	}
	return false
}

// getEdgePolicy makes the function that looks up a policy by ID or name; path is what its ARN has before the ID.
func getEdgePolicy(typ, path string, lifetimes bool) Function {
	return func(c *Call) (*Answer, error) {
		id, name := c.In.String("id"), c.In.String("name")
		if (id == "") == (name == "") {
			return nil, fmt.Errorf("exactly one of id, name must be given")
		}
		out := store.Values{"comment": "", "etag": "E23ZP02F085DFQ"}
		for managed, has := range managedPolicies(typ) {
			if id == has || name == managed {
				out["id"], out["name"] = has, managed
			}
		}
		if r := c.Find(typ, cmp.Or(id, name)); r != nil {
			out["id"], out["name"], out["comment"], out["etag"] = r.ID, r.Property("name"), r.Property("comment"), r.Outputs.String("etag")
		}
		found := out.String("id")
		if found == "" {
			return nil, fmt.Errorf("no matching CloudFront %s (%s)", path, cmp.Or(id, name))
		}
		out["arn"] = c.GlobalARN("cloudfront", path+"/"+found)
		if !lifetimes {
			return answer(out)
		}
		out["minTtl"], out["defaultTtl"], out["maxTtl"] = 1, 86400, 31536000
		if out.String("name") == "Managed-CachingDisabled" {
			out["minTtl"], out["defaultTtl"], out["maxTtl"] = 0, 0, 0
		}
		if r := c.Find(typ, found); r != nil {
			for _, key := range []string{"minTtl", "defaultTtl", "maxTtl"} {
				out[key] = max(r.Inputs.Int(key), r.Outputs.Int(key))
			}
		}
		return answer(out)
	}
}
