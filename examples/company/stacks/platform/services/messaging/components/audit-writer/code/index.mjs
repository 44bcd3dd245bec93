// Writes what happened into the bucket for audits, one object a batch.
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client();

export async function handler(event, context) {
  const lines = event.Records.map((record) => record.body).join("\n");
  await s3.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: `${context.awsRequestId}.jsonl`, Body: lines }));
  return { batchItemFailures: [] };
}
