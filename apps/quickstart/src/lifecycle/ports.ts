import { createServer } from 'node:net';

import { QuickstartError } from './quickstart-error.js';

/** Whether a server can listen there now, or the system's error code that says why not. */
export type PortCheck = { kind: 'free'; port: number } | { kind: 'refused'; code: string };

/** Listens for a moment on `host:port`; port 0 asks the system for a free one. */
export function checkPort(port: number, host: string): Promise<PortCheck> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ kind: 'refused', code: error.code ?? error.message });
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve({ kind: 'free', port: bound }));
    });
  });
}

/** `preferred` while it is free on 127.0.0.1, else a port that the system chooses. */
export async function freeLoopbackPort(preferred?: number): Promise<number> {
  if (preferred !== undefined) {
    const kept = await checkPort(preferred, '127.0.0.1');
    if (kept.kind === 'free') return kept.port;
  }
  const any = await checkPort(0, '127.0.0.1');
  if (any.kind === 'free') return any.port;
  throw new QuickstartError(`No port is free on 127.0.0.1 (${any.code}).`);
}

/**
 * The port that the gateway will get; 0 becomes a free one.
 * @throws QuickstartError that names what stands in the way.
 */
export async function claimGatewayPort(port: number, host: string): Promise<number> {
  const check = await checkPort(port, host);
  if (check.kind === 'free') return check.port;
  throw new QuickstartError(portProblem(check.code, port, host));
}

function portProblem(code: string, port: number, host: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is in use on ${host}. Stop the program that listens there, or choose another: PORT=${port === 65535 ? 8080 : port + 1} npm start`;
    case 'EACCES':
      return `PORT ${port} may not be opened by this user (ports below 1024 usually need root). Choose another: PORT=8080 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} is not an address of this machine (${code}). Use 127.0.0.1 or 0.0.0.0.`;
    default:
      return `Nothing can listen on ${host}:${port} (${code}).`;
  }
}
