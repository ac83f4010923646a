/** What this file reads of an OpenAPIHono app. */
interface WithDefinitions {
  openAPIRegistry: { definitions: readonly object[] };
}

interface Operation {
  method: string;
  path: string;
  operationId: string;
}

/** Finds the id of the operation at a route, such as `GET /api/clients/:clientId/rules`. By the first call, all routes are known. */
export function operationsOf(app: WithDefinitions): (route: string) => string | undefined {
  let known: Map<string, string> | undefined;
  return (route) => (known ??= readOperations(app)).get(route);
}

function readOperations({ openAPIRegistry: { definitions } }: WithDefinitions): Map<string, string> {
  const operations = definitions.flatMap((each) => ('route' in each ? [each.route as Operation] : []));
  return new Map(
    operations.map(({ method, path, operationId }) => [
      `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      operationId,
    ]),
  );
}
