/** Input that a key may have kept, of tasks that wait or may be sent again. */
export const MAX_INPUT_BYTES = 256 * 1024 * 1024;
