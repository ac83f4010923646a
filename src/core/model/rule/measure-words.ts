/** The types of `evaluate` that put the values of partitions together. */
export const MEASURES = ['sum', 'avg', 'min', 'max'] as const;
