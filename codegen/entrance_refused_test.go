package codegen_test

import (
	"strings"
	"testing"
)

// certificate is one of a region.
func certificate(region string) string {
	return `"arn:aws:acm:` + region + `:123456789012:certificate/12345678-1234-1234-1234-123456789012"`
}

// entranceRefusals are about load balancers, APIs, machines and disks.
var entranceRefusals = []refusal{
	{
		"certificate of another region", `
-- in/front.yaml --
kind: ALB
spec: {https: {certificateArn: ` + certificate("us-east-1") + `}}
`, "front.yaml:4:32: error: the certificate is in region us-east-1, and must be in eu-central-1",
	}, {
		"older TLS than allowed", `
-- in/infra/security.yaml --
kind: Security
spec: {tls: {minimumVersion: "1.3"}}
-- in/front.yaml --
kind: ALB
spec:
  https: {tlsPolicy: ELBSecurityPolicy-TLS13-1-2-2021-06, certificateArn: ` + certificate("eu-central-1") + `}
`, "front.yaml:5:22: error: ELBSecurityPolicy-TLS13-1-2-2021-06 accepts TLS 1.2, and the Security document only TLS 1.3",
	}, {
		"IPv6 in a VPC without", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}}
-- in/front.yaml --
kind: ALB
spec: {ipAddressType: dualstack, http: {action: forward}}
`, "front.yaml:4:23: error: the VPC that panka creates has IPv4 addresses only",
	}, {
		"an ALB behind an NLB that sticks", `
-- in/door.yaml --
kind: NLB
spec: {routes: [{name: web, port: 80, component: front, sticky: true}]}
-- in/front.yaml --
kind: ALB
spec: {http: {action: forward}}
`, "door.yaml:4:65: error: sticky cannot be set for a route to an ALB",
	}, {
		"an ALB asked by TCP", `
-- in/door.yaml --
kind: NLB
spec: {routes: [{name: web, port: 80, component: front, healthCheck: {protocol: TCP}}]}
-- in/front.yaml --
kind: ALB
spec: {http: {action: forward}}
`, "door.yaml:4:81: error: whether an ALB is well can be asked by HTTP or HTTPS only, not by TCP",
	}, {
		"more elastic addresses than zones", `
-- in/door.yaml --
kind: NLB
spec:
  scheme: internet-facing
  elasticIpIds: [eipalloc-0123456789abcdef0, eipalloc-0123456789abcdef1, eipalloc-0123456789abcdef2]
  routes: [{name: web, port: 80, component: front}]
-- in/front.yaml --
kind: ALB
spec: {http: {action: forward}}
`, "door.yaml:6:17: error: 3 elastic IP addresses need as many availability zones, and the network has 2",
	}, {
		"TLS route with a certificate of another region", `
-- in/door.yaml --
kind: NLB
spec:
  routes: [{name: mail, port: 993, protocol: TLS, component: mail, certificateArn: ` + certificate("us-east-1") + `}]
-- in/mail.yaml --
kind: EC2Instance
spec: {instanceType: t3.small, ports: [{name: imap, port: 143}]}
`, "door.yaml:5:12: error: the certificate of the route mail is in region us-east-1, and must be in eu-central-1",
	}, {
		"an API before an NLB for UDP only", `
-- in/api.yaml --
kind: APIGateway
spec: {routes: [{name: all, path: $default, service: door}]}
-- in/door.yaml --
kind: NLB
spec: {routes: [{name: dns, port: 53, protocol: UDP, component: dns, healthCheck: {port: 80}}]}
-- in/dns.yaml --
kind: EC2Instance
spec: {instanceType: t3.small, ports: [{name: dns, port: 53, protocol: udp}]}
`, "api.yaml:4:17: error: app/door has no route for TCP",
	}, {
		"an API of protocol REST before HTTPS without a name to check", `
-- in/api.yaml --
kind: APIGateway
spec: {protocol: REST, routes: [{name: all, path: "/{proxy+}", service: front}]}
-- in/front.yaml --
kind: ALB
spec: {https: {certificateArn: ` + certificate("eu-central-1") + `}}
`, "api.yaml:4:33: error: app/front takes requests by HTTPS, for which the route all needs a serverName",
	}, {
		"an API before an NLB before an ALB with HTTPS", `
-- in/api.yaml --
kind: APIGateway
spec: {routes: [{name: all, path: $default, service: door}]}
-- in/door.yaml --
kind: NLB
spec: {routes: [{name: web, port: 443, component: front}]}
-- in/front.yaml --
kind: ALB
spec: {https: {certificateArn: ` + certificate("eu-central-1") + `}}
`, "api.yaml:4:17: error: app/door takes requests by HTTPS, for which the route all needs a serverName",
	}, {
		"an API before an ALB without HTTPS, with a name to check", `
