package view

import (
	"fmt"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/plan"
)

func markdown(t *testing.T, p *plan.Plan) string {
	t.Helper()
	var b strings.Builder
	if err := PlanMarkdown(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPlanMarkdown(t *testing.T) {
	got := markdown(t, &plan.Plan{Stack: "web", Environment: "dev", Changes: plan.Counts{Create: 1, Update: 1, Replace: 1, Same: 4}, Waves: []plan.Wave{
		{Number: 0, Components: []plan.Component{{ID: "shop/quiet", Kind: "SQS", Same: 4}, {ID: "shop/db", Kind: "RDS", Changes: []plan.Change{
			{Type: "aws:rds/instance:Instance", Name: "shop-db", Op: plan.Replace, DataLoss: true, Properties: []plan.Property{
				{Path: "engine", Old: `"mysql"`, New: `"postgres"`, ForcesReplace: true}, {Path: "tags.team", New: `"a|b @ada <b>*x*</b> [l](http://e)"`}}}}}}},
		{Number: -1, Components: []plan.Component{{ID: "shop/old", Kind: "SNS", Changes: []plan.Change{
			{Type: "aws:sns/topic:Topic", Name: "shop-old", Op: plan.Delete, Properties: []plan.Property{{Path: "x", Old: "y"}}}}}}},
	}})
	want := `### web/dev

Plan: 1 to create, 1 to update, 1 to replace, 0 to delete, 4 unchanged.

> [!CAUTION]
> Data would be lost in 1 resource: **shop-db**

#### wave 0

**shop/db** (RDS)

| | resource | properties |
|---|---|---|
| **replace, data is lost** | rds.Instance <br> shop-db | engine: <code>&#34;mysql&#34;</code> → <code>&#34;postgres&#34;</code> **forces replacement** <br> tags.team: <code>&#34;a&#124;b &#64;ada &#60;b&#62;&#42;x&#42;&#60;/b&#62; &#91;l&#93;(http&#58;//e)&#34;</code> (added) |

#### no longer in the YAML

**shop/old** (SNS)

| | resource |
|---|---|
| delete | sns.Topic <br> shop-old |
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
}

// TestPlanMarkdownIsShortEnough: whatever the plan, GitHub takes it, and it says how much is missing.
func TestPlanMarkdownIsShortEnough(t *testing.T) {
	long := strings.Repeat("é|", 5000)
	p := &plan.Plan{Stack: "web", Environment: "dev", Changes: plan.Counts{Replace: 3000}}
	for wave := range 3 {
		w := plan.Wave{Number: wave}
		for i := range 100 {
			c := plan.Component{ID: fmt.Sprintf("shop/c%d-%d", wave, i), Kind: "RDS"}
			for j := range 10 {
				change := plan.Change{Type: "aws:rds/instance:Instance", Name: fmt.Sprint(c.ID, j), Op: plan.Replace, DataLoss: true}
				for k := range 40 {
					change.Properties = append(change.Properties, plan.Property{Path: fmt.Sprint("p", k), Old: long, New: "x"})
				}
				c.Changes = append(c.Changes, change)
			}
			w.Components = append(w.Components, c)
		}
		p.Waves = append(p.Waves, w)
	}
	for _, few := range []int{1, 2, 40} { // properties: with fewer of them, more components find room
		for i := range p.Waves {
			for j := range p.Waves[i].Components {
				for k := range p.Waves[i].Components[j].Changes {
					change := &p.Waves[i].Components[j].Changes[k]
					change.Properties = change.Properties[:40][:few]
				}
			}
		}
		got := markdown(t, p)
		if len(got) > maxMarkdown {
			t.Errorf("%d properties: %d bytes", few, len(got))
		}
		shown := strings.Count(got, "(RDS)")
		missing := fmt.Sprintf("\n%d more components with %d changes not shown", 300-shown, 10*(300-shown))
		if shown > 299 || !strings.Contains(got, missing) || !strings.Contains(got, "and 2980 more") {
			t.Errorf("%d properties: %d components shown, and it ends with %q", few, shown, got[len(got)-100:])
		}
		if few < 40 && shown == 0 {
			t.Errorf("%d properties: nothing is shown", few)
		}
	}
}
