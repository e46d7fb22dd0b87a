import type { OutboundProxy } from '#libs/net';
import type { AssetKey } from '../keep/asset.entity.js';

/** How an operator configured that an upstream is reached. */
export interface OriginWay {
  /** `http://10.0.0.5:8080` */
  origin: string;
  /** The proxy that leads there; null: none. */
  proxy: OutboundProxy | null;
  /** User-Agent of requests to it; null: the gateway's own. */
  userAgent: string | null;
}

/** The port through which this lib asks upstreams; it is its own DI token. */
export abstract class LinkRefresher {
  /** How an upstream is reached; null when it is not known. */
  abstract wayTo(upstreamId: string): OriginWay | null;

  /**
   * Asks the upstream for a fresh link of an asset, because links expire (Discord's after about a day); null when it does
   * not know the task any more, or the task has no such picture.
   * @throws the error of the call to the upstream; the asset is then tried again later
   */
  abstract freshLink(asset: AssetKey): Promise<string | null>;

  /**
   * Asks the upstream for a picture that its answer held as a data URL, by the name that stands for it in the asset; null
   * when the answer no longer has it, or the upstream cannot be asked now.
   */
  abstract inlinePicture(taskId: string, name: string): Promise<string | null>;
}
