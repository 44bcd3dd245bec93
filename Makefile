# make demo and make test are the two commands; the rest is for those who change panka.

GO          ?= go
STATICCHECK ?= $(GO) run honnef.co/go/tools/cmd/staticcheck@v0.8.2
DEMO        := examples/seed-example
DEMO_FLAGS  := -C $(DEMO) --stack user-platform --environment development

# The compiler is about a fifth faster with a lazier garbage collector; it needs about 2 GiB.
export GOGC ?= 400

.PHONY: demo build install test unit race lint bench golden fuzz generate docs clean tools

demo: build
	@rm -rf $(DEMO)/.panka
	bin/panka $(DEMO_FLAGS) apply --sandbox --yes --var VERSION=v1.0.0
	bin/panka $(DEMO_FLAGS) status --sandbox
	@printf '\nTry next:\n'
	@printf '  bin/panka %s apply --sandbox --var VERSION=v1.0.0   # nothing changed, nothing built\n' '$(DEMO_FLAGS)'
	@printf '  bin/panka %s apply --sandbox --var VERSION=v1.0.1   # a new version, nothing built\n' '$(DEMO_FLAGS)'
	@printf '  bin/panka %s destroy --sandbox\n' '$(DEMO_FLAGS)'

build: tools
	$(GO) build -o bin/panka ./cmd/panka

install: tools
	$(GO) install ./cmd/panka

test: lint unit race

unit: tools
	$(GO) test -timeout 40m ./...

# The race detector needs a C compiler. What imports Pulumi is left out: it would be built a second time.
race: tools
	@if $(GO) env CGO_ENABLED | grep -q 1 && command -v cc >/dev/null; then \
	  $(GO) test -race -short -timeout 20m ./lockstate/... ./compiler/... ./cmd/panka/internal/settings/...; \
	else echo 'race: no C compiler, left out'; fi

lint: tools
	@unformatted=$$(gofmt -l cmd codegen compiler lockstate runtime schema); \
	  if [ -n "$$unformatted" ]; then echo "not gofmt-ed:"; echo "$$unformatted"; exit 1; fi
	$(GO) vet ./...
	$(STATICCHECK) ./...

# Benchmarks print figures and never fail on time; docs/performance.md keeps the ratios.
bench: tools
	$(GO) test -run '^$$' -bench . -benchmem ./compiler/... ./schema/... ./codegen/... ./lockstate/...

# golden rewrites the expected outputs of the golden tests; review the diff.
golden: tools
	$(GO) test ./compiler ./compiler/source ./schema ./codegen ./cmd/panka/internal/view ./runtime/sandbox -update
	UPDATE=1 $(GO) test ./cmd/panka
	$(MAKE) docs

# fuzz runs each fuzz target for FUZZTIME.
FUZZTIME ?= 10m
fuzz: tools
	$(GO) test ./compiler/source -run '^$$' -fuzz FuzzParse -fuzztime $(FUZZTIME)
	$(GO) test ./compiler/layer -run '^$$' -fuzz FuzzMerge -fuzztime $(FUZZTIME)
	$(GO) test ./compiler/variable -run '^$$' -fuzz FuzzExpand -fuzztime $(FUZZTIME)
	$(GO) test ./compiler/variable -run '^$$' -fuzz FuzzParse -fuzztime $(FUZZTIME)
	$(GO) test ./codegen/names -run '^$$' -fuzz FuzzNames -fuzztime $(FUZZTIME)
	$(GO) test ./schema -run '^$$' -fuzz FuzzCheck -fuzztime $(FUZZTIME)
	$(GO) test ./lockstate/seal -run '^$$' -fuzz FuzzOpen -fuzztime $(FUZZTIME)
	$(GO) test ./lockstate/internal/frame -run '^$$' -fuzz FuzzDecode -fuzztime $(FUZZTIME)

generate: tools
	$(GO) generate ./...

# docs writes docs/reference from the schema, and its page of resources from the goldens of the kinds.
docs: tools
	$(GO) run ./schema/internal/docs
	$(GO) test ./codegen -run TestResourcesPage -count=1 -update

clean:
	rm -rf bin $(DEMO)/.panka

tools:
	@command -v $(GO) >/dev/null || { echo 'panka needs Go 1.26 or later: https://go.dev/doc/install'; exit 1; }
