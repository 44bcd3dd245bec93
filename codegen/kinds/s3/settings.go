package s3

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// versioned is the local variable of the bucket's versioning, which object lock, replication and rules on old versions
// need first.
const versioned = "versions"

// versioning is left out where it is off: AWS suspends it when the resource goes.
func (k *bucket) versioning() {
	if !k.Versioning.Enabled {
		return
	}
	local := ""
	if k.ObjectLock != nil || len(k.Replication) > 0 || len(k.Lifecycle) > 0 {
		local = versioned
	}
	k.setting(component.Resource{
		Var: local, Type: "aws:s3/bucketVersioningV2:BucketVersioningV2", Part: "versioning", What: "versioning",
		Source: k.Place("versioning"),
	}, component.Field{Name: "VersioningConfiguration", Value: component.Struct(
		component.AWS("s3", "BucketVersioningV2VersioningConfigurationArgs"),
		component.Fields{{Name: "Status", Value: component.Str("Enabled")}})})
	k.lock()
}

// lock keeps new objects for a time.
func (k *bucket) lock() {
	if k.ObjectLock == nil {
		return
	}
	retention := component.Struct(component.AWS("s3", "BucketObjectLockConfigurationV2RuleDefaultRetentionArgs"), component.Fields{
		{Name: "Mode", Value: component.Str(k.ObjectLock.Mode)},
		{Name: "Days", Value: component.Int(k.ObjectLock.Days)},
	})
	k.setting(component.Resource{
		Type: "aws:s3/bucketObjectLockConfigurationV2:BucketObjectLockConfigurationV2", Part: "lock", What: "lock of objects",
		Options: []jen.Code{component.DependsOn(versioned)}, Source: k.Place("objectLock"),
	}, component.Field{Name: "Rule", Value: component.Struct(component.AWS("s3", "BucketObjectLockConfigurationV2RuleArgs"),
		component.Fields{{Name: "DefaultRetention", Value: retention}})})
}

func (k *bucket) cors() {
	var rules []jen.Code
	for _, r := range k.CORS {
		fields := component.Fields{
			{Name: "AllowedOrigins", Value: texts(r.AllowedOrigins)},
			{Name: "AllowedMethods", Value: texts(r.AllowedMethods)},
			{Name: "AllowedHeaders", Value: texts(r.AllowedHeaders)},
			{Name: "ExposeHeaders", Value: texts(r.ExposeHeaders)},
		}
		if r.MaxAge != nil {
			fields = append(fields, component.Field{Name: "MaxAgeSeconds", Value: component.Int(int(*r.MaxAge))})
		}
		rules = append(rules, component.Struct(component.AWS("s3", "BucketCorsConfigurationV2CorsRuleArgs"), fields))
	}
	if len(rules) == 0 {
		return
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2", Part: "cors", What: "rules for pages of other origins",
		Source: k.Place("cors"),
	}, component.Field{Name: "CorsRules", Value: component.List(component.AWS("s3", "BucketCorsConfigurationV2CorsRuleArray"), rules...)})
}

// texts is a list of texts, nil for none.
func texts(items []string) jen.Code {
	if len(items) == 0 {
		return nil
	}
	var codes []jen.Code
	for _, item := range items {
		codes = append(codes, component.Str(item))
	}
	return component.StrArray(codes...)
}

func (k *bucket) website() {
	w := k.Website
	if w == nil {
		return
	}
	part := func(typ, field, value string) jen.Code {
		if value == "" {
			return nil
		}
		return component.Struct(component.AWS("s3", "BucketWebsiteConfigurationV2"+typ+"Args"),
			component.Fields{{Name: field, Value: component.Str(value)}})
	}
	fields := []component.Field{
		{Name: "IndexDocument", Value: part("IndexDocument", "Suffix", w.IndexDocument)},
		{Name: "ErrorDocument", Value: part("ErrorDocument", "Key", w.ErrorDocument)},
	}
	if to := w.RedirectTo; to != nil {
		fields = append(fields, component.Field{Name: "RedirectAllRequestsTo",
			Value: component.Struct(component.AWS("s3", "BucketWebsiteConfigurationV2RedirectAllRequestsToArgs"), component.Fields{
				{Name: "HostName", Value: component.Str(to.Host)},
				{Name: "Protocol", Value: component.If(to.Protocol != "", component.Str(to.Protocol))},
			})})
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2", Part: "website", What: "website",
		Source: k.Place("website"),
	}, fields...)
}

// logging has S3 write down each request; the other bucket's policy lets it.
func (k *bucket) logging() {
	if k.AccessLogs == nil {
		return
	}
	target := jen.Code(component.Str(k.AccessLogs.BucketName))
	if k.AccessLogs.Component != "" {
		target, _ = k.Use(k.AccessLogs.Component, "bucketName", k.AccessLogs.Source)
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketLoggingV2:BucketLoggingV2", Part: "logging", What: "log of requests", Source: k.Place("accessLogs"),
	},
		component.Field{Name: "TargetBucket", Value: target},
		component.Field{Name: "TargetPrefix", Value: component.Str(k.AccessLogs.Prefix)})
}

func (k *bucket) tiering() {
	if k.IntelligentTiering == nil {
		return
	}
	var tiers []jen.Code
	for _, t := range []struct {
		name string
		days int
	}{{"ARCHIVE_ACCESS", k.IntelligentTiering.ArchiveDays}, {"DEEP_ARCHIVE_ACCESS", k.IntelligentTiering.DeepArchiveDays}} {
		if t.days == 0 {
			continue
		}
		tiers = append(tiers, component.Struct(component.AWS("s3", "BucketIntelligentTieringConfigurationTieringArgs"), component.Fields{
			{Name: "AccessTier", Value: component.Str(t.name)},
			{Name: "Days", Value: component.Int(t.days)},
		}))
	}
	if len(tiers) == 0 {
		return
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketIntelligentTieringConfiguration:BucketIntelligentTieringConfiguration", Part: "tiering",
		What: "archive tiers", Source: k.Place("intelligentTiering"),
	},
		component.Field{Name: "Name", Value: component.Str("all-objects")},
		component.Field{Name: "Tierings", Value: component.List(component.AWS("s3", "BucketIntelligentTieringConfigurationTieringArray"), tiers...)})
}

func (k *bucket) acceleration() {
	if !k.Acceleration {
		return
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketAccelerateConfigurationV2:BucketAccelerateConfigurationV2", Part: "acceleration",
		What: "uploads at the edge", Source: k.Place("transferAcceleration"),
	}, component.Field{Name: "Status", Value: component.Str("Enabled")})
}
