import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Edit } from '../yaml/edit-text.ts';
import type { Issue } from '../check/issues.ts';
import type { EventProperty } from '../../types.ts';
import type { Schema } from '../code/schema.ts';
import type { Path } from '../yaml/yaml-text.ts';

/** What all parts of the form use. */
export interface FormTools {
  schema: Schema;
  /** What the newest events have. */
  properties: readonly EventProperty[];
  edit: (edits: readonly Edit[]) => void;
  issueAt: (path: Path) => Issue | undefined;
}

export const FormContext = createContext<FormTools | null>(null);

export function useForm(): FormTools {
  const tools = useContext(FormContext);
  if (tools === null) throw new Error('useForm is called outside of the form');
  return tools;
}
