package diag

import (
	"fmt"
	"slices"
)

// One mistake in a place that many things stand on, such as a template, is found once for each of them: the same finding
// each time, but for the related place that tells which one it was. It is shown once, with the first few of these places:
//
//	templates/http.yaml:8:25: error: …
//	  …/api.yaml:5:20: the template is used here
//	  …/web.yaml:5:20: the template is used here
//	  …/jobs.yaml:5:20: the template is used here, and in 4 more places

// mostRelated is how many related places with one message are taken from repetitions.
const mostRelated = 3

// repetitions is a finding that was made several times.
type repetitions struct {
	Diagnostic
	more []moreRelated
}

// moreRelated are the places that are counted only.
type moreRelated struct {
	message string
	places  []Position
}

func (d Diagnostic) repeats(other Diagnostic) bool {
	return d.Position == other.Position && d.Code == other.Code && d.Message == other.Message
}

// add takes over the related places of a repetition.
func (r *repetitions) add(d Diagnostic) {
	for _, place := range d.Related {
		if slices.Contains(r.Related, place) {
			continue
		}
		same := 0
		for _, known := range r.Related {
			if known.Message == place.Message {
				same++
			}
		}
		if same < mostRelated {
			r.Related = append(slices.Clip(r.Related), place)
		} else {
			r.count(place)
		}
	}
}

func (r *repetitions) count(place Related) {
	i := slices.IndexFunc(r.more, func(m moreRelated) bool { return m.message == place.Message })
	if i < 0 {
		i = len(r.more)
		r.more = append(r.more, moreRelated{message: place.Message})
	}
	if !slices.Contains(r.more[i].places, place.Position) {
		r.more[i].places = append(r.more[i].places, place.Position)
	}
}

// once is the finding with all its repetitions.
func (r *repetitions) once() Diagnostic {
	for _, m := range r.more {
		last := len(r.Related) - 1
		for r.Related[last].Message != m.message {
			last--
		}
		places := "places"
		if len(m.places) == 1 {
			places = "place"
		}
		r.Related = slices.Clone(r.Related)
		r.Related[last].Message = fmt.Sprintf("%s, and in %d more %s", m.message, len(m.places), places)
	}
	return r.Diagnostic
}
