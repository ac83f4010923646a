import { pagePolicy } from './page-policy.ts';

/* The page at /api/docs: Swagger UI shows the OpenAPI document. */

/** Swagger UI has its icons as data: images in its stylesheet. */
export const docsPolicy = pagePolicy({ images: ['data:'] });

export const docsPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>vigil: HTTP API</title>
    <link rel="icon" href="/favicon.svg" />
    <link rel="stylesheet" href="/vendor/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="/vendor/swagger-ui-bundle.js"></script>
    <script type="module" src="/api-docs.js"></script>
  </body>
</html>
`;
