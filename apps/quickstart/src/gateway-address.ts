import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { writePrivateFile } from './lifecycle/private-file.js';

/** Says where the gateway of this DATA_DIR listens, for `npm run admin`; true as long as the process `pid` lives. */
export async function keepGatewayAddress(dataDir: string, url: string, pid: number): Promise<void> {
  await writePrivateFile(addressFile(dataDir), `${JSON.stringify({ url, pid })}\n`);
}

export async function dropGatewayAddress(dataDir: string): Promise<void> {
  await rm(addressFile(dataDir), { force: true });
}

function addressFile(dataDir: string): string {
  return join(dataDir, 'gateway.json');
}
