package s3

import (
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

type lifecycleRule struct {
	Name                string            `yaml:"name"`
	Enabled             bool              `yaml:"enabled"`
	Prefix              string            `yaml:"prefix"`
	ObjectTags          map[string]string `yaml:"objectTags"`
	LargerThanBytes     *int              `yaml:"largerThanBytes"`
	SmallerThanBytes    *int              `yaml:"smallerThanBytes"`
	Transitions         []transition      `yaml:"transitions"`
	ExpirationDays      *int              `yaml:"expirationDays"`
	Noncurrent          *noncurrent       `yaml:"noncurrent"`
	RemoveDeleteMarkers bool              `yaml:"removeDeleteMarkers"`
	AbortUploadsDays    *int              `yaml:"abortUploadsDays"`
}

type transition struct {
	Days         int    `yaml:"days"`
	StorageClass string `yaml:"storageClass"`
}

type noncurrent struct {
	Transitions    []transition `yaml:"transitions"`
	ExpirationDays *int         `yaml:"expirationDays"`
	KeepVersions   *int         `yaml:"keepVersions"`
}

// lifecycle waits for the versioning that its rules may be about.
func (k *bucket) lifecycle() {
	if len(k.Lifecycle) == 0 {
		return
	}
	var rules []jen.Code
	for _, r := range k.Lifecycle {
		rules = append(rules, r.code())
	}
	var options []jen.Code
	if k.Versioning.Enabled {
		options = []jen.Code{component.DependsOn(versioned)}
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", Part: "lifecycle", What: "lifecycle of objects",
		Options: options, Source: k.Place("lifecycle"),
	}, component.Field{Name: "Rules", Value: component.List(lifecycleType("Array"), rules...)})
}

func lifecycleType(rest string) *jen.Statement {
	return component.AWS("s3", "BucketLifecycleConfigurationV2Rule"+rest)
}

func (r lifecycleRule) code() jen.Code {
	status := "Enabled"
	if !r.Enabled {
		status = "Disabled"
	}
	fields := component.Fields{
		{Name: "Id", Value: component.Str(r.Name)},
		{Name: "Status", Value: component.Str(status)},
		{Name: "Filter", Value: r.filter()},
		{Name: "Transitions", Value: transitions("Transition", "Days", r.Transitions)},
		{Name: "Expiration", Value: r.expiration()},
	}
	if old := r.Noncurrent; old != nil {
		fields = append(fields,
			component.Field{Name: "NoncurrentVersionTransitions", Value: transitions("NoncurrentVersionTransition", "NoncurrentDays", old.Transitions)},
			component.Field{Name: "NoncurrentVersionExpiration", Value: old.expiration()})
	}
	if r.AbortUploadsDays != nil {
		fields = append(fields, component.Field{Name: "AbortIncompleteMultipartUpload", Value: component.Struct(
			lifecycleType("AbortIncompleteMultipartUploadArgs"),
			component.Fields{{Name: "DaysAfterInitiation", Value: component.Int(*r.AbortUploadsDays)}})})
	}
	return component.Struct(lifecycleType("Args"), fields)
}

// filter names the objects that the rule is about. S3 takes one condition by itself and several below and; no condition
// is an empty prefix.
func (r lifecycleRule) filter() jen.Code {
	all := component.Fields{
		{Name: "Prefix", Value: component.If(r.Prefix != "", component.Str(r.Prefix))},
		{Name: "ObjectSizeGreaterThan", Value: number(r.LargerThanBytes)},
		{Name: "ObjectSizeLessThan", Value: number(r.SmallerThanBytes)},
	}
	conditions := len(r.ObjectTags)
	for _, f := range all {
		if f.Value != nil {
			conditions++
		}
	}
	keys := slices.Sorted(maps.Keys(r.ObjectTags))
	switch {
	case conditions == 0:
		all = component.Fields{{Name: "Prefix", Value: component.Str("")}}
	case conditions == 1 && len(keys) == 1:
		all = component.Fields{{Name: "Tag", Value: component.Struct(lifecycleType("FilterTagArgs"), component.Fields{
			{Name: "Key", Value: component.Str(keys[0])},
			{Name: "Value", Value: component.Str(r.ObjectTags[keys[0]])},
		})}}
	case conditions > 1:
		if len(keys) > 0 {
			var tags component.Fields
			for _, key := range keys {
				tags = append(tags, component.Field{Name: key, Value: component.Str(r.ObjectTags[key])})
			}
			all = append(all, component.Field{Name: "Tags", Value: component.Map(component.Pulumi("StringMap"), tags)})
		}
		all = component.Fields{{Name: "And", Value: component.Struct(lifecycleType("FilterAndArgs"), all)}}
	}
	return component.Struct(lifecycleType("FilterArgs"), all)
}

func number(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}

// transitions are moves to other classes; days is the field that holds the time.
func transitions(typ, days string, all []transition) jen.Code {
	if len(all) == 0 {
		return nil
	}
	var items []jen.Code
	for _, t := range all {
		items = append(items, component.Struct(lifecycleType(typ+"Args"), component.Fields{
			{Name: days, Value: component.Int(t.Days)},
			{Name: "StorageClass", Value: component.Str(t.StorageClass)},
		}))
	}
	return component.List(lifecycleType(typ+"Array"), items...)
}

func (r lifecycleRule) expiration() jen.Code {
	if r.ExpirationDays == nil && !r.RemoveDeleteMarkers {
		return nil
	}
	return component.Struct(lifecycleType("ExpirationArgs"), component.Fields{
		{Name: "Days", Value: number(r.ExpirationDays)},
		{Name: "ExpiredObjectDeleteMarker", Value: component.If(r.RemoveDeleteMarkers, component.Bool(true))},
	})
}

func (n noncurrent) expiration() jen.Code {
	if n.ExpirationDays == nil {
		return nil
	}
	return component.Struct(lifecycleType("NoncurrentVersionExpirationArgs"), component.Fields{
		{Name: "NoncurrentDays", Value: component.Int(*n.ExpirationDays)},
		{Name: "NewerNoncurrentVersions", Value: number(n.KeepVersions)},
	})
}
