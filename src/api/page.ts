import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** This file runs from src/api or from dist/src/api. */
const packageRoot = new URL(import.meta.url.includes('/dist/src/') ? '../../../' : '../../', import.meta.url);
const folder = (path: string): string => fileURLToPath(new URL(path, packageRoot));

/** Serves the console: index.html, its styles, the compiled components and the one library they need. */
export function pageRoutes(): Hono {
  const app = new Hono();
  const index = readFileSync(folder('src/console/public/index.html'), 'utf8');

  app.use(
    secureHeaders({
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", ...inlineScriptHashes(index)],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
  );
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-cache');
  });
  app.get('/', (c) => c.html(index));
  app.get('/vendor/htm-preact.js', serveStatic({ path: fileURLToPath(import.meta.resolve('htm/preact/standalone')) }));
  app.get('/console/*', serveStatic({ root: folder('dist/src/') }));
  app.get('/*', serveStatic({ root: folder('src/console/public/') }));
  return app;
}

/** The import map must be inline; no other inline script is allowed. */
const inlineScriptHashes = (html: string): string[] =>
  [...html.matchAll(/<script type="importmap">([^]*?)<\/script>/g)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
