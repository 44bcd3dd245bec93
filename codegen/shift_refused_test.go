package codegen_test

import "testing"

// shiftRefusals are about deployments that shift requests.
var shiftRefusals = []refusal{
	{
		"nothing to shift", `
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, ports: [{name: http, port: 80}], deployment: {strategy: blueGreen}}
`, "api.yaml:4:102: error: no load balancer sends requests to app/api that blueGreen could shift",
	}, {
		"a Network Load Balancer", `
-- in/door.yaml --
kind: NLB
spec: {routes: [{name: web, port: 80, component: api}]}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, ports: [{name: http, port: 80}], deployment: {strategy: canary}}
`, "door.yaml:4:50: error: app/door is a Network Load Balancer, and the strategy canary of app/api needs requests that an ALB can divide",
	}, {
		"two listeners", `
-- in/front.yaml --
kind: ALB
spec:
  https: {certificateArn: ` + certificate("eu-central-1") + `}
  http: {action: forward}
  routes: [{name: web, component: api}]
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, ports: [{name: http, port: 80}], deployment: {strategy: blueGreen}}
`, "front.yaml:7:35: error: requests to app/api come by two listeners of app/front, and with strategy blueGreen ECS turns those of one",
	}, {
		"no number before the route's", `
-- in/front.yaml --
kind: ALB
spec: {http: {action: forward}, routes: [{name: web, component: api, paths: [/a], priority: 1}]}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, ports: [{name: http, port: 80}], deployment: {strategy: blueGreen}}
`, "front.yaml:4:42: error: the route web has priority 1, and with strategy blueGreen of app/api needs the number before it too",
	}, {
		"another route on the number", `
-- in/front.yaml --
kind: ALB
spec:
  http: {action: forward}
  routes: [{name: web, component: api, paths: [/a], priority: 6}, {name: old, redirect: {path: /a}, paths: [/b], priority: 5}]
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, ports: [{name: http, port: 80}], deployment: {strategy: blueGreen}}
`, "front.yaml:6:12: error: the route web has priority 6, and with strategy blueGreen of app/api needs the number before it too",
	}, {
		"raw properties", `
-- in/api.yaml --
kind: MicroService
spec:
  image: {repository: nginx, tag: "1"}
  ports: [{name: http, port: 80}]
  deployment: {strategy: blueGreen}
  networking: {loadBalancer: {enabled: true}}
  aws: {desiredState: "{}"}
`, "api.yaml:9:23: error: aws.desiredState is a property that panka sets itself",
	}, {
		"a service that exists", `
-- in/api.yaml --
kind: MicroService
spec:
  image: {repository: nginx, tag: "1"}
  ports: [{name: http, port: 80}]
  deployment: {strategy: blueGreen}
  networking: {loadBalancer: {enabled: true}}
  import: {id: shop-test/app-api}
`, "a service cannot be taken over with strategy blueGreen",
	},
}

func TestShiftRefusals(t *testing.T) { refuse(t, shiftRefusals) }
