import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { packagePath } from './package-files.ts';
import { pagePolicy } from './page-policy.ts';

/** What the pages need of other packages: the library of the console, and Swagger UI for /api/docs. */
const VENDOR = {
  'htm-preact.js': import.meta.resolve('htm/preact/standalone'),
  'swagger-ui.css': import.meta.resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui-bundle.js': import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
};

/** Serves the console: index.html, its styles, the compiled components and the one library they need. */
export function pageRoutes(): Hono {
  const app = new Hono();
  const index = readFileSync(packagePath('src/console/public/index.html'), 'utf8');

  app.use(pagePolicy({ scripts: inlineScriptHashes(index) }));
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-cache');
  });
  app.get('/', (c) => c.html(index));
  for (const [name, file] of Object.entries(VENDOR))
    app.get(`/vendor/${name}`, serveStatic({ path: fileURLToPath(file) }));
  app.get('/console/*', serveStatic({ root: packagePath('dist/src/') }));
  app.get('/*', serveStatic({ root: packagePath('src/console/public/') }));
  return app;
}

/** The import map must be inline; no other inline script is allowed. */
const inlineScriptHashes = (html: string): string[] =>
  [...html.matchAll(/<script type="importmap">([^]*?)<\/script>/g)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
