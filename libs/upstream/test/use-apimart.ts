import { ApimartAdapter } from '../src/apimart/apimart.adapter.js';
import { reply } from './scripted-server.js';
import { useScriptedUpstream, type ScriptedUpstream } from './use-scripted-upstream.js';

/** An error as APIMart words it. */
export function errorBody(code: number, type = 'x', message = 'x'): object {
  return { error: { code, type, message } };
}

export const NOT_FOUND = reply(errorBody(404, 'not_found_error', 'Task not found'), 404);

/** A scripted APIMart for each test, whose operator draws with version 8.2. */
export function useApimart(): ScriptedUpstream<ApimartAdapter> {
  const terms = { kind: 'apimart', secret: 'sk-1', defaultVersion: '8.2' } as const;
  return useScriptedUpstream((http) => new ApimartAdapter(http), terms);
}
