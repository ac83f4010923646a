import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { JOSEError } from 'jose/errors';
import { ROLES, type Access, type Role } from '../../core/model/access/access.ts';
import { ID_PATTERN } from '../../core/model/ids.ts';
import type { VerifyJwt } from './authenticate.ts';

/** Tokens of the user's own identity provider. */
export interface JwtSettings {
  /** Its keys, JSON Web Key Set. */
  jwksUrl: string;
  issuer: string;
  audience: string;
  /** Claims with the role and with the client, names separated by dots. */
  roleClaim: string;
  clientClaim: string;
}

/** The client claim of a user of all clients. */
const ALL = '*';
/** Clocks of two machines may differ by this much. */
const CLOCK_TOLERANCE = '10s';
/** Only signatures with a key pair: the keys of a JWKS are public. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Verifies JWTs by the keys of the provider, which it reads when it needs them, and again when they change. */
export function jwtVerifier(
  { jwksUrl, issuer, audience, roleClaim, clientClaim }: JwtSettings,
  keys: JWTVerifyGetKey = createRemoteJWKSet(new URL(jwksUrl)),
): VerifyJwt {
  return async (token) => {
    const payload = await verified(token, keys, {
      ...{ issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE },
      requiredClaims: ['exp'],
    });
    if (payload === null) return null;
    const role = roleOf(claim(payload, roleClaim));
    const clientId = clientOf(claim(payload, clientClaim));
    if (role === undefined || clientId === undefined) return null;
    return { name: nameOf(payload), role, clientId };
  };
}

/** Null if it is not valid. @throws if the keys cannot be read */
async function verified(
  token: string,
  keys: JWTVerifyGetKey,
  options: Parameters<typeof jwtVerify>[2],
): Promise<JWTPayload | null> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (error instanceof JOSEError) return null;
    throw error;
  }
}

const claim = (payload: object, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], payload);

/** The highest of the roles that it names; others, such as those of other programs, mean nothing here. */
function roleOf(value: unknown): Role | undefined {
  const named = [value].flat();
  return ROLES.findLast((role) => named.includes(role));
}

function clientOf(value: unknown): Access['clientId'] | undefined {
  if (value === ALL) return null;
  return typeof value === 'string' && ID_PATTERN.test(value) ? value : undefined;
}

const nameOf = ({ email, preferred_username: user, sub }: JWTPayload): string =>
  [email, user, sub].find((name): name is string => typeof name === 'string' && name !== '') ?? 'jwt';
