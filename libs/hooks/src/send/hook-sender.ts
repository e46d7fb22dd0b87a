import type { SecretBox } from '#libs/database';
import { type GuardedClient, OutboundError } from '#libs/net';
import type { ClaimedDelivery } from '../store/claim-deliveries.js';
import { classifyAnswer, classifyFailure, type Verdict } from './classify-answer.js';
import { openHook } from './hook-url.js';
import { signHook } from './sign-hook.js';
import type { WebhookSecrets } from './webhook-secrets.js';

/** How much of an answer is read; the answer of a receiver carries no information beyond that. */
const MAX_ANSWER_BYTES = 16 * 1024;
/** How much of an answer is stored, for the owner of the key. */
const HEAD_BYTES = 1_024;

export interface SendResult {
  verdict: Verdict;
  /** How long the try took. */
  ms: number;
  /** First bytes of the answer. */
  head: Buffer;
}

/** Sends one delivery once: signs it anew and classifies the answer. */
export class HookSender {
  constructor(
    private readonly client: GuardedClient,
    private readonly secrets: WebhookSecrets,
    private readonly box: SecretBox,
    private readonly options: { deadlineMs: number; now: () => Date },
  ) {}

  /**
   * Tries a delivery once.
   * @param keepAlive whether the connection is kept for the next delivery to this receiver
   * @param spentMs how long the receiver's name was looked up before: the deadline includes that time
   * @throws DatabaseUnavailableError; Error when secrets or login were sealed under another SECRET_KEY. Failures of the
   *   receiver are part of the result
   */
  async send(delivery: ClaimedDelivery, keepAlive: boolean, spentMs = 0): Promise<SendResult> {
    const { taskId, seq } = delivery;
    const now = this.options.now();
    const body = Buffer.from(delivery.payload, 'utf8');
    const signature = signHook({
      id: `msg_${taskId}_${seq}`,
      timestamp: Math.floor(now.getTime() / 1_000),
      body,
      secrets: await this.secrets.signing(delivery.apiKeyId, now),
    });
    const { url, authorization } = openHook(delivery.url, this.box);
    const headers = {
      'content-type': 'application/json',
      ...signature,
      'x-mj-seq': String(seq),
      ...(authorization === null ? {} : { authorization }),
    };
    const started = performance.now();
    try {
      const answer = await this.client.post(url, {
        headers,
        body,
        deadlineMs: Math.max(1, this.options.deadlineMs - spentMs),
        maxAnswerBytes: MAX_ANSWER_BYTES,
        headBytes: HEAD_BYTES,
        keepAlive,
      });
      return { verdict: classifyAnswer(answer, this.options.now()), ms: answer.ms, head: answer.head };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      return {
        verdict: classifyFailure(error),
        ms: Math.round(performance.now() - started),
        head: Buffer.alloc(0),
      };
    }
  }

  /** Breaks off the tries under way, whose verdict is then `abandoned`, and frees the connections. */
  async close(): Promise<void> {
    await this.client.close();
  }
}
