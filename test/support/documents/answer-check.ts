import { Ajv2020 } from 'ajv/dist/2020.js';

interface Answers {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Answers>>;
}

/** What an answer has against the OpenAPI document; empty if it has what the document describes, and nothing else. */
export type AnswerCheck = (method: string, operation: string, answer: Response) => Promise<unknown[]>;

export function answerCheck(given: unknown): AnswerCheck {
  const document = given as Document;
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(closed(document) as object, 'vigil');
  return async (method, operation, answer) => {
    const place = [operation, method.toLowerCase()] as const;
    const described = document.paths[place[0]]?.[place[1]]?.responses[String(answer.status)];
    if (described === undefined) return [`no answer ${answer.status}`];
    const type = answer.headers.get('content-type');
    // The preview answers with lines, too, if the client accepts them.
    const [expected = null, ...others] = Object.keys(described.content ?? {}).filter((each) => each !== NDJSON);
    if (type !== expected || others.length > 0) return [`the content type ${type} instead of ${expected}`];
    if (type === null) return [];
    const pointer = [...place, 'responses', String(answer.status), 'content', type, 'schema'];
    const check = ajv.getSchema(`vigil#/paths/${pointer.map(escaped).join('/')}`);
    return check?.(await answer.json()) === true ? [] : (check?.errors ?? ['no schema']);
  };
}

const NDJSON = 'application/x-ndjson';

/** The document where no object has other properties than those that are described. */
export function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([name, value]) => [name, closed(value)] as const);
  const isOpen = 'properties' in node && !('additionalProperties' in node);
  return { ...Object.fromEntries(entries), ...(isOpen && { additionalProperties: false }) };
}

const escaped = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
