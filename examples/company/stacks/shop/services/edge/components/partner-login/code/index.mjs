// Lets in the partners that the table lists.
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const table = new DynamoDBClient();

export async function handler(event) {
  const key = event.headers?.["x-partner-key"] ?? "";
  const { Item } = await table.send(new GetItemCommand({ TableName: process.env.PARTNERS, Key: { id: { S: key } } }));
  return { isAuthorized: Item !== undefined };
}
