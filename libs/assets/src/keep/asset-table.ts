import { Database, rowReader, statement } from '#libs/database';
import { Asset, type AssetKey } from './asset.entity.js';
import type { PictureType } from '../format/picture-type.js';

/** A file in the store, as its row describes it. */
export interface KeptFile {
  file: string;
  contentType: PictureType;
  bytes: number;
  /** Pixels; null of videos. */
  width: number | null;
  height: number | null;
  sha256: Buffer;
}

/** An asset that this process fetches until `nextAt`. */
export type ClaimedAsset = Asset & { claimId: string };

/** An asset, and the claim under which a statement may write it. */
type ClaimKey = AssetKey & { claimId: string };

const OF_KEY = '(a.task_id, a.kind, a.n) = (:taskId, :kind, :n)';
const OF_CLAIM = `${OF_KEY} and a.claim_id = :claimId and a.state = 'wanted'`;

const FIND = statement<AssetKey, object>({
  name: 'asset_find',
  pool: 'http',
  text: `select a.* from asset a where ${OF_KEY}`,
});

/** Condition: whether a picture is due to be fetched. */
export const PICTURES_DUE = 'exists (select from asset where next_at <= now())';

const CLAIM_ASSETS = statement<{ limit: number; claimId: string; leaseMs: number }, object>({
  name: 'asset_claim_due',
  pool: 'work',
  text: `with due as (
      select task_id, kind, n from asset where next_at <= now() order by next_at limit :limit for update skip locked)
    update asset a set claim_id = :claimId, next_at = now() + make_interval(secs => :leaseMs::float8 / 1000), attempts = least(a.attempts + 1, 32767)
    from due where (a.task_id, a.kind, a.n) = (due.task_id, due.kind, due.n)
    returning a.*`,
});

// A claim holds until its lease ends; a row that waits for its next try may be claimed at any time.
const CLAIM_ONE = statement<ClaimKey & { leaseMs: number }, object>({
  name: 'asset_claim_one',
  pool: 'http',
  text: `update asset a set claim_id = :claimId, next_at = now() + make_interval(secs => :leaseMs::float8 / 1000), attempts = least(a.attempts + 1, 32767)
    where ${OF_KEY} and a.state = 'wanted' and (a.claim_id is null or a.next_at <= now())
    returning a.*`,
});

const RELINK = statement<ClaimKey & { sourceUrl: string }, object>({
  name: 'asset_relink',
  pool: 'work',
  text: `update asset a set source_url = :sourceUrl where ${OF_CLAIM}`,
});

const SETTLE_KEPT = statement<ClaimKey & KeptFile, { task_id: string }>({
  name: 'asset_settle_kept',
  pool: 'work',
  text: `update asset a set state = 'kept', next_at = null, claim_id = null, file = :file, content_type = :contentType, bytes = :bytes,
      width = :width, height = :height, sha256 = :sha256, kept_at = now(), last_error = null
    where ${OF_CLAIM} returning a.task_id`,
});

/** A picture with the same bytes, whose file may serve this one as well. */
const FIND_SAME = statement<{ sha256: Buffer; contentType: PictureType }, { file: string }>({
  name: 'asset_find_same',
  pool: 'work',
  text: `select file from asset where sha256 = :sha256 and content_type = :contentType and state = 'kept' limit 1`,
});

// The lock on the other row keeps its file: a deletion first looks for rows that use the file, and then sees this one.
const SETTLE_SAME = statement<ClaimKey & KeptFile, { task_id: string }>({
  name: 'asset_settle_same',
  pool: 'work',
  text: `with other as (
      select file from asset where file = :file and state = 'kept' order by task_id, kind, n limit 1 for share)
    update asset a set state = 'kept', next_at = null, claim_id = null, file = other.file, content_type = :contentType, bytes = :bytes,
      width = :width, height = :height, sha256 = :sha256, kept_at = now(), last_error = null
    from other where ${OF_CLAIM} returning a.task_id`,
});

const SETTLE_RETRY = statement<ClaimKey & { delayMs: number; lastError: string }, object>({
  name: 'asset_settle_retry',
  pool: 'work',
  text: `update asset a set claim_id = null, next_at = now() + make_interval(secs => :delayMs::float8 / 1000), last_error = :lastError where ${OF_CLAIM}`,
});

