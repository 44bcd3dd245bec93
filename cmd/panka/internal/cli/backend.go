package cli

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/lockstate/remote"
)

func backendCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "backend",
		Short:   "Make or check where a team's states and locks are kept, or move them",
		Example: "  panka backend check",
		Args:    noSubcommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(backendSetupCommand(a, true), backendSetupCommand(a, false), backendMigrateCommand(a))
	return cmd
}

func backendSetupCommand(a *app, create bool) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [s3://BUCKET/PREFIX]",
		Short: "Check the bucket and the lock table, and whether the store can keep states safely",
		Long: `Look whether the bucket and the lock table that panka.yaml's backend names are as panka needs them, and try
whether the store minds the conditions of writes. With --policy, print instead the least that an administrator, one who
deploys or one who only reads must be allowed, as an IAM policy.`,
		Example: "  panka backend check",
		Args:    atMostOne,
	}
	if create {
		cmd.Use, cmd.Short = "create [s3://BUCKET/PREFIX]", "Make the bucket and the lock table, or set what they lack"
		cmd.Long = `Make the bucket and the lock table that panka.yaml's backend, or the argument, names, and set what they lack:
versions, encryption, no public access, TLS only, conditional writes only, a lifecycle for old versions; for the table
payment by use, recovery to any moment and protection from deletion. Doing it again changes nothing.`
		cmd.Example = "  panka backend create 's3://acme-panka?region=eu-central-1&lockTable=panka-locks'"
	}
	var role string
	if !create {
		cmd.Flags().StringVar(&role, "policy", "", "print the IAM policy of a `ROLE`: admin, deployer, repairer or reader")
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		at, profile, err := a.address(args)
		if err != nil {
			return err
		}
		if cmd.Flags().Changed("policy") {
			return a.printPolicy(at, role)
		}
		found, err := a.ops.SetUp(cmd.Context(), at, profile, create)
		return errors.Join(a.printFindings(found), err)
	}
	return cmd
}

// address is that of the argument or, without one, of the settings.
func (a *app) address(args []string) (settings.Address, string, error) {
	const form = "write s3://bucket/prefix?region=us-east-1&lockTable=table"
	if len(args) == 1 {
		at, err := settings.ParseAddress(args[0])
		if err != nil {
			return at, "", usagef(form, "%q is no address of a backend: %v", args[0], err)
		}
		return at, "", nil
	}
	s, err := a.repository(false)
	if err != nil {
		return settings.Address{}, "", err
	}
	if s.Backend == settings.Embedded {
		return settings.Address{}, "", usagef("name it in panka.yaml or as an argument: s3://bucket/prefix?region=us-east-1&lockTable=table",
			"the backend is the embedded one, which needs no setting up")
	}
	at, err := settings.ParseAddress(s.Backend)
	return at, s.Profile, err
}

// printFindings shows what was found; anything wrong makes the command fail.
func (a *app) printFindings(found []remote.Finding) error {
	if a.json() {
		if found == nil {
			found = []remote.Finding{}
		}
		if err := view.JSON(a.Out, found); err != nil {
			return err
		}
	} else {
		view.PrintFindings(a.Out, found, a.style())
	}
	if slices.ContainsFunc(found, func(f remote.Finding) bool { return f.State == remote.Wrong }) {
		return &hintedError{errors.New("the backend is not as panka needs it"), "panka backend create mends what can be mended"}
	}
	return nil
}

func (a *app) printPolicy(at settings.Address, role string) error {
	if !slices.Contains(remote.Roles(), role) {
		return usagef("write --policy admin, --policy deployer, --policy repairer or --policy reader", "there is no role %q", role)
	}
	text, err := remote.Policy(role, remoteConfig(at, ""), at.Key)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.Out, text)
	return err
}
