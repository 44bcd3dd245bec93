package codegen_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
)

// refusal is sound documents that cannot be deployed together, and what is said about them. The components are of the
// service app; Networking and Security stand for the whole stack.
type refusal struct{ name, archive, want string }

// refusals are about the network.
var refusals = []refusal{
	{
		"machines of two architectures", `
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: ecs}}
-- in/web.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: ecs, architecture: arm64}}
`, "web.yaml:4:85: error: app/web is for arm64 and app/api for x86_64, but all machines of the cluster are alike",
	}, {
		"machines of the wrong architecture", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {machines: {instanceType: m7g.large}}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: ecs}}
`, "network.yaml:4:63: error: the image of app/api is for x86_64, which m7g.large machines cannot run",
	}, {
		"a container larger than the machines", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}, cluster: {machines: {instanceType: c7i.large}}}
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: ecs}, resources: {cpu: 1024, memory: 4096}}
`, "network.yaml:4:63: error: a machine of type c7i.large has no room for the 1024 CPU units and 4096 MiB of app/api",
	}, {
		"containers on machines in public subnets", `
-- in/api.yaml --
kind: MicroService
spec: {image: {repository: nginx, tag: "1"}, runtime: {platform: ecs}}
`, "api.yaml:4:55: warning: on platform ecs the containers of app/api get no public address, so that in public subnets they cannot reach the internet",
	}, {
		"nothing may face the internet", `
-- in/infra/security.yaml --
kind: Security
spec: {ingress: {internetFacing: deny}}
-- in/api.yaml --
kind: MicroService
spec:
  image: {repository: nginx, tag: "1"}
  ports: [{name: http, port: 8080}]
  networking: {loadBalancer: {enabled: true, scheme: internet-facing}}
`, "api.yaml:7:54: error: app/api would be reached from the internet, which the Security document denies",
	}, {
		"no place to face the internet from", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: existing, id: vpc-0a1b2c3d, privateSubnets: {tags: {tier: private}}}}
-- in/api.yaml --
kind: MicroService
spec:
  image: {repository: nginx, tag: "1"}
  ports: [{name: http, port: 8080}]
  networking: {loadBalancer: {enabled: true, scheme: internet-facing}}
`, "api.yaml:7:54: error: app/api would be reached from the internet, and the network names no public subnets",
	}, {
		"brokers in more zones than there are", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: create}}
-- in/events.yaml --
kind: MSK
spec: {version: 3.9.x.kraft, brokers: {zones: 3}}
`, "events.yaml:4:47: error: the brokers of app/events are in 3 availability zones, and the network has 2",
	}, {
		"express brokers in two zones", `
-- in/events.yaml --
kind: MSK
spec: {version: 3.9.x, brokers: {instanceType: express.m7g.large}}
`, "events.yaml:4:48: error: express brokers need three availability zones, and the network has 2",
	}, {
		"brokers that cannot be spread", `
-- in/events.yaml --
kind: MSK
spec: {version: 3.9.x, brokers: {count: 5}}
`, "events.yaml:4:41: error: 5 brokers cannot be spread evenly over the 2 availability zones of the network",
	}, {
		"subnets in fewer zones than the stack", `
-- in/infra/network.yaml --
kind: Networking
spec: {vpc: {use: existing, id: vpc-0a1b2c3d, availabilityZones: 3, privateSubnets: {ids: [subnet-0a1b2c3d, subnet-0a1b2c3e]}}}
-- in/events.yaml --
kind: MSK
spec: {capacity: serverless}
`, "network.yaml:4:85: error: the stack is spread over 3 availability zones, which need as many private subnets, not 2",
	}, {
		"a Kafka that no node has room for", `
-- in/infra/network.yaml --
kind: Networking
spec: {cluster: {kubernetes: {nodes: {instanceTypes: [m6i.large, m7i.large]}, publicEndpoint: {enabled: false}}}}
-- in/events.yaml --
kind: Kafka
spec: {version: 3.9.0, runtime: {platform: eks}, resources: {cpu: 2048}, storage: {sizeGB: 10}, security: {transport: plaintext}}
`, "network.yaml:4:38: error: a node of type m6i.large or m7i.large has no room for the 2048 CPU units and 4096 MiB of app/events",
	}, {
		"users in an old Kafka", `
-- in/events.yaml --
kind: Kafka
spec:
  version: 3.4.0
  storage: {sizeGB: 10}
  security: {certificateSecret: /tls, authentication: scram, users: [{name: a, secretRef: /a}]}
`, "events.yaml:5:12: error: version 3.4.0 of Kafka keeps no users without ZooKeeper, and app/events has users",
	}, {
		"all copies must be written", `
-- in/events.yaml --
kind: Kafka
spec:
  version: 3.9.0
  storage: {sizeGB: 10}
  replication: {factor: 3, minInSync: 3}
  security: {transport: plaintext}
`, "events.yaml:7:39: warning: with as many copies to be written as there are, 3, app/events takes no message while a broker is replaced",
	}, {
		"a key for a serverless cluster", `
-- in/events.yaml --
kind: MSK
spec: {capacity: serverless, encryption: {kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"}}
`, "events.yaml:4:54: error: app/events is serverless, and AWS encrypts those with a key of its own",
	}, {
		"small disks with provisioned throughput", `
-- in/events.yaml --
kind: MSK
spec: {version: 3.9.x, brokers: {instanceType: kafka.m5.4xlarge, storage: {sizeGB: 8, throughputMBps: 250}}}
`, "events.yaml:4:103: error: provisioned throughput takes disks of at least 10 GiB, and those of app/events have 8",
	},
}

func TestNetworkRefusals(t *testing.T) { refuse(t, refusals) }

func refuse(t *testing.T, cases []refusal) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := txtar.Parse([]byte(c.archive))
			for i, f := range a.Files {
				name := strings.TrimSuffix(f.Name[strings.LastIndex(f.Name, "/")+1:], ".yaml")
				header, service := "apiVersion: infra.panka.io/v1\n", ""
				if !strings.Contains(f.Name, "/infra/") {
					header, service = "apiVersion: components.panka.io/v1\n", ", service: app"
				}
				kind, rest, _ := strings.Cut(string(f.Data), "\n")
				a.Files[i].Data = []byte(header + kind + "\nmetadata: {name: " + name + service + ", stack: shop}\n" + rest)
			}
			_, ds := codegen.Generate(kindCase{"", c.name, a}.compiled(t))
			if got := ds.Error(); !strings.Contains(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
