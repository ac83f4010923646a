import { dateTime } from '../../design/time/time.ts';
import { Pill } from '../../design/pill.tsx';
import type { Token } from '../../server/wire.ts';
import { tokenState } from './token-state.ts';
import { ScrollTable } from '../../design/table/scroll-table.tsx';

const HEADS = ['Name', 'Role', 'Client', 'Created', 'Expires', 'State'];

interface Props {
  tokens: readonly Token[];
  onRevoke: (token: Token) => void;
}

export const TokenTable = ({ tokens, onRevoke }: Props) => (
  <ScrollTable label="list of tokens" heads={HEADS}>
    {tokens.map((token) => {
      const state = tokenState(token, Date.now());
      return (
        <tr key={token.id}>
          <th scope="row" class="word">
            {token.name}
          </th>
          <td>{token.role}</td>
          <td class="word">{token.clientId ?? 'all'}</td>
          <td class="word">
            <span class="nowrap">{dateTime(token.createdAt)}</span>
            {token.createdBy !== null && ` by ${token.createdBy}`}
          </td>
          <td class="nowrap">{token.expiresAt === null ? 'never' : dateTime(token.expiresAt)}</td>
          <td class="nowrap">
            <Pill text={state} />{' '}
            {state === 'valid' && (
              <button onClick={() => onRevoke(token)} aria-label={`revoke the token ${token.name}`}>
                Revoke
              </button>
            )}
          </td>
        </tr>
      );
    })}
  </ScrollTable>
);
