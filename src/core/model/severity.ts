/** How bad a firing alert is, from the least severe to the most. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const SEVERITY_ORDER: Record<Severity, number> = { info: 0, warning: 1, critical: 2 };
