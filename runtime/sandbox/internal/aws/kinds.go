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
		loadBalancer(), targetGroup(), listener(),
		scalableTarget(), scalingPolicy(),
		queue(), queuePolicy(), redrivePolicy(), redriveAllowPolicy(),
		managedPolicy(), instanceProfile(), openIDProvider(),
		lambdaFunction(), lambdaPermission(), lambdaAlias(), lambdaURL(), provisionedConcurrency(), lambdaInvokeConfig(), eventSourceMapping(),
		metricAlarm(), compositeAlarm(), dashboard(), logMetricFilter(), logSubscriptionFilter(),
		eventBus(), eventBusPolicy(), eventRule(), eventTarget(), eventArchive(), schemaDiscoverer(),
		schedule(), scheduleGroup(),
		topic(), topicPolicy(), topicSubscription(),
	}
	byType := make(map[string]*Kind, len(list))
	for _, k := range list {
		byType[k.Type] = k
	}
	return byType
}
