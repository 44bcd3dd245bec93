package deploy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/panka-io/panka/runtime/engine"
)

// The test binary is also the wave programs, when it is called by the name of one, and a run in a process of its own,
// when runVariable is set.
func TestMain(m *testing.M) {
	name := filepath.Base(os.Args[0])
	if program, ok := programs[name]; ok {
		pulumi.Run(program)
		return
	}
	if wave, ok := strings.CutPrefix(name, graphProgram); ok {
		pulumi.Run(graphWave(wave))
		return
	}
	if os.Getenv(runVariable) != "" {
		if err := playRun(); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// programs do what generated ones do, in short. Wave 0 is the foundation (a cluster and a role) and svc/jobs (a queue
// and a security group), wave 1 is svc/api (a role, a task definition and a service).
var programs = map[string]pulumi.RunFunc{
	"base": func(ctx *pulumi.Context) error {
		if err := foundation(ctx); err != nil {
			return err
		}
		return jobs(ctx)
	},
	"base-and-database": func(ctx *pulumi.Context) error {
		for _, part := range []pulumi.RunFunc{foundation, jobs, database} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return nil
	},
	"foundation": foundation,
	"database":   database,
	"site":       site,
	// The same from what exists already: OWNER is its id and the user name there, VERSION its size.
	"adopted": func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")
		id, owner, _ := strings.Cut(cfg.Get("OWNER"), "/")
		return databaseOf(ctx, owner, cfg.RequireInt("VERSION"), pulumi.Import(pulumi.ID(id)))
	},
	"api": func(ctx *pulumi.Context) error { return api(ctx, true) },
	// The same without its role.
	"api-without-role": func(ctx *pulumi.Context) error { return api(ctx, false) },
	// The same, and more if somebody left a file where it runs.
	"api-and-surprise": func(ctx *pulumi.Context) error {
		if err := api(ctx, true); err != nil {
			return err
		}
		if _, err := os.Stat(surpriseFile); err != nil {
			return nil
		}
		_, err := newPiece(ctx, "aws:sqs/queue:Queue", "surprise", pulumi.Map{"name": pulumi.String("surprise")})
		return err
	},
	"none":       func(*pulumi.Context) error { return nil },
	"secret":     func(ctx *pulumi.Context) error { return lookUpSecret(ctx, "name") },
	"secret-arn": func(ctx *pulumi.Context) error { return lookUpSecret(ctx, "arn") },
}

// surpriseFile is what the program api-and-surprise looks for.
const surpriseFile = "surprise"

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",` +
	`"Principal":{"Service":"ecs-tasks.amazonaws.com"}}]}`

// missingSecret is a name or ARN that the sandbox does not have.
const (
	missingSecret    = "/shop/missing"
	missingSecretARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:missing-AbCdEf"
)

// piece is any resource; arn is what others need of it.
type piece struct {
	pulumi.CustomResourceState
	ARN pulumi.StringOutput `pulumi:"arn"`
}

func newPiece(ctx *pulumi.Context, typ, name string, args pulumi.Map, opts ...pulumi.ResourceOption) (*piece, error) {
	p := &piece{}
	return p, ctx.RegisterResource(typ, name, args, p, append(opts, pulumi.Version(engine.AWSPluginVersion))...)
}

// newComponent registers a component; done, called at its end, tells the engine what it is once main is there.
func newComponent(ctx *pulumi.Context, id, kind string) (parent pulumi.ResourceOption, done func(version string, main *piece) error, err error) {
	c := &struct{ pulumi.ResourceState }{}
	err = ctx.RegisterComponentResource("panka:component:"+kind, strings.ReplaceAll(id, "/", "-"), c)
	return pulumi.Parent(c), func(version string, main *piece) error {
		return ctx.RegisterResourceOutputs(c, pulumi.Map{
			"component": pulumi.String(id), "version": pulumi.String(version), "id": main.ID(),
		})
	}, err
}

func tags(name string) pulumi.StringMap {
	return pulumi.StringMap{"panka:stack": pulumi.String("shop"), "panka:resource": pulumi.String(name)}
}

func foundation(ctx *pulumi.Context) error {
	parent, done, err := newComponent(ctx, "foundation", "Foundation")
	if err != nil {
		return err
	}
	cluster, err := newPiece(ctx, "aws:ecs/cluster:Cluster", "shop-cluster",
		pulumi.Map{"name": pulumi.String("shop"), "tags": tags("shop-cluster")}, parent)
	if err != nil {
		return err
	}
	_, err = newPiece(ctx, "aws:iam/role:Role", "shop-tasks", pulumi.Map{
		"name": pulumi.String("shop-tasks"), "tags": tags("shop-tasks"), "assumeRolePolicy": pulumi.String(trust),
	}, parent)
	if err != nil {
		return err
	}
	ctx.Export("foundation.clusterArn", cluster.ARN)
	return done("", cluster)
}

func jobs(ctx *pulumi.Context) error {
	parent, done, err := newComponent(ctx, "svc/jobs", "SQS")
	if err != nil {
		return err
	}
	// Neither has a name of its own, so that an interrupted run's can be found by what they are only.
	queue, err := newPiece(ctx, "aws:sqs/queue:Queue", "svc-jobs", pulumi.Map{"tags": tags("svc-jobs")}, parent)
	if err != nil {
		return err
	}
	if _, err := newPiece(ctx, "aws:ec2/securityGroup:SecurityGroup", "svc-jobs", pulumi.Map{"tags": tags("svc-jobs")}, parent); err != nil {
		return err
	}
	ctx.Export("svc/jobs.arn", queue.ARN)
	return done("", queue)
}

func api(ctx *pulumi.Context, withRole bool) error {
	wave0, err := pulumi.NewStackReference(ctx, "wave-0", &pulumi.StackReferenceArgs{
		Name: pulumi.String(ctx.Organization() + "/shop-wave-0/" + ctx.Stack()),
	})
	if err != nil {
		return err
	}
	parent, done, err := newComponent(ctx, "svc/api", "MicroService")
	if err != nil {
		return err
	}
	version := config.New(ctx, "").Get("VERSION")
	if withRole { // Another path means another role of the same name: this one is deleted before it is replaced.
		_, err = newPiece(ctx, "aws:iam/role:Role", "svc-api", pulumi.Map{
			"name": pulumi.String("svc-api"), "path": pulumi.String("/" + config.New(ctx, "").Get("OWNER") + "/"),
			"tags": tags("svc-api"), "assumeRolePolicy": pulumi.String(trust),
		}, parent)
		if err != nil {
			return err
		}
	}
	task, err := newPiece(ctx, "aws:ecs/taskDefinition:TaskDefinition", "svc-api", pulumi.Map{
		"family": pulumi.String("svc-api"), "tags": tags("svc-api"),
		"containerDefinitions": pulumi.JSONMarshal(pulumi.Array{pulumi.Map{
			"name": pulumi.String("api"), "image": pulumi.String("shop:" + version),
			"environment": pulumi.Array{pulumi.Map{
				"name": pulumi.String("JOBS"), "value": wave0.GetStringOutput(pulumi.String("svc/jobs.arn")),
			}},
		}}),
	}, parent)
	if err != nil {
		return err
	}
	service, err := newPiece(ctx, "aws:ecs/service:Service", "svc-api", pulumi.Map{
		"name": pulumi.String("svc-api"), "tags": tags("svc-api"), "desiredCount": pulumi.Int(1),
		"cluster": wave0.GetStringOutput(pulumi.String("foundation.clusterArn")), "taskDefinition": task.ARN,
	}, parent)
	if err != nil {
		return err
	}
	return done(version, service)
}

func database(ctx *pulumi.Context) error { return databaseOf(ctx, "owner", 20) }

func databaseOf(ctx *pulumi.Context, owner string, size int, options ...pulumi.ResourceOption) error {
	parent, done, err := newComponent(ctx, "svc/database", "RDS")
	if err != nil {
		return err
	}
	instance, err := newPiece(ctx, "aws:rds/instance:Instance", "svc-database", pulumi.Map{
		"identifier": pulumi.String("orders"), "engine": pulumi.String("postgres"), "engineVersion": pulumi.String("15.4"),
		"instanceClass": pulumi.String("db.t3.medium"), "allocatedStorage": pulumi.Int(size), "username": pulumi.String(owner),
		"password": pulumi.ToSecret(pulumi.String("only-for-tests")), "skipFinalSnapshot": pulumi.Bool(true),
	}, append(options, parent)...)
	if err != nil {
		return err
	}
	return done("15.4", instance)
}

func lookUpSecret(ctx *pulumi.Context, by string) error {
	args := &struct {
		Name *string `pulumi:"name"`
		ARN  *string `pulumi:"arn"`
	}{}
	name, arn := missingSecret, missingSecretARN
	if by == "arn" {
		args.ARN = &arn
	} else {
		args.Name = &name
	}
	var out struct {
		ARN string `pulumi:"arn"`
	}
	return ctx.Invoke("aws:secretsmanager/getSecret:getSecret", args, &out, pulumi.Version(engine.AWSPluginVersion))
}
