package aws

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// actionRefs are the references of the actions in a list.
func actionRefs(list string) []Ref {
	notFound := missing("TargetGroupNotFound", "Target group '%s' not found")
	return []Ref{
		{Path: list + "[].targetGroupArn", To: targetGroupType, Missing: notFound},
		{Path: list + "[].forward.targetGroups[].arn", To: targetGroupType, Missing: notFound},
	}
}

// actionChecks are the rules for the actions in a list.
func actionChecks(list string) []Check {
	return []Check{eachObject(list,
		oneOf("type", "forward", "redirect", "fixed-response", "authenticate-cognito", "authenticate-oidc"),
		oneOf("redirect.statusCode", "HTTP_301", "HTTP_302"), oneOf("redirect.protocol", "#{protocol}", "HTTP", "HTTPS"),
		oneOf("fixedResponse.contentType", "text/plain", "text/css", "text/html", "application/javascript", "application/json"),
		matching("fixedResponse.statusCode", `^[245]\d\d$`, "must be 2XX, 4XX or 5XX"),
		characters("fixedResponse.messageBody", 0, 1024),
		within("forward.stickiness.duration", 1, 604800), within("order", 1, 50000), checkAction)}
}

// checkAction demands the settings of the action's own type and of no other.
func checkAction(in store.Values) []Problem {
	needs := map[string]string{"redirect": "redirect", "fixed-response": "fixedResponse", "authenticate-cognito": "authenticateCognito",
		"authenticate-oidc": "authenticateOidc"}
	kind := in.String("type")
	if need := needs[kind]; need != "" && !in.Has(need) {
		return []Problem{{need, fmt.Sprintf("%s is required when type is %s", need, kind)}}
	}
	if kind != "forward" {
		return nil
	}
	if in.Has("targetGroupArn") == in.Has("forward") {
		return []Problem{{"targetGroupArn", "exactly one of targetGroupArn, forward must be given when type is forward"}}
	}
	groups := in.Object("forward").Objects("targetGroups")
	if in.Known("forward") && (len(groups) < 1 || len(groups) > 5) {
		return []Problem{{"forward.targetGroups", fmt.Sprintf("a forward action takes 1 to 5 target groups, got %d", len(groups))}}
	}
	var out []Problem
	for _, p := range eachObject("targetGroups", within("weight", 0, 999))(in.Object("forward")) {
		out = append(out, Problem{"forward." + p.Property, p.Reason})
	}
	return out
}
