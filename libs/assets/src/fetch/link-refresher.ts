import type { OutboundProxy } from '#libs/net';
import type { AssetKey } from '../keep/asset.entity.js';

/** How an operator configured that an upstream is reached. */
export interface OriginWay {
  /** `http://10.0.0.5:8080` */
  origin: string;
  /** What leads there; null: nothing. */
  proxy: OutboundProxy | null;
  /** What it is asked with; null: the gateway's own. */
  userAgent: string | null;
}

/** What the pictures need to know of upstreams: the port, and its own DI token. */
export abstract class LinkRefresher {
  /** How an upstream is reached; null when it is not known. */
  abstract wayTo(upstreamId: string): OriginWay | null;

  /**
   * Asks the upstream where an asset is now, for links die (Discord's after about a day); null when it does not know
   * the task any more, or the task has no such picture.
   * @throws what the call to the upstream throws; the asset is then tried again later
   */
  abstract freshLink(asset: AssetKey): Promise<string | null>;

  /**
   * Asks the upstream for a picture that came in itself: its data URL by the name that stood for it; null when it shows
   * the task without it, or cannot be asked now.
   */
  abstract inlinePicture(taskId: string, name: string): Promise<string | null>;
}
