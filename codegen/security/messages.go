package security

import "strings"

const (
	topic       = "aws:sns/topic:Topic"
	topicPolicy = "aws:sns/topicPolicy:TopicPolicy"
	queue       = "aws:sqs/queue:Queue"
	queuePolicy = "aws:sqs/queuePolicy:QueuePolicy"
	eventBus    = "aws:cloudwatch/eventBus:EventBus"
	schedule    = "aws:scheduler/schedule:Schedule"
)

func messageRules() []Rule {
	return []Rule{
		{"CKV_AWS_26", "Topics are encrypted at rest", checkov("SNSTopicEncryption.py"), []string{topic}, Always, present("kmsMasterKeyId")},
		{"CKV_AWS_169", "No topic is for everybody", checkov("SNSTopicPolicyAnyPrincipal.py"), []string{topicPolicy}, Always, noneForEveryone},
		{"CKV_AWS_385", "No topic is for other accounts", checkov("SNSCrossAccountAccess.py"), []string{topicPolicy}, Always, eachAllowed(foreign, "policy")},
		{"panka/topic-tls", "Topics take messages over TLS only", "", []string{topicPolicy}, Always, deniesPlainRequests("policy")},
		{"CKV_AWS_27", "Queues are encrypted at rest", checkov("SQSQueueEncryption.py"), []string{queue}, Always, encryptedQueue},
		{"CKV2_AWS_73", "Queues are encrypted with the stack's key", checkov("SQSEncryptionCMK.yaml"), []string{queue}, OwnKey,
			both(present("kmsMasterKeyId"), never("kmsMasterKeyId", "alias/aws/sqs"))},
		{"CKV_AWS_72", "No queue allows every action", checkov("SQSPolicy.py"), []string{queuePolicy}, Always, eachAllowed(everything, "policy")},
		{"CKV_AWS_168", "No queue is for everybody", checkov("SQSQueuePolicyAnyPrincipal.py"), []string{queuePolicy}, Always, noneForEveryone},
		{"panka/queue-tls", "Queues are reached with TLS only", "", []string{queuePolicy}, Always, deniesPlainRequests("policy")},
		{"panka/sender", "Services send only for a resource of the account", "", []string{topicPolicy, queuePolicy}, Always, eachAllowed(unlimitedService, "policy")},
		{"panka/bus-key", "Event buses are encrypted with the stack's key", "", []string{eventBus}, OwnKey, present("kmsKeyIdentifier")},
		{"CKV_AWS_297", "Schedules are encrypted with the stack's key", checkov("SchedulerScheduleUsesCMK.py"), []string{schedule}, OwnKey, present("kmsKeyArn")},
	}
}

func encryptedQueue(r Resource, _ *Stack) string {
	if r.text("kmsMasterKeyId") == "" && !same(r.at("sqsManagedSseEnabled"), true) {
		return "it has neither a key nor the encryption of SQS"
	}
	return ""
}

// foreign: what names an account here is a whole account as principal, which no kind does.
func foreign(s statement) string {
	for _, p := range s.principals("AWS") {
		if p != "*" && strings.HasSuffix(p, ":root") {
			return "is for the account " + p
		}
	}
	return ""
}

// unlimitedService: without a condition another account could make the service send.
func unlimitedService(s statement) string {
	if services := s.principals("Service"); len(services) > 0 && !s.limited() {
		return "lets " + services[0] + " act for any account"
	}
	return ""
}
