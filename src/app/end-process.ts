const EXIT_WITHIN_MS = 2_000;

/** Lets the process exit by itself; after 2 s prints what keeps it alive, and exits. */
export function endProcess(exitCode: number): void {
  process.exitCode = exitCode;
  setTimeout(() => {
    console.error(
      `vigil: open resources keep the process alive (${process.getActiveResourcesInfo().join(', ')}); exiting`,
    );
    process.exit();
  }, EXIT_WITHIN_MS).unref();
}
