package cli

import (
	"context"
	"os"
	"os/exec"
	"os/user"
	"strings"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// owner tells others who runs an operation, and where.
func (a *app) owner(operation string) lockstate.Owner {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return lockstate.Owner{Who: a.who(), Host: host, PID: os.Getpid(), Operation: operation, CI: a.ciURL()}
}

// who is the person behind the run: in CI the one who caused it.
func (a *app) who() string {
	for _, name := range []string{"GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "USERNAME"} {
		if who := a.Env[name]; who != "" {
			return who
		}
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "unknown"
}

// ciURL is the page of the CI run, "" outside CI.
func (a *app) ciURL() string {
	if a.Env["GITHUB_RUN_ID"] != "" {
		return a.Env["GITHUB_SERVER_URL"] + "/" + a.Env["GITHUB_REPOSITORY"] + "/actions/runs/" + a.Env["GITHUB_RUN_ID"]
	}
	for _, name := range []string{"CI_JOB_URL", "BUILD_URL"} {
		if url := a.Env[name]; url != "" {
			return url
		}
	}
	return ""
}

// commit is the git commit of the repository, for the history; "" if it cannot be told.
func (a *app) commit(ctx context.Context, root string) string {
	for _, name := range []string{"GITHUB_SHA", "CI_COMMIT_SHA"} {
		if sha := a.Env[name]; sha != "" {
			return sha
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "git", "-C", root, "rev-parse", "--verify", "HEAD").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
