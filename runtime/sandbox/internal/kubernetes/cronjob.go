package kubernetes

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func cronJob() *aws.Kind {
	return of(object{
		kind: aws.Kind{Type: cronJobType, Label: "CronJob.batch", Usual: aws.Usual{Create: 1, Update: 1, Delete: 2},
			Unwell: func(c *aws.Call, r *store.Resource) string {
				spec := r.Inputs.Object("spec")
				if spec.Bool("suspend") {
					return ""
				}
				if why := podsOf(r, spec.Object("jobTemplate").Object("spec").Object("template")).trouble(c); why != "" {
					return "its pods would not run: " + why
				}
				return ""
			},
			Detail: func(_ *aws.Call, r *store.Resource) string {
				spec := r.Inputs.Object("spec")
				if spec.Bool("suspend") {
					return "suspended"
				}
				zone := spec.String("timeZone")
				if zone == "" {
					zone = "UTC"
				}
				return fmt.Sprintf("scheduled at %s (%s)", spec.String("schedule"), zone)
			}},
		name: shortName(52, "the names of its jobs are made from it"),
		check: func(n node) {
			spec := n.object("spec")
			spec.required("schedule", "jobTemplate")
			spec.form("schedule", cronSchedule)
			spec.form("timeZone", timeZone)
			spec.oneOf("concurrencyPolicy", "Allow", "Forbid", "Replace")
			for _, key := range []string{"startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"} {
				spec.atLeast(key, 0)
			}
			template := spec.object("jobTemplate")
			template.object("metadata").labelled()
			job := template.object("spec")
			for _, key := range []string{"parallelism", "completions", "backoffLimit", "ttlSecondsAfterFinished"} {
				job.atLeast(key, 0)
			}
			job.atLeast("activeDeadlineSeconds", 1)
			if !job.in.Has("template") {
				job.required("template")
				return
			}
			job.podTemplate("OnFailure", "Never")
		},
	})
}
