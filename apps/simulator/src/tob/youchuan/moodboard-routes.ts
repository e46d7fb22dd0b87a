import { type FastifyInstance } from 'fastify';
import { TobBody } from '../tob-body.js';
import { Refusal } from '../tob-refusal.js';

interface Moodboard {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly images: readonly string[];
}

/** Mounts moodboards: what `--p` names. They are not drawn by, and are gone after a restart. */
export function mountMoodboards(app: FastifyInstance): void {
  const boards = new Map<string, Moodboard>();
  const read = (id: string, body: TobBody): Moodboard => ({
    id,
    name: body.text('name', 255),
    description: body.optional('description', 2_048),
    images: body.has('images') ? body.texts('images', 0, 100) : [],
  });

  app.post('/moodboard', (request) => {
    const board = read(`m${String(7_000_000_000 + boards.size + 1)}`, TobBody.of(request.body));
    boards.set(board.id, board);
    return board;
  });
  app.put<{ Params: { id: string } }>('/moodboard/:id', (request) => {
    const { id } = request.params;
    if (!boards.has(id)) throw new Refusal('Not_Found', 'moodboard not found');
    const board = read(id, TobBody.of(request.body));
    boards.set(id, board);
    return board;
  });
  app.get('/moodboards', () => ({ list: [...boards.values()], total: boards.size }));
}
