package aws

import (
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	cacheParameterGroupType = "aws:elasticache/parameterGroup:ParameterGroup"
	cacheSubnetGroupType    = "aws:elasticache/subnetGroup:SubnetGroup"
	cacheUserType           = "aws:elasticache/user:User"
	cacheUserGroupType      = "aws:elasticache/userGroup:UserGroup"
)

func cacheParameterGroup() *Kind {
	return &Kind{
		Type: cacheParameterGroupType, Label: "ElastiCache Parameter Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("CacheParameterGroupAlreadyExists", "CacheParameterGroup %s already exists", name)
		},
		Replace: []string{"name", "family", "description"},
		Sets:    []string{"parameters"},
		Checks: []Check{
			matching("name", `^[a-zA-Z](-?[0-9a-zA-Z]){0,254}$`, "letters, digits and single hyphens, first a letter"),
			matching("family", `^(redis(2\.6|2\.8|3\.2|4\.0|5\.0|6\.x|7)|valkey[78]|memcached1\.[456])$`, "must be a family of ElastiCache, such as redis7, valkey8 or memcached1.6"),
		},
		Defaults: func(*Call) store.Values { return store.Values{"description": "Managed by Pulumi"} },
		Create: func(c *Call) (*Made, error) {
			name := strings.ToLower(c.In.String("name"))
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("elasticache", "parametergroup:"+name)}}, nil
		},
		InUse: func(r, _ *store.Resource) error {
			return errorf("InvalidCacheParameterGroupState", "One or more cache clusters are still members of this parameter group %s, so the group cannot be deleted.", r.ID)
		},
		Usual: Usual{2, 2, 2},
	}
}

func cacheSubnetGroup() *Kind {
	return &Kind{
		Type: cacheSubnetGroupType, Label: "ElastiCache Subnet Group", Regional: true,
		Name: "name", MaxName: 255,
		Conflict: func(name string) error {
			return errorf("CacheSubnetGroupAlreadyExists", "Cache subnet group %s already exists.", name)
		},
		Replace:  []string{"name"},
		Checks:   []Check{matching("name", `^[0-9A-Za-z-]{1,255}$`, "up to 255 letters, digits and hyphens"), countWithin("subnetIds", 1, 20)},
		Defaults: func(*Call) store.Values { return store.Values{"description": "Managed by Pulumi"} },
		Refs: []Ref{{Path: "subnetIds[]", To: subnetType,
			Missing: missing("InvalidSubnet", "The subnet ID '%s' does not exist")}},
		Create: func(c *Call) (*Made, error) {
			network, err := c.oneNetwork()
			name := strings.ToLower(c.In.String("name"))
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("elasticache", "subnetgroup:"+name), "vpcId": network}}, err
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) {
			network, err := c.oneNetwork()
			return &Made{Outputs: store.Values{"vpcId": network}}, err
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("CacheSubnetGroupInUse", "Cache subnet group %s is currently in use by a cache cluster: %s", r.ID, by.ID)
		},
		Usual: Usual{2, 2, 2},
	}
}

// oneNetwork gives the network that all subnets are in.
func (c *Call) oneNetwork() (string, error) {
	network := ""
	for _, s := range c.subnetsOf(c.In.Strings("subnetIds")) {
		if network != "" && s.Property("vpcId") != network {
			return "", errorf("InvalidSubnet", "The subnets are not all in the same VPC: %s is not in %s.", s.ID, network)
		}
		network = s.Property("vpcId")
	}
	return network, nil
}

