// Hands the reports of carriers on to the service.
export async function handler(event) {
  const answer = await fetch(`${process.env.SHIPPING_URL}/reports`, { method: "POST", body: event.body });
  return { statusCode: answer.status };
}
