// The container is healthy when /healthz answers 200: all parts are up.
try {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/healthz`);
  console.log(await answer.text());
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  console.error(`vigil does not answer: ${error.message}`);
  process.exitCode = 1;
}
