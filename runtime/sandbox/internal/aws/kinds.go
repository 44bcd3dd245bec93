package aws

// Kinds are the simulated resource types by token.
func Kinds() map[string]*Kind {
	list := []*Kind{
		vpc(), subnet(), internetGateway(), natGateway(), eip(), routeTable(), route(), routeTableAssociation(),
		securityGroup(), defaultSecurityGroup(), securityGroupRule("ingress"), securityGroupRule("egress"),
		ecsCluster(), taskDefinition(), ecsService(), cloudControl(),
		dbInstance(), dbSubnetGroup(), dbParameterGroup(),
		role(), rolePolicy(), rolePolicyAttachment(),
		logGroup(),
		loadBalancer(), targetGroup(), listener(), listenerRule(), listenerCertificate(), targetGroupAttachment(),
		scalableTarget(), scalingPolicy(),
		certificate(), certificateValidation(), record(),
		httpApi(), httpRoute(), httpIntegration(), httpAuthorizer(), httpStage(), httpDeployment(), httpVpcLink(), httpDomain(), httpMapping(),
		restApi(), restResource(), restMethod(), restMethodResponse(), restIntegration(), restIntegrationResponse(), restDeployment(), restStage(),
		restMethodSettings(), restAuthorizer(), restVpcLink(), restDomain(), basePathMapping(), usagePlan(), apiKey(), usagePlanKey(), gatewayAccount(),
		distribution(), originAccessControl(), cachePolicy(), originRequestPolicy(), responseHeadersPolicy(), edgeFunction(),
		capacityProvider(), clusterCapacityProviders(), deployApplication(), deployConfig(), deployGroup(),
		eksCluster(), eksNodeGroup(), eksFargateProfile(), eksAddon(), eksAccessEntry(), eksAccessPolicy(), eksPodIdentity(),
		webAclAssociation(), vpcEndpoint(), flowLog(),
		privateNamespace(), httpNamespace(), discoveryService(),
		queue(), queuePolicy(), redrivePolicy(), redriveAllowPolicy(),
		managedPolicy(), instanceProfile(), openIDProvider(),
		lambdaFunction(), lambdaPermission(), lambdaAlias(), lambdaURL(), provisionedConcurrency(), lambdaInvokeConfig(), eventSourceMapping(),
		samplingRule(),
		metricAlarm(), compositeAlarm(), dashboard(), logMetricFilter(), logSubscriptionFilter(),
		eventBus(), eventBusPolicy(), eventRule(), eventTarget(), eventArchive(), schemaDiscoverer(),
		schedule(), scheduleGroup(),
		launchTemplate(), ec2Instance(), ebsVolume(), volumeAttachment(), snapshotLifecycle(),
		autoscalingGroup(), groupPolicy(), groupSchedule(), lifecycleHook(), scheduledAction(),
		ssmParameter(),
		topic(), topicPolicy(), topicSubscription(),
		queue(),
		kmsKey(), kmsAlias(), kmsKeyPolicy(),
		managedSecret(), secretVersion(),
		bucket(), bucketObject(), bucketVersioning(), bucketObjectLock(), bucketReplication(), bucketLifecycle(), bucketNotification(),
		bucketPolicy(), bucketPublicAccess(), bucketOwnership(), bucketEncryption(), bucketCORS(), bucketWebsite(), bucketLogging(),
		rdsFamily().cluster(), rdsFamily().instance(), rdsFamily().parameters(),
		docdbFamily().cluster(), docdbFamily().instance(), docdbFamily().parameters(), docdbSubnetGroup(),
		replicationGroup(), cacheCluster(), cacheParameterGroup(), cacheSubnetGroup(), cacheUser(), cacheUserGroup(),
		memoryCluster(), memoryACL(), memoryUser(), memoryParameterGroup(), memorySubnetGroup(),
		fileSystem(), mountTarget(), accessPoint(), fileBackupPolicy(), fileSystemPolicy(), fileReplication(),
		kafkaCluster(), kafkaServerless(), kafkaConfiguration(), kafkaSecrets(), kafkaPolicy(),
		backupVault(), backupPlan(), backupSelection(),
		table(), tableReplica(), contributorInsights(),
		bucketAcceleration(), bucketTiering(), bucketMetric(),
	}
	byType := make(map[string]*Kind, len(list))
	for _, k := range list {
		byType[k.Type] = k
	}
	return byType
}
