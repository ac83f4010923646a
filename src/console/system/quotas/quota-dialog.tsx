import { useState } from 'preact/hooks';
import { Dialog } from '../../design/dialog/dialog.tsx';
import type { ClientQuotas } from '../../server/wire.ts';
import { fieldText, QUOTAS, quotaText, readFields, type QuotaKind } from './quota-text.ts';

interface Props {
  client: ClientQuotas;
  onConfirm: (own: ClientQuotas['own']) => Promise<void>;
  onClose: () => void;
}

/** The own quotas of a client. */
export function QuotaDialog({ client: { clientId, own, defaults }, onConfirm, onClose }: Props) {
  const [fields, setFields] = useState(
    () => Object.fromEntries(QUOTAS.map(([kind]) => [kind, fieldText(own[kind])])) as Record<QuotaKind, string>,
  );
  const read = readFields(fields);
  return (
    <Dialog
      title={`Quotas of ${clientId}`}
      action="Set"
      isReady={'own' in read}
      onConfirm={async () => {
        if ('own' in read) await onConfirm(read.own);
      }}
      onClose={onClose}
    >
      <p class="aside">Nothing: the default. none: no quota, whatever the default is.</p>
      {QUOTAS.map(([kind, title]) => (
        <label key={kind}>
          {title}
          <input
            value={fields[kind]}
            placeholder={`default: ${quotaText(defaults[kind])}`}
            autocomplete="off"
            onInput={({ currentTarget: { value } }) => setFields((before) => ({ ...before, [kind]: value }))}
          />
        </label>
      ))}
      {'problem' in read && (
        <p class="failure-text" role="alert">
          {read.problem}
        </p>
      )}
    </Dialog>
  );
}
