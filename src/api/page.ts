import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { packagePath } from './package-files.ts';
import { pagePolicy } from './page-policy.ts';

/** Swagger UI, for /api/docs. */
const VENDOR = {
  'swagger-ui.css': import.meta.resolve('swagger-ui-dist/swagger-ui.css'),
  'swagger-ui-bundle.js': import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
};
/** The addresses of the console's pages, with what is below them. */
const PAGES = ['/', '/alerts/*', '/rules/*', '/system/*'];
/** The build names these files by their content. */
const ASSETS = '/assets/*';

/** Serves the console, which Vite has built. Its pages share one HTML file, and read their address. */
export function pageRoutes(): Hono {
  const app = new Hono();
  let index: string | undefined;
  const page = (): string => (index ??= readFileSync(packagePath('dist/console/index.html'), 'utf8'));
  const files = serveStatic({ root: packagePath('dist/console/') });

  app.use(pagePolicy());
  app.get(ASSETS, async (c, next) => {
    await next();
    if (c.res.ok) c.header('cache-control', 'public, max-age=31536000, immutable');
  });
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-cache');
  });
  for (const address of PAGES) app.get(address, (c) => c.html(page()));
  for (const [name, file] of Object.entries(VENDOR))
    app.get(`/vendor/${name}`, serveStatic({ path: fileURLToPath(file) }));
  app.get('/*', files);
  return app;
}
