package lambda

import (
	"strings"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
)

// check refuses what AWS would refuse, as far as the schema cannot see it.
func (f *function) check() {
	if code := f.Component().Code; code != nil && code.Problem != nil {
		f.Fail(*code.Problem)
	}
	f.checkRegion()
	f.checkVariables()
	if f.VPC != nil && !*f.VPC && network.Reaches(f.Builder) {
		f.Fail(diag.Errorf(f.Place("vpc"), component.Code,
			"the function uses a component that can be reached in the VPC only, and vpc is false").
			WithHint("leave vpc out, or set it to true"))
	}
}

// checkRegion refuses an image of another region, which Lambda does not take.
func (f *function) checkRegion() {
	image := f.Code.Image
	if image == nil {
		return
	}
	repository, known := image.Repository.Static()
	if _, after, ok := strings.Cut(repository, ".dkr.ecr"); known && ok {
		after = strings.TrimPrefix(strings.TrimPrefix(after, "-fips"), ".")
		if region, _, _ := strings.Cut(after, "."); region != f.Stack().Region {
			f.Fail(diag.Errorf(f.Place("code", "image", "repository"), component.Code,
				"the image is in the region %s, and Lambda takes images of its own region only, %s", region, f.Stack().Region).
				WithHint("let ECR copy the image to %s", f.Stack().Region))
		}
	}
}

// checkVariables refuses a secret and a variable of the same name.
func (f *function) checkVariables() {
	taken := map[string]bool{}
	for _, v := range f.Environment {
		taken[v.Name] = true
	}
	for _, s := range f.Secrets {
		if taken[s.Variable()] {
			f.Fail(diag.Errorf(s.Source, component.Code, "the environment variable %s is set already", s.Variable()).
				WithHint("give the secret another envVar"))
		}
		taken[s.Variable()] = true
	}
}

// routes puts the function into the target group of each route of an ALB, which must be allowed to call it first.
func (f *function) routes() {
	for i, r := range balance.Register(f.Builder, balance.Target{Type: balance.Function, Health: balance.Default()}) {
		f.join(i, r)
	}
}
