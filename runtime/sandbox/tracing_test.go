package sandbox

import (
	"fmt"
	"maps"
	"testing"
)

const tSamplingRule = "aws:xray/samplingRule:SamplingRule"

func TestSamplingRules(t *testing.T) {
	w := newWorld(t, "")
	rule := func(change props) props {
		all := props{"ruleName": "shop", "version": 1, "priority": 6000, "serviceName": "shop/*", "fixedRate": 0.05, "reservoirSize": 0,
			"serviceType": "*", "host": "*", "httpMethod": "*", "urlPath": "*", "resourceArn": "*"}
		maps.Copy(all, change)
		return all
	}
	shop := w.create(tSamplingRule, "shop", rule(nil))
	if want := "arn:aws:xray:us-east-1:123456789012:sampling-rule/shop"; shop.out("arn") != want || shop.id != "shop" {
		t.Errorf("ARN is %s, ID %s", shop.out("arn"), shop.id)
	}
	w.refuses(t, map[string]refusal{
		"name taken":   {tSamplingRule, rule(nil), "A sampling rule with the name shop exists already"},
		"long name":    {tSamplingRule, rule(props{"ruleName": "0123456789012345678901234567890123"}), "ruleName"},
		"share":        {tSamplingRule, rule(props{"ruleName": "a", "fixedRate": 5}), "fixedRate"},
		"priority":     {tSamplingRule, rule(props{"ruleName": "a", "priority": 10000}), "priority"},
		"no priority":  {tSamplingRule, props{"ruleName": "a"}, "priority"},
		"long service": {tSamplingRule, rule(props{"ruleName": "a", "serviceName": fmt.Sprintf("%065d", 0)}), "serviceName"},
	})
	w.alters(t, map[string]alteration{
		"share": {shop, rule(props{"fixedRate": 0.5}), "fixedRate", ""},
		"name":  {shop, rule(props{"ruleName": "other"}), "ruleName", "ruleName"},
	})
	for i := range 24 {
		w.create(tSamplingRule, fmt.Sprint("rule", i), rule(props{"ruleName": fmt.Sprint("rule", i)}))
	}
	w.refuses(t, map[string]refusal{
		"one too many": {tSamplingRule, rule(props{"ruleName": "last"}), "RuleLimitExceededException"},
	})
}
