/** A task as the chaos upstream has it. Where it stands follows from its age alone. */
export interface UpstreamTask {
  id: string;
  /** The mark it was submitted under. */
  mark: string;
  prompt: string;
  pushUrl: string | null;
  /** ms since the epoch. */
  acceptedAt: number;
  /** How long the work takes, ms. */
  workMs: number;
  /** Ends without a result. */
  fails: boolean;
}

/** What an upstream of this kind shows and tells. */
export interface UpstreamDialect {
  echoesState: boolean;
  /** GET /mj/task/list, the newest 100, or as many as `limit` says. */
  lists: boolean;
  /** Calls the notifyHook it is given, once per change. */
  pushes: boolean;
}

export const FULL_DIALECT: UpstreamDialect = { echoesState: true, lists: true, pushes: true };

/** How many tasks the list shows, and at most, where it is asked for more. */
const PAGE = 100;
const LONGEST_PAGE = 1_000;
const BUTTONS = ['upsample', 'variation'].flatMap((kind) =>
  [1, 2, 3, 4].map((n) => ({
    customId: `MJ::JOB::${kind}::${n}::00000000-0000-4000-8000-000000000000`,
    emoji: '',
    label: `${kind === 'upsample' ? 'U' : 'V'}${n}`,
    type: 2,
    style: 2,
  })),
);

let lastId = 1_795_000_000_000_000;

/** The tasks of one upstream, oldest first, and what was submitted under which mark. */
export class UpstreamTasks {
  readonly all: UpstreamTask[] = [];
  /** Submits that came in, by mark, whatever became of them. */
  readonly submits = new Map<string, number>();
  private readonly byId = new Map<string, UpstreamTask>();

  constructor(
    private readonly dialect: UpstreamDialect,
    /** Where pictures are, without a trailing slash. */
    private readonly pictures: () => string,
  ) {}

  countSubmit(mark: string): void {
    this.submits.set(mark, (this.submits.get(mark) ?? 0) + 1);
  }

  accept(task: Omit<UpstreamTask, 'id'>): UpstreamTask {
    const made = { ...task, id: String((lastId += 1)) };
    this.all.push(made);
    this.byId.set(made.id, made);
    return made;
  }

  /** '' for an unknown id. */
  promptOf(id: string): string {
    return this.byId.get(id)?.prompt ?? '';
  }

  /** As midjourney-proxy shows it; undefined for an unknown id. */
  view(id: string, now: number): Record<string, unknown> | undefined {
    const task = this.byId.get(id);
    return task === undefined ? undefined : this.show(task, now);
  }

  /** The newest first; undefined where this upstream has no list. */
  newest(now: number, limit: number | null = null): Record<string, unknown>[] | undefined {
    if (!this.dialect.lists) return undefined;
    return this.all
      .slice(-Math.min(LONGEST_PAGE, limit ?? PAGE))
      .reverse()
      .map((task) => this.show(task, now));
  }

  private show(task: UpstreamTask, now: number): Record<string, unknown> {
    const done = (now - task.acceptedAt) / task.workMs;
    const isOver = done >= 1;
    const isDrawn = isOver && !task.fails;
    return {
      id: task.id,
      action: 'IMAGINE',
      status: isDrawn ? 'SUCCESS' : isOver ? 'FAILURE' : done < 0.3 ? 'SUBMITTED' : 'IN_PROGRESS',
      progress: isOver ? '100%' : done < 0.3 ? '0%' : '50%',
      prompt: task.prompt,
      promptEn: task.prompt,
      description: `/imagine ${task.prompt}`,
      ...(this.dialect.echoesState ? { state: task.mark } : {}),
      submitTime: task.acceptedAt,
      startTime: task.acceptedAt,
      finishTime: isOver ? Math.round(task.acceptedAt + task.workMs) : 0,
      failReason: isOver && task.fails ? 'chaos' : '',
      imageUrl: isDrawn ? `${this.pictures()}/pictures/${task.id}.png` : '',
      buttons: isDrawn ? BUTTONS : [],
      properties: {},
    };
  }
}
