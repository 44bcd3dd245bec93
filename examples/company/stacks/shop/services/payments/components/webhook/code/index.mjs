// Takes what the payment provider reports, if it is signed.
import { createHmac, timingSafeEqual } from "node:crypto";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const secrets = new SecretsManagerClient();
const queue = new SQSClient();

export async function handler(event) {
  const { SecretString: key } = await secrets.send(new GetSecretValueCommand({ SecretId: process.env.SIGNING_KEY_ARN }));
  const wanted = createHmac("sha256", key).update(event.body).digest();
  const given = Buffer.from(event.headers?.["x-signature"] ?? "", "hex");
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return { statusCode: 401 };
  }
  await queue.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: event.body }));
  return { statusCode: 202 };
}
