interface Button {
  customId: string;
  emoji: string;
  label: string;
  type: number;
  style: number;
}

/** The columns of a task that a client sees something of. */
export interface FloorTask {
  id: string;
  action: string;
  status: string;
  prompt: string;
  prompt_en: string;
  description: string;
  state: string;
  submitted_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  progress: number;
  fail_reason: string;
  buttons: Button[] | null;
  final_prompt: string;
  final_zh_prompt: string;
  message_id: string | null;
  message_hash: string | null;
  bot_type: string;
  mode: string;
  parent_id: string | null;
  custom_id: string;
  seed: string | null;
  cost: string;
  picture_count: number;
}

export const TASK_COLUMNS = `id, action, status, prompt, prompt_en, description, state, submitted_at, started_at, finished_at,
  progress, fail_reason, buttons, final_prompt, final_zh_prompt, message_id, message_hash, bot_type, mode, parent_id,
  custom_id, seed, cost, picture_count`;

/** A finished picture as the gateway shows it, written down straight: the same bytes, and nothing decided. */
export function taskBody(task: FloorTask, base: string): object {
  return {
    id: task.id,
    action: task.action,
    status: task.status,
    prompt: task.prompt,
    promptEn: task.prompt_en,
    description: task.description,
    state: task.state,
    submitTime: task.submitted_at.getTime(),
    startTime: task.started_at?.getTime() ?? 0,
    finishTime: task.finished_at?.getTime() ?? 0,
    imageUrl: `${base}/mj/image/${task.id}`,
    imageUrls: Array.from({ length: task.picture_count }, (_, at) => ({
      url: `${base}/mj/image/${task.id}/${at + 1}`,
    })),
    videoUrl: '',
    videoUrls: null,
    progress: `${task.progress}%`,
    failReason: task.fail_reason,
    buttons: (task.buttons ?? []).map(({ customId, emoji, label, type, style }) => ({
      customId,
      emoji,
      label,
      type,
      style,
    })),
    properties: {
      finalPrompt: task.final_prompt,
      finalZhPrompt: task.final_zh_prompt,
      messageId: task.message_id,
      messageHash: task.message_hash,
    },
    botType: task.bot_type,
    mode: task.mode,
    parentId: task.parent_id ?? '',
    customId: task.custom_id,
    maskBase64: '',
    seed: task.seed ?? '',
    failure: null,
    cost: Number(task.cost),
    queuePosition: null,
  };
}