-- in/api.yaml --
kind: APIGateway
spec: {protocol: REST, routes: [{name: all, path: "/{proxy+}", service: front, serverName: www.example.com}]}
-- in/front.yaml --
kind: ALB
spec: {http: {action: forward}}
`, "api.yaml:4:33: error: app/front takes requests without encryption, so that the route all has no serverName to check",
	}, {
		"an API before a service without load balancer", `
-- in/api.yaml --
kind: APIGateway
spec: {routes: [{name: all, path: $default, service: web}]}
-- in/web.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, ports: [{name: http, port: 80}]}
`, "api.yaml:4:17: error: app/web has no load balancer by which the API could reach it",
	}, {
		"an API before HTTPS without a name to check", `
-- in/api.yaml --
kind: APIGateway
spec: {routes: [{name: all, path: $default, service: front}]}
-- in/front.yaml --
kind: ALB
spec: {https: {certificateArn: ` + certificate("eu-central-1") + `}}
`, "api.yaml:4:17: error: app/front takes requests by HTTPS, for which the route all needs a serverName",
	}, {
		"an API that may not face the internet", `
-- in/infra/security.yaml --
kind: Security
spec: {ingress: {internetFacing: deny}}
-- in/api.yaml --
kind: APIGateway
spec: {routes: [{name: all, path: $default, url: "https://example.com"}]}
`, "error: app/api would be reached from the internet, which the Security document denies",
	}, {
		"an API whose callers cannot be limited", `
-- in/infra/security.yaml --
kind: Security
spec: {ingress: {allowedCIDRs: [198.51.100.0/24]}}
-- in/api.yaml --
kind: APIGateway
spec: {routes: [{name: all, path: $default, url: "https://example.com"}]}
`, "error: an API of protocol HTTP cannot be limited to the addresses that the Security document allows",
	}, {
		"paths that differ in a name", `
-- in/api.yaml --
kind: APIGateway
spec:
  routes:
    - {name: a, path: "/orders/{id}", url: "https://example.com"}
    - {name: b, path: "/orders/{number}", url: "https://example.com"}
`, "api.yaml:7:7: error: the routes a and b differ only in the name of a part of the path",
	}, {
		"a group that nobody asks", `
-- in/web.yaml --
kind: EC2Instance
spec: {instanceType: t3.small, group: {min: 1, max: 2, healthCheck: ELB}}
`, "web.yaml:4:69: error: no load balancer sends to app/web that could tell whether its machines are well",
	}, {
		"environment before what is no script", `
-- in/web.yaml --
kind: EC2Instance
spec:
  instanceType: t3.small
  environment: [{name: A, value: b}]
  userData: "#cloud-config"
`, "web.yaml:7:13: error: environment, secrets and mounts need user data that is a script of bash",
	}, {
		"environment before a file that is no script", `
-- in/web.yaml --
kind: EC2Instance
spec:
  instanceType: t3.small
  environment: [{name: A, value: b}]
  userDataFile: ./configs/cloud.yaml
-- in/services/app/components/web/configs/cloud.yaml --
#cloud-config
`, "web.yaml:7:17: error: environment, secrets and mounts need user data that is a script of bash",
	}, {
		"a script with the line ends of Windows", `
-- in/web.yaml --
kind: EC2Instance
spec:
  instanceType: t3.small
  userDataFile: ./configs/start.sh
-- in/services/app/components/web/configs/start.sh --
#!/bin/sh` + "\r\n" + `echo` + "\r\n" + `
`, "web.yaml:6:17: error: the script has the line ends of Windows",
	}, {
		"a script that leaves no room", `
-- in/web.yaml --
kind: EC2Instance
spec:
  instanceType: t3.small
  secrets: [{name: A, secretRef: /a}]
  userDataFile: ./configs/start.sh
-- in/services/app/components/web/configs/start.sh --
#!/bin/bash
` + strings.Repeat("#", 16384-len("#!/bin/bash\n\n")) + `
`, "web.yaml:7:17: error: user data has 16394 bytes at the least, with what panka puts before the script",
	}, {
		"environment of Windows", `
-- in/web.yaml --
kind: EC2Instance
spec:
  instanceType: t3.small
  image: {os: windows-2022}
  environment: [{name: A, value: b}]
  userData: "<powershell></powershell>"
`, "web.yaml:8:13: error: environment, secrets and mounts are for machines with Linux, and app/web has Windows",
	}, {
		"a schedule that Auto Scaling cannot follow", `
-- in/web.yaml --
kind: EC2Instance
spec:
  instanceType: t3.small
  group: {min: 1, max: 2, schedules: [{name: last, schedule: "cron(0 20 L * ? *)", minReplicas: 0, maxReplicas: 1}]}
`, "web.yaml:6:39: error: Auto Scaling cannot follow the schedule cron(0 20 L * ? *)",
	}, {
		"a disk of another region", `
-- in/disk.yaml --
kind: EBS
spec: {sizeGB: 20, availabilityZone: us-east-1a}
`, "disk.yaml:4:38: error: us-east-1a is not in region eu-central-1 of the stack",
	},
}

func TestEntranceRefusals(t *testing.T) { refuse(t, entranceRefusals) }
