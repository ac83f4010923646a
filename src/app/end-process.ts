const EXIT_WITHIN_MS = 2_000;

/** Lets the process end by itself, which it does when nothing is left to do. One that does not is ended, and says why. */
export function endProcess(exitCode: number): void {
  process.exitCode = exitCode;
  setTimeout(() => {
    console.error(
      `vigil: something keeps the process alive (${process.getActiveResourcesInfo().join(', ')}); it is ended`,
    );
    process.exit();
  }, EXIT_WITHIN_MS).unref();
}
