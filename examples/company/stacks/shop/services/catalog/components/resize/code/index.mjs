// Copies pictures to where thumbnails are served from.
import { CopyObjectCommand, S3Client } from "@aws-sdk/client-s3";

const s3 = new S3Client();

export async function handler(event) {
  for (const { body } of event.Records) {
    for (const { s3: picture } of JSON.parse(body).Records ?? []) {
      const source = `${process.env.FROM}/${picture.object.key}`;
      await s3.send(new CopyObjectCommand({ Bucket: process.env.TO, Key: picture.object.key, CopySource: source }));
    }
  }
}
