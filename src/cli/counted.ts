/** `1 rule`, `2 rules`, `1,000,000 events` */
export const counted = (count: number, noun: string): string => `${inGroups(count)} ${noun}${count === 1 ? '' : 's'}`;

/** 1000000 → `1,000,000` */
export const inGroups = (count: number): string => count.toLocaleString('en-US');
