import { join } from 'node:path';
import { DiskImageStore, S3ImageStore, type ImageStore } from '#libs/assets';
import type { Environment } from '../config/environment.js';

/** The store of kept pictures that the environment names. */
export function pictureStoreOf({ IMAGE_STORE, AWS_ENDPOINT_URL, DATA_DIR }: Environment): ImageStore {
  const folder = DATA_DIR ?? '.data';
  if (IMAGE_STORE === null) return new DiskImageStore(join(folder, 'pictures'));
  return new S3ImageStore({ ...IMAGE_STORE, endpoint: AWS_ENDPOINT_URL, scratchFolder: join(folder, 'incoming') });
}
