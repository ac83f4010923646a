import type { Severity } from './rule-schema.ts';

/** From the least severe to the most. */
export const SEVERITY_ORDER: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };
