/**
 * Parts of texts that mean that an upstream is saturated, where its operator names no others: servers write them beside codes and
 * statuses that mean other things too.
 */
export const FULL_TEXTS: readonly string[] = ['队列已满', '并发数已达上限', '队列数已达上限'];
