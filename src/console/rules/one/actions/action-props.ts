import type { RuleAddress } from '../../addresses.ts';

/** What the dialogs of a rule need. */
export interface ActionProps {
  rule: RuleAddress;
  /** Of the rule that the user sees: another one is not changed. */
  version: number;
  onClose: () => void;
  /** @param what such as `is paused` */
  onDone: (what: string) => void;
}
