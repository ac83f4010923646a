/*
 * What all workflows of a worker share. It is loaded once for them, not anew for every run: so the evaluator is compiled once,
 * stays quick, and takes its memory once. It may be shared because the core keeps nothing in its modules that is a set's own.
 */
import '../../src/core/sharding/merge.ts';
import '../../src/core/language/describe.ts';
import '../../src/core/sharding/split.ts';
import '../../src/core/evaluation/evaluate.ts';
