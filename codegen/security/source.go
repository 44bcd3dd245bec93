package security

import "strings"

// checkov is where Checkov keeps a rule.
func checkov(file string) string {
	dir := "resource/aws/"
	if strings.HasSuffix(file, ".yaml") {
		dir = "graph_checks/aws/"
	}
	return "https://github.com/bridgecrewio/checkov/blob/main/checkov/terraform/checks/" + dir + file
}

// hub is where the user guide of AWS Security Hub describes a control, such as S3.5.
func hub(control string) string {
	control = strings.ToLower(control)
	service, _, _ := strings.Cut(control, ".")
	return "https://docs.aws.amazon.com/securityhub/latest/userguide/" + service + "-controls.html#" + strings.ReplaceAll(control, ".", "-")
}
