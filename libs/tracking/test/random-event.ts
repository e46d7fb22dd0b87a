import fc from 'fast-check';
import type { Snapshot } from '#libs/upstream';
import { TASK_STATUSES } from '#libs/wire';
import type { TaskEvent } from '../src/task/event.js';
import { aSnapshot, GRID_BUTTONS } from './a-snapshot.js';
import { after } from './a-task.js';
import {
  absent,
  denied,
  found,
  inconclusive,
  inputLost,
  missing,
  OUTCOMES,
  provenAbsent,
  queueTimedOut,
  seen,
  settled,
  takenLate,
  unheard,
  windowExpired,
} from './an-event.js';

const snapshot: fc.Arbitrary<Snapshot> = fc
  .record({
    status: fc.constantFrom(null, ...TASK_STATUSES),
    progress: fc.option(fc.integer({ min: 0, max: 100 })),
    failReason: fc.constantFrom('', '   ', 'https://up.test/x', 'it broke'),
    imageUrl: fc.constantFrom(null, 'https://up.test/a.png', 'https://up.test/b.png'),
    imageUrls: fc.array(fc.constantFrom('https://up.test/1.png', 'https://up.test/2.png', null), { maxLength: 4 }),
    videoUrls: fc.subarray(['https://up.test/1.mp4']),
    buttons: fc.boolean().map((isGrid) => (isGrid ? GRID_BUTTONS : [])),
    prompt: fc.constantFrom('', '1️⃣ a cat'),
    promptEn: fc.constantFrom('', 'a cat'),
    upstreamTaskId: fc.constantFrom('up-1', 'up-2'),
  })
  .map(aSnapshot);

const event: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...Object.values(OUTCOMES)),
      fc.constantFrom('sender' as const, 'dispatcher' as const),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([outcome, source, mayWait, mayResend]) => settled(outcome, { source, mayWait, mayResend })),
  { weight: 4, arbitrary: snapshot.map(seen) },
  snapshot.map(found),
  snapshot.map(takenLate),
  { weight: 2, arbitrary: fc.constantFrom(settled(OUTCOMES.unknown, { mayResend: true }), provenAbsent(after(0))) },
  fc.constantFrom(
    absent(),
    missing(),
    denied(after(0)),
    inconclusive(after(0)),
    queueTimedOut(),
    inputLost(),
    windowExpired(),
    unheard(),
  ),
);

/** Random events, each some ms after the one before: minutes mostly, now and then a day. */
export const randomEvents: fc.Arbitrary<{ event: TaskEvent; afterMs: number }[]> = fc.array(
  fc.record({
    event,
    afterMs: fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.constantFrom(0, 600_000, 86_400_000)),
  }),
  { minLength: 1, maxLength: 25 },
);
