package aws

import (
	"encoding/base64"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/clewgraph/clew/graph"
)

// LayerCredentialReport holds a user's row of the account's credential report:
// which passwords, keys and devices it has, and when they were used.
const LayerCredentialReport graph.LayerID = "aws:credential-report"

func credentialReportOperations() []operation {
	return []operation{{service: "iam", name: "get-credential-report", lone: true, marks: []string{"ReportFormat"},
		layers: []graph.LayerID{LayerCredentialReport}, whole: record(mapCredentialReport)}}
}

// reportColumns are the columns that are kept. Source:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
var reportColumns = []string{
	"user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed", "password_next_rotation", "mfa_active",
	"access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
	"access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region", "access_key_2_last_used_service",
	"cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
}

// mapCredentialReport reads the table, which is CSV in base64.
func mapCredentialReport(m *mapper, d struct{ Content, ReportFormat string }) error {
	if d.ReportFormat != "text/csv" {
		return fmt.Errorf("%w: report format %.60q: want text/csv", ErrContent, d.ReportFormat)
	}
	rows := csv.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(d.Content)))
	header, err := rows.Read()
	if err != nil || !slices.Contains(header, "arn") {
		return fmt.Errorf("%w: credential report: want a table in base64 with a column arn", ErrContent)
	}
	for line := 2; ; line++ {
		row, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: credential report: %w", ErrContent, err)
		}
		if err := m.reportRow(header, row, line); err != nil {
			return err
		}
	}
}

func (m *mapper) reportRow(header, row []string, line int) error {
	cells := map[string]string{}
	for i, name := range header {
		if slices.Contains(reportColumns, name) {
			cells[name] = row[i]
		}
	}
	a, ok := parseARN(cells["arn"])
	if !ok || a.service != "iam" {
		return fmt.Errorf("%w: credential report: line %d: %.100q: want the ARN of a user", ErrContent, line, cells["arn"])
	}
	account, err := m.accountOf(a)
	if err != nil {
		return err
	}
	text, err := json.Marshal(cells, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("%w: credential report: line %d: %w", ErrContent, line, err)
	}
	o := m.origin(account, "", "")
	return m.factText(fact{graph.Ref(cells["arn"]), LayerCredentialReport, "credential-report"}, jsontext.Value(text), o)
}
