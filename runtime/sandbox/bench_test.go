package sandbox

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/panka-io/panka/runtime/provider"
)

// BenchmarkCreates makes 1,500 resources, those of about 100 components, 16 at a time as the engine does.
func BenchmarkCreates(b *testing.B) {
	for b.Loop() {
		a, err := Open(b.TempDir(), "")
		if err != nil {
			b.Fatal(err)
		}
		p := a.Provider("us-east-1")
		jobs := make(chan int)
		var group sync.WaitGroup
		for range 16 {
			group.Go(func() {
				for i := range jobs {
					name := fmt.Sprintf("queue-%d", i)
					in := toMap(props{"name": name, "tags": tagsFor(name)})
					if _, _, err := p.Create(context.Background(), provider.CreateRequest{URN: urnOf(tQueue, name), Inputs: in}); err != nil {
						b.Error(err)
					}
				}
			})
		}
		for i := range 1500 {
			jobs <- i
		}
		close(jobs)
		group.Wait()
		if err := a.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpenAndCheck is what a command that changes nothing pays: opening the account and one check and difference.
func BenchmarkOpenAndCheck(b *testing.B) {
	dir := b.TempDir()
	for b.Loop() {
		a, err := Open(dir, "")
		if err != nil {
			b.Fatal(err)
		}
		p := a.Provider("us-east-1")
		in := toMap(props{"name": "q", "tags": tagsFor("q")})
		if _, _, err := p.Check(context.Background(), provider.CheckRequest{URN: urnOf(tQueue, "q"), Olds: in, News: in}); err != nil {
			b.Fatal(err)
		}
		if _, err := p.Diff(context.Background(), provider.DiffRequest{URN: urnOf(tQueue, "q"), OldInputs: in, NewInputs: in}); err != nil {
			b.Fatal(err)
		}
		if err := a.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