func cacheUser() *Kind {
	return &Kind{
		Type: cacheUserType, Label: "ElastiCache User", Regional: true,
		Name:     "userId",
		Conflict: func(id string) error { return errorf("UserAlreadyExists", "User %s already exists.", id) },
		Replace:  []string{"userId", "userName"},
		Checks: []Check{
			matching("userId", `^[a-zA-Z](-?[0-9a-zA-Z]){0,39}$`, "up to 40 letters, digits and single hyphens, first a letter"),
			oneOf("engine", "redis", "valkey", "REDIS", "VALKEY"), oneOf("authenticationMode.type", "password", "no-password-required", "iam"),
			atMostOne("authenticationMode", "passwords"), atMostOne("authenticationMode", "noPasswordRequired"), countWithin("passwords", 0, 2),
			atMostLong("userName", 120), notBeginning("userId", "default"),
		},
		Defaults: func(*Call) store.Values { return store.Values{"noPasswordRequired": false} },
		Create: func(c *Call) (*Made, error) {
			id := c.In.String("userId")
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("elasticache", "user:"+id)}}, cacheUserFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, cacheUserFits(c) },
		InUse: func(r, by *store.Resource) error {
			return errorf("InvalidParameterValue", "User %s cannot be deleted: it is a member of user group %s.", r.ID, by.ID)
		},
		Usual: Usual{5, 5, 60},
	}
}

// cacheUserFits demands one way to log in; its errors never hold a password.
func cacheUserFits(c *Call) error {
	mode := c.In.Object("authenticationMode")
	passwords := append(c.In.Strings("passwords"), mode.Strings("passwords")...)
	how := mode.String("type")
	switch {
	case len(passwords) == 0 && !c.In.Bool("noPasswordRequired") && (how == "" || how == "password"):
		return errorf("InvalidParameterCombination", "Passwords must be provided, or NoPasswordRequired or IAM authentication be chosen.")
	case len(passwords) > 0 && (c.In.Bool("noPasswordRequired") || (how != "" && how != "password")):
		return errorf("InvalidParameterCombination", "No password can be provided when none is required or IAM authenticates.")
	case how == "iam" && c.In.String("userId") != c.In.String("userName"):
		return errorf("InvalidParameterCombination", "For IAM authentication, the user's ID and name must be the same.")
	}
	for _, p := range passwords {
		if len(p) < 16 || len(p) > 128 {
			return errorf("InvalidParameterValue", "Passwords length must be between 16-128 characters.")
		}
	}
	return nil
}

func cacheUserGroup() *Kind {
	return &Kind{
		Type: cacheUserGroupType, Label: "ElastiCache User Group", Regional: true,
		Name:     "userGroupId",
		Conflict: func(id string) error { return errorf("UserGroupAlreadyExists", "User Group %s already exists.", id) },
		Replace:  []string{"userGroupId"},
		Checks: []Check{
			matching("userGroupId", `^[a-zA-Z](-?[0-9a-zA-Z]){0,39}$`, "up to 40 letters, digits and single hyphens, first a letter"),
			oneOf("engine", "redis", "valkey", "REDIS", "VALKEY"), countWithin("userIds", 0, 100),
		},
		Refs: []Ref{{Path: "userIds[]", To: cacheUserType, Missing: missing("UserNotFound", "User %s not found."),
			Builtin: func(id string) bool { return id == "default" }}},
		Create: func(c *Call) (*Made, error) {
			id := c.In.String("userGroupId")
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("elasticache", "usergroup:"+id)}}, userGroupFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, userGroupFits(c) },
		InUse: func(r, by *store.Resource) error {
			return errorf("InvalidUserGroupState", "User group %s is associated with replication group %s.", r.ID, by.ID)
		},
		Usual: Usual{5, 60, 60},
	}
}

// userGroupFits: Redis insists on a user named default, of which there can be one only, as of every name.
func userGroupFits(c *Call) error {
	names := map[string]bool{}
	for _, id := range c.In.Strings("userIds") {
		name := id
		if r := c.Find(cacheUserType, id); r != nil {
			name = r.Inputs.String("userName")
		}
		if names[name] {
			return errorf("DuplicateUserNameFault", "A user with the name %s is in the group already.", name)
		}
		names[name] = true
	}
	if strings.EqualFold(c.In.String("engine"), "redis") && !names["default"] {
		return errorf("DefaultUserRequired", "User group needs to contain a user with the user name default.")
	}
	return nil
}