const SETTLE_LOST = statement<ClaimKey & { lastError: string }, object>({
  name: 'asset_settle_lost',
  pool: 'work',
  text: `update asset a set state = 'lost', claim_id = null, next_at = null, last_error = :lastError where ${OF_CLAIM}`,
});

// The fetch did not happen, so it does not count as an attempt.
const RELEASE = statement<ClaimKey, object>({
  name: 'asset_release',
  pool: 'work',
  text: `update asset a set claim_id = null, next_at = now(), attempts = greatest(a.attempts - 1, 0) where ${OF_CLAIM}`,
});

const readAsset = rowReader(Asset);

/**
 * The statements of table asset. The claim id is the fencing token: a settlement changes a row only while it still has
 * that claim.
 */
export class AssetTable {
  constructor(private readonly database: Database) {}

  /** The asset of that key; null: there is none. @throws DatabaseUnavailableError, as all methods here */
  async find(key: AssetKey): Promise<Asset | null> {
    const [row] = await this.database.run(FIND, key);
    return row === undefined ? null : readAsset(row);
  }

  /** Claims due assets, oldest first; rows that another replica is claiming are passed over. */
  async claimDue(limit: number, claimId: string, leaseMs: number): Promise<ClaimedAsset[]> {
    const rows = await this.database.run(CLAIM_ASSETS, { limit, claimId, leaseMs });
    return rows.map((row) => readAsset(row) as ClaimedAsset);
  }

  /** Claims one wanted asset before it is due; null when another process has its lease, or it is wanted no more. */
  async claimOne(key: AssetKey, claimId: string, leaseMs: number): Promise<ClaimedAsset | null> {
    const [row] = await this.database.run(CLAIM_ONE, { ...key, claimId, leaseMs });
    return row === undefined ? null : (readAsset(row) as ClaimedAsset);
  }

  /** Stores a fresh link. */
  async relink(asset: ClaimedAsset, sourceUrl: string): Promise<void> {
    await this.database.run(RELINK, { ...claimOf(asset), sourceUrl });
  }

  /** Settles an asset as kept. @returns false when the claim had ended: another process has the asset */
  async settleKept(asset: ClaimedAsset, kept: KeptFile): Promise<boolean> {
    return (await this.database.run(SETTLE_KEPT, { ...kept, ...claimOf(asset) })).length > 0;
  }

  /** The file of a kept picture with the same bytes; null when there is none. */
  async findSame(sha256: Buffer, type: PictureType): Promise<string | null> {
    const [row] = await this.database.run(FIND_SAME, { sha256, contentType: type });
    return row?.file ?? null;
  }

  /** Shares the file of another kept picture. @returns false when that one, or the claim, is gone */
  async settleSame(asset: ClaimedAsset, kept: KeptFile): Promise<boolean> {
    return (await this.database.run(SETTLE_SAME, { ...kept, ...claimOf(asset) })).length > 0;
  }

  /** Settles a failed fetch: the asset is due again after `delayMs`. */
  async settleRetry(asset: ClaimedAsset, delayMs: number, lastError: string): Promise<void> {
    await this.database.run(SETTLE_RETRY, { ...claimOf(asset), delayMs, lastError });
  }

  /** Settles an asset as lost: it is not fetched again. */
  async settleLost(asset: ClaimedAsset, lastError: string): Promise<void> {
    await this.database.run(SETTLE_LOST, { ...claimOf(asset), lastError });
  }

  /** Gives a claim back: the asset is due at once, and its fetch does not count. */
  async release(asset: ClaimedAsset): Promise<void> {
    await this.database.run(RELEASE, claimOf(asset));
  }
}

function claimOf({ taskId, kind, n, claimId }: ClaimedAsset): ClaimKey {
  return { taskId, kind, n, claimId };
}

/** The file of an asset; null unless it is kept. */
export function keptFile(asset: Asset): KeptFile | null {
  const { file, contentType, bytes, width, height, sha256 } = asset;
  if (file === null || contentType === null || bytes === null || sha256 === null) return null;
  return { file, contentType: contentType as PictureType, bytes, width, height, sha256 };
}
