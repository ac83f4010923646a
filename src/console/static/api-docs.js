// Shows the OpenAPI document with Swagger UI.
const answer = await fetch('/api/openapi.json');
const spec = await answer.json();

// Swagger UI expands every reference, and conditions contain conditions:
// it gets the words of a rule without what is in them.
const { Rule, RuleBody } = spec.components.schemas;
for (const { properties } of [Rule, RuleBody])
  for (const [word, { type, description, default: usual }] of Object.entries(properties))
    properties[word] = { type, description, ...(usual !== undefined && { default: usual }) };

window.SwaggerUIBundle({
  spec,
  dom_id: '#docs',
  deepLinking: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: -1,
  // Else it asks a server on the internet.
  validatorUrl: null,
});
