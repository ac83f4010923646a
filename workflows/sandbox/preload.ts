/*
 * Modules that all workflows of a worker share. They are loaded once, not for every run: the evaluator is compiled
 * once, stays optimized, and takes its memory once. Sharing is safe because the core keeps no data of a partition set
 * in its modules.
 */
import '../../src/core/sharding/merge.ts';
import '../../src/core/language/describe.ts';
import '../../src/core/sharding/split.ts';
import '../../src/core/evaluation/evaluate.ts';
