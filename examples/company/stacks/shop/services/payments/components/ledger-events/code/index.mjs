// Tells the bus of new entries of the ledger.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const bus = new EventBridgeClient();

export async function handler(event) {
  const Entries = event.Records.map((record) => ({
    EventBusName: process.env.BUS,
    Source: "shop.ledger",
    DetailType: "EntryMade",
    Detail: JSON.stringify(record.dynamodb.NewImage),
  }));
  await bus.send(new PutEventsCommand({ Entries }));
}
