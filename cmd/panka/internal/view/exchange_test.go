package view

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/panka-io/panka/runtime/deploy"
)

func TestImportSummary(t *testing.T) {
	var many []string
	for i := range 23 {
		many = append(many, fmt.Sprintf("urn:pulumi:dev::web::panka:component:SQS$aws:sqs/queue:Queue::jobs-%d\x1b[31m", i))
	}
	var b bytes.Buffer
	PrintImportSummary(&b, "web/dev", deploy.ImportSummary{Resources: 23, Added: many}, Style{})
	PrintImportSummary(&b, "web/dev", deploy.ImportSummary{Serial: 7, Resources: 1, Added: many[:1], Forgotten: many[1:], Pending: []string{"creating " + many[0]}}, Style{})
	PrintImportSummary(&b, "web/dev", deploy.ImportSummary{Serial: 7, Resources: 1}, Style{})
	PrintImported(&b, "web/dev", &deploy.Result{Outcome: deploy.Succeeded})
	PrintImported(&b, "web/dev", &deploy.Result{Outcome: deploy.Declined})
	golden(t, "import.text", b.Bytes())
}
