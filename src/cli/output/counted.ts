/** `1 rule`, `2 rules`, `1,000,000 events` */
export const counted = (count: number, noun: string): string => `${inGroups(count)} ${noun}${count === 1 ? '' : 's'}`;

/** 1000000 → `1,000,000`. Not by the locale functions: they take 40 ms to wake up, which short commands would feel. */
export const inGroups = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
