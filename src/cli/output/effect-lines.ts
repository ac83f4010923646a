import type { ChangeEffect } from '../../core/language/change/change-effect.ts';

/** What a change has done to the running state, below the line that says what has changed. */
export const effectLines = ({ lines }: ChangeEffect): string => lines.map((line) => `  ${line}\n`).join('');
