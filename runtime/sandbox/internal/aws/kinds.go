package aws

// Kinds are the simulated resource types by token.
func Kinds() map[string]*Kind {
	list := []*Kind{
		vpc(), subnet(), internetGateway(), natGateway(), eip(), routeTable(), route(), routeTableAssociation(),
		securityGroup(), securityGroupRule("ingress"), securityGroupRule("egress"),
		ecsCluster(), taskDefinition(), ecsService(),
		dbInstance(), dbSubnetGroup(), dbParameterGroup(),
		role(), rolePolicy(), rolePolicyAttachment(),
		logGroup(),
		loadBalancer(), targetGroup(), listener(), listenerRule(), listenerCertificate(), targetGroupAttachment(),
		scalableTarget(), scalingPolicy(),
		queue(),
		certificate(), certificateValidation(), record(),
		httpApi(), httpRoute(), httpIntegration(), httpAuthorizer(), httpStage(), httpDeployment(), httpVpcLink(), httpDomain(), httpMapping(),
		restApi(), restResource(), restMethod(), restMethodResponse(), restIntegration(), restIntegrationResponse(), restDeployment(), restStage(),
		restMethodSettings(), restAuthorizer(), restVpcLink(), restDomain(), basePathMapping(), usagePlan(), apiKey(), usagePlanKey(), gatewayAccount(),
		distribution(), originAccessControl(), cachePolicy(), originRequestPolicy(), responseHeadersPolicy(), edgeFunction(),
		capacityProvider(), clusterCapacityProviders(), deployApplication(), deployConfig(), deployGroup(),
		eksCluster(), eksNodeGroup(), eksFargateProfile(), eksAddon(), eksAccessEntry(), eksAccessPolicy(), eksPodIdentity(),
		webAclAssociation(), vpcEndpoint(), flowLog(),
		privateNamespace(), httpNamespace(), discoveryService(),
	}
	byType := make(map[string]*Kind, len(list))
	for _, k := range list {
		byType[k.Type] = k
	}
	return byType
}
