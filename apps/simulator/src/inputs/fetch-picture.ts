/** A client waits for its submit's answer meanwhile, ms. */
const DEADLINE_MS = 4_000;
const MAX_BYTES = 20 * 1024 * 1024;

/**
 * Fetches a picture that a request names by URL, at most 20 MiB in 4 s; null when that fails, for a drawing can do
 * without. Like the real proxies it goes wherever it is sent: a simulator has no business on an open network.
 */
export async function fetchPicture(url: string): Promise<Buffer | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
    if (!answer.ok || answer.body === null) {
      await answer.body?.cancel();
      return null;
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MAX_BYTES) return null;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return null;
  }
}
