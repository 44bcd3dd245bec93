package deploy

import (
	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/plan"
)

// planBuilder makes a plan of a preview's events.
type planBuilder struct {
	run        *run
	counts     plan.Counts
	components map[string]*plan.Component
	// restated is true when the state must be written anew although no resource changes: for other dependencies, or
	// for outputs that an interrupted run did not come to record.
	restated bool
}

func newPlanBuilder(r *run) *planBuilder {
	return &planBuilder{run: r, components: map[string]*plan.Component{}}
}

func (b *planBuilder) add(e engine.Event) {
	if e.Kind == engine.Restated || e.Rewired {
		b.restated = true
	}
	if e.Kind != engine.OperationStarted && e.Kind != engine.Unchanged {
		return
	}
	b.counts.Add(e.Op)
	id := b.run.owners[e.URN]
	c := b.components[id]
	if c == nil {
		c = &plan.Component{ID: id, Kind: b.run.kinds[id], Changes: []plan.Change{}}
		b.components[id] = c
	}
	if e.Kind == engine.Unchanged {
		c.Same++
		return
	}
	change := plan.Change{
		URN: e.URN, Type: e.Type, Name: shortName(e.URN), Op: e.Op, Properties: e.Changes, Inputs: e.Inputs,
		DataLoss: (e.Op == plan.Replace || e.Op == plan.Delete) && stateful(e.Type),
	}
	if source, ok := b.run.sources[e.URN]; ok {
		change.Source = &source
	}
	c.Changes = append(c.Changes, change)
}

func (b *planBuilder) plan() *plan.Plan {
	p := &plan.Plan{
		Stack: b.run.req.Key.Stack, Environment: b.run.req.Key.Environment, Changes: b.counts,
		Waves: []plan.Wave{}, Policy: []string{}, Cost: map[string]any{},
	}
	index := map[int]int{}
	for id, c := range b.components {
		wave := b.wave(id)
		i, ok := index[wave]
		if !ok {
			i = len(p.Waves)
			index[wave] = i
			p.Waves = append(p.Waves, plan.Wave{Number: wave})
		}
		p.Waves[i].Components = append(p.Waves[i].Components, *c)
	}
	p.Sort()
	return p
}

// wave is -1 for a component that the bundle no longer has.
func (b *planBuilder) wave(id string) int {
	if b.run.req.Bundle != nil && b.run.req.Bundle.Component(id) == nil {
		return -1
	}
	if wave, ok := b.run.waves[id]; ok {
		return wave
	}
	return -1
}

// stateful tells whether resources of a type hold data that a deletion would lose.
func stateful(resourceType string) bool {
	switch resourceType {
	case "aws:rds/instance:Instance", "aws:rds/cluster:Cluster", "aws:dynamodb/table:Table", "aws:docdb/cluster:Cluster",
		"aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:efs/fileSystem:FileSystem", "aws:ebs/volume:Volume",
		"aws:msk/cluster:Cluster", "aws:memorydb/cluster:Cluster", "aws:elasticache/replicationGroup:ReplicationGroup",
		"kubernetes:core/v1:PersistentVolumeClaim":
		return true
	}
	return false
}
