import { randomBytes } from 'node:crypto';
import { type Database, type SecretBox, statement, violatedConstraint } from '#libs/database';
import { monotonicMs, LoadingCache, type MonotonicClock } from '#libs/runtime';
import { secretText } from './sign-hook.js';

const SECRET_BYTES = 32;
/** A rotation holds on every replica within this. */
const KEEP_MS = 10_000;
const MAX_ENTRIES = 10_000;
const MAX_RUNS = 3;

interface Row {
  secret: Buffer;
  signsUntil: Date | null;
}

/** A secret of a key, sealed by the SecretBox. */
interface SealedSecret {
  apiKeyId: string;
  secret: Buffer;
}

const READ = statement<{ apiKeyId: string }, Row>({
  name: 'hook_secrets_read',
  pool: 'work',
  text: `select secret, signs_until as "signsUntil" from webhook_secret
    where api_key_id = :apiKeyId and (signs_until is null or signs_until > now()) order by id desc`,
});

const ADD_FIRST = statement<SealedSecret, object>({
  name: 'hook_secret_add_first',
  pool: 'work',
  text: `insert into webhook_secret (api_key_id, secret) values (:apiKeyId, :secret)
    on conflict (api_key_id) where signs_until is null do nothing`,
});

const ROTATE = statement<SealedSecret, object>({
  name: 'hook_secret_rotate',
  pool: 'work',
  text: `with old as (
      update webhook_secret set signs_until = now() + interval '24 hours'
      where api_key_id = :apiKeyId and signs_until is null returning id)
    insert into webhook_secret (api_key_id, secret) select :apiKeyId, :secret from (select count(*) from old) as after_it`,
});

interface Signer {
  text: string;
  signsUntil: Date | null;
}

/** The secrets by which receivers know our hooks: one current per API key, and older ones for a day after a rotation. */
export class WebhookSecrets {
  private readonly signers: LoadingCache<Signer[]>;

  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    clock: MonotonicClock = monotonicMs,
  ) {
    this.signers = new LoadingCache({ max: MAX_ENTRIES, ttlMs: KEEP_MS }, clock);
  }

  /**
   * The current secret of a key, `whsec_…`; made if there is none yet.
   * @throws DatabaseUnavailableError; Error when it was sealed under another SECRET_KEY
   */
  async create(apiKeyId: string): Promise<string> {
    await this.database.run(ADD_FIRST, { apiKeyId, secret: this.box.seal(newSecret()) });
    this.signers.delete(apiKeyId);
    const [current] = await this.load(apiKeyId);
    if (current === undefined) throw new Error('the key has no webhook secret');
    return current.text;
  }

  /**
   * Makes a new current secret; the one before it signs for 24 h more, so that a receiver may change in between.
   * @returns the new one
   * @throws DatabaseUnavailableError
   */
  async rotate(apiKeyId: string): Promise<string> {
    return this.replace(apiKeyId, newSecret());
  }

  /**
   * Makes a given secret the current one; another that was current signs for 24 h more. Safe to run on every boot.
   * @throws DatabaseUnavailableError
   */
  async ensure(apiKeyId: string, secret: string): Promise<void> {
    const [current] = await this.load(apiKeyId);
    if (current?.text !== secret) await this.replace(apiKeyId, secret);
  }

  private async replace(apiKeyId: string, made: string): Promise<string> {
    for (let run = 1; ; run += 1) {
      try {
        await this.database.run(ROTATE, { apiKeyId, secret: this.box.seal(made) });
        this.signers.delete(apiKeyId);
        return made;
      } catch (error) {
        // Another rotation of this key was faster; the next run retires its secret.
        if (violatedConstraint(error) !== 'webhook_secret_current' || run === MAX_RUNS) throw error;
      }
    }
  }

  /**
   * The secrets that sign a hook now, newest first; known here for up to 10 s. A key without any gets its first.
   * @throws DatabaseUnavailableError; Error when they were sealed under another SECRET_KEY
   */
  async signing(apiKeyId: string, now: Date): Promise<string[]> {
    const known = await this.signers.get(apiKeyId, () => this.load(apiKeyId));
    const signers = known.filter(({ signsUntil }) => signsUntil === null || signsUntil > now);
    return signers.length > 0 ? signers.map(({ text }) => text) : [await this.create(apiKeyId)];
  }

  private async load(apiKeyId: string): Promise<Signer[]> {
    const rows = await this.database.run(READ, { apiKeyId });
    return rows.map(({ secret, signsUntil }) => ({ text: this.box.open(secret), signsUntil }));
  }
}

function newSecret(): string {
  return secretText(randomBytes(SECRET_BYTES));
}
