import { definitionOf, type KindCapabilities } from '#libs/upstream';
import type { TaskAction } from '#libs/wire';
import type { Lack } from './contract-bench.js';
import { commandOf } from './contract-commands.js';
import type { ContractSession } from './contract-session.js';
import { ALL_KINDS } from './submit-contract.js';

/** Kinds of work by the action of the tasks that they make. */
const WORK: Partial<Record<TaskAction, Lack>> = {
  IMAGINE: 'imagine',
  BLEND: 'blend',
  DESCRIBE: 'describe',
  SHORTEN: 'shorten',
  EDITS: 'edits',
  RETEXTURE: 'retexture',
  VIDEO: 'video',
  SWAP_FACE: 'swap',
};
/** Rounds of reads that fit into the lease of a claim. */
const ROUNDS = 2;

/** What a kind says of itself must be what the other tests of its benches prove. */
export function describeKind(at: ContractSession): void {
  it('its kind declares what the upstream lacks, and nothing else', async () => {
    const { capabilities } = at.bench.target;
    const declared = lacksOf(capabilities);
    const judged = [...declared.keys()];
    // Servers of one kind may differ; what the kind lacks none of them has.
    const isOfServer = capabilities.readsBatches === null;
    const lacking = judged.filter((what) => (isOfServer ? declared.get(what) : !at.has(what)));
    expect(lacking.filter((what) => at.has(what))).toEqual([]);
    if (!isOfServer) expect(lacking).toEqual(judged.filter((what) => declared.get(what)));
    const { picture } = await at.bench.picture('#c33');
    expect(String(picture)).toMatch(capabilities.inputs === 'links' ? /^https?:/ : /^data:image\//);
    expect((at.bench.target.secret ?? '').includes('|')).toBe(capabilities.secretParts === 2);
  });

  it.each(ALL_KINDS)('%s is judged before a send as the upstream would answer it', async (work) => {
    const { target, definition = definitionOf(target.kind), picture } = at.bench;
    const parent = await at.bench.finished(at.nextContext());
    const lack = definition.unsupported(target, await commandOf(work, parent, picture));
    if (at.has(work)) expect(lack).toBeNull();
    // The gateway hosts uploads itself, and servers that differ are given all work.
    else if (work !== 'upload' && target.capabilities.readsBatches !== null) expect(lack).not.toBeNull();
  });

  it('reads of single tasks end within the lease of their claim', () => {
    const { atOnce, most } = at.bench.target.capabilities.singleReads;
    expect(atOnce).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(ROUNDS * atOnce);
  });
}

/** Whether a kind lacks each thing of which its capabilities tell. */
function lacksOf(capabilities: KindCapabilities): Map<Lack, boolean> {
  const { correlation, readsBatches, listsRecent, cancels, windows, uploads, actions } = capabilities;
  return new Map<Lack, boolean>([
    ['mark', correlation === 'none'],
    ['batches', readsBatches === false],
    ['recent', listsRecent === false],
    ['cancel', !cancels],
    ['upstream-window', windows === 'gateway'],
    ['upload', uploads === 'gateway'],
    ...Object.entries(WORK).map(([action, work]): [Lack, boolean] => [work, !actions.some((one) => one === action)]),
  ]);
}
