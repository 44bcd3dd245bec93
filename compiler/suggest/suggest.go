// Package suggest finds the known word that a misspelt one was probably meant to be. It stays silent rather than guess:
// a word that resembles nothing gets no suggestion.
package suggest

import (
	"strings"
	"unicode/utf8"
)

// longest is the length in runes beyond which a word gets no suggestion: the work grows with the product of lengths.
const longest = 128

// Nearest returns the candidate most like word and true, or "" and false if none is close enough. Case, dashes and
// underscores hardly count. Of equally near candidates the first one wins, so the order of candidates is the caller's
// tie-break. A candidate equal to word is never suggested.
func Nearest(word string, candidates []string) (string, bool) {
	if word == "" || utf8.RuneCountInString(word) > longest {
		return "", false
	}
	plain := []rune(fold(word))
	best, bestCost := "", allowance(len(plain))+1
	for _, candidate := range candidates {
		if candidate == word || utf8.RuneCountInString(candidate) > longest {
			continue
		}
		if cost := distance(plain, []rune(fold(candidate)), bestCost); cost < bestCost {
			best, bestCost = candidate, cost
		}
	}
	return best, best != ""
}

// Hint is the sentence that diagnostics show: did you mean "x"? It is empty without a near candidate.
func Hint(word string, candidates []string) string {
	if near, ok := Nearest(word, candidates); ok {
		return `did you mean "` + near + `"?`
	}
	return ""
}

// allowance is how many edits a word of n runes may be away from what was meant.
func allowance(n int) int {
	switch {
	case n <= 2:
		return 1
	case n <= 5:
		return 2
	default:
		return min(n/3, 4)
	}
}

// fold takes away what people mix up without misspelling.
func fold(s string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
}

// distance counts insertions, deletions, replacements and swaps of neighbours that turn a into b. It may stop early
// and return limit when the count reaches it.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, previous, current := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
			least = min(least, current[j])
		}
		if least >= limit {
			return limit
		}
		before, previous, current = previous, current, before
	}
	return min(previous[len(b)], limit)
}
