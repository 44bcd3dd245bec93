// Tries the shop as a customer would.
export async function handler() {
  const answer = await fetch(process.env.TARGET);
  if (!answer.ok) {
    throw new Error(`the shop answers with ${answer.status}`);
  }
}
