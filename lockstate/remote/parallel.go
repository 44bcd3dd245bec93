package remote

import "sync"

// maxParallel is how many objects are read at once.
const maxParallel = 8

// inParallel calls do for 0 to n-1 and returns when all have ended.
func inParallel(n int, do func(i int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, maxParallel)
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	wg.Wait()
}
