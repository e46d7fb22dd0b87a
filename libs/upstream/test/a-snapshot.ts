import type { Snapshot } from '../src/port/snapshot.js';

/** What an upstream says of task 17, of which it knows nothing but that it runs. */
export function aSnapshot(overrides: Partial<Snapshot> = {}): Snapshot {
  return {
    upstreamTaskId: '17',
    state: null,
    status: 'IN_PROGRESS',
    progress: null,
    prompt: '',
    promptEn: '',
    finalPrompt: '',
    finalZhPrompt: '',
    description: '',
    failReason: '',
    imageUrl: null,
    imageUrls: [],
    videoUrls: [],
    buttons: [],
    messageId: null,
    messageHash: null,
    seed: null,
    submitTime: null,
    ...overrides,
  };
}
